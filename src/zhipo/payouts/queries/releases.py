"""What the cashier's desk shows: what is due, how a release stands, what it still needs."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from zhipo.cases.models import Case
from zhipo.distributions.chart import BANK, IN_TRANSIT
from zhipo.distributions.models import Plan
from zhipo.distributions.states import PlanState
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.ledger.models import Account
from zhipo.ledger.queries import balance_fen
from zhipo.payouts.channels import PAYS_FROM, SPOKEN, is_set_up
from zhipo.payouts.models import BankFile, Order, Release
from zhipo.payouts.policies.deposits import NOT_COLLECTED_DAYS
from zhipo.payouts.policies.hand import BY_HAND
from zhipo.payouts.queries.due import PARTS, Part, parts_with_ways
from zhipo.payouts.states import CLOSED, OPEN, Ending, OrderState, ReleaseState

COLUMNS = (
    "share, part, fen, due_on, last, claim, number, name, channel, account, hash, payer,"
    " payer_hash"
)
DUE = f"SELECT count(*), coalesce(sum(fen), 0) FROM ({PARTS}) AS q({COLUMNS})"
BY_CHANNEL = """
SELECT channel, state, count(*), sum(fen), min(ask_at) FROM payouts_order
WHERE release_id = %(release)s GROUP BY channel, state"""
NEEDED = """
SELECT o.channel, sum(o.fen) FROM payouts_order o
JOIN payouts_release r ON r.id = o.release_id
JOIN distributions_plan p ON p.id = r.plan_id
WHERE p.case_id = %(case)s
    AND (o.state IN ('sending', 'waiting_user')
        OR o.state = 'planned' AND r.state IN ('prepared', 'released', 'paused'))
GROUP BY o.channel"""


@dataclass(frozen=True)
class Due:
    """What of an approved plan can be prepared until a day."""

    plan: Plan
    count: int
    fen: int
    is_prepared: bool


@dataclass(frozen=True)
class Purse:
    """An account of the case that payments leave from: what it holds, what it has to."""

    channel: ChannelName
    code: str
    held_fen: int
    needed_fen: int
    is_set_up: bool

    @property
    def missing_fen(self) -> int:
        return max(0, self.needed_fen - self.held_fen)


@dataclass
class Leg:
    """One channel of a release: orders and fen by state, when the next one is seen to."""

    channel: ChannelName
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    fen: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    next_at: datetime | None = None

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    @property
    def all_fen(self) -> int:
        return sum(self.fen.values())

    @property
    def open_count(self) -> int:
        return sum(self.counts[state] for state in OPEN)

    @property
    def paid_count(self) -> int:
        return self.counts[OrderState.PAID]

    @property
    def paid_fen(self) -> int:
        return self.fen[OrderState.PAID]

    @property
    def closed_count(self) -> int:
        return sum(self.counts[state] for state in CLOSED)


def due_by_plan(case: Case, on: date) -> list[Due]:
    """Every approved plan, the latest first, with what is due and not arranged."""
    plans = case.plans.filter(state=PlanState.APPROVED).order_by("-number")
    prepared = set(
        Release.objects.filter(plan__in=plans, state=ReleaseState.PREPARED).values_list(
            "plan_id", flat=True
        )
    )
    found = []
    for plan in plans:
        with connection.cursor() as cursor:
            cursor.execute(DUE, {"plan": plan.pk, "until": on})
            count, fen = cursor.fetchone()
        found.append(Due(plan, int(count), int(fen), plan.pk in prepared))
    return found


def purses(case: Case) -> list[Purse]:
    """The accounts that channels pay from; several channels may share one."""
    with connection.cursor() as cursor:
        cursor.execute(NEEDED, {"case": case.pk})
        needed: defaultdict[str, int] = defaultdict(int)
        for channel, fen in cursor.fetchall():
            needed[PAYS_FROM[ChannelName(channel)]] += int(fen)
    opened = set(
        Account.objects.filter(
            book=case.number, code__in=set(PAYS_FROM.values())
        ).values_list("code", flat=True)
    )
    return [
        Purse(
            channel, code, balance_fen(case.number, code) if code in opened else 0,
            needed[code], is_set_up(channel),
        )
        for channel, code in PAYS_FROM.items()
        if channel in SPOKEN or (code == BANK and channel is ChannelName.BANK_BATCH)
    ]  # fmt: skip


def in_transit_fen(case: Case) -> int:
    """What is on its way and neither with a payee nor back."""
    is_open = Account.objects.filter(book=case.number, code=IN_TRANSIT).exists()
    return balance_fen(case.number, IN_TRANSIT) if is_open else 0


def legs_of(release: Release) -> list[Leg]:
    """A release channel by channel, as it stands."""
    legs: dict[str, Leg] = {}
    with connection.cursor() as cursor:
        cursor.execute(BY_CHANNEL, {"release": release.pk})
        rows = cursor.fetchall()
    for channel, state, count, fen, next_at in rows:
        leg = legs.setdefault(channel, Leg(ChannelName(channel)))
        leg.counts[state], leg.fen[state] = int(count), int(fen)
        if state in OPEN and next_at is not None:
            leg.next_at = min(filter(None, (leg.next_at, next_at)))
    return [legs[name] for name in ChannelName if name in legs]


@dataclass(frozen=True)
class Uncollected:
    """What of a plan nobody came for in time; how many parts are due and not arranged."""

    plan: Plan
    count: int
    fen: int
    unarranged: int


def uncollected_by_plan(case: Case, on: date) -> list[Uncollected]:
    """Every approved plan with something that can be deposited on a day."""
    found = []
    for due in due_by_plan(case, on):
        told = not_collected(due.plan, on).aggregate(
            count=Count("pk"), fen=Sum("fen", default=0)
        )
        found.append(Uncollected(due.plan, told["count"], int(told["fen"]), due.count))
    return [one for one in found if one.count or one.unarranged]


def not_collected(plan: Plan, on: date) -> QuerySet[Order]:
    """Orders by hand whose payee has had the time to come and has not."""
    limit = on - timedelta(days=NOT_COLLECTED_DAYS)
    return Order.objects.filter(
        share__plan=plan, state=OrderState.PLANNED, channel__in=BY_HAND,
        release__released_at__date__lte=limit, due_on__lte=limit, hand_payment=None,
    ).exclude(reason=Ending.CONTRADICTED)  # fmt: skip


def at_the_desk(release: Release) -> QuerySet[Order]:
    """Orders of a release that wait for the payee to come, or for the post."""
    return (
        release.orders.filter(channel__in=BY_HAND, state=OrderState.PLANNED)
        .select_related("share__claim__holder", "hand_payment")
        .order_by("pk")
    )


def without_way(plan: Plan, on: date) -> Iterator[Part]:
    """Parts that are due and that no way of their creditor reaches."""
    return (part for part, way in parts_with_ways(plan, until=on) if way is None)


def bank_files_of(release: Release) -> QuerySet[BankFile]:
    """The files of a release, the latest first."""
    return release.bank_files.select_related("made_by", "returned_by").order_by("-pk")


def waits_for_bank(release: Release) -> bool:
    """Whether orders of it are to be put into a file for the bank today."""
    return release.orders.filter(
        channel=ChannelName.BANK_BATCH, state=OrderState.PLANNED,
        due_on__lte=timezone.localdate(),
    ).exists()  # fmt: skip
