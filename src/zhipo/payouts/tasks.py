"""Jobs of payments: each calls one act. `zhipo worker` runs them, any number of workers."""

from django.utils import timezone
from procrastinate.contrib.django import app

from zhipo.claims.tasks import AGAIN
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.payouts.actions.depositing import deposit_overdue
from zhipo.payouts.actions.driving import drive
from zhipo.payouts.actions.finishing import finish_releases
from zhipo.payouts.actions.releasing import start_worker
from zhipo.payouts.actions.reminding import remind_uncollected
from zhipo.payouts.channels import spoken
from zhipo.payouts.queries.orders import channels_due

SECONDS = 50.0
"""A job leaves the worker to others after this; the next minute's goes on."""


@app.task(retry=AGAIN)
def drive_channel(*, channel: str) -> None:
    driven = drive(spoken(ChannelName(channel)), seconds=SECONDS)
    if driven.taken and channel in channels_due(timezone.now()):
        start_worker(channel)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="drive_payouts")
def drive_payouts(timestamp: int) -> None:
    """Every minute: a job for each channel with something due; releases that are done."""
    for channel in channels_due(timezone.now()):
        start_worker(channel)
    finish_releases()


@app.periodic(cron="15 8 * * *")
@app.task(queueing_lock="deposit_overdue")
def look_at_deposits(timestamp: int) -> None:
    deposit_overdue()
    remind_uncollected()
