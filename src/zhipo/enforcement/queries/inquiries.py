"""The live board of a debtor's inquiries, its clock, objections, what a role must see."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from zhipo.accounts.queries import offices_of
from zhipo.enforcement.models import (
    BureauNotice,
    Debtor,
    Freeze,
    InquiryAnswer,
    InquiryObjection,
    InquiryOrder,
    Institution,
    Property,
)
from zhipo.enforcement.queries.debtors import cases_visible_to
from zhipo.enforcement.states import HOLDS, STILL_OPEN, FreezeState, Title
from zhipo.gateways.institutions.messages import Act
from zhipo.law.enforcement.closing import PAPER_DAYS, ordinary_days_in_paper

COLUMNS = (Act.QUERY, Act.FREEZE, Act.OWNERSHIP_CHECK, Act.HISTORY, Act.RENEW)
"""The acts with a column of their own; lifts and deductions stand together."""

CHECKED = (Act.QUERY, Act.FREEZE, Act.OWNERSHIP_CHECK)
"""What the green channel counts as found, frozen and checked."""

WERE_FROZEN = HOLDS | {FreezeState.LIFTED, FreezeState.LAPSED, FreezeState.TAKEN_OVER}
"""A freeze that has ended was one all the same; one ordered or refused never was."""


@dataclass
class Cell:
    """One institution and act: how often asked, answered, overdue."""

    asked: int = 0
    answered: int = 0
    overdue: int = 0


@dataclass
class BoardRow:
    """One institution, in fen where it has a sum."""

    institution: Institution
    cells: dict[str, Cell] = field(default_factory=lambda: defaultdict(Cell))
    frozen_fen: int = 0
    bad: int = 0
    told_at: datetime | None = None
    next_at: datetime | None = None

    @property
    def columns(self) -> list[Cell]:
        """The cells in the order of the table; the last one holds all other acts."""
        own = [self.cells.get(act, Cell()) for act in COLUMNS]
        rest = [cell for act, cell in self.cells.items() if act not in COLUMNS]
        return [*own, _sum(rest)]

    @property
    def total(self) -> Cell:
        return _sum(self.cells.values())


@dataclass(frozen=True)
class GreenChannel:
    """Days since the first question against the paper's fifteen and its ordinary time."""

    started_on: date
    until: date
    done_on: date | None
    days: int
    ordinary_days: Fraction

    @property
    def ordinary_days_text(self) -> str:
        """37.5, in digits."""
        return f"{Decimal(self.ordinary_days.numerator) / self.ordinary_days.denominator}"

    @property
    def is_over(self) -> bool:
        return self.days > PAPER_DAYS


@dataclass(frozen=True)
class Board:
    rows: list[BoardRow]
    clock: GreenChannel | None

    @property
    def total(self) -> Cell:
        return _sum(row.total for row in self.rows)

    @property
    def frozen_fen(self) -> int:
        return sum(row.frozen_fen for row in self.rows)


def orders_visible_to(user: Any) -> QuerySet[InquiryOrder]:
    """Orders in the cases of the reader's own court."""
    return InquiryOrder.objects.filter(case__in=cases_visible_to(user))


def board_of(user: Any, debtor: Debtor, now: datetime | None = None) -> Board:
    """How far the reader's court is with every institution, asked or not."""
    at = now or timezone.now()
    orders = orders_visible_to(user).filter(case__debtor=debtor)
    rows = {one.pk: BoardRow(one) for one in Institution.objects.order_by("party")}
    for found in _counts(orders, at):
        row = rows[found["institution"]]
        row.cells[found["act"]] = Cell(found["asked"], found["answered"], found["overdue"])
        row.told_at = max(filter(None, (row.told_at, found["told_at"])), default=None)
        row.next_at = min(filter(None, (row.next_at, found["next_at"])), default=None)
    _add_sums(rows, user, debtor)
    shown = [row for row in rows.values() if row.institution.is_active or row.cells]
    return Board(shown, green_channel(orders, user, debtor, at))


def green_channel(
    orders: QuerySet[InquiryOrder], user: Any, debtor: Debtor, at: datetime
) -> GreenChannel | None:
    """The clock of 论文2.3, from the first question to the last finding; None before it.

    Done when nothing is waited for and every account that was frozen has been checked for
    its owner, whatever became of the freeze since. A benchmark of the paper, no deadline
    of law.
    """
    counted = orders.filter(act__in=CHECKED)
    found = counted.aggregate(
        first=Min("ordered_at"), last=Max("finished_at"),
        waiting=Count("pk", filter=Q(finished_at=None)),
    )  # fmt: skip
    if found["first"] is None:
        return None
    frozen = Property.objects.filter(
        debtor=debtor,
        freezes__case__in=cases_visible_to(user),
        freezes__state__in=WERE_FROZEN,
    )
    is_done = not found["waiting"] and frozen.exists()
    is_done = is_done and not frozen.filter(title=Title.UNCHECKED).exists()
    done_on = timezone.localdate(found["last"]) if is_done else None
    started_on = timezone.localdate(found["first"])
    ends = done_on or timezone.localdate(at)
    return GreenChannel(
        started_on=started_on,
        until=started_on + timedelta(days=PAPER_DAYS),
        done_on=done_on,
        days=(ends - started_on).days,
        ordinary_days=ordinary_days_in_paper(),
    )


def notices_for(user: Any, debtor: Debtor | None = None) -> QuerySet[BureauNotice]:
    """What the reader's roles have not seen yet, the newest first."""
    mine = Q(pk=None)
    for role, courts in offices_of(user).items():
        mine |= Q(role=role, court__in=courts)
    unseen = BureauNotice.objects.filter(mine, seen_at=None)
    if debtor is not None:
        unseen = unseen.filter(debtor=debtor)
    return unseen.select_related("debtor", "case").order_by("-at", "-pk")


def objections_visible_to(user: Any) -> QuerySet[InquiryObjection]:
    """Objections in the reader's own cases, open ones first, by their last day."""
    return (
        InquiryObjection.objects.filter(order__case__in=cases_visible_to(user))
        .select_related("order__institution", "order__target", "order__case__debtor")
        .order_by("replied_at", "reply_by", "pk")
    )


def _counts(orders: QuerySet[InquiryOrder], at: datetime) -> Any:
    is_overdue = Q(state__in=STILL_OPEN, answer_by__lt=at)
    return orders.values("institution", "act").annotate(
        asked=Count("pk"),
        answered=Count("pk", filter=~Q(finished_at=None)),
        overdue=Count("pk", filter=is_overdue),
        told_at=Max("told_at"),
        next_at=Min("ask_at", filter=Q(settled_at=None)),
    )


def _add_sums(rows: dict[int, BoardRow], user: Any, debtor: Debtor) -> None:
    own = cases_visible_to(user).filter(debtor=debtor)
    frozen = Freeze.objects.filter(case__in=own, state__in=HOLDS).values_list(
        "target__institution"
    )
    for institution, fen in frozen.annotate(fen=Sum("frozen_fen")):
        if institution in rows:
            rows[institution].frozen_fen = fen
    bad = InquiryAnswer.objects.filter(order__case__in=own, is_good=False).values_list(
        "order__institution"
    )
    for institution, count in bad.annotate(count=Sum("times")):
        rows[institution].bad = count


def _sum(cells: Any) -> Cell:
    total = Cell()
    for cell in cells:
        total.asked += cell.asked
        total.answered += cell.answered
        total.overdue += cell.overdue
    return total
