"""Instants and days: instants carry their offset, days are those of +08:00."""

from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "+08:00")


def china_day(at: datetime) -> date:
    """The calendar day of an instant in China."""
    return at.astimezone(CHINA).date()


def utc_now() -> datetime:
    """Now, by the machine."""
    return datetime.now(UTC)
