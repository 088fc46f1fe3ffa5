"""What paying has come to, read from the database."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone

from zhipo.cases.models import Case
from zhipo.claims.states import ClaimKind
from zhipo.demo.web_plans import CHOSEN, Approved, Compared
from zhipo.distributions.models import Plan, Share
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.payouts.models import Deposit, Order
from zhipo.payouts.states import DepositReason, OrderState

Sums = tuple[int, int]
"""How many, and fen."""


@dataclass(frozen=True)
class Leg:
    """One channel's part: orders made, of them paid, requests to pay, fen paid."""

    channel: ChannelName
    orders: int
    paid: int
    tries: int
    fen: int


@dataclass(frozen=True)
class Paid:
    """The end of the case as its database has it; sums in fen.

    `due` counts the creditors to whom the plan gives something, `reached` those of them
    who have all of it; `consumers_*` the same of consumers alone. `costs` are the payments
    of the plan's costs.
    """

    root: str
    due: Sums
    reached: Sums
    consumers_due: Sums
    consumers_reached: Sums
    reserved: Sums
    deposited: Sums
    costs: Sums
    orders: int
    tries: int
    legs: tuple[Leg, ...]
    ended: dict[str, int]
    days_to_first: int
    days_to_most: int
    days_to_last: int
    released_on: tuple[date, ...]
    compared: Compared
    chosen: str


def paid_of(case: Case, approved: Approved) -> Paid:
    """Read it all."""
    plan = approved.plan
    orders = Order.objects.filter(share__plan=plan)
    shares = Share.objects.filter(plan=plan, paid_fen__gt=0)
    consumers = Q(claim__kind=ClaimKind.CONSUMER)
    days = _days(case, orders)
    return Paid(
        root=plan.statement["root"],
        due=_due(shares),
        reached=_reached(shares),
        consumers_due=_due(shares.filter(consumers)),
        consumers_reached=_reached(shares.filter(consumers)),
        reserved=_kept(plan, ~Q(why=DepositReason.UNCLAIMED)),
        deposited=_kept(plan, Q(why=DepositReason.UNCLAIMED)),
        costs=_costs(plan),
        orders=orders.count(),
        tries=orders.aggregate(tries=Sum("tries", default=0))["tries"],
        legs=tuple(_legs(orders)),
        ended=_ended_unpaid(orders),
        days_to_first=days[0],
        days_to_most=days[1],
        days_to_last=days[2],
        released_on=tuple(
            timezone.localdate(moment)
            for moment in plan.releases.exclude(released_at=None)
            .order_by("released_at")
            .values_list("released_at", flat=True)
        ),
        compared=approved.compared,
        chosen=CHOSEN,
    )


def _due(shares: Any) -> Sums:
    found = shares.aggregate(count=Count("pk"), fen=Sum("paid_fen", default=0))
    return found["count"], int(found["fen"])


def _reached(shares: Any) -> Sums:
    """How many have all of their parts, and how much has arrived altogether."""
    arrived = shares.annotate(
        arrived=Sum("orders__fen", filter=Q(orders__state=OrderState.PAID), default=0)
    ).values_list("paid_fen", "arrived")
    rows = list(arrived.iterator(chunk_size=10_000))
    return sum(due == got for due, got in rows), sum(got for _, got in rows)


def _kept(plan: Plan, why: Q) -> Sums:
    found = Deposit.objects.filter(why, share__plan=plan, released_on=None).aggregate(
        count=Count("pk"), fen=Sum("fen", default=0)
    )
    return found["count"], int(found["fen"])


def _costs(plan: Plan) -> Sums:
    paid = plan.cost_payments.filter(checked_at__isnull=False)
    found = paid.aggregate(count=Count("pk"), fen=Sum("fen", default=0))
    return found["count"], int(found["fen"])


def _legs(orders: Any) -> list[Leg]:
    paid = Q(state=OrderState.PAID)
    rows = orders.values("channel").order_by("channel").annotate(
        orders=Count("pk"), paid=Count("pk", filter=paid),
        tries=Sum("tries", default=0), fen=Sum("fen", filter=paid, default=0),
    )  # fmt: skip
    return [
        Leg(ChannelName(row["channel"]), row["orders"], row["paid"], row["tries"],
            int(row["fen"]))
        for row in rows
    ]  # fmt: skip


def _ended_unpaid(orders: Any) -> dict[str, int]:
    """Reason -> orders that ended without payment; another one followed, or a deposit."""
    rows = orders.exclude(state=OrderState.PAID).values_list("reason")
    counts = rows.annotate(count=Count("pk")).order_by("-count", "reason")
    return {reason: count for reason, count in counts if count}


def _days(case: Case, orders: Any) -> tuple[int, int, int]:
    """Days from acceptance to the first payment, to nine of ten payments, to the last."""
    ended = orders.filter(state=OrderState.PAID).order_by("ended_at")
    moments = list(ended.values_list("ended_at", flat=True))
    if not moments:
        return 0, 0, 0
    places = (0, len(moments) * 9 // 10, len(moments) - 1)
    first, most, last = (_days_since(case.accepted_on, moments[p]) for p in places)
    return first, most, last


def _days_since(day: date, moment: datetime) -> int:
    return (timezone.localdate(moment) - day).days
