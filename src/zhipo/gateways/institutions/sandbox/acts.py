"""Carrying an order out on the book: what is found, done, or refused with its article."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from zhipo.gateways.institutions.amounts import amount
from zhipo.gateways.institutions.answers import (
    Deduction,
    Direction,
    FreezeState,
    History,
    Holding,
    Ownership,
    Transaction,
)
from zhipo.gateways.institutions.messages import (
    Act,
    ObjectKind,
    Order,
    OrderState,
    Refusal,
)
from zhipo.gateways.institutions.moments import china_day
from zhipo.gateways.institutions.periods import LIMIT_OF, longest_freeze
from zhipo.gateways.institutions.refusals import Grounds
from zhipo.gateways.institutions.sandbox.book import Book
from zhipo.gateways.institutions.sandbox.freezing import Freeze, Frozen
from zhipo.gateways.institutions.sandbox.plan import Movement, PlannedObject
from zhipo.law.enforcement.freezes import freeze_ends, freeze_target

NETQ_7 = "《网络查询冻结存款规定》第七条"
FRZ_27 = "《查封扣押冻结规定》第二十七条"


class NotDone(Exception):
    """The order is refused; the book is as it was."""

    def __init__(self, grounds: Grounds, text: str, cite: str = "") -> None:
        super().__init__(text)
        self.refusal = Refusal(grounds=grounds, cite=cite, text=text)


@dataclass(frozen=True)
class Done:
    """The outcome of an order and the fields of its answer."""

    outcome: OrderState
    content: dict[str, Any]


def carry_out(book: Book, order: Order, *, at: datetime) -> Done:
    """Do what the order says, at that instant of the institution's clock."""
    try:
        return Done(OrderState.ANSWERED, ACTS[order.act](book, order, at))
    except NotDone as refused:
        return Done(OrderState.REFUSED, {"refusal": refused.refusal})


def freeze_now(book: Book, order_id: UUID, *, at: datetime) -> FreezeState | None:
    """The freeze that an order made, as it is now; None where it made none."""
    found = book.freeze(order_id)
    if found is None:
        return None
    reference, freeze = found
    thing = book.find(reference)
    assert thing is not None
    return book.frozen(thing, day=china_day(at)).state_of(freeze)


def holding(book: Book, thing: PlannedObject, *, day: date) -> Holding:
    """An account or thing as it is reported."""
    frozen = book.frozen(thing, day=day)
    if not thing.target.is_money:
        sums = dict.fromkeys(("balance", "available", "frozen"))
    else:
        held = sum(frozen.held_fen().values())
        sums = {
            "balance": amount(frozen.balance_fen),
            "available": amount(frozen.balance_fen - held),
            "frozen": amount(held),
        }
    return Holding(
        target=thing.target, label=thing.label, freezes=frozen.reported(), **sums
    )


def _query(book: Book, order: Order, at: datetime) -> dict[str, Any]:
    """Everything of the debtor's, or the one object named if it is the debtor's."""
    if order.target is not None and order.target.kind is ObjectKind.RESERVE_ACCOUNT:
        _refuse_reserve()
    things = [
        thing
        for thing in book.objects()
        if thing.holder.uscc == order.debtor.uscc
        and thing.kind is not ObjectKind.RESERVE_ACCOUNT
        and order.target in (None, thing.target)
    ]
    day = china_day(at)
    return {"holdings": tuple(holding(book, thing, day=day) for thing in things)}


def _freeze(book: Book, order: Order, at: datetime) -> dict[str, Any]:
    thing = _object_of(book, order)
    _check_period(thing, order, at)
    book.register(order)
    return {"freeze": freeze_now(book, order.order_id, at=at)}


def _renew(book: Book, order: Order, at: datetime) -> dict[str, Any]:
    """A later last day, within the same length from the day of renewal."""
    thing, freeze, _ = _standing_freeze(book, order, at)
    assert order.freeze_until is not None
    _check_period(thing, order, at)
    if order.freeze_until <= freeze.until:
        raise NotDone(Grounds.PERIOD_OVER, "续行期限不晚于现有期限")
    book.renew(freeze.order_id, until=order.freeze_until)
    return {"freeze": freeze_now(book, freeze.order_id, at=at)}


def _partial_lift(book: Book, order: Order, at: datetime) -> dict[str, Any]:
    """The sum is released out of what is frozen; the rest stays, and is the new limit."""
    thing, freeze, frozen = _standing_freeze(book, order, at)
    if not thing.target.is_money:
        raise NotDone(Grounds.NOT_DIVISIBLE, "标的不可分，不能部分解除")
    assert order.amount is not None
    left = frozen.held_fen()[freeze.order_id] - order.amount.value
    if left <= 0:
        raise NotDone(Grounds.NOT_FROZEN_ENOUGH, "部分解除的金额应小于已冻结金额")
    book.lower(freeze.order_id, limit_fen=left)
    return {"freeze": freeze_now(book, freeze.order_id, at=at)}


def _lift(book: Book, order: Order, at: datetime) -> dict[str, Any]:
    _, freeze, _ = _standing_freeze(book, order, at)
    book.lift(freeze.order_id)
    return {"freeze": freeze_now(book, freeze.order_id, at=at)}


def _deduct(book: Book, order: Order, at: datetime) -> dict[str, Any]:
    """Out of what this court's freeze holds, and not a fen beyond."""
    thing, freeze, frozen = _standing_freeze(book, order, at)
    if not thing.target.is_money:
        raise NotDone(Grounds.NOT_MONEY, "标的不是资金，不能划拨")
    assert order.amount is not None
    assert order.pay_to is not None
    assert freeze.limit_fen is not None
    fen = order.amount.value
    if fen > frozen.held_fen()[freeze.order_id]:
        raise NotDone(Grounds.NOT_FROZEN_ENOUGH, "划拨金额超出本冻结已冻结的金额")
    book.lower(freeze.order_id, limit_fen=freeze.limit_fen - fen)
    paid = Movement(at=at, fen=-fen, counterparty=order.pay_to.name, memo=order.case_number)
    number = book.move(thing.reference, paid)
    state = freeze_now(book, freeze.order_id, at=at)
    assert state is not None
    deduction = Deduction(
        booking=f"{thing.reference}-{number}",
        booked_at=at,
        deducted=order.amount,
        paid_to=order.pay_to.account,
        freeze=state,
    )
    return {"deduction": deduction}


def _ownership_check(book: Book, order: Order, at: datetime) -> dict[str, Any]:
    thing = _object_of(book, order)
    ownership = Ownership(
        title=thing.title, holder_name=thing.holder.name, evidence=thing.evidence
    )
    return {"ownership": ownership}


def _history(book: Book, order: Order, at: datetime) -> dict[str, Any]:
    """The movements of the days asked for, between the balances before and after."""
    thing = _object_of(book, order)
    assert order.days is not None
    if not thing.target.is_money:
        raise NotDone(Grounds.NOT_MONEY, "标的没有交易流水")
    first, last = order.days.first, order.days.last
    dated = [
        (china_day(movement.at), number, movement)
        for number, movement in book.movements(thing.reference)
    ]
    opening = sum(movement.fen for day, _, movement in dated if day < first)
    inside = [(n, movement) for day, n, movement in dated if first <= day <= last]
    rows = _transactions(thing, inside, opening_fen=opening)
    closing = rows[-1].balance_after if rows else amount(opening)
    history = History(opening=amount(opening), closing=closing, transactions=rows)
    return {"history": history}


def _transactions(
    thing: PlannedObject, movements: list[tuple[int, Movement]], *, opening_fen: int
) -> tuple[Transaction, ...]:
    rows = []
    balance = opening_fen
    for number, movement in movements:
        balance += movement.fen
        is_incoming = movement.fen >= 0
        row = Transaction(
            booking=f"{thing.reference}-{number}",
            at=movement.at,
            direction=Direction.INCOMING if is_incoming else Direction.OUTGOING,
            amount=amount(abs(movement.fen)),
            counterparty=movement.counterparty,
            memo=movement.memo,
            balance_after=amount(balance),
        )
        rows.append(row)
    return tuple(rows)


ACTS: dict[Act, Callable[[Book, Order, datetime], dict[str, Any]]] = {
    Act.QUERY: _query,
    Act.FREEZE: _freeze,
    Act.RENEW: _renew,
    Act.PARTIAL_LIFT: _partial_lift,
    Act.LIFT: _lift,
    Act.DEDUCT: _deduct,
    Act.OWNERSHIP_CHECK: _ownership_check,
    Act.HISTORY: _history,
}


def _object_of(book: Book, order: Order) -> PlannedObject:
    """The object an order names, if it is there, of that kind, and the debtor's.

    Raises NotDone. The reserve account is refused before anything is said about it.
    """
    assert order.target is not None
    thing = book.find(order.target.reference)
    kinds = (order.target.kind, None if thing is None else thing.kind)
    if ObjectKind.RESERVE_ACCOUNT in kinds:
        _refuse_reserve()
    if thing is None:
        raise NotDone(Grounds.NO_SUCH_OBJECT, "无此账户或财产")
    if thing.holder.uscc != order.debtor.uscc:
        raise NotDone(Grounds.NOT_DEBTORS, "该账户或财产不在被执行人名下", NETQ_7)
    if thing.kind is not order.target.kind:
        raise NotDone(Grounds.WRONG_KIND, "账户或财产类型与协助事项不符")
    return thing


def _refuse_reserve() -> None:
    target = freeze_target(is_institutions_reserve=True)
    assert not target.is_lawful
    text = "备付金账户不得申请冻结或者强制执行"
    raise NotDone(Grounds.RESERVE_ACCOUNT, text, _cite(freeze_target))


def _check_period(thing: PlannedObject, order: Order, at: datetime) -> None:
    """The last day named is neither over nor beyond the law's limit for the kind."""
    assert order.freeze_until is not None
    day = china_day(at)
    if order.freeze_until < day:
        raise NotDone(Grounds.PERIOD_OVER, "冻结期限已过")
    longest = longest_freeze(thing.kind, frozen_on=day)
    if order.freeze_until > longest:
        text = f"冻结期限最长至 {longest.isoformat()}（{LIMIT_OF[thing.kind]}）"
        raise NotDone(Grounds.PERIOD_TOO_LONG, text, _cite(freeze_ends))


def _standing_freeze(
    book: Book, order: Order, at: datetime
) -> tuple[PlannedObject, Freeze, Frozen]:
    """The freeze an order refers to: this court's, on this object, not ended."""
    thing = _object_of(book, order)
    assert order.freeze_order is not None
    found = book.freeze(order.freeze_order)
    if found is None or found[0] != thing.reference or found[1].court != order.court.party:
        raise NotDone(Grounds.NO_SUCH_FREEZE, "本院在该标的上无此冻结")
    frozen = book.frozen(thing, day=china_day(at))
    if not found[1].stands_on(frozen.day):
        raise NotDone(Grounds.FREEZE_ENDED, "该冻结已解除或期满失效", FRZ_27)
    return thing, found[1], frozen


def _cite(function: object) -> str:
    """The article of a rule of law."""
    return str(cast(Any, function).rule.cite)
