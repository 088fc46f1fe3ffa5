"""DL-00: when a statutory period ends, swapped working days (调休) included."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhipo.kernel.periods import (
    Period,
    add,
    days,
    deadline,
    is_within_look_back,
    months,
    subtract,
    years,
)
from zhipo.kernel.working_days import (
    FIRST_YEAR,
    LAST_YEAR,
    is_calendar_known,
    is_working_day,
    next_working_day,
)

DAYS = st.dates(date(2010, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("event", "period", "counted", "last_day"),
    [
        (date(2025, 3, 3), days(15), date(2025, 3, 18), date(2025, 3, 18)),
        (date(2025, 9, 26), days(5), date(2025, 10, 1), date(2025, 10, 9)),
        (date(2025, 9, 23), days(5), date(2025, 9, 28), date(2025, 9, 28)),
        (date(2025, 1, 21), days(5), date(2025, 1, 26), date(2025, 1, 26)),
        (date(2025, 2, 21), days(1), date(2025, 2, 22), date(2025, 2, 24)),
        (date(2025, 1, 31), months(1), date(2025, 2, 28), date(2025, 2, 28)),
        (date(2024, 1, 31), months(1), date(2024, 2, 29), date(2024, 2, 29)),
        (date(2024, 2, 29), years(1), date(2025, 2, 28), date(2025, 2, 28)),
        (date(2024, 12, 15), months(2), date(2025, 2, 15), date(2025, 2, 17)),
    ],
    ids=[
        "the day of the event is not counted",
        "a last day in the National Day week moves behind it",
        "a Sunday swapped into a working day is no holiday",
        "a Sunday worked before the Spring Festival",
        "a plain Saturday moves to Monday",
        "no corresponding day: the month's last",
        "the month's last in a leap year",
        "from 29 February a year",
        "over the turn of the year",
    ],
)
def test_deadline(event: date, period: Period, counted: date, last_day: date) -> None:
    due = deadline(event, period)

    assert (due.counted, due.last_day) == (counted, last_day)
    assert due.was_moved is (counted != last_day)
    assert due.is_calendar_known


def test_deadline_beyond_the_published_calendar_says_so() -> None:
    due = deadline(date(LAST_YEAR + 1, 9, 26), days(5))

    assert not due.is_calendar_known
    assert due.last_day.month == 10
    assert due.last_day.day >= 4


@given(DAYS, st.integers(0, 4000))
def test_a_last_day_is_a_working_day_and_never_earlier(event: date, count: int) -> None:
    due = deadline(event, days(count))

    assert is_working_day(due.last_day)
    assert due.last_day >= due.counted == add(event, days(count))


@given(DAYS, st.integers(0, 120))
def test_months_end_on_the_corresponding_day_or_the_months_last(
    day: date, count: int
) -> None:
    end = add(day, months(count))

    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == count
    assert end.day == day.day or (end.day < day.day and add(end, days(1)).day == 1)


@given(DAYS, st.integers(0, 30))
def test_a_year_is_twelve_months(day: date, count: int) -> None:
    assert add(day, years(count)) == add(day, months(12 * count))


def test_subtract_runs_back_by_the_calendar() -> None:
    assert subtract(date(2025, 3, 31), months(1)) == date(2025, 2, 28)
    assert subtract(date(2025, 1, 1), days(1)) == date(2024, 12, 31)
    assert subtract(date(2025, 1, 15), months(1)) == date(2024, 12, 15)


@pytest.mark.parametrize(
    ("day", "is_within"),
    [
        (date(2024, 8, 31), False),
        (date(2024, 9, 1), True),
        (date(2025, 8, 31), True),
        (date(2025, 9, 1), False),
    ],
)
def test_look_back_holds_its_first_day_and_not_the_acceptance(
    day: date, is_within: bool
) -> None:
    accepted_on = date(2025, 9, 1)

    assert is_within_look_back(day, before=accepted_on, period=years(1)) is is_within


@pytest.mark.parametrize(
    ("period", "text"), [(days(1), "1 day"), (days(15), "15 days"), (months(3), "3 months")]
)
def test_a_period_reads_as_the_law_gives_it(period: Period, text: str) -> None:
    assert str(period) == text


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 10, 11), True),
        (date(2025, 10, 8), False),
        (date(2025, 10, 9), True),
        (date(2025, 10, 12), False),
    ],
)
def test_swapped_days_are_working_days(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_outside_the_calendar_weekdays_and_fixed_holidays_decide() -> None:
    assert not is_calendar_known(date(FIRST_YEAR - 1, 12, 31))
    assert is_calendar_known(date(FIRST_YEAR, 1, 1))
    assert is_calendar_known(date(LAST_YEAR, 12, 31))
    assert not is_working_day(date(2060, 1, 1))
    assert not is_working_day(date(2060, 10, 2))
    assert not is_working_day(date(2060, 1, 3))
    assert is_working_day(date(2060, 1, 2))
    assert next_working_day(date(2060, 1, 1)) == date(2060, 1, 2)
