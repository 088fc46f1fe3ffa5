"""A third opinion: the pandas scripts of benchmarks/, written from CONTRACTS alone.

They share no code with the engine; random small cases must give the same bytes.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from random_cases import (
    ACCEPTED_ON,
    SHORT,
    events,
    filings,
    identities,
    plan_terms,
    register,
    text,
    three_pots,
    tolerances,
    write_case,
    write_plan,
)

import pandas_distribute
import pandas_review
from zhipo.engine.distribute.run import distribute
from zhipo.engine.review.run import Request, review
from zhipo.kernel.faults import Refused


@SHORT
@given(events=events, claims=filings, id_nos=identities, tolerance=tolerances)
def test_review_agrees(
    events: list[tuple[str, str, str, int]],
    claims: list[dict[str, Any]],
    id_nos: list[str],
    tolerance: int,
) -> None:
    with TemporaryDirectory() as scratch:
        here = Path(scratch)
        write_case(here, events, claims, id_nos)
        request = Request(
            here / "ledger.csv",
            here / "claims.csv",
            ACCEPTED_ON,
            here / "ours",
            holders=here / "holders.csv",
            tolerance_fen=tolerance,
        )
        review(request)
        tables = pandas_review.load(
            request.ledger, request.claims, here / "holders.csv", is_checked=True
        )

        pandas_review.review(
            tables, ACCEPTED_ON.isoformat(), here / "theirs", tolerance=tolerance
        )

        for name in ("decisions.csv", "unfiled.csv"):
            assert text(here / "ours" / name) == text(here / "theirs" / name)


@SHORT
@given(claims=register, pools=three_pots, terms=plan_terms)
def test_distribution_agrees(
    claims: list[dict[str, Any]], pools: tuple[int, int, int], terms: dict[str, Any]
) -> None:
    with TemporaryDirectory() as scratch:
        here = Path(scratch)
        write_plan(here, claims, pools, terms)
        try:
            distribute(here / "plan.json", here / "ours")
        except Refused:
            assert refuses(here)
            return

        pandas_distribute.distribute(here / "plan.json", here / "theirs")

        assert text(here / "ours/payments.csv") == text(here / "theirs/payments.csv")


def refuses(here: Path) -> bool:
    """Whether the pandas script, too, finds that the money does not suffice."""
    try:
        pandas_distribute.distribute(here / "plan.json", here / "theirs")
    except AssertionError:
        return True
    return False
