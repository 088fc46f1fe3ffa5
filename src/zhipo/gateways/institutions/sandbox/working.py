"""Working on orders as they fall due: answers in one part or two, objections, replies."""

import sqlite3
from datetime import datetime, timedelta
from typing import Any

from zhipo.gateways.institutions.answers import Answer, Echo, FreezeState, Status
from zhipo.gateways.institutions.messages import (
    Act,
    Decision,
    Objection,
    Objector,
    Order,
    OrderState,
    Refusal,
)
from zhipo.gateways.institutions.reading import FREEZE_ACTS
from zhipo.gateways.institutions.refusals import Grounds
from zhipo.gateways.institutions.sandbox.acts import Done, carry_out, freeze_now
from zhipo.gateways.institutions.sandbox.arrivals import Arrival, Arrivals
from zhipo.gateways.institutions.sandbox.behaviour import Behaviour, Manner
from zhipo.gateways.institutions.sandbox.book import Book

NETQ_6 = "《网络查询冻结存款规定》第六条"


def catch_up(sql: sqlite3.Connection, *, to: datetime, seed: int) -> None:
    """Do everything that is due by then, each thing at the instant it was due."""
    arrivals = Arrivals(sql)
    while (found := arrivals.next_due(by=to)) is not None:
        arrival, due_at = found
        behaviour = arrivals.behaviour(arrival.order, seed=seed)
        _Work(sql, arrival, behaviour, due_at).do()


def status_of(sql: sqlite3.Connection, arrival: Arrival, *, at: datetime) -> Status:
    """How an order stands at that instant."""
    order = arrival.order
    return Status(
        order_id=order.order_id,
        institution=order.institution,
        court=order.court.party,
        state=arrival.state,
        as_of=at,
        answers=Arrivals(sql).answers(order.order_id),
        freeze=_own_freeze(Book(sql), order, at=at),
    )


class _Work:
    """One step of one order."""

    def __init__(
        self,
        sql: sqlite3.Connection,
        arrival: Arrival,
        behaviour: Behaviour,
        at: datetime,
    ) -> None:
        self.book, self.arrivals = Book(sql), Arrivals(sql)
        self.order, self.behaviour, self.at = arrival.order, behaviour, at
        self.given = self.arrivals.answers(self.order.order_id)

    def do(self) -> None:
        """The next answer, whichever it is."""
        manner = self.behaviour.manner
        if self.given and self.given[-1].outcome is OrderState.OBJECTED:
            self._go_on_after_the_reply()
        elif manner in (Manner.OBJECTION, Manner.UNLAWFUL):
            self._object()
        elif manner is Manner.PARTIAL:
            self._answer_in_parts()
        elif manner is Manner.NOT_CUSTOMER:
            self._finish(Done(OrderState.ANSWERED, {"holdings": ()}))
        else:
            self._finish(self._carried_out())

    def _carried_out(self) -> Done:
        """Carry the order out; no deduction while an objection to its freeze is open."""
        if self.order.act is Act.DEDUCT and self.order.freeze_order is not None:
            freezing = self.arrivals.find(self.order.freeze_order)
            if freezing is not None and freezing.state is OrderState.OBJECTED:
                text = "对该冻结的异议尚未处理"
                refusal = Refusal(grounds=Grounds.OBJECTION_OPEN, cite="", text=text)
                return Done(OrderState.REFUSED, {"refusal": refusal})
        return carry_out(self.book, self.order, at=self.at)

    def _object(self) -> None:
        """A third party's objection lets a freeze stand; the institution's does nothing."""
        is_third_party = self.behaviour.manner is Manner.OBJECTION
        content: dict[str, Any] = {}
        if is_third_party and self.order.act is Act.FREEZE:
            done = self._carried_out()
            if done.outcome is OrderState.REFUSED:
                self._finish(done)
                return
            content = done.content
        content["objection"] = Objection(
            raised_by=Objector.THIRD_PARTY if is_third_party else Objector.INSTITUTION,
            name="案外人某某" if is_third_party else self.order.institution,
            text="主张款项归其所有" if is_third_party else "认为本次查控措施违反规定",
            raised_at=self.at,
        )
        self._say(Done(OrderState.OBJECTED, content), is_last=False)
        self.arrivals.set_state(self.order.order_id, OrderState.OBJECTED)

    def _go_on_after_the_reply(self) -> None:
        reply = self.arrivals.reply(self.order.order_id)
        assert reply is not None
        freeze = self.given[-1].freeze
        if reply[0].decision is Decision.UPHELD:
            if freeze is not None:
                self.book.lift(freeze.freeze_order)
            refusal = Refusal(
                grounds=Grounds.OBJECTION_UPHELD, cite=NETQ_6, text="异议成立，不再办理"
            )
            self._finish(Done(OrderState.REFUSED, {"refusal": refusal}))
        elif freeze is not None:
            self._finish(Done(OrderState.ANSWERED, {"freeze": freeze}))
        else:
            self._finish(self._carried_out())

    def _answer_in_parts(self) -> None:
        done = self._carried_out()
        holdings = done.content.get("holdings", ())
        known = {one.target for answer in self.given for one in answer.holdings or ()}
        if self.given:
            rest = tuple(one for one in holdings if one.target not in known)
            self._finish(Done(done.outcome, {"holdings": rest}))
        elif len(holdings) < 2:
            self._finish(done)
        else:
            first = holdings[: len(holdings) // 2]
            self._say(Done(done.outcome, {"holdings": first}), is_last=False)
            later = self.at + timedelta(hours=self.behaviour.hours)
            self.arrivals.set_state(self.order.order_id, OrderState.WORKING, due_at=later)

    def _finish(self, done: Done) -> None:
        self._say(done, is_last=True)
        self.arrivals.set_state(self.order.order_id, done.outcome)

    def _say(self, done: Done, *, is_last: bool) -> None:
        order = self.order
        answer = Answer(
            order_id=order.order_id,
            institution=order.institution,
            court=order.court.party,
            debtor_uscc=order.debtor.uscc,
            act=order.act,
            part=len(self.given) + 1,
            is_last=is_last,
            answered_at=self.at,
            echo=Echo(**{name: getattr(order, name) for name in Echo.model_fields}),
            outcome=done.outcome,
            **done.content,
        )
        is_twice = self.behaviour.manner in (Manner.TWICE, Manner.DIFFERENT_SECOND)
        self.arrivals.add_answer(answer, posts=2 if is_twice else 1)


def _own_freeze(book: Book, order: Order, *, at: datetime) -> FreezeState | None:
    """The freeze an order made or refers to, if it is this court's on this object."""
    if order.act not in FREEZE_ACTS:
        return None
    freeze_order = order.freeze_order or order.order_id
    found = book.freeze(freeze_order)
    if found is None or found[1].court != order.court.party:
        return None
    state = freeze_now(book, freeze_order, at=at)
    return state if state is not None and state.target == order.target else None
