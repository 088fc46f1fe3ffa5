"""The institution's counter: takes orders and replies, says how they stand."""

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from zhipo.gateways.institutions.messages import ObjectionReply, Order, OrderState, Receipt
from zhipo.gateways.institutions.reading import read_order, read_reply
from zhipo.gateways.institutions.refusals import BadMessage, Reason
from zhipo.gateways.institutions.sandbox.arrivals import Arrival, Arrivals
from zhipo.gateways.institutions.sandbox.behaviour import (
    IN_REPLIES,
    Behaviour,
    Manner,
)
from zhipo.gateways.institutions.sandbox.book import opened
from zhipo.gateways.institutions.sandbox.replies import body_of
from zhipo.gateways.institutions.sandbox.working import catch_up, status_of
from zhipo.gateways.sandboxes import clock


class HangUp(ConnectionAbortedError):
    """The connection is closed without a word, as the behaviour has it."""


@dataclass(frozen=True)
class Spoken:
    """A body to be sent, and the manner in which it is signed."""

    body: bytes
    manner: Manner = Manner.PROMPT


@dataclass(frozen=True)
class Desk:
    """One institution's, over its book; every call is one transaction."""

    party: str
    book: Path
    seed: int

    def take_order(self, body: bytes, *, court: str) -> Spoken:
        """Keep an order and work on it; its receipt. Raises BadMessage, HangUp.

        The same body gets the receipt of the first time, whatever has become of it since.
        """
        order = read_order(body)
        self._check_parties(order.institution, order.court.party, court)
        with opened(self.book) as sql:
            arrivals, at = Arrivals(sql), self._now(sql)
            behaviour = arrivals.behaviour(order, seed=self.seed)
            kept = arrivals.find(order.order_id)
            if kept is not None and kept.body != body:
                raise BadMessage(Reason.OTHER_BODY, str(order.order_id))
            is_silent = self._is_silent(arrivals, order, behaviour)
            if kept is None and not (is_silent and behaviour.manner is Manner.SILENT):
                is_late = behaviour.manner is Manner.LATE
                state = OrderState.WORKING if is_late else OrderState.RECEIVED
                receipt = self._receipt(order, order.court.party, body, at)
                kept = Arrival(order, body, receipt, state)
                arrivals.add(kept, due_at=_due_at(behaviour, at))
                catch_up(sql, to=at, seed=self.seed)
        if is_silent or kept is None:
            raise HangUp
        return Spoken(kept.receipt)

    def take_reply(self, body: bytes, *, court: str, order_id: UUID) -> Spoken:
        """Keep the court's reply to an objection and go on. Raises BadMessage."""
        reply = read_reply(body)
        self._check_parties(reply.institution, reply.court, court)
        if reply.order_id != order_id:
            raise BadMessage(Reason.WRONG_ORDER, str(reply.order_id))
        with opened(self.book) as sql:
            arrivals, at = Arrivals(sql), self._now(sql)
            arrival = self._found(arrivals, order_id, court)
            kept = arrivals.reply(order_id)
            if kept is not None:
                if kept[1] != body:
                    raise BadMessage(Reason.OTHER_BODY, str(order_id))
                return Spoken(kept[2])
            if arrival.state is not OrderState.OBJECTED:
                raise BadMessage(Reason.NO_OBJECTION, str(order_id))
            receipt = self._receipt(reply, reply.court, body, at)
            arrivals.add_reply(order_id, body=body, receipt=receipt)
            arrivals.set_state(order_id, OrderState.WORKING, due_at=at)
            catch_up(sql, to=at, seed=self.seed)
        return Spoken(receipt)

    def say(self, order_id: UUID, *, court: str) -> Spoken:
        """How an order stands, in the manner it is met with. Raises BadMessage."""
        with opened(self.book) as sql:
            arrivals, at = Arrivals(sql), self._now(sql)
            arrival = self._found(arrivals, order_id, court)
            status = status_of(sql, arrival, at=at)
            behaviour = arrivals.behaviour(arrival.order, seed=self.seed)
            is_wrong = behaviour.manner in IN_REPLIES and bool(status.answers)
            is_wrong = is_wrong and arrivals.is_shown_again(order_id, behaviour)
        manner = behaviour.manner if is_wrong else Manner.PROMPT
        return Spoken(body_of(status, manner), manner)

    def _now(self, sql: sqlite3.Connection) -> datetime:
        """The clock's time, with everything done that was due by it."""
        at = clock.now(sql)
        catch_up(sql, to=at, seed=self.seed)
        return at

    def _check_parties(self, institution: str, named: str, court: str) -> None:
        if institution != self.party:
            raise BadMessage(Reason.WRONG_PARTY, f"for {institution}")
        if named != court:
            raise BadMessage(Reason.WRONG_PARTY, f"of {named}, signed by {court}")

    def _found(self, arrivals: Arrivals, order_id: UUID, court: str) -> Arrival:
        """This court's order; another's is not known to it."""
        arrival = arrivals.find(order_id)
        if arrival is None or arrival.order.court.party != court:
            raise BadMessage(Reason.UNKNOWN_ORDER, str(order_id))
        return arrival

    def _is_silent(self, arrivals: Arrivals, order: Order, behaviour: Behaviour) -> bool:
        if behaviour.manner not in (Manner.SILENT, Manner.RECEIPT_LOST):
            return False
        return arrivals.is_shown_again(order.order_id, behaviour)

    def _receipt(
        self, message: Order | ObjectionReply, court: str, body: bytes, at: datetime
    ) -> bytes:
        return Receipt(
            receipt_id=uuid4(),
            order_id=message.order_id,
            institution=self.party,
            court=court,
            body_sha256=hashlib.sha256(body).hexdigest(),
            received_at=at,
        ).to_bytes()


def _due_at(behaviour: Behaviour, at: datetime) -> datetime | None:
    """When an order is worked on: at once, late, or never."""
    if behaviour.manner is Manner.NEVER:
        return None
    is_late = behaviour.manner is Manner.LATE
    return at + timedelta(hours=behaviour.hours) if is_late else at
