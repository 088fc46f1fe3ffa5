"""A sandbox's own clock: the machine's until it is set, then it stands where it was
set; it never goes back.
"""

import sqlite3
from datetime import UTC, datetime

from zhipo.gateways.institutions.moments import utc_now


class ClockGoesBack(ValueError):
    """The clock would be set to an earlier instant."""


def now(sql: sqlite3.Connection) -> datetime:
    """The instant it is for this sandbox."""
    row = sql.execute("SELECT value FROM meta WHERE name = 'clock'").fetchone()
    return utc_now() if row is None else datetime.fromisoformat(row[0])


def set_clock(sql: sqlite3.Connection, to: datetime) -> None:
    """Set the clock. Raises ClockGoesBack, once it has been set before."""
    row = sql.execute("SELECT value FROM meta WHERE name = 'clock'").fetchone()
    if row is not None and to < datetime.fromisoformat(row[0]):
        raise ClockGoesBack(to.isoformat())
    text = as_text(to)
    sql.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('clock', ?)", (text,))


def as_text(at: datetime) -> str:
    """An instant as text that sorts like the instants."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
