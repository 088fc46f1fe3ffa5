"""Nonces that were seen, in one SQLite file: kept over a restart, forgotten when stale."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from zhipo.gateways.institutions.signing import SKEW

TABLE = (
    "CREATE TABLE IF NOT EXISTS nonce "
    "(key_id TEXT, nonce TEXT, seen REAL, PRIMARY KEY (key_id, nonce)) WITHOUT ROWID"
)


class NonceFile:
    """For one party; any number of processes may share the file."""

    def __init__(self, path: Path) -> None:
        self._open: Callable[[], sqlite3.Connection] = lambda: sqlite3.connect(
            path, timeout=30
        )
        with closing(self._open()) as connection, connection:
            connection.execute(TABLE)

    def is_new(self, key_id: str, nonce: str, *, at: datetime) -> bool:
        """Keep the nonce; whether it was not there.

        What is older than twice the skew goes: its timestamp is refused by then.
        """
        seen = at.timestamp()
        with closing(self._open()) as connection, connection:
            connection.execute(
                "DELETE FROM nonce WHERE seen < ?", (seen - 2 * SKEW.total_seconds(),)
            )
            added = connection.execute(
                "INSERT OR IGNORE INTO nonce VALUES (?, ?, ?)", (key_id, nonce, seen)
            )
            return added.rowcount == 1
