"""Working days of mainland China, 调休 (swapped days) included.

The State Council publishes a year's holidays in the autumn before; the calendar here
is the library chinesecalendar's copy. A day outside it is judged by its weekday and
the fixed-date holidays, and `is_calendar_known` says that this was done.
"""

from datetime import date, timedelta

import chinese_calendar
from chinese_calendar.constants import holidays

FIXED_HOLIDAYS = {(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)}
"""Holidays that fall on the same date every year (全国年节及纪念日放假办法 art. 2)."""

FIRST_YEAR = min(holidays).year
LAST_YEAR = max(holidays).year


def is_calendar_known(day: date) -> bool:
    """Whether the published calendar covers that year."""
    return bool(FIRST_YEAR <= day.year <= LAST_YEAR)


def is_working_day(day: date) -> bool:
    """Whether people work that day: swapped working Saturdays count, holidays do not."""
    if is_calendar_known(day):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS


def next_working_day(day: date) -> date:
    """`day` itself if it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
