"""The stay of one debtor: letters and answers, freezes in their order, money, costs."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from zhipo.accounts.models import Organisation
from zhipo.enforcement.models import CostItem, Debtor, KeptPlace, Notice, Proceeds
from zhipo.enforcement.policies.origins import Origin
from zhipo.enforcement.policies.stays import is_estate
from zhipo.law.referral.handover import (
    EnforcementCost,
    HandedOver,
    Held,
    class_of_enforcement_cost,
    still_to_hand_over,
)

Courts = QuerySet[Organisation] | frozenset[int]


@dataclass(frozen=True)
class Letter:
    """One letter and how it stands on a day."""

    notice: Notice
    is_overdue: bool


@dataclass(frozen=True)
class Holding:
    """What enforcement holds, and whether it is estate."""

    proceeds: Proceeds
    is_estate: bool


@dataclass(frozen=True)
class Cost:
    """A cost of enforcement and its class in the bankruptcy."""

    item: CostItem
    stands: str


@dataclass(frozen=True)
class Money:
    """What one court holds: entries, and fen to hand over, handed over, and not estate."""

    holdings: list[Holding]
    due_fen: int
    handed_over_fen: int
    kept_fen: int


def letters_of(origin: Origin, today: date) -> list[Letter]:
    """Every letter, by kind and addressee; overdue where no answer came."""
    notices = origin.notices.select_related(
        "court", "institution", "sender", "document"
    ).order_by("kind", "pk")
    return [Letter(one, is_overdue(one, today)) for one in notices]


def is_overdue(notice: Notice, today: date) -> bool:
    """Whether the day for the reply has passed without one."""
    return (
        notice.reply_by is not None
        and notice.acknowledged_on is None
        and notice.reply_by < today
    )


def holdings_of(debtor: Debtor, courts: Courts | None = None) -> list[Holding]:
    """What these courts hold of a debtor, or every court does, the oldest first."""
    rows = Proceeds.objects.filter(case__debtor=debtor)
    if courts is not None:
        rows = rows.filter(case__court__in=courts)
    found = rows.select_related("case__court").order_by("since", "pk")
    return [Holding(one, is_estate(one)) for one in found]


def money_of(debtor: Debtor, courts: Courts) -> Money:
    """What these courts hold of a debtor (《执转破意见》第十七条, tag U)."""
    holdings = holdings_of(debtor, courts)
    estate = [one.proceeds for one in holdings if one.is_estate]
    return Money(
        holdings,
        due_fen=sum(one.fen for one in estate if one.handed_over_on is None),
        handed_over_fen=sum(one.fen for one in estate if one.handed_over_on is not None),
        kept_fen=sum(one.proceeds.fen for one in holdings if not one.is_estate),
    )


KIND_OF = {
    Held.COURT_ACCOUNT: HandedOver.DEDUCTED_DEPOSIT,
    Held.SEIZED: HandedOver.SEIZED_MOVABLE,
}
"""How what enforcement holds is named where it is handed over (第十六条, tag U)."""


def kinds_left(money: Money) -> tuple[HandedOver, ...]:
    """Which kinds of property are still owed to the estate."""
    kinds = [
        (KIND_OF[Held(one.proceeds.held)], one.proceeds.handed_over_on)
        for one in money.holdings
        if one.is_estate and one.proceeds.held in KIND_OF
    ]
    left = frozenset(kind for kind, day in kinds if day is None)
    gone = frozenset(kind for kind, _ in kinds) - left
    return still_to_hand_over(held=left | gone, handed_over=gone, needs_lawyer_check=True)


def costs_of(debtor: Debtor, courts: frozenset[int]) -> list[Cost]:
    """Unpaid costs of enforcement with their class (《破产法解释三》第一条)."""
    items = (
        CostItem.objects.filter(case__debtor=debtor, case__court__in=courts)
        .select_related("case")
        .order_by("pk")
    )
    return [
        Cost(one, class_of_enforcement_cost(cost=EnforcementCost(one.kind)))
        for one in items
    ]


def places_of(origin: Origin) -> list[KeptPlace]:
    """The freezes at acceptance in their order on each property."""
    return list(
        origin.kept_places.select_related("freeze__target", "freeze__case__court").order_by(
            "freeze__target_id", "place"
        )
    )
