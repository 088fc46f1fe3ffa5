"""The demonstration's calendar: a case takes months, and everything shown has happened.

Acts take the day from Django's clock. Within `at` that clock runs from another moment, in
this process; `settings_at` says it to the processes of web and worker. PostgreSQL, signed
cookies and one-time passwords keep the machine's time.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.utils import timezone

SETTINGS = "zhipo.demo.past_settings"
SECONDS_BACK = "ZHIPO_DEMO_SECONDS_BACK"
MORNING = time(9, 30)
_now = timezone.now


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """It is `moment`, and time goes on from there, until the block ends."""
    before = timezone.now
    turn_back(_now() - moment)
    try:
        yield
    finally:
        _set(before)


def morning_of(day: date) -> datetime:
    """Half past nine on a day (+08:00)."""
    return timezone.make_aware(datetime.combine(day, MORNING))


def settings_at(moment: datetime) -> dict[str, str]:
    """The environment in which a process of `zhipo` begins at a moment."""
    back = (_now() - moment).total_seconds()
    return {"DJANGO_SETTINGS_MODULE": SETTINGS, SECONDS_BACK: str(back)}


def turn_back(by: timedelta) -> None:
    """Have Django's clock of this process go behind the machine's by so much."""
    _set(lambda: _now() - by)


def turn_back_as_told() -> None:
    """What `settings_at` said to this process."""
    turn_back(timedelta(seconds=float(os.environ[SECONDS_BACK])))


def _set(now: object) -> None:
    # Everybody asks through the module, so one attribute is the whole clock.
    setattr(timezone, "now", now)  # noqa: B010  a function is not assigned to by name
