"""Jobs of accounts: what is no longer needed goes."""

from procrastinate.contrib.django import app

from zhipo.accounts.idempotency import forget_old_answers
from zhipo.accounts.limits import forget_old_attempts
from zhipo.accounts.sessions import forget_expired_sessions


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="forget_old_sign_ins")
def forget_old_sign_ins(timestamp: int) -> None:
    """Hourly: expired sessions, old attempts, answers kept long enough."""
    forget_old_attempts()
    forget_expired_sessions()
    forget_old_answers()
