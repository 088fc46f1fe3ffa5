"""Clues and reports of a debtor, for those whose court has the case."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from zhipo.enforcement.models import (
    Clue,
    Debtor,
    EnforcementCase,
    PropertyReport,
    ReportedItem,
)
from zhipo.enforcement.queries.debtors import cases_visible_to


@dataclass(frozen=True)
class Due:
    """A last day, seen from today: how many days are left, or gone by."""

    last_day: date
    done_on: date | None
    today: date

    @property
    def days(self) -> int:
        return (self.last_day - self.today).days

    @property
    def overdue(self) -> int:
        return -self.days

    @property
    def is_missed(self) -> bool:
        """Whether it was not done in time: done later, or not yet and the day is over."""
        return (self.done_on or self.today) > self.last_day


def clues_visible_to(user: Any) -> QuerySet[Clue]:
    """Clues in cases of the reader's courts."""
    return Clue.objects.filter(case__in=cases_visible_to(user)).select_related(
        "case", "found", "checked_by"
    )


def reports_visible_to(user: Any) -> QuerySet[PropertyReport]:
    """Reports in cases of the reader's courts, with their lines."""
    items = ReportedItem.objects.select_related("found").order_by("changed_on", "pk")
    return (
        PropertyReport.objects.filter(case__in=cases_visible_to(user))
        .select_related("case")
        .prefetch_related(Prefetch("items", items))
    )


def clue_rows(user: Any, debtor: Debtor, today: date) -> list[tuple[Clue, Due | None]]:
    """The clues on a debtor, those that wait first, the nearest day first."""
    clues = clues_visible_to(user).filter(debtor=debtor)
    rows = [(clue, _due(clue.check_by, clue.checked_on, today)) for clue in clues]
    return sorted(rows, key=lambda row: (row[0].outcome != "", *_order(row[0])))


def report_rows(
    user: Any, debtor: Debtor, today: date
) -> list[tuple[PropertyReport, Due, list[tuple[ReportedItem, Due | None]]]]:
    """The reports of a debtor, the latest first, each with its lines."""
    reports = reports_visible_to(user).filter(debtor=debtor).order_by("-due_on", "-pk")
    return [
        (
            report,
            Due(report.due_on, report.received_on, today),
            [
                (item, _due(item.report_by, item.reported_on, today))
                for item in report.items.all()
            ],
        )
        for report in reports
    ]


def own_cases(user: Any, debtor: Debtor) -> QuerySet[EnforcementCase]:
    """The reader's court's cases against a debtor: those in which it acts."""
    return cases_visible_to(user).filter(debtor=debtor).order_by("filed_on", "pk")


def _due(last_day: date | None, done_on: date | None, today: date) -> Due | None:
    return None if last_day is None else Due(last_day, done_on, today)


def _order(clue: Clue) -> tuple[date, int]:
    return (clue.check_by or date.max, -clue.pk)
