"""An institution's book of accounts, things and freezes, in one SQLite file.

Every request is one transaction over it, so a process that is killed has either done all
of what it was asked or nothing.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from zhipo.gateways.institutions.messages import Order
from zhipo.gateways.institutions.sandbox.freezing import Freeze, Frozen
from zhipo.gateways.institutions.sandbox.plan import Movement, PlannedObject, Respondent

SCHEMA = Path(__file__).with_name("book.sql")
COLUMNS = "order_id, court, court_name, case_number, limit_fen, until, is_lifted"
WAIT_SECONDS = 30


class Overdrawn(ValueError):
    """More would leave an account than is there and not frozen."""


class Book:
    """The book within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.sql = connection

    def objects(self) -> list[PlannedObject]:
        """Every account and thing, without its movements, in the plan's order."""
        rows = self.sql.execute("SELECT content FROM object ORDER BY position")
        return [PlannedObject.model_validate_json(row[0]) for row in rows]

    def find(self, reference: str) -> PlannedObject | None:
        return next((one for one in self.objects() if one.reference == reference), None)

    def balance_fen(self, reference: str) -> int:
        query = "SELECT coalesce(sum(fen), 0) FROM movement WHERE reference = ?"
        return int(self.sql.execute(query, (reference,)).fetchone()[0])

    def movements(self, reference: str) -> list[tuple[int, Movement]]:
        """Number and content of every movement, by time."""
        query = (
            "SELECT id, at, fen, counterparty, memo FROM movement "
            "WHERE reference = ? ORDER BY at, id"
        )
        return [
            (
                number,
                Movement(
                    at=datetime.fromisoformat(at), fen=fen, counterparty=who, memo=memo
                ),
            )
            for number, at, fen, who, memo in self.sql.execute(query, (reference,))
        ]

    def move(self, reference: str, movement: Movement) -> int:
        """Book a movement; its number. A balance never falls below zero: Overdrawn."""
        if self.balance_fen(reference) + movement.fen < 0:
            raise Overdrawn(reference)
        at = movement.at.astimezone(UTC).isoformat(timespec="microseconds")
        values = (reference, at, movement.fen, movement.counterparty, movement.memo)
        added = self.sql.execute(
            "INSERT INTO movement (reference, at, fen, counterparty, memo) "
            "VALUES (?, ?, ?, ?, ?)",
            values,
        )
        assert added.lastrowid is not None
        return added.lastrowid

    def frozen(self, thing: PlannedObject, *, day: date) -> Frozen:
        """An object with its freezes as they are on that day."""
        query = f"SELECT {COLUMNS} FROM freeze WHERE reference = ? ORDER BY position"
        freezes = [_freeze(row) for row in self.sql.execute(query, (thing.reference,))]
        balance = self.balance_fen(thing.reference)
        return Frozen(target=thing.target, balance_fen=balance, freezes=freezes, day=day)

    def freeze(self, order_id: UUID) -> tuple[str, Freeze] | None:
        """Reference of the object and the freeze that an order made."""
        query = f"SELECT {COLUMNS}, reference FROM freeze WHERE order_id = ?"
        row = self.sql.execute(query, (str(order_id),)).fetchone()
        return None if row is None else (row[7], _freeze(row))

    def register(self, order: Order) -> None:
        """Enter a freeze behind those that are there."""
        assert order.target is not None
        assert order.freeze_until is not None
        self.sql.execute(
            "INSERT INTO freeze (order_id, reference, court, court_name, case_number, "
            "limit_fen, until) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                str(order.order_id),
                order.target.reference,
                order.court.party,
                order.court.name,
                order.case_number,
                None if order.amount is None else order.amount.value,
                order.freeze_until.isoformat(),
            ),
        )

    def renew(self, order_id: UUID, *, until: date) -> None:
        self.sql.execute(
            "UPDATE freeze SET until = ? WHERE order_id = ?",
            (until.isoformat(), str(order_id)),
        )

    def lower(self, order_id: UUID, *, limit_fen: int) -> None:
        """Set a freeze's ceiling; at zero it holds nothing more and is lifted."""
        self.sql.execute(
            "UPDATE freeze SET limit_fen = ?, is_lifted = ? WHERE order_id = ?",
            (limit_fen, limit_fen == 0, str(order_id)),
        )

    def lift(self, order_id: UUID) -> None:
        self.sql.execute(
            "UPDATE freeze SET is_lifted = 1 WHERE order_id = ?", (str(order_id),)
        )


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A transaction that nobody else writes beside; whole or not at all."""
    with closing(
        sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
    ) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def found(path: Path, respondent: Respondent) -> None:
    """Make the book of an institution from its plan, unless it is there already."""
    with closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as connection:
        connection.executescript(SCHEMA.read_text(encoding="utf-8"))
    with opened(path) as connection:
        if connection.execute("SELECT 1 FROM object LIMIT 1").fetchone():
            return
        book = Book(connection)
        for position, thing in enumerate(respondent.objects):
            content = thing.model_copy(update={"movements": ()}).model_dump_json()
            connection.execute(
                "INSERT INTO object VALUES (?, ?, ?)", (thing.reference, position, content)
            )
            for movement in thing.movements:
                book.move(thing.reference, movement)


def _movement(row: tuple[str, int, str, str]) -> Movement:
    at, fen, counterparty, memo = row
    instant = datetime.fromisoformat(at)
    return Movement(at=instant, fen=fen, counterparty=counterparty, memo=memo)


def _freeze(row: tuple[str, ...]) -> Freeze:
    order_id, court, court_name, case_number, limit_fen, until, is_lifted = row[:7]
    return Freeze(
        order_id=UUID(order_id),
        court=court,
        court_name=court_name,
        case_number=case_number,
        limit_fen=None if limit_fen is None else int(limit_fen),
        until=date.fromisoformat(until),
        is_lifted=bool(is_lifted),
    )
