"""The approved plan is paid: releases by two people, channels, bank, counter, deposit.

The channels are the payout sandboxes, processes with the real signed protocols, of which a
small share misbehaves by chance; their clocks stand on the demonstration's days. A round of
the worker is `drive`, as `zhipo worker` does it, slice by slice so that progress shows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
from django.db.models import Min, Q, QuerySet, Sum
from django.utils import timezone

from zhipo.cases.models import Case
from zhipo.claims.states import ClaimKind
from zhipo.demo import past
from zhipo.demo.days import Days
from zhipo.demo.processes import put_clocks_on
from zhipo.demo.web_costs import pay_costs
from zhipo.demo.web_people import staff_member
from zhipo.demo.web_ways import choose_ways
from zhipo.distributions.models import Plan
from zhipo.gateways.payouts import limits
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.sandbox.plan import ChannelPlan
from zhipo.gateways.payouts.sandbox.plan import Plan as Channels
from zhipo.gateways.payouts.sandbox.running import PayoutSandboxes, running_payouts
from zhipo.ledger.queries import balance_fen
from zhipo.payouts.actions.bank_files import content_of, make_bank_file, read_bank_return
from zhipo.payouts.actions.by_hand import Receipt, check_hand_payment, enter_hand_payment
from zhipo.payouts.actions.depositing import deposit_overdue, deposit_unclaimed
from zhipo.payouts.actions.driving import drive
from zhipo.payouts.actions.filling import Filling, fill_paying_account
from zhipo.payouts.actions.finishing import finish_releases
from zhipo.payouts.actions.posting import open_paying_accounts
from zhipo.payouts.actions.preparing import prepare_release
from zhipo.payouts.actions.releasing import release_orders
from zhipo.payouts.actions.reminding import remind_uncollected
from zhipo.payouts.channels import PAYS_FROM, SPOKEN, spoken
from zhipo.payouts.models import BankFile, Order, Release
from zhipo.payouts.states import ON_THE_WAY, OPEN, OrderState, ReleaseState
from zhipo.web.refusals import NotInState

Told = Callable[[int, int], None]
SEED = 7
DIFFICULT = 0.04
"""The share of transfers that meet one of the 22 ways to be difficult."""

SLICE_SECONDS = 2.0
NOT_THERE = 404
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LEFT_ONE_IN = 5
"""Of consumers who are paid at the counter, one in so many never comes."""

RETURNS_AFTER, COUNTER_AFTER, RETURNS_AGAIN_AFTER = DAY, 3 * DAY, 5 * DAY


@dataclass(frozen=True)
class Desk:
    """What is paid, and through what."""

    case: Case
    plan: Plan
    channels: PayoutSandboxes


@contextmanager
def running_channels(home: Path, *, port_base: int) -> Iterator[PayoutSandboxes]:
    """The sandboxes over one folder; what they owe and have paid outlives them.

    Their accounts are empty until the cashier fills them; callbacks go nowhere, because no
    web runs on the demonstration's days: every end is asked for. Caps are raised, as
    merchants of this size have them.
    """
    wechat = limits.WECHAT.model_copy(update={"per_second": None, "day_fen": 150_000_000})
    plans = {
        name: ChannelPlan(
            limits=one, funds_fen=0, callback_to="", slow_seconds=0.05, difficult=DIFFICULT
        )
        for name, one in (("wechat", wechat), ("alipay", limits.ALIPAY),
                          ("bank", limits.BANK))
    }  # fmt: skip
    with running_payouts(
        home, port_base=port_base, seed=SEED, plan=Channels(**plans)
    ) as running:
        yield running


def pay(desk: Desk, days: Days, *, told: Told) -> None:
    """Release after release until nothing moves; then what nobody takes is deposited.

    Costs are paid on the first day, the administrator's pay on the last.
    """
    if not desk.plan.releases.exists():
        with past.at(past.morning_of(days.approved_on + 2 * DAY)):
            deposit_overdue()
            choose_ways(desk.case, desk.plan, told=told)
    ends = (*days.released_on[1:], days.deposited_on)
    for day, end in zip(days.released_on, ends, strict=True):
        with _on(desk, day):
            _let_go(desk, day)
            pay_costs(desk.plan, last=False)
        for stop, act in _stops(day, end):
            if not _open(desk.plan).exists():
                break
            _drive(desk, until=past.morning_of(stop), told=told)
            with _on(desk, stop):
                act(desk)
    with _on(desk, days.deposited_on):
        finish_releases()
        _deposit(desk)
        pay_costs(desk.plan, last=True)


def _stops(day: date, end: date) -> Iterator[tuple[date, Callable[[Desk], object]]]:
    """What people do on which day after a release, the next one's day last."""
    yield day + RETURNS_AFTER, _read_returns
    yield day + COUNTER_AFTER, _pay_at_counter
    yield day + RETURNS_AGAIN_AFTER, _read_returns
    yield end, lambda desk: remind_uncollected()


@contextmanager
def _on(desk: Desk, day: date) -> Iterator[None]:
    """The morning of a day, here and at the channels."""
    moment = past.morning_of(day)
    with past.at(moment):
        put_clocks_on(desk.channels, moment)
        yield


def _let_go(desk: Desk, day: date) -> None:
    """The cashier prepares, fills the accounts; the lead lets go; the bank has its file."""
    try:
        release = prepare_release(
            plan_id=desk.plan.pk, until=day, by=staff_member("cashier")
        )
    except NotInState:
        return  # everything that is due is on its way, or was before an interruption
    for channel in sorted(SPOKEN):
        _fill(desk, channel, release)
    release_orders(release_id=release.pk, by=staff_member("lead"), now=timezone.now())
    _hand_in(desk, release)


def _fill(desk: Desk, channel: ChannelName, release: Release) -> None:
    """As much as the account lacks for all that is open on it."""
    waiting = _open(desk.plan).filter(channel=channel)
    needed: int = waiting.aggregate(fen=Sum("fen", default=0))["fen"]
    missing = needed - _held_fen(desk.case, channel)
    if missing <= 0:
        return
    number = f"HB{release.pk:04d}{channel[:2].upper()}"
    fill_paying_account(
        case_id=desk.case.pk, form_key=number, by=staff_member("cashier"),
        filling=Filling(channel, missing, timezone.localdate(), number),
    )  # fmt: skip
    desk.channels.control(channel, "funds", {"fen": missing})


def _held_fen(case: Case, channel: ChannelName) -> int:
    open_paying_accounts(case.number)
    return balance_fen(case.number, PAYS_FROM[channel])


def _drive(desk: Desk, *, until: datetime, told: Told) -> None:
    """Go from one instant at which something is due to the next, until there is none."""
    while (moment := _next(desk.plan, until)) is not None:
        with past.at(moment):
            put_clocks_on(desk.channels, moment)
            while _round():
                told(*_ended(desk.plan))


def _round() -> int:
    """A slice of a worker's round on each channel; how many orders it took up."""
    return sum(
        drive(spoken(name), clock=lambda: timezone.now(), seconds=SLICE_SECONDS).taken
        for name in sorted(SPOKEN)
    )


def _next(plan: Plan, until: datetime) -> datetime | None:
    """The full hour by which a worker has something to see to, None where that is later."""
    waiting = Order.objects.filter(
        Q(state__in=sorted(ON_THE_WAY))
        | Q(state=OrderState.PLANNED, release__state=ReleaseState.RELEASED),
        share__plan=plan,
        channel__in=sorted(SPOKEN),
    )
    first: datetime | None = waiting.aggregate(first=Min("ask_at"))["first"]
    if first is None:
        return None
    hour = first.replace(minute=0, second=0, microsecond=0) + HOUR
    return hour if hour < until else None


def _open(plan: Plan) -> QuerySet[Order]:
    return Order.objects.filter(share__plan=plan, state__in=sorted(OPEN))


def _ended(plan: Plan) -> tuple[int, int]:
    """(orders that have ended, orders)."""
    orders = Order.objects.filter(share__plan=plan)
    return orders.exclude(state__in=sorted(OPEN)).count(), orders.count()


def _hand_in(desk: Desk, release: Release) -> None:
    try:
        made = make_bank_file(release_id=release.pk, by=staff_member("cashier"))
    except NotInState:
        return  # nothing of this release goes through the bank
    if made is None:
        return  # and what was to go is of no kind that a bank takes
    desk.channels.control("bank", "funds", {"fen": made.fen})
    address = f"{desk.channels.address('bank')}/files/{made.number}"
    content = content_of(made).content
    httpx.post(address, content=content, trust_env=False).raise_for_status()


def _read_returns(desk: Desk) -> None:
    """Fetch the bank's word on every file of which a row is still open."""
    files = BankFile.objects.filter(release__plan=desk.plan)
    for made in files.filter(orders__state__in=sorted(ON_THE_WAY)).distinct():
        address = f"{desk.channels.address('bank')}/files/{made.number}/return"
        returned = httpx.get(address, trust_env=False)
        if returned.status_code == NOT_THERE:
            continue
        read_bank_return(
            bank_file_id=made.pk, content=returned.raise_for_status().content,
            by=staff_member("cashier"),
        )  # fmt: skip


def _pay_at_counter(desk: Desk) -> None:
    """Whoever comes gets it for a receipt: entered by one person, checked by another."""
    waiting = Order.objects.filter(
        share__plan=desk.plan, channel=ChannelName.BY_CASH, state=OrderState.PLANNED,
        release__state=ReleaseState.RELEASED,
    ).select_related("share__claim__holder")  # fmt: skip
    cashier, lead = staff_member("cashier"), staff_member("lead")
    for order in waiting.order_by("pk"):
        claim = order.share.claim
        if claim.kind == ClaimKind.CONSUMER and claim.pk % LEFT_ONE_IN == 0:
            continue
        name = claim.holder.name if claim.holder is not None else claim.claimant
        receipt = Receipt(f"LQ{order.pk:06d}", name, timezone.now())
        enter_hand_payment(order_id=order.pk, receipt=receipt, by=cashier)
        check_hand_payment(order_id=order.pk, by=lead)


def _deposit(desk: Desk) -> None:
    try:
        deposit_unclaimed(plan_id=desk.plan.pk, by=staff_member("lead"))
    except NotInState:
        return  # everybody was reached
