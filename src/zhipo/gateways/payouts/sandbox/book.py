"""A channel's book of transfers and of what was really paid, in one SQLite file.

Every request is one transaction over it, so a process that is killed has either done all
of what it was asked or nothing.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from zhipo.gateways.institutions.moments import CHINA, china_day
from zhipo.gateways.payouts.sandbox.behaviour import (
    DIFFICULT,
    Behaviour,
    Manner,
    drawn,
)
from zhipo.gateways.sandboxes import clock

SCHEMA = Path(__file__).with_name("book.sql")
WAIT_SECONDS = 30
NONCE_SECONDS = 600.0
FUNDS = "funds_fen"
EVERYBODY = ""


class State(StrEnum):
    """A transfer as the channel has it."""

    TAKEN = "taken"  # 已受理
    WITH_PAYEE = "with_payee"  # 待收款人确认
    DONE = "done"  # 已付
    TURNED_DOWN = "turned_down"  # 付款失败
    LAPSED = "lapsed"  # 逾期退回
    TAKEN_BACK = "taken_back"  # 已撤销


OPEN = (State.TAKEN, State.WITH_PAYEE)


@dataclass(frozen=True)
class Entry:
    """One transfer; `due_at` is when something happens to it by itself."""

    reference: str
    number: str
    fingerprint: str
    fen: int
    payee: str = field(repr=False)
    payee_name: str = field(repr=False)
    state: State
    cause: str
    created_at: datetime
    updated_at: datetime
    package: str
    callback_to: str
    batch: str = ""
    confirmed: bool = False
    due_at: datetime | None = None


COLUMNS = tuple(Entry.__dataclass_fields__)
_INSERT = f"INSERT INTO transfer ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * 15)})"
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM transfer"


Movement = tuple[datetime, str, str, int]
"""Instant, reference, the channel's number, fen."""


class Book:
    """The book within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.sql = connection

    def now(self) -> datetime:
        return clock.now(self.sql)

    def find(self, reference: str) -> Entry | None:
        found = self.sql.execute(f"{_SELECT} WHERE reference = ?", (reference,))
        row = found.fetchone()
        return None if row is None else _entry(row)

    def due(self, now: datetime) -> list[Entry]:
        """Every transfer to which something happens by now."""
        found = self.sql.execute(
            f"{_SELECT} WHERE due_at <= ? ORDER BY due_at, reference", (clock.as_text(now),)
        )
        return [_entry(row) for row in found]

    def entries(self, *, batch: str) -> list[Entry]:
        found = self.sql.execute(f"{_SELECT} WHERE batch = ? ORDER BY rowid", (batch,))
        return [_entry(row) for row in found]

    def add(self, entry: Entry) -> None:
        self.sql.execute(_INSERT, _values(entry))

    def move(
        self,
        entry: Entry,
        state: State,
        *,
        cause: str = "",
        at: datetime,
        due_at: datetime | None = None,
    ) -> None:
        """Put a transfer into a state."""
        due = None if due_at is None else clock.as_text(due_at)
        self.sql.execute(
            "UPDATE transfer SET state = ?, cause = ?, updated_at = ?, due_at = ? "
            "WHERE reference = ?",
            (state, cause, clock.as_text(at), due, entry.reference),
        )

    def confirm(self, entry: Entry, *, now: datetime) -> None:
        """The payee has pressed the button: it is worked off at once."""
        self.sql.execute(
            "UPDATE transfer SET confirmed = 1, due_at = ? WHERE reference = ?",
            (clock.as_text(now), entry.reference),
        )

    def pay(self, entry: Entry, *, at: datetime) -> None:
        """Money leaves for good."""
        self.sql.execute(
            "INSERT INTO movement (at, reference, fen, payee) VALUES (?, ?, ?, ?)",
            (clock.as_text(at), entry.reference, entry.fen, entry.payee),
        )

    def movements(self, day: date) -> list[Movement]:
        """What left on one day (+08:00), in order."""
        begin = datetime.combine(day, time(), CHINA)
        found = self.sql.execute(
            "SELECT m.at, m.reference, t.number, m.fen FROM movement AS m "
            "JOIN transfer AS t USING (reference) "
            "WHERE m.at >= ? AND m.at < ? ORDER BY m.id",
            (clock.as_text(begin), clock.as_text(begin + timedelta(days=1))),
        )
        return [(datetime.fromisoformat(row[0]), *row[1:]) for row in found]

    def funds_fen(self) -> int:
        """What the payer's account has free."""
        row = self.sql.execute("SELECT value FROM meta WHERE name = ?", (FUNDS,)).fetchone()
        return int(row[0])

    def add_funds(self, fen: int) -> None:
        self.sql.execute(
            "UPDATE meta SET value = CAST(value AS INTEGER) + ? WHERE name = ?",
            (fen, FUNDS),
        )

    def tally_fen(self, at: datetime, payee: str = EVERYBODY) -> int:
        """What was taken on that day, for one payee or all."""
        row = self.sql.execute(
            "SELECT fen FROM tally WHERE day = ? AND payee = ?",
            (china_day(at).isoformat(), payee),
        ).fetchone()
        return 0 if row is None else int(row[0])

    def count(self, fen: int, *, at: datetime, payee: str) -> None:
        """Count a sum to its day: fen below zero is taken off it again."""
        day = china_day(at).isoformat()
        for whose in (EVERYBODY, payee):
            self.sql.execute(
                "INSERT INTO tally VALUES (?, ?, ?) "
                "ON CONFLICT (day, payee) DO UPDATE SET fen = fen + excluded.fen",
                (day, whose, fen),
            )

    def is_new(self, nonce: str, *, at: float) -> bool:
        """Keep a nonce; whether it was not there."""
        self.sql.execute("DELETE FROM nonce WHERE seen < ?", (at - NONCE_SECONDS,))
        added = self.sql.execute("INSERT OR IGNORE INTO nonce VALUES (?, ?)", (nonce, at))
        return added.rowcount == 1

    def add_batch(self, number: str, *, sha256: str, ready_at: datetime) -> None:
        self.sql.execute(
            "INSERT INTO batch VALUES (?, ?, ?)", (number, sha256, clock.as_text(ready_at))
        )

    def batch(self, number: str) -> tuple[str, datetime] | None:
        """SHA-256 of a batch's file, and when its return file is ready."""
        row = self.sql.execute(
            "SELECT sha256, ready_at FROM batch WHERE number = ?", (number,)
        ).fetchone()
        return None if row is None else (row[0], datetime.fromisoformat(row[1]))

    def post(self, reference: str, manner: Manner = Manner.PROMPT) -> None:
        """Put a callback into the outgoing post."""
        self.sql.execute(
            "INSERT INTO callback (reference, manner) VALUES (?, ?)", (reference, manner)
        )

    def behaviour(
        self, reference: str, *, seed: int, channel: str, difficult: float = DIFFICULT
    ) -> Behaviour:
        """How a transfer is met: as was set for it, or as drawn."""
        row = self.sql.execute(
            "SELECT content FROM behaviour WHERE reference = ?", (reference,)
        ).fetchone()
        if row is not None:
            return Behaviour.model_validate_json(row[0])
        found = drawn(seed=seed, channel=channel, reference=reference, difficult=difficult)
        if found != Behaviour():
            self.set_behaviour(found, reference)
        return found

    def arrive(self, reference: str) -> None:
        """Give a transfer that arrives for the first time what was set for the next one."""
        known = self.sql.execute(
            "SELECT 1 FROM behaviour WHERE reference = ?", (reference,)
        ).fetchone()
        if known is not None or self.find(reference) is not None:
            return
        following = self.sql.execute(
            "DELETE FROM next_behaviour WHERE position = "
            "(SELECT min(position) FROM next_behaviour) RETURNING content"
        ).fetchone()
        if following is not None:
            self.set_behaviour(Behaviour.model_validate_json(following[0]), reference)

    def set_behaviour(self, behaviour: Behaviour, reference: str) -> None:
        self.sql.execute(
            "INSERT OR REPLACE INTO behaviour (reference, content) VALUES (?, ?)",
            (reference, behaviour.model_dump_json()),
        )

    def shows(self, reference: str, behaviour: Behaviour) -> bool:
        """Whether a passing fault shows once more, and count it."""
        counted = self.sql.execute(
            "UPDATE behaviour SET shown = shown + 1 WHERE reference = ? AND shown < ?",
            (reference, behaviour.times),
        )
        return counted.rowcount == 1


class Books:
    """The file, opened for each transaction."""

    def __init__(self, path: Path, *, funds_fen: int) -> None:
        self.path = path
        # As long as one connection is open, closing the others copies no log back.
        self._kept = self._connect()
        self._kept.execute("PRAGMA journal_mode = WAL")
        self._kept.executescript(SCHEMA.read_text(encoding="utf-8"))
        self._kept.execute(
            "INSERT OR IGNORE INTO meta VALUES (?, ?)", (FUNDS, str(funds_fen))
        )

    @contextmanager
    def opened(self) -> Iterator[Book]:
        """A transaction that nobody else writes beside; whole or not at all."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Book(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _connect(self) -> sqlite3.Connection:
        """A commit outlives the process, which is what is killed; not a power cut."""
        connection = sqlite3.connect(
            self.path,
            timeout=WAIT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA synchronous = OFF")
        return connection


def _entry(row: tuple[Any, ...]) -> Entry:
    values = dict(zip(COLUMNS, row, strict=True))
    return Entry(
        **{
            **values,
            "state": State(values["state"]),
            "confirmed": bool(values["confirmed"]),
            "created_at": datetime.fromisoformat(values["created_at"]),
            "updated_at": datetime.fromisoformat(values["updated_at"]),
            "due_at": values["due_at"] and datetime.fromisoformat(values["due_at"]),
        }
    )


def _values(entry: Entry) -> tuple[object, ...]:
    values = (getattr(entry, name) for name in COLUMNS)
    return tuple(clock.as_text(one) if isinstance(one, datetime) else one for one in values)
