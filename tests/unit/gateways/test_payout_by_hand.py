"""Cash and post: two people, one receipt, the same sum."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from unit.gateways.payout_samples import NOW
from zhipo.gateways.payouts.by_hand import (
    CASH,
    POST,
    HandRecord,
    NotAgreed,
    returned_by_hand,
    settled_by_hand,
)
from zhipo.gateways.payouts.outcomes import Failed, Paid, Reason
from zhipo.gateways.payouts.transfers import Payee, PayeeKind, Transfer

PAYEE = Payee(PayeeKind.CASH_DESK, "counter-1", name="王五")
OURS = Transfer("ZP0000000001", 5_000, PAYEE, "第一期分配")
RECORD = HandRecord("ZP0000000001", 5_000, "R-17", NOW, "王五", "cashier", "lead")


def test_transfer_is_paid_by_a_record_of_two() -> None:
    assert settled_by_hand(OURS, RECORD, channel=CASH) == Paid(NOW, "R-17")


@pytest.mark.parametrize(
    "change",
    [
        {"fen": 4_999},
        {"reference": "ZP0000000002"},
        {"receipt": " "},
        {"taken_by": ""},
        {"checked_by": "cashier"},
        {"checked_by": ""},
        {"recorded_by": ""},
        {"at": datetime(2025, 6, 3, 10, 0)},
    ],
)
def test_record_that_is_not_whole_pays_nothing(change: dict[str, Any]) -> None:
    with pytest.raises(NotAgreed):
        settled_by_hand(OURS, replace(RECORD, **change), channel=CASH)


def test_payee_of_one_way_is_not_paid_by_the_other() -> None:
    with pytest.raises(NotAgreed):
        settled_by_hand(OURS, RECORD, channel=POST)


def test_returned_remittance_is_seen_by_two() -> None:
    returned = returned_by_hand(
        reason=Reason.NOT_DELIVERED, recorded_by="cashier", checked_by="lead"
    )

    assert returned == Failed(Reason.NOT_DELIVERED)
    with pytest.raises(NotAgreed):
        returned_by_hand(
            reason=Reason.NOT_DELIVERED, recorded_by="cashier", checked_by="cashier"
        )
