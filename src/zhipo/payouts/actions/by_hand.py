"""Payment at the cash desk or by remittance: one person enters it, another has seen it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.gateways.payouts.by_hand import (
    CASH,
    POST,
    HandRecord,
    NotAgreed,
    settled_by_hand,
)
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.payouts.actions.preparing import withdraw_planned
from zhipo.payouts.actions.settling import enter_word
from zhipo.payouts.actions.taking import put_in_transit
from zhipo.payouts.models import HandPayment, Order
from zhipo.payouts.policies.hand import (
    check_can_check,
    check_can_enter,
    check_can_take_back,
)
from zhipo.payouts.queries.orders import as_work
from zhipo.payouts.states import Ending, ReleaseState
from zhipo.payouts.verdicts import Asked
from zhipo.web.refusals import NotInState


@dataclass(frozen=True)
class Receipt:
    """The signed receipt or the remittance: its number, whose name is on it, when."""

    number: str
    taken_by: str
    at: datetime


@transaction.atomic
def enter_hand_payment(*, order_id: int, receipt: Receipt, by: Any) -> HandPayment:
    """Enter that the money was handed over; it counts when another has checked it.

    The same again: as it stands. Raises NotAllowed, NotInState.
    """
    order = _locked(order_id)
    known = HandPayment.objects.filter(order=order).first()
    if known is not None and _same(known, receipt, by):
        return known
    check_can_enter(by, order)
    if known is not None:
        raise NotInState("payouts.refused.entered")
    if not receipt.number.strip() or not receipt.taken_by.strip():
        raise NotInState("payouts.refused.no_receipt")
    if receipt.at > timezone.now():
        raise NotInState("payouts.refused.not_yet")

    entered = HandPayment.objects.create(
        order=order, receipt=receipt.number.strip(), taken_by=receipt.taken_by.strip(),
        taken_at=receipt.at, entered_by=by, entered_at=timezone.now(),
    )  # fmt: skip

    record(Event.CASH_ENTERED, of=order, by=by, chain=order.share.plan.case.number,
           fen=order.fen)  # fmt: skip
    return entered


@transaction.atomic
def check_hand_payment(*, order_id: int, by: Any, now: datetime | None = None) -> Order:
    """Confirm what the other person entered, receipt in hand: the order is paid.

    Again by the same person: as it stands. Raises NotAllowed, NotInState.
    """
    at = now or timezone.now()
    order = _locked(order_id)
    entered = _entered(order)
    if entered.checked_by_id == by.pk:
        return order
    check_can_check(by, entered)
    paid = _paid(order, entered, by)

    entered.checked_by, entered.checked_at = by, at
    entered.save(update_fields=["checked_by", "checked_at"])
    put_in_transit([order], now=at)
    enter_word(as_work(order), Asked.HAND, paid, now=at, by=by)

    record(Event.CASH_CHECKED, of=order, by=by, chain=order.share.plan.case.number,
           fen=order.fen)  # fmt: skip
    order.refresh_from_db()
    return order


@transaction.atomic
def take_back_entry(*, order_id: int, by: Any) -> None:
    """Withdraw a wrong entry that nobody has checked; of a stopped release the order ends.

    Raises NotAllowed, NotInState.
    """
    order = _locked(order_id)
    entered = _entered(order)
    check_can_take_back(by, entered)
    entered.delete()
    if order.release is not None and order.release.state == ReleaseState.STOPPED:
        withdraw_planned(Order.objects.filter(pk=order.pk), Ending.STOPPED)

    record(Event.CASH_ENTERED, of=order, by=by, chain=order.share.plan.case.number,
           fen=order.fen, taken_back=True)  # fmt: skip


def _locked(order_id: int) -> Order:
    return (
        Order.objects.select_for_update(of=("self",), no_key=True)
        .select_related("release", "share__plan__case", "share__claim")
        .get(pk=order_id)
    )


def _entered(order: Order) -> HandPayment:
    entered = HandPayment.objects.filter(order=order).first()
    if entered is None:
        raise NotInState("payouts.refused.not_entered")
    entered.order = order
    return entered


def _same(known: HandPayment, receipt: Receipt, by: Any) -> bool:
    told = (receipt.number.strip(), receipt.taken_by.strip(), receipt.at, by.pk)
    return (known.receipt, known.taken_by, known.taken_at, known.entered_by_id) == told


def _paid(order: Order, entered: HandPayment, by: Any) -> Any:
    said = HandRecord(
        reference=order.reference, fen=order.fen, receipt=entered.receipt,
        at=entered.taken_at, taken_by=entered.taken_by,
        recorded_by=f"user {entered.entered_by_id}", checked_by=f"user {by.pk}",
    )  # fmt: skip
    channel = CASH if order.channel == ChannelName.BY_CASH else POST
    try:
        return settled_by_hand(as_work(order).transfer(), said, channel=channel)
    except NotAgreed as error:
        raise NotInState("payouts.refused.no_receipt") from error
