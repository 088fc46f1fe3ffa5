"""A channel contradicted itself, a person has looked: what the part then comes to.

Nothing moves an order that is held. The lead says from the channel's statement whether the
payee has the money, and the part is paid, or free to be paid, by that word.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.gateways.institutions.moments import china_day
from zhipo.payouts.actions.posting import Ends, Moved, post_ends, post_sending
from zhipo.payouts.actions.preparing import new_reference, withdraw_planned
from zhipo.payouts.actions.settling import Row, Step, enter, locked_rows
from zhipo.payouts.actions.telling import tell_creditors
from zhipo.payouts.models import Order
from zhipo.payouts.policies.hand import check_can_resolve
from zhipo.payouts.states import CLOSED, Ending, OrderState
from zhipo.payouts.verdicts import Verdict
from zhipo.web.refusals import NotInState

S = OrderState


@transaction.atomic
def resolve_contradiction(
    *, order_id: int, was_paid: bool, evidence: str, by: Any, now: datetime | None = None
) -> Order:
    """Enter whether the payee has the money of a held order, with the statement behind it.

    If so, the part is paid, in the book under the reference that the channel's statement
    has; if not, it can be paid. Raises NotAllowed; NotInState where the order is not held,
    nothing proves it, or the part has been paid by another order as well.
    """
    at = now or timezone.now()
    order = (
        Order.objects.select_for_update(of=("self",))
        .select_related("share__plan__case", "release")
        .get(pk=order_id)
    )
    check_can_resolve(by, order)
    if not evidence.strip():
        raise NotInState("payouts.refused.no_evidence")

    (row,) = locked_rows([order.pk])
    if row.state is S.PLANNED:
        _go_on(order, row, was_paid=was_paid, now=at)
    elif row.state is S.PAID:
        _stand_or_return(row, was_paid=was_paid, now=at, by=by)
    elif was_paid:
        _enter_as_paid(order, row, now=at, by=by)
    _free_the_rest(order, was_paid=was_paid, now=at)
    if row.state in CLOSED:
        Order.objects.filter(pk=order.pk).update(reason=Ending.LOOKED_AT)

    record(Event.CONTRADICTION_RESOLVED, of=order, by=by,
           chain=order.share.plan.case.number, was_paid=was_paid, state=row.state,
           fen=order.fen, evidence=evidence.strip()[:300])  # fmt: skip
    order.refresh_from_db()
    return order


def _go_on(order: Order, row: Row, *, was_paid: bool, now: datetime) -> None:
    """The channel has what it had turned away, or has it not: asked for, or sent."""
    held = Order.objects.filter(pk=order.pk)
    if not was_paid:
        held.update(reason="", ask_at=now)
        return
    held.update(reason="", ask_at=now, state=S.SENDING, sent_at=now, turn=row.turn + 1,
                tries=order.tries + 1)  # fmt: skip
    post_sending([replace(row.moved, turn=row.turn + 1)], now=now)


def _stand_or_return(row: Row, *, was_paid: bool, now: datetime, by: Any) -> None:
    """What had arrived stands, or is back and payable."""
    if was_paid:
        Order.objects.filter(pk=row.order).update(reason="")
        return
    verdict = Verdict(S.RETURNED, reason=Ending.LOOKED_AT, at=now)
    enter([Step(row, verdict)], now=now, by=by)


def _enter_as_paid(order: Order, row: Row, *, now: datetime, by: Any) -> None:
    """An order of its own stands for the payment, since what has ended does not begin
    again. The book has it under the reference by which the channel made it.

    Raises NotInState where the part has gone out by another order too.
    """
    _free_the_rest(order, was_paid=True, now=now)
    last = _of_part(order).order_by("pk").last()
    assert last is not None
    if last.state not in CLOSED:
        raise NotInState("payouts.refused.paid_twice")
    paid = Order.objects.create(
        share=order.share, part=order.part, fen=order.fen, release=order.release,
        reference=new_reference(), channel=order.channel, payee_kind=order.payee_kind,
        payee_account=order.payee_account, payee_name=order.payee_name,
        payee_bank=order.payee_bank, payee_hash=order.payee_hash, due_on=order.due_on,
        state=S.PAID, sent_at=order.sent_at, ended_at=now, reason=Ending.LOOKED_AT,
        channel_number=order.channel_number, follows=last,
    )  # fmt: skip
    moved: Moved = replace(row.moved, turn=row.turn + 1)
    post_sending([replace(moved, reference=paid.reference)], now=now)
    today = china_day(now)
    post_ends(Ends(today, paid=[(moved, today)]), by=by)
    told = Verdict(S.PAID, at=now)
    tell_creditors([(row.claim, row.fen, told)], now=now)


def _free_the_rest(order: Order, *, was_paid: bool, now: datetime) -> None:
    """What was held of the same part ends with a payment, and goes on without one."""
    held = _of_part(order).filter(state=S.PLANNED, reason=Ending.CONTRADICTED)
    ids = list(held.values_list("pk", flat=True))
    freed = Order.objects.filter(pk__in=ids)
    freed.update(reason="", ask_at=now)
    if was_paid:
        withdraw_planned(freed, Ending.LOOKED_AT)


def _of_part(order: Order) -> QuerySet[Order]:
    return Order.objects.filter(share=order.share_id, part=order.part)
