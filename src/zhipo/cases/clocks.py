"""Which deadlines of the law's table start by themselves, and when to remind of them."""

from datetime import date, timedelta

from django.utils import timezone

from zhipo.cases.models import Case
from zhipo.kernel.periods import Deadline
from zhipo.kernel.working_days import next_working_day
from zhipo.law.deadlines.table import ROWS, deadline_of

STARTED_BY: dict[str, tuple[str, ...]] = {
    "accepted": ("D06", "D09", "D11", "D19"),
    "filing_ends": ("D12",),
    "checked": ("D17",),
}
"""Trigger on a case -> the rows of law/deadlines/table.yaml that it starts."""

REMIND_WORKING_DAYS = 3
"""Working days: three days before the last one may all be holidays."""


def clocks_started_by(trigger: str) -> tuple[str, ...]:
    """The deadlines that an event on a case starts."""
    return STARTED_BY[trigger]


def last_day_of(deadline: str, event_on: date) -> Deadline:
    """The last day by the law's table, moved off holidays. Raises KeyError."""
    return deadline_of(deadline, event_on=event_on)


def reminded_by(today: date) -> date:
    """The latest last day that is reminded of today: so many working days lie between."""
    day = today
    for _ in range(REMIND_WORKING_DAYS):
        day = next_working_day(day + timedelta(days=1))
    return day


def last_filing_day(case: Case) -> date | None:
    """The day on which filing ends: where the court's day is a holiday, the next working
    day (《民法典》第二百零三条第一款); None while no period is fixed."""
    fixed = case.filing_until
    return None if fixed is None else next_working_day(fixed)


def runs_until(case: Case, today: date | None = None) -> date | None:
    """The last day of a filing period that still runs (《企业破产法》第四十五条)."""
    until = last_filing_day(case)
    if until is None or (today or timezone.localdate()) > until:
        return None
    return until


def cite_of(deadline: str) -> str:
    """The article of a deadline."""
    return next(row.cite for row in ROWS if row.id == deadline)
