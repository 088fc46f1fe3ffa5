"""Approved plans whose shares are paid: releases, and orders in every state."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from factories import make_holder
from factories_plans import TODAY, People, make_approved, make_confirmed, make_funded_case
from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.claims.states import PayoutChannel
from zhipo.distributions.models import Plan
from zhipo.gateways.payouts.bills import Bill, BillNotReady
from zhipo.gateways.payouts.channel import ChannelName, FindTransfer
from zhipo.gateways.payouts.limits import ALIPAY, WECHAT, Limits
from zhipo.gateways.payouts.outcomes import (
    AskOutcome,
    CallbackOutcome,
    CancelOutcome,
    Closed,
    ClosedBy,
    Failed,
    NotFound,
    Paid,
    Reason,
    SendOutcome,
    Sent,
    Unknown,
    Waiting,
)
from zhipo.gateways.payouts.transfers import PayeeKind, Transfer
from zhipo.gateways.payouts.wire import Callback
from zhipo.payouts import channels
from zhipo.payouts.actions.preparing import prepare_release
from zhipo.payouts.actions.releasing import release_orders
from zhipo.payouts.actions.settling import enter_word
from zhipo.payouts.actions.taking import take_orders
from zhipo.payouts.models import Order, Release
from zhipo.payouts.queries.orders import as_work
from zhipo.payouts.states import OrderState
from zhipo.payouts.verdicts import Asked
from zhipo.privacy.columns import lookup_hash

SUMS = (27_188, 9_000, 120_000)
C, S = ChannelName, OrderState
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_numbers = count(1)


@dataclass
class FakeChannel:
    """A channel that keeps what it was sent; an order ends when a test says so.

    A reference in `refuses` is answered so; one in `ends` has that end when it is asked.
    """

    name: ChannelName = C.WECHAT
    kinds: frozenset[PayeeKind] = frozenset({PayeeKind.WECHAT_OPENID})
    limits: Limits = field(default_factory=lambda: unhurried(WECHAT))
    must_confirm: bool = True
    sent: dict[str, Transfer] = field(default_factory=dict)
    refuses: dict[str, SendOutcome] = field(default_factory=dict)
    ends: dict[str, AskOutcome] = field(default_factory=dict)

    def send(self, transfer: Transfer) -> SendOutcome:
        known = self.sent.setdefault(transfer.reference, transfer)
        assert known.fingerprint == transfer.fingerprint, (
            "another transfer of one reference"
        )
        if transfer.reference in self.refuses:
            return self.refuses[transfer.reference]
        return Sent(f"N{transfer.reference}", waiting() if self.must_confirm else None)

    def ask(self, transfer: Transfer) -> AskOutcome:
        if transfer.reference not in self.sent:
            return NotFound()
        still = waiting() if self.must_confirm else Waiting()
        return self.ends.get(transfer.reference, still)

    def cancel(self, transfer: Transfer) -> CancelOutcome:
        return Closed(by=ClosedBy.CANCELLATION, at=timezone.now())

    def read_callback(self, callback: Callback, *, find: FindTransfer) -> CallbackOutcome:
        raise NotImplementedError("callbacks are tested with the real clients")

    def bill(self, day: date) -> Bill | BillNotReady | Unknown:
        return BillNotReady()


def fake_alipay() -> FakeChannel:
    """Pays without anybody's confirmation."""
    kinds = frozenset({PayeeKind.ALIPAY_LOGON, PayeeKind.ALIPAY_USER})
    return FakeChannel(C.ALIPAY, kinds, unhurried(ALIPAY), must_confirm=False)


def speak_to(monkeypatch: pytest.MonkeyPatch, *chosen: FakeChannel) -> None:
    """The installation has been set up with these spoken channels and no others."""
    by_name = {one.name: one for one in chosen}

    def spoken(name: ChannelName) -> FakeChannel:
        if name not in by_name:
            raise channels.NotSetUp(name)
        return by_name[name]

    monkeypatch.setattr(channels, "spoken", spoken)


def unhurried(limits: Limits) -> Limits:
    return limits.model_copy(update={"per_second": None})


def waiting() -> Waiting:
    until = datetime.now(UTC) + timedelta(hours=24)
    return Waiting(must_confirm=True, until=until, package="opened-by-the-client")


@dataclass(frozen=True)
class Paying:
    """A case with an approved plan that is due today, and its people."""

    case: Case
    people: People
    plan: Plan


def make_payee(
    case: Case, fen: int, channel: PayoutChannel | None = PayoutChannel.WECHAT, **given: Any
) -> Claim:
    """A confirmed claim whose creditor has chosen a way, with an account of their own.

    With None they have chosen nothing, and what they paid with leads to no account.
    """
    number = next(_numbers)
    account = {
        PayoutChannel.WECHAT: f"oPayee{number:06d}",
        PayoutChannel.ALIPAY: f"payee-{number}@example.com",
        PayoutChannel.BANK: f"62220200{number:011d}",
    }.get(channel or PayoutChannel.CASH, "")
    payer = f"card-{number}"
    phone = f"+86139{number:08d}"
    holder = make_holder(
        case, phone, name=f"王小明{number}", payer_account=payer,
        payer_hash=lookup_hash("account", payer),
    )  # fmt: skip
    values: dict[str, Any] = {
        "holder": holder,
        "payout_channel": channel or "",
        "payout_account": account,
        "payout_hash": lookup_hash("account", account) if account else "",
    }
    return make_confirmed(case, fen, **(values | given))


def make_paying(
    *sums: int,
    channel: PayoutChannel | None = PayoutChannel.WECHAT,
    fen: int = 10_000_000,
    **terms: Any,
) -> Paying:
    """Consumers who are paid in full by an approved plan, due today in one part."""
    case, people = make_funded_case(fen)
    for one in sums or SUMS:
        make_payee(case, one, channel)
    return approved(case, people, **terms)


def approved(case: Case, people: People, **terms: Any) -> Paying:
    """The case with its claims as they are, under an approved plan that is due today."""
    given = {"due_days": (TODAY,)} | terms
    return Paying(case, people, make_approved(case, people, **given))


def make_prepared(paying: Paying, *, until: date = TODAY) -> Release:
    return prepare_release(plan_id=paying.plan.pk, until=until, by=paying.people.cashier)


def make_released(paying: Paying, *, until: date = TODAY) -> Release:
    release = make_prepared(paying, until=until)
    return release_orders(release_id=release.pk, by=paying.people.lead)


def orders_of(release: Release) -> list[Order]:
    """In the order in which they were made."""
    rows = Order.objects.select_related("share__claim", "release", "share__plan__case")
    return list(rows.filter(release=release).order_by("pk"))


def take_up(order: Order) -> Order:
    """A planned order of a spoken channel is in a worker's hands, it alone."""
    Order.objects.filter(pk=order.pk).update(ask_at=LONG_AGO)
    (work,) = take_orders(C(order.channel), now=timezone.now(), limit=1)
    assert work.order == order.pk
    order.refresh_from_db()
    return order


def end_of(state: OrderState) -> AskOutcome:
    """What a channel says so that an order on its way comes to this state."""
    now = timezone.now()
    ends: dict[OrderState, AskOutcome] = {
        S.WAITING_USER: waiting(),
        S.PAID: Paid(at=now, number=f"N{next(_numbers)}"),
        S.FAILED: Failed(Reason.ACCOUNT_CLOSED),
        S.RETURNED: Closed(by=ClosedBy.CANCELLATION, at=now),
    }
    return ends[state]


def bring_to(order: Order, state: OrderState) -> Order:
    """Take a planned order of a spoken channel to another state, as a worker would."""
    if state is not S.PLANNED and order.state == S.PLANNED:
        take_up(order)
    if state not in (S.PLANNED, S.SENDING):
        say_of(order, end_of(state))
    order.refresh_from_db()
    assert order.state == state
    return order


def say_of(order: Order, outcome: AskOutcome) -> Order:
    """Enter the channel's word on an order."""
    with transaction.atomic():
        enter_word(as_work(fresh(order)), Asked.ASK, outcome, now=timezone.now())
    order.refresh_from_db()
    return order


def fresh(order: Order) -> Order:
    return Order.objects.select_related("share__claim", "release").get(pk=order.pk)
