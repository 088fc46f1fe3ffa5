"""A batch goes to the bank's desk and comes back, whole or in a mess."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from integration.gateways.payout_ground import START
from unit.gateways.payout_samples import bank_transfer
from zhipo.gateways.payouts.bank.batch import Batch, payment_file
from zhipo.gateways.payouts.bank.layout import FileFormat
from zhipo.gateways.payouts.bank.returned import (
    Returned,
    ReturnFault,
    read_return,
)
from zhipo.gateways.payouts.limits import Limits
from zhipo.gateways.payouts.outcomes import Failed, Paid, Reason, Unknown, Waiting
from zhipo.gateways.payouts.sandbox.behaviour import Behaviour, Manner
from zhipo.gateways.payouts.sandbox.plan import ChannelPlan, Plan, lay_out
from zhipo.gateways.payouts.sandbox.process import Application, application
from zhipo.gateways.payouts.sandbox.spoken import Reply, Request

BATCH = Batch("BATCH0001", tuple(bank_transfer(number) for number in range(1, 6)))
FIRST = BATCH.transfers[0].reference


@dataclass
class Desk:
    """The bank in this process."""

    made: Application

    def hand_in(self, batch: Batch, kind: FileFormat = FileFormat.CSV) -> Reply:
        content = payment_file(batch, kind=kind).content
        return self.made.answer(Request("POST", f"/files/{batch.number}", {}, content))

    def fetch(self, batch: Batch) -> Returned | None:
        path = f"/files/{batch.number}/return"
        reply = self.made.answer(Request("GET", path, {}, b""))
        return read_return(reply.body, batch) if reply.status == 200 else None

    def behave(self, manner: Manner, reference: str, **how: int) -> None:
        with self.made.front.books.opened() as book:
            book.set_behaviour(Behaviour(manner=manner, **how), reference)

    def paid(self) -> dict[str, int]:
        rows = self.made.controls.do("GET", "book", b"")["paid"]
        found = {row["reference"]: row["fen"] for row in rows}
        assert len(found) == len(rows)
        return found


def lay_desk(home: Path, plan: Plan | None = None) -> Desk:
    lay_out(plan or Plan(), home)
    made = application(home, "bank", seed=0, address="http://bank.sandbox")
    made.controls.do("POST", "clock", f'{{"now": "{START.isoformat()}"}}'.encode())
    return Desk(made)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return lay_desk(tmp_path)


@pytest.mark.parametrize("kind", list(FileFormat))
def test_batch_is_paid_once_though_it_is_handed_in_twice(
    desk: Desk, kind: FileFormat
) -> None:
    assert desk.hand_in(BATCH, kind).status == 200
    assert desk.hand_in(BATCH, kind).status == 200

    returned = desk.fetch(BATCH)

    assert returned is not None
    assert returned.faults == ()
    assert all(isinstance(one, Paid) for one in returned.outcomes.values())
    assert desk.paid() == {one.reference: one.fen for one in BATCH.transfers}


def test_other_file_of_the_same_number_is_refused(desk: Desk) -> None:
    desk.hand_in(BATCH)

    refused = desk.hand_in(Batch(BATCH.number, (bank_transfer(9),)))

    assert refused.status == 409
    assert bank_transfer(9).reference not in desk.paid()


def test_reference_in_another_batch_is_not_paid_again(desk: Desk) -> None:
    desk.hand_in(BATCH)
    other = Batch("BATCH0002", (BATCH.transfers[0], bank_transfer(9)))
    desk.hand_in(other)

    returned = desk.fetch(other)

    assert returned is not None
    assert returned.faults == ((FIRST, ReturnFault.MISSING_ROW),)
    assert len(desk.paid()) == 6


def test_file_that_does_not_add_up_is_refused_whole(desk: Desk) -> None:
    content = payment_file(BATCH).content.replace(b"1000.01", b"1000.02")

    refused = desk.made.answer(Request("POST", f"/files/{BATCH.number}", {}, content))

    assert refused.status == 422
    assert desk.paid() == {}


def test_late_return_is_not_there_until_its_hour(desk: Desk) -> None:
    desk.behave(Manner.RETURN_LATE, BATCH.number, hours=48)
    desk.hand_in(BATCH)

    assert desk.fetch(BATCH) is None
    later = (START + timedelta(hours=48)).isoformat()
    desk.made.controls.do("POST", "clock", f'{{"now": "{later}"}}'.encode())

    assert desk.fetch(BATCH) is not None


@pytest.mark.parametrize(
    ("manner", "fault"),
    [
        (Manner.ROW_MISSING, ReturnFault.MISSING_ROW),
        (Manner.ROW_DOUBLED, ReturnFault.DOUBLED_ROW),
        (Manner.ROW_CHANGED, ReturnFault.CHANGED_SUM),
    ],
)
def test_messy_return_leaves_its_row_open_until_the_next(
    desk: Desk, manner: Manner, fault: ReturnFault
) -> None:
    desk.behave(manner, FIRST)
    desk.hand_in(BATCH)

    messy, clean = desk.fetch(BATCH), desk.fetch(BATCH)

    assert messy is not None
    assert messy.faults == ((FIRST, fault),)
    assert messy.outcomes[FIRST] == Unknown(fault.value)
    assert clean is not None
    assert isinstance(clean.outcomes[FIRST], Paid)
    assert len(desk.paid()) == len(BATCH.transfers)


def test_rows_fail_for_their_reasons_and_others_are_paid(desk: Desk) -> None:
    second, third = BATCH.transfers[1].reference, BATCH.transfers[2].reference
    desk.behave(Manner.WRONG_NAME, FIRST)
    desk.behave(Manner.ACCOUNT_CLOSED, second)
    desk.behave(Manner.LATE, third, hours=5)
    desk.hand_in(BATCH)

    returned = desk.fetch(BATCH)

    assert returned is not None
    assert returned.outcomes[FIRST] == Failed(Reason.WRONG_NAME, "户名不符")
    assert returned.outcomes[second] == Failed(Reason.ACCOUNT_CLOSED, "账户已销户")
    assert returned.outcomes[third] == Waiting()
    assert len(desk.paid()) == 2


def test_bank_without_money_returns_the_rest(tmp_path: Path) -> None:
    desk = lay_desk(tmp_path, Plan(bank=ChannelPlan(limits=Limits(), funds_fen=200_004)))
    desk.hand_in(BATCH)

    returned = desk.fetch(BATCH)

    assert returned is not None
    assert returned.outcomes[BATCH.transfers[2].reference] == Failed(
        Reason.NO_MONEY, "付款账户余额不足"
    )
    assert sum(desk.paid().values()) == 200_003
