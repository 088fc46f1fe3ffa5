"""Jobs of the case."""

from procrastinate.contrib.django import app

from zhipo.cases.reminders import remind_of_deadlines


@app.periodic(cron="0 0 * * *")
@app.task(queueing_lock="remind_of_deadlines")
def remind_daily(timestamp: int) -> None:
    """Daily at 08:00 +08:00 (the schedule is in UTC)."""
    remind_of_deadlines()
