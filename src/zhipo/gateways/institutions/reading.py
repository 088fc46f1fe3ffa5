"""Bytes from the other side into messages: strictly, or not at all.

`read_*` raise BadMessage with a reason and never repair, convert or guess. The caller
keeps the bytes whichever way it ends.
"""

import json
from typing import Any, TypeVar

from pydantic import ValidationError

from zhipo.gateways.institutions.answers import CONTENT, Answer, Holding, Status
from zhipo.gateways.institutions.messages import (
    PROTOCOL,
    Act,
    Message,
    ObjectionReply,
    Order,
    OrderState,
    Problem,
    Receipt,
)
from zhipo.gateways.institutions.moments import china_day
from zhipo.gateways.institutions.refusals import BadMessage, Reason

MAX_BYTES = 20_000_000
"""A body above this is refused unread: twenty sealed documents of a megabyte each."""

AnyMessage = TypeVar("AnyMessage", bound=Message)
REASONS = {reason.value: reason for reason in Reason}
FREEZE_ACTS = {Act.FREEZE, Act.RENEW, Act.PARTIAL_LIFT, Act.LIFT, Act.DEDUCT}


def read_order(body: bytes) -> Order:
    """An order as an institution receives it. Raises BadMessage."""
    return _read(Order, body)


def read_reply(body: bytes) -> ObjectionReply:
    """A court's reply to an objection. Raises BadMessage."""
    return _read(ObjectionReply, body)


def read_problem(body: bytes) -> Problem:
    """Why an institution refused a request at the door. Raises BadMessage."""
    return _read(Problem, body)


def read_receipt(body: bytes, *, order: Order, body_sha256: str) -> Receipt:
    """The receipt of exactly the body that was sent. Raises BadMessage."""
    receipt = _read(Receipt, body)
    _check_parties(receipt, order)
    if receipt.body_sha256 != body_sha256:
        raise BadMessage(Reason.WRONG_ECHO, "the receipt is for another body")
    return receipt


def read_status(body: bytes, *, order: Order) -> Status:
    """How `order` stands, every answer held against what was asked. Raises BadMessage."""
    status = _read(Status, body)
    _check_parties(status, order)
    for answer in status.answers:
        _check_answer(answer, order)
    if status.freeze is not None:
        _check(order.act in FREEZE_ACTS, Reason.WRONG_ACT, "a freeze nobody asked about")
        _check_freeze_is_asked(status.freeze.freeze_order, order)
        _check(status.freeze.target == order.target, Reason.WRONG_ECHO, "freeze.target")
    return status


def _read(kind: type[AnyMessage], body: bytes) -> AnyMessage:
    content = _json_object(body)
    if content.get("protocol") != PROTOCOL:
        raise BadMessage(Reason.UNKNOWN_VERSION, repr(content.get("protocol"))[:80])
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise _refused(error) from error


def _json_object(body: bytes) -> dict[str, Any]:
    """The object, if every name in it stands once and every number is one."""
    if len(body) > MAX_BYTES:
        raise BadMessage(Reason.TOO_LARGE, f"{len(body)} bytes")
    try:
        content = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_once_each,
            parse_constant=_refuse_constant,
        )
    except (ValueError, RecursionError) as error:
        raise BadMessage(Reason.NOT_JSON, str(error)[:200]) from error
    if not isinstance(content, dict):
        raise BadMessage(Reason.MALFORMED, "the message is no object")
    return content


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Readers differ in which of two equal names they take, so there may not be two."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _refused(error: ValidationError) -> BadMessage:
    """The first fault that has a reason of its own, otherwise the first."""
    faults = error.errors(include_url=False, include_input=False)
    named = [one for one in faults if one["type"] in REASONS]
    first = (named or faults)[0]
    place = ".".join(str(part) for part in first["loc"])
    reason = REASONS.get(first["type"], Reason.MALFORMED)
    return BadMessage(reason, f"{place}: {first['msg']}"[:400])


def _check(holds: bool, reason: Reason, detail: str) -> None:
    if not holds:
        raise BadMessage(reason, detail)


def _check_parties(message: Receipt | Status | Answer, order: Order) -> None:
    _check(message.order_id == order.order_id, Reason.WRONG_ORDER, str(message.order_id))
    _check(
        message.institution == order.institution, Reason.WRONG_PARTY, message.institution
    )
    _check(message.court == order.court.party, Reason.WRONG_PARTY, message.court)


def _check_answer(answer: Answer, order: Order) -> None:
    """For this order, debtor and act, with what was asked repeated unchanged."""
    _check_parties(answer, order)
    _check(answer.debtor_uscc == order.debtor.uscc, Reason.WRONG_DEBTOR, "debtor_uscc")
    _check(answer.act is order.act, Reason.WRONG_ACT, answer.act)
    for name in type(answer.echo).model_fields:
        same = getattr(answer.echo, name) == getattr(order, name)
        _check(same, Reason.WRONG_ECHO, f"echo.{name}")
    if answer.outcome is OrderState.ANSWERED:
        RESULT_CHECKS.get(CONTENT[order.act], _no_check)(answer, order)
    elif answer.freeze is not None:
        _check_freeze(answer, order)


def _no_check(answer: Answer, order: Order) -> None:
    """Nothing in the result repeats what was asked."""


def _check_holdings(answer: Answer, order: Order) -> None:
    holdings: tuple[Holding, ...] = answer.holdings or ()
    if order.target is not None:
        strange = [one for one in holdings if one.target != order.target]
        _check(not strange, Reason.WRONG_ECHO, "holdings outside of the target")
    references = [one.target.reference for one in holdings]
    is_once_each = len(set(references)) == len(references)
    _check(is_once_each, Reason.CONTRADICTS, "a holding stands twice")


def _check_freeze(answer: Answer, order: Order) -> None:
    """A freeze of the object asked for, within the ceiling and to the day asked for."""
    freeze = answer.freeze
    assert freeze is not None
    _check_freeze_is_asked(freeze.freeze_order, order)
    _check(freeze.target == order.target, Reason.WRONG_ECHO, "freeze.target")
    if order.act is Act.FREEZE:
        _check(freeze.limit == order.amount, Reason.WRONG_ECHO, "freeze.limit")
    if order.freeze_until is not None:
        _check(freeze.until == order.freeze_until, Reason.WRONG_ECHO, "freeze.until")


def _check_freeze_is_asked(freeze_order: object, order: Order) -> None:
    _check(
        freeze_order == (order.freeze_order or order.order_id),
        Reason.WRONG_ECHO,
        "freeze.freeze_order",
    )


def _check_deduction(answer: Answer, order: Order) -> None:
    """The sum asked for, to the court's account, out of the freeze that was named."""
    deduction = answer.deduction
    assert deduction is not None
    assert order.pay_to is not None
    _check(deduction.deducted == order.amount, Reason.WRONG_ECHO, "deduction.deducted")
    _check(
        deduction.paid_to == order.pay_to.account, Reason.WRONG_ECHO, "deduction.paid_to"
    )
    _check_freeze_is_asked(deduction.freeze.freeze_order, order)


def _check_history(answer: Answer, order: Order) -> None:
    """No movement outside of the days asked for, by the calendar of +08:00."""
    assert answer.history is not None
    assert order.days is not None
    for one in answer.history.transactions:
        day = china_day(one.at)
        inside = order.days.first <= day <= order.days.last
        _check(inside, Reason.WRONG_ECHO, f"{one.booking} lies outside of the days asked")


RESULT_CHECKS = {
    "holdings": _check_holdings,
    "freeze": _check_freeze,
    "deduction": _check_deduction,
    "history": _check_history,
}
