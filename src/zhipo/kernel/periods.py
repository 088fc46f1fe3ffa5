"""Statutory periods (DL-00): when they begin, when they end, what is inside.

《民事诉讼法》第八十五条, 《民法典》第二百条至第二百零三条. All days are +08:00.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from zhipo.kernel.working_days import is_calendar_known, next_working_day


class Unit(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Period:
    """A length of time as a law gives it: 15 days, 3 months, 2 years."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'s' if self.count != 1 else ''}"


@dataclass(frozen=True)
class Deadline:
    """The last day of a period: by the calendar, and after moving off a holiday."""

    counted: date
    last_day: date
    is_calendar_known: bool

    @property
    def was_moved(self) -> bool:
        return self.counted != self.last_day


def days(count: int) -> Period:
    return Period(count, Unit.DAY)


def months(count: int) -> Period:
    return Period(count, Unit.MONTH)


def years(count: int) -> Period:
    return Period(count, Unit.YEAR)


def deadline(event: date, period: Period) -> Deadline:
    """The last day on which an act is in time.

    The day of the event is not counted; months and years end on the corresponding
    day, or on the month's last where there is none; a last day that is no working
    day moves to the next working day.
    """
    counted = add(event, period)
    last_day = next_working_day(counted)
    return Deadline(counted, last_day, is_calendar_known(last_day))


def add(day: date, period: Period) -> date:
    """`day` plus a period, by the calendar alone."""
    if period.unit is Unit.DAY:
        return day + timedelta(days=period.count)
    months_count = period.count * (12 if period.unit is Unit.YEAR else 1)
    return _add_months(day, months_count)


def subtract(day: date, period: Period) -> date:
    """`day` less a period, by the calendar alone."""
    return add(day, Period(-period.count, period.unit))


def is_within_look_back(day: date, *, before: date, period: Period) -> bool:
    """Whether `day` lies in [before − period, before)."""
    return subtract(before, period) <= day < before


def _add_months(day: date, count: int) -> date:
    month_index = day.year * 12 + day.month - 1 + count
    year, month = divmod(month_index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
