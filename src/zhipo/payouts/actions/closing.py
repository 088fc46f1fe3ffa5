"""An order that never reached its channel is closed by a person, not by a guess."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.gateways.payouts.outcomes import NotFound
from zhipo.payouts.actions.settling import Step, enter, locked_rows
from zhipo.payouts.models import Order
from zhipo.payouts.policies.hand import check_can_close
from zhipo.payouts.states import Ending, OrderState
from zhipo.payouts.verdicts import Asked, Verdict
from zhipo.web.refusals import NotInState

AFTER = timedelta(hours=24)
"""No request is under way so long; a channel has long told of what it took."""


@transaction.atomic
def close_unfound(*, order_id: int, by: Any, now: datetime | None = None) -> Order:
    """Close an order that its channel does not know, a day after its release was paused
    or stopped, so that nothing is on its way; the part can be prepared again.

    Raises NotAllowed, NotInState.
    """
    at = now or timezone.now()
    order = (
        Order.objects.select_for_update(of=("self",), no_key=True)
        .select_related("share__plan__case", "release")
        .get(pk=order_id)
    )
    if order.state == OrderState.FAILED and order.reason == Ending.NEVER_ARRIVED:
        return order
    check_can_close(by, order)
    _check_unknown(order, at)

    (row,) = locked_rows([order.pk])
    verdict = Verdict(OrderState.FAILED, reason=Ending.NEVER_ARRIVED, at=at)
    enter([Step(row, verdict)], now=at, by=by)

    record(Event.ORDER_CLOSED, of=order, by=by, chain=order.share.plan.case.number,
           fen=order.fen)  # fmt: skip
    order.refresh_from_db()
    return order


def _check_unknown(order: Order, now: datetime) -> None:
    """Raises NotInState unless the channel's last word, long after, is that it has none.

    An order is asked after at least every six hours while a worker runs: whose next turn is
    overdue has not been asked, and its last word is old.
    """
    release = order.release
    if release is None or release.held_at is None:
        raise NotInState("payouts.refused.still_sent")
    # Each saying is kept once, with its first time: which one is the last, the reason says.
    told = order.answers.filter(asked=Asked.ASK, outcome=NotFound.__name__)
    if order.reason != Ending.NOT_FOUND or not told.exists():
        raise NotInState("payouts.refused.not_unknown")
    is_asked = order.ask_at is not None and order.ask_at > now
    if not is_asked or now - release.held_at < AFTER:
        raise NotInState("payouts.refused.too_soon")
