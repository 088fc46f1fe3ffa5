"""The orders that have arrived, their answers and manners: rows of the book's file."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhipo.gateways.institutions.answers import Answer
from zhipo.gateways.institutions.messages import ObjectionReply, Order, OrderState
from zhipo.gateways.institutions.reading import read_order, read_reply
from zhipo.gateways.institutions.sandbox.behaviour import Behaviour, drawn, fitting
from zhipo.gateways.sandboxes.clock import as_text


@dataclass(frozen=True)
class Arrival:
    """An order with what was said to it so far."""

    order: Order
    body: bytes
    receipt: bytes
    state: OrderState


class Arrivals:
    """Within one transaction."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self.sql = sql

    def find(self, order_id: UUID) -> Arrival | None:
        query = "SELECT body, receipt, state FROM arrival WHERE order_id = ?"
        row = self.sql.execute(query, (str(order_id),)).fetchone()
        if row is None:
            return None
        return Arrival(read_order(row[0]), row[0], row[1], OrderState(row[2]))

    def add(self, arrival: Arrival, *, due_at: datetime | None) -> None:
        self.sql.execute(
            "INSERT INTO arrival (order_id, court, body, receipt, state, due_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                str(arrival.order.order_id),
                arrival.order.court.party,
                arrival.body,
                arrival.receipt,
                arrival.state,
                None if due_at is None else as_text(due_at),
            ),
        )

    def next_due(self, *, by: datetime) -> tuple[Arrival, datetime] | None:
        """The first order to be worked on by then, and when it is due."""
        query = (
            "SELECT order_id, due_at FROM arrival WHERE due_at <= ? "
            "ORDER BY due_at, position LIMIT 1"
        )
        row = self.sql.execute(query, (as_text(by),)).fetchone()
        if row is None:
            return None
        arrival = self.find(UUID(row[0]))
        assert arrival is not None
        return arrival, datetime.fromisoformat(row[1])

    def set_state(
        self, order_id: UUID, state: OrderState, *, due_at: datetime | None = None
    ) -> None:
        """How far the order is, and when it is next worked on, if ever."""
        due = None if due_at is None else as_text(due_at)
        self.sql.execute(
            "UPDATE arrival SET state = ?, due_at = ? WHERE order_id = ?",
            (state, due, str(order_id)),
        )

    def answers(self, order_id: UUID) -> tuple[Answer, ...]:
        query = "SELECT content FROM answer WHERE order_id = ? ORDER BY part"
        rows = self.sql.execute(query, (str(order_id),))
        return tuple(Answer.model_validate_json(row[0]) for row in rows)

    def add_answer(self, answer: Answer, *, posts: int) -> None:
        """Keep an answer, and put it in line to be posted that many times."""
        order_id = str(answer.order_id)
        self.sql.execute(
            "INSERT INTO answer VALUES (?, ?, ?)",
            (order_id, answer.part, answer.model_dump_json()),
        )
        for _ in range(posts):
            self.sql.execute("INSERT INTO post (order_id) VALUES (?)", (order_id,))

    def reply(self, order_id: UUID) -> tuple[ObjectionReply, bytes, bytes] | None:
        """The court's reply to an objection, its bytes, and its receipt."""
        query = "SELECT body, receipt FROM reply WHERE order_id = ?"
        row = self.sql.execute(query, (str(order_id),)).fetchone()
        return None if row is None else (read_reply(row[0]), row[0], row[1])

    def add_reply(self, order_id: UUID, *, body: bytes, receipt: bytes) -> None:
        self.sql.execute(
            "INSERT INTO reply VALUES (?, ?, ?)", (str(order_id), body, receipt)
        )

    def set_behaviour(self, behaviour: Behaviour, *, order_id: UUID | None) -> None:
        """Fix the behaviour towards an order, or towards the next that arrives."""
        content = behaviour.model_dump_json()
        if order_id is None:
            self.sql.execute("INSERT INTO next_behaviour (content) VALUES (?)", (content,))
        else:
            self.sql.execute(
                "INSERT OR REPLACE INTO behaviour (order_id, content) VALUES (?, ?)",
                (str(order_id), content),
            )

    def behaviour(self, order: Order, *, seed: int) -> Behaviour:
        """How this order is met: fixed for it, set for the next one, or by the seed."""
        query = "SELECT content FROM behaviour WHERE order_id = ?"
        row = self.sql.execute(query, (str(order.order_id),)).fetchone()
        if row is not None:
            return fitting(Behaviour.model_validate_json(row[0]), order.act)
        chosen = self._take_next() or drawn(
            seed=seed, party=order.institution, order_id=str(order.order_id)
        )
        self.set_behaviour(chosen, order_id=order.order_id)
        return fitting(chosen, order.act)

    def is_shown_again(self, order_id: UUID, behaviour: Behaviour) -> bool:
        """Count one showing of the behaviour; whether it is still within `times`."""
        done = self.sql.execute(
            "UPDATE behaviour SET shown = shown + 1 WHERE order_id = ? AND shown < ?",
            (str(order_id), behaviour.times),
        )
        return done.rowcount == 1

    def _take_next(self) -> Behaviour | None:
        query = "SELECT position, content FROM next_behaviour ORDER BY position LIMIT 1"
        row = self.sql.execute(query).fetchone()
        if row is None:
            return None
        self.sql.execute("DELETE FROM next_behaviour WHERE position = ?", (row[0],))
        return Behaviour.model_validate_json(row[1])
