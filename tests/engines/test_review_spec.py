"""CONTRACTS, `zhipo review`, paragraph by paragraph: the balance, then the decisions."""

from collections.abc import Callable
from typing import Any

import pytest

Reviewed = Callable[..., dict[str, dict[str, str]]]


def event(kind: str, fen: int, holder: str = "H", **more: Any) -> dict[str, Any]:
    return {"holder_id": holder, "kind": kind, "fen": fen, **more}


def claim(fen: int, holder: str = "H", claim_id: str = "C1", **more: Any) -> dict[str, Any]:
    return {"claim_id": claim_id, "holder_id": holder, "claimed_fen": fen, **more}


@pytest.mark.parametrize(
    ("events", "ledger_fen"),
    [
        ([("top_up", 50_000)], 50_000),
        ([("top_up", 100_000), ("bonus", 20_000), ("consume", 60_000)], 50_000),
        ([("top_up", 50_000), ("bonus", 5_000), ("consume", 25_093)], 27_188),
        ([("top_up", 50_000), ("consume", 20_000), ("refund", 10_000)], 20_000),
        ([("top_up", 100), ("consume", 300)], 0),
        ([("top_up", 100), ("refund", 300)], 0),
        ([("bonus", 100), ("consume", 50)], 0),
        ([("consume", 50)], 0),
        ([("top_up", 1), ("bonus", 1), ("consume", 1)], 1),  # half a fen goes up
        ([("top_up", 3), ("bonus", 1), ("consume", 1)], 2),  # 2.25
        ([("top_up", 10**15)], 10**15),
        (
            [("top_up", 7 * 10**14), ("bonus", 3 * 10**14 - 1), ("consume", 1)],
            7 * 10**14 - 1,
        ),
    ],
)
def test_balance(
    reviewed: Reviewed, events: list[tuple[str, int]], ledger_fen: int
) -> None:
    rows = reviewed(ledger=[event(*one) for one in events], claims=[claim(10**15)])

    assert rows["C1"]["ledger_fen"] == str(ledger_fen)


def test_events_from_the_day_of_acceptance_on_do_not_count(reviewed: Reviewed) -> None:
    rows = reviewed(
        ledger=[
            event("top_up", 500, at="2025-08-31T23:59:59"),
            event("top_up", 70, at="2025-09-01T00:00:00"),
            event("top_up", 9, at="2025-08-31T16:00:00Z"),
        ],
        claims=[claim(500)],
    )

    assert rows["C1"]["ledger_fen"] == "500"
    assert rows["C1"]["reasons"] == "AFTER_ACCEPTANCE;MATCH"
    assert rows["C1"]["decision"] == "admit"


@pytest.mark.parametrize(
    ("claimed", "tolerance", "decision", "admitted", "reason"),
    [
        (500, 0, "admit", 500, "MATCH"),
        (501, 0, "reduce", 500, "CLAIMED_MORE"),
        (499, 0, "admit", 499, "CLAIMED_LESS"),
        (510, 10, "admit", 500, "MATCH"),
        (511, 10, "reduce", 500, "CLAIMED_MORE"),
        (490, 10, "admit", 490, "MATCH"),
        (489, 10, "admit", 489, "CLAIMED_LESS"),
    ],
)
def test_claimed_against_ledger(
    reviewed: Reviewed,
    claimed: int,
    tolerance: int,
    decision: str,
    admitted: int,
    reason: str,
) -> None:
    rows = reviewed(
        ledger=[event("top_up", 500)], claims=[claim(claimed)], tolerance_fen=tolerance
    )

    assert rows["C1"]["decision"] == decision
    assert rows["C1"]["admitted_fen"] == str(admitted)
    assert rows["C1"]["reasons"] == reason


def test_the_latest_claim_of_a_holder_lives(reviewed: Reviewed) -> None:
    rows = reviewed(
        ledger=[event("top_up", 500)],
        claims=[
            claim(500, claim_id="C1", filed_at="2025-10-03T00:00:00+09:00"),
            claim(500, claim_id="C2", filed_at="2025-10-02T23:30:00"),
            claim(500, claim_id="C10", filed_at="2025-10-02T23:30:00"),
        ],
    )

    assert {name: row["decision"] for name, row in rows.items()} == {
        "C1": "reject",
        "C10": "reject",
        "C2": "admit",
    }
    assert rows["C1"]["reasons"] == "SUPERSEDED"
    assert rows["C1"]["ledger_fen"] == "500"


def test_no_ledger_goes_to_a_person(reviewed: Reviewed) -> None:
    rows = reviewed(ledger=[event("top_up", 5, "OTHER")], claims=[claim(500)])

    assert (rows["C1"]["decision"], rows["C1"]["reasons"]) == ("manual", "NO_LEDGER")
    assert rows["C1"]["ledger_fen"] == "0"


def test_nothing_owed_is_rejected(reviewed: Reviewed) -> None:
    rows = reviewed(ledger=[event("top_up", 5), event("refund", 5)], claims=[claim(500)])

    assert (rows["C1"]["decision"], rows["C1"]["reasons"]) == ("reject", "NOTHING_OWED")


@pytest.mark.parametrize(
    ("claimed_id", "known_id", "decision"),
    [
        ("11010519491231002X", "11010519491231002X", "admit"),
        ("11010519491231002x", "11010519491231002X", "admit"),
        ("11010519491231002X", "440524188001010014", "manual"),
        ("", "440524188001010014", "admit"),
        ("11010519491231002X", "", "admit"),
    ],
)
def test_identity_given_on_both_sides(
    reviewed: Reviewed, claimed_id: str, known_id: str, decision: str
) -> None:
    rows = reviewed(
        ledger=[event("top_up", 500)],
        claims=[claim(500, id_no=claimed_id)],
        holders=[{"holder_id": "H", "id_no": known_id}],
    )

    assert rows["C1"]["decision"] == decision


@pytest.mark.parametrize(("holders", "decision"), [(3, "admit"), (4, "manual")])
def test_payout_account_shared_by_more_than_three(
    reviewed: Reviewed, holders: int, decision: str
) -> None:
    names = [f"H{i}" for i in range(holders)]
    rows = reviewed(
        ledger=[event("top_up", 500, name) for name in names],
        claims=[
            claim(500, name, claim_id=f"C-{name}", payout_account="6222") for name in names
        ]
        + [claim(1, "H0", "OLD", payout_account="6222", filed_at="2025-01-01")],
    )

    assert {rows[f"C-{name}"]["decision"] for name in names} == {decision}
    assert rows["OLD"]["reasons"] == "SUPERSEDED"


def test_all_manual_reasons_are_listed(reviewed: Reviewed) -> None:
    names = [f"H{i}" for i in range(4)]
    rows = reviewed(
        ledger=[event("top_up", 5, "OTHER")],
        claims=[
            claim(9, name, f"C{name}", payout_account="6222", id_no="11010519491231002X")
            for name in names
        ],
        holders=[{"holder_id": "H0", "id_no": "440524188001010014"}],
    )

    assert rows["CH0"]["reasons"] == "IDENTITY_MISMATCH;NO_LEDGER;SHARED_PAYOUT_ACCOUNT"
    assert rows["CH1"]["reasons"] == "NO_LEDGER;SHARED_PAYOUT_ACCOUNT"
    assert rows["CH1"]["admitted_fen"] == "0"
