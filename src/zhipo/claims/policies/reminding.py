"""When people may be reminded: not at night (21:00 to 08:00 at +08:00)."""

from datetime import datetime, time, timedelta

from django.utils import timezone

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
"""This project's policy: a message about money at night frightens, and looks like fraud."""


def is_quiet(now: datetime) -> bool:
    """Whether it is night where the creditors are."""
    local = timezone.localtime(now).time()
    return local >= QUIET_FROM or local < QUIET_UNTIL


def not_before(now: datetime) -> datetime:
    """Now, or at the end of the night."""
    if not is_quiet(now):
        return now
    local = timezone.localtime(now)
    morning = local.replace(hour=QUIET_UNTIL.hour, minute=0, second=0, microsecond=0)
    return morning if local.time() < QUIET_UNTIL else morning + timedelta(days=1)
