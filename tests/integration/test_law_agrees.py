"""The engine's columns and the law's functions say the same of every claim.

`law.prepaid.refunds`, `law.review.decision` and `law.waterfall.plan` take one claim at a
time and are what a judge reads; the engine is what runs. Random small cases hold them
equal.
"""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from random_cases import (
    ACCEPTED_ON,
    HOLDERS,
    SHORT,
    events,
    filings,
    identities,
    numbered,
    plan_terms,
    register,
    three_pots,
    tolerances,
    write_case,
    write_plan,
)

from zhipo.engine.distribute.run import distribute
from zhipo.engine.review.run import Request, review
from zhipo.kernel.faults import Refused
from zhipo.law.instalments.parts import parts_fen
from zhipo.law.prepaid.refunds import ledger_balance_fen
from zhipo.law.review.decision import Decided, Facts, decide
from zhipo.law.waterfall.order import ClaimClass
from zhipo.law.waterfall.plan import Allocation, Claim, PlanRefused, Pool, Terms, allocate

Event = tuple[str, str, str, int]
Row = Mapping[str, Any]


@SHORT
@given(events=events, claims=filings, id_nos=identities, tolerance=tolerances)
def test_review_decides_as_the_law_does(
    events: list[Event], claims: list[dict[str, Any]], id_nos: list[str], tolerance: int
) -> None:
    with TemporaryDirectory() as scratch:
        here = Path(scratch)
        write_case(here, events, claims, id_nos)
        request = Request(
            here / "ledger.csv",
            here / "claims.csv",
            ACCEPTED_ON,
            here / "out",
            holders=here / "holders.csv",
            tolerance_fen=tolerance,
        )
        review(request)
        rows = read(here / "out" / "decisions.csv")

    known = dict(zip(HOLDERS, id_nos, strict=True))
    filed = sorted(numbered(claims), key=lambda row: row["claim_id"])
    for row, claim in zip(rows, filed, strict=True):
        decided = decide(
            facts=facts_of(claim, filed, events, known), tolerance_fen=tolerance
        )
        assert row["claim_id"] == claim["claim_id"]
        assert told(row) == told_by_law(decided)


@SHORT
@given(claims=register, pools=three_pots, terms=plan_terms)
def test_distribution_allocates_as_the_law_does(
    claims: list[dict[str, Any]], pools: tuple[int, int, int], terms: dict[str, Any]
) -> None:
    with TemporaryDirectory() as scratch:
        here = Path(scratch)
        plan = write_plan(here, claims, pools, terms)
        try:
            summary = distribute(here / "plan.json", here / "out")
        except Refused:
            assert allocated_by_law(claims, plan) is None
            return
        rows = read(here / "out" / "payments.csv")

    allocation = allocated_by_law(claims, plan)
    assert allocation is not None
    assert summary["left_over_fen"] == allocation.left_over_fen
    for row in rows:
        got = int(row["paid_fen"]) + int(row["reserved_fen"])
        assert got == allocation.got_fen[row["claim_id"]]
        assert int(row["baseline_fen"]) == allocation.baseline_fen[row["claim_id"]]
        assert row["parts"] == parts_by_law(row, plan)


def told(row: Row) -> tuple[str, int, str]:
    return row["decision"], int(row["admitted_fen"]), row["reasons"]


def told_by_law(decided: Decided) -> tuple[str, int, str]:
    return decided.decision.value, decided.admitted_fen, ";".join(decided.reasons)


def facts_of(
    claim: Row, filed: Sequence[Row], events: Sequence[Event], known: Row
) -> Facts:
    """What the law asks of a claim, gathered one row at a time."""
    own = [event for event in events if event[0] == claim["holder_id"]]
    id_nos = (claim["id_no"], known.get(claim["holder_id"], ""))
    account = claim["payout_account"]
    sharers = [
        row for row in filed if row["payout_account"] == account and is_live(row, filed)
    ]
    return Facts(
        claimed_fen=claim["claimed_fen"],
        ledger_fen=balance_by_law(own) if own else None,
        is_live=is_live(claim, filed),
        is_other_person=all(id_nos) and id_nos[0] != id_nos[1],
        account_sharers=len(sharers) if account else 1,
        has_events_after_acceptance=not all(is_before(event) for event in own),
    )


def is_live(claim: Row, filed: Sequence[Row]) -> bool:
    """Whether no later claim of the same holder exists."""
    own = [row for row in filed if row["holder_id"] == claim["holder_id"]]
    return claim == max(own, key=lambda row: (row["filed_at"], row["claim_id"]))


def is_before(event: Event) -> bool:
    return datetime.fromisoformat(event[1]) < datetime.combine(ACCEPTED_ON, time())


def balance_by_law(events: Sequence[Event]) -> int:
    sums = dict.fromkeys(("top_up", "bonus", "consume", "refund"), 0)
    for event in filter(is_before, events):
        sums[event[2]] += event[3]
    return ledger_balance_fen(
        paid_fen=sums["top_up"],
        bonus_fen=sums["bonus"],
        used_fen=sums["consume"],
        back_fen=sums["refund"],
    )


def allocated_by_law(claims: Sequence[Row], plan: Row) -> Allocation | None:
    """What the law's allocation says, None where it refuses the plan."""
    rows = tuple(
        Claim(
            row["claim_id"],
            ClaimClass(row["class"]),
            row["fen"],
            row["state"] == "provisional",
        )
        for row in numbered(claims)
    )
    try:
        return allocate(claims=rows, pools=pools_of(plan), terms=terms_of(plan))
    except PlanRefused:
        return None


def pools_of(plan: Row) -> tuple[Pool, ...]:
    return tuple(
        Pool(
            pool["id"],
            pool["fen"],
            tuple(pool.get("secures", ())),
            tuple(ClaimClass(one) for one in pool.get("first_to", ())),
            pool.get("basis"),
            pool.get("evidence"),
        )
        for pool in plan["pools"]
    )


def terms_of(plan: Row) -> Terms | None:
    if "overlay" not in plan:
        return None
    overlay = plan["overlay"]
    consumer = overlay.get("consumer")
    return Terms(
        overlay["basis"],
        overlay["evidence"],
        is_before_ordinary=consumer == "before_ordinary",
        rate=Fraction(consumer["rate"]) if isinstance(consumer, dict) else None,
        **plan["small_claims"],
    )


def parts_by_law(row: Row, plan: Row) -> str:
    if row["class"] != "consumer":
        return str(row["paid_fen"])
    parts = parts_fen(
        paid_fen=int(row["paid_fen"]),
        claim_fen=int(row["fen"]),
        parts=plan["instalments"],
        ceiling_fen=plan.get("small_claims", {}).get("ceiling_fen", 50_000),
    )
    return ";".join(map(str, parts))


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
