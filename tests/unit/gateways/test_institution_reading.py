"""An answer is read for the order that was sent, and for no other."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from unit.gateways.orders import (
    AT,
    COURT,
    FIELDS,
    TARGET,
    make_answer,
    make_holding,
    make_order,
    make_status,
)
from zhipo.gateways.institutions.amounts import amount
from zhipo.gateways.institutions.answers import (
    Deduction,
    Direction,
    FreezeState,
    History,
    Status,
    Transaction,
)
from zhipo.gateways.institutions.messages import (
    Act,
    FreezeStatus,
    Objection,
    Objector,
    Order,
    OrderState,
    Receipt,
    Target,
)
from zhipo.gateways.institutions.reading import read_receipt, read_status
from zhipo.gateways.institutions.refusals import BadMessage, Reason

ORDER = make_order()
DIGEST = "a" * 64


def test_good_status_is_read() -> None:
    status = make_status(ORDER, make_answer(ORDER))

    assert read_status(status.to_bytes(), order=ORDER) == status


def test_not_a_customer_is_an_answer_without_holdings() -> None:
    status = make_status(ORDER, make_answer(ORDER, holdings=()))

    assert not read_status(status.to_bytes(), order=ORDER).answers[0].is_customer


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"order_id": UUID(int=2)}, Reason.WRONG_ORDER),
        ({"institution": "bank-a"}, Reason.WRONG_PARTY),
        ({"court": "court-other"}, Reason.WRONG_PARTY),
        ({"debtor_uscc": "91430302MA4XJ0002F"}, Reason.WRONG_DEBTOR),
    ],
)
def test_answer_to_somebody_or_something_else_is_refused(
    changes: dict[str, Any], reason: Reason
) -> None:
    status = make_status(ORDER, make_answer(ORDER, **changes))

    assert _reason(status, ORDER) is reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"order_id": UUID(int=2)}, Reason.WRONG_ORDER),
        ({"institution": "bank-a"}, Reason.WRONG_PARTY),
        ({"court": "court-other"}, Reason.WRONG_PARTY),
        ({"freeze": "own"}, Reason.WRONG_ACT),
    ],
)
def test_status_of_something_else_is_refused(
    changes: dict[str, Any], reason: Reason
) -> None:
    if changes.get("freeze") == "own":
        changes = {"freeze": make_freeze(ORDER.order_id)}

    assert _reason(make_status(ORDER, **changes), ORDER) is reason


def test_answer_to_another_act_is_refused() -> None:
    freeze = make_order(Act.FREEZE)
    answer = make_answer(ORDER)

    assert _reason(make_status(freeze, answer), freeze) is Reason.WRONG_ACT


def test_holdings_outside_of_what_was_asked_are_refused() -> None:
    order = make_order(target=TARGET)
    other = make_holding(target=Target(kind=TARGET.kind, reference="other"))
    status = make_status(order, make_answer(order, holdings=(make_holding(), other)))

    assert _reason(status, order) is Reason.WRONG_ECHO


def test_holding_that_stands_twice_is_refused() -> None:
    twice = (make_holding(), make_holding(1))

    assert (
        _reason(make_status(ORDER, make_answer(ORDER, holdings=twice)), ORDER)
        is Reason.CONTRADICTS
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"freeze_order": UUID(int=9)},
        {"target": Target(kind=TARGET.kind, reference="other")},
        {"limit": amount(1_200), "frozen": amount(1_200)},
        {"until": FIELDS["freeze_until"].replace(year=2027)},
    ],
)
def test_freeze_of_something_else_is_refused(changes: dict[str, Any]) -> None:
    order = make_order(Act.FREEZE)
    freeze = make_freeze(order.order_id).model_copy(update=changes)
    answer = make_answer(order, holdings=None, freeze=freeze)

    assert _reason(make_status(order, answer), order) is Reason.WRONG_ECHO


def test_scale_wrong_throughout_is_caught_by_the_echo_of_our_own_amount() -> None:
    """Value and text agree with each other and are both a hundredth: the echo is not."""
    order = make_order(Act.FREEZE)
    scaled = amount(1_200)
    answer = make_answer(order, holdings=None, freeze=make_freeze(order.order_id))
    answer = answer.model_copy(
        update={"echo": answer.echo.model_copy(update={"amount": scaled})}
    )

    assert _reason(make_status(order, answer), order) is Reason.WRONG_ECHO


def test_scale_wrong_throughout_in_a_query_cannot_be_caught() -> None:
    """Nothing of ours stands in the answer to a query: a known limit of the protocol."""
    answer = make_answer(ORDER, holdings=(make_holding(1_200),))

    assert read_status(make_status(ORDER, answer).to_bytes(), order=ORDER)


@pytest.mark.parametrize(
    "changes", [{"deducted": amount(1)}, {"paid_to": "somebody-elses"}]
)
def test_deduction_of_another_sum_or_to_another_account_is_refused(
    changes: dict[str, Any],
) -> None:
    order = make_order(Act.DEDUCT)
    deduction = Deduction(
        booking="B1",
        booked_at=AT,
        deducted=FIELDS["amount"],
        paid_to="8001",
        freeze=make_freeze(FIELDS["freeze_order"]),
    )
    good = make_answer(order, holdings=None, deduction=deduction)
    bad = make_answer(order, holdings=None, deduction=deduction.model_copy(update=changes))

    assert read_status(make_status(order, good).to_bytes(), order=order)
    assert _reason(make_status(order, bad), order) is Reason.WRONG_ECHO


def test_movement_outside_of_the_days_asked_for_is_refused() -> None:
    order = make_order(Act.HISTORY)
    row = Transaction(
        booking="1",
        at=AT,
        direction=Direction.INCOMING,
        amount=amount(1),
        counterparty="甲",
        memo="",
        balance_after=amount(1),
    )
    history = History(opening=amount(0), closing=amount(1), transactions=(row,))
    answer = make_answer(order, holdings=None, history=history)

    assert _reason(make_status(order, answer), order) is Reason.WRONG_ECHO


def test_parts_are_numbered_and_the_last_is_the_last() -> None:
    first = make_answer(ORDER, is_last=False)
    second = make_answer(ORDER, part=2)

    assert make_status(ORDER, first, second)
    assert make_status(ORDER, first, state=OrderState.WORKING)
    for wrong in (
        lambda: make_status(ORDER, second),
        lambda: make_status(ORDER, make_answer(ORDER), second),
        lambda: make_status(ORDER, first),
        lambda: make_status(ORDER, make_answer(ORDER), state=OrderState.WORKING),
        lambda: make_status(ORDER, state=OrderState.REFUSED),
    ):
        _refused_by_its_type(wrong)


def test_objection_waits_for_the_court_and_is_never_the_last() -> None:
    objection = Objection(
        raised_by=Objector.THIRD_PARTY, name="某案外人", text="代收货款", raised_at=AT
    )
    order = make_order(Act.FREEZE)
    changes: dict[str, Any] = {
        "outcome": OrderState.OBJECTED,
        "holdings": None,
        "objection": objection,
        "freeze": make_freeze(order.order_id),
    }
    answer = make_answer(order, is_last=False, **changes)

    status = make_status(order, answer, state=OrderState.OBJECTED)

    assert read_status(status.to_bytes(), order=order) == status
    _refused_by_its_type(lambda: make_answer(order, is_last=True, **changes))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"order_id": UUID(int=2)}, Reason.WRONG_ORDER),
        ({"institution": "bank-a"}, Reason.WRONG_PARTY),
        ({"court": "court-other"}, Reason.WRONG_PARTY),
        ({"body_sha256": "b" * 64}, Reason.WRONG_ECHO),
    ],
)
def test_receipt_of_something_else_is_refused(
    changes: dict[str, Any], reason: Reason
) -> None:
    fields: dict[str, Any] = {
        "receipt_id": UUID(int=3),
        "order_id": ORDER.order_id,
        "institution": ORDER.institution,
        "court": COURT.party,
        "body_sha256": DIGEST,
        "received_at": AT,
    }
    good = Receipt(**fields)
    bad = Receipt(**{**fields, **changes})

    assert read_receipt(good.to_bytes(), order=ORDER, body_sha256=DIGEST) == good
    with pytest.raises(BadMessage) as refused:
        read_receipt(bad.to_bytes(), order=ORDER, body_sha256=DIGEST)
    assert refused.value.reason is reason


def make_freeze(freeze_order: UUID) -> FreezeState:
    return FreezeState(
        freeze_order=freeze_order,
        target=TARGET,
        status=FreezeStatus.IN_FORCE,
        limit=FIELDS["amount"],
        frozen=FIELDS["amount"],
        rank=1,
        until=FIELDS["freeze_until"],
    )


def _reason(status: Status, order: Order) -> Reason:
    with pytest.raises(BadMessage) as refused:
        read_status(status.to_bytes(), order=order)
    return refused.value.reason


def _refused_by_its_type(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"parts|answers|objection|follows"):
        make()
