"""Orders as people look for them, and what there is to know of one."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhipo.cases.models import Case
from zhipo.claims.queries.finding import found as claims_found
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.ledger.models import Transaction
from zhipo.payouts.channels import SPOKEN
from zhipo.payouts.models import Deposit, Order
from zhipo.payouts.policies.hand import BY_HAND
from zhipo.payouts.states import CLOSED, Ending, OrderState
from zhipo.privacy.columns import lookup_hash

S = OrderState


def orders_found(orders: QuerySet[Order], case: Case, asked: str) -> QuerySet[Order]:
    """By our reference, the channel's number, the payee's account, or what finds a claim:
    its number, a name, a telephone or its tail.
    """
    text = asked.strip()
    if not text:
        return orders
    claims = list(claims_found(case, text).values_list("pk", flat=True))
    return orders.filter(
        Q(reference=text.upper())
        | Q(channel_number=text)
        | Q(payee_hash=lookup_hash("account", text))
        | Q(share__claim__in=claims)
    )


def chain_of(order: Order) -> list[Order]:
    """Every order of the same part, the first one first."""
    return list(
        Order.objects.filter(share=order.share_id, part=order.part)
        .defer("payee_account", "payee_name", "payee_bank")
        .order_by("pk")
    )


def movements_of(order: Order) -> QuerySet[Transaction]:
    """What the case's book says under an order's reference, oldest first."""
    return (
        Transaction.objects.filter(
            book=order.share.plan.case.number, reference=order.reference
        )
        .prefetch_related("entries__account")
        .order_by("pk")
    )


@dataclass(frozen=True)
class Step:
    """What happens to an order next: a sentence's key, and who it waits for."""

    key: str
    is_ours: bool = False


def next_step(order: Order, *, followed: bool, deposit: Deposit | None) -> Step:
    """What happens next, and whether a person has to do it."""
    if order.reason == Ending.CONTRADICTED:
        return Step("contradicted", is_ours=True)
    if order.state == S.PAID:
        return Step("paid")
    if order.state in CLOSED:
        return _after_the_end(order, followed=followed, deposit=deposit)
    if order.state == S.SENDING and order.reason == Ending.NOT_FOUND:
        return Step("not_found", is_ours=True)
    if order.state == S.PLANNED:
        return _before_sending(order)
    names = {S.SENDING: "sending", S.WAITING_USER: "waiting_user"}
    is_file = order.channel == ChannelName.BANK_BATCH
    return Step("return_file", is_ours=True) if is_file else Step(names[_state(order)])


def _after_the_end(order: Order, *, followed: bool, deposit: Deposit | None) -> Step:
    if followed:
        return Step("followed")
    if deposit is not None:
        return Step("deposited")
    return Step("prepare_again", is_ours=True)


def _before_sending(order: Order) -> Step:
    release = order.release
    if release is None or release.state != "released":
        return Step("waits_for_release", is_ours=True)
    is_spoken = order.channel in SPOKEN
    if not is_spoken and order.due_on > timezone.localdate():
        return Step("not_due")
    if order.channel in BY_HAND:
        is_entered = getattr(order, "hand_payment", None) is not None
        return Step("check_receipt" if is_entered else "collect", is_ours=True)
    return Step("planned") if is_spoken else Step("bank_file", is_ours=True)


def _state(order: Order) -> OrderState:
    return S(order.state)


def deposits_visible(case: Case, *, is_open: bool | None = None) -> QuerySet[Deposit]:
    """Deposits of a case with share and claim, those that last before those that ended."""
    rows: QuerySet[Any] = Deposit.objects.filter(share__plan__case=case)
    if is_open is not None:
        rows = rows.filter(released_on__isnull=is_open)
    return rows.select_related("share__claim__holder", "share__plan__case").order_by("pk")
