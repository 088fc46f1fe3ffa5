"""Jobs of the enforcement stage: each calls one act. `zhipo worker` runs them."""

from django.utils import timezone
from procrastinate.contrib.django import app

from zhipo.claims.jobs import later
from zhipo.claims.tasks import AGAIN
from zhipo.enforcement.actions import (
    escalating,
    minding,
    petition_watching,
    sending,
    watching,
)
from zhipo.enforcement.actions.ordering import JOB
from zhipo.enforcement.queries.due import orders_due


@app.task(retry=AGAIN)
def chase_order(*, order_id: int) -> None:
    sending.chase_order(order_id=order_id)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="chase_orders")
def chase_orders(timestamp: int) -> None:
    """Every minute: a job for each order with something due, then what is overdue."""
    now = timezone.now()
    for order_id in orders_due(now):
        later(JOB, lock=f"inquiry-{order_id}", order_id=order_id)
    sending.escalate_overdue(now)


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="watch_freezes")
def watch_freezes(timestamp: int) -> None:
    """Every hour, so that a day on which nothing ran is made up for at once."""
    watching.watch_freezes()


@app.periodic(cron="10 * * * *")
@app.task(queueing_lock="watch_clocks")
def watch_clocks(timestamp: int) -> None:
    """Every hour: deadlines of referrals and petitions that are near, or were missed."""
    escalating.watch_clocks()
    petition_watching.watch_petitions()


@app.periodic(cron="15 * * * *")
@app.task(queueing_lock="mind_last_days")
def mind_last_days(timestamp: int) -> None:
    """Every hour: last days of clues, reports and periodic queries, near or missed."""
    minding.mind_last_days()
