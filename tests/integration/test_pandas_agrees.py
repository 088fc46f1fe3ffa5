"""A third opinion: the pandas scripts of benchmarks/, written from CONTRACTS alone.

They share no code with the engine. Random small cases, dense in the situations that
the contract's tables name, must give the same bytes from both.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import pandas_distribute
import pandas_review
from zhipo.engine.distribute.run import distribute
from zhipo.engine.review.run import Request, review
from zhipo.engine.tables import CLASSES, EVENT_KINDS
from zhipo.kernel.faults import Refused

ACCEPTED_ON = date(2025, 9, 1)
MIDNIGHT = datetime(2025, 9, 1)
LEDGER_COLUMNS = ("event_id", "holder_id", "at", "kind", "fen")
HOLDERS = [f"H{number}" for number in range(6)]
SHORT = settings(
    max_examples=40,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # each try opens an engine
    suppress_health_check=list(HealthCheck),
)

moments = st.integers(-90_000, 90_000).map(
    lambda seconds: (MIDNIGHT + timedelta(seconds=seconds)).isoformat()
)
fen = st.one_of(st.integers(0, 300), st.integers(0, 10**9))
events = st.lists(
    st.tuples(st.sampled_from(HOLDERS), moments, st.sampled_from(EVENT_KINDS), fen),
    min_size=1,
    max_size=25,
)
filings = st.lists(
    st.fixed_dictionaries(
        {
            "holder_id": st.sampled_from([*HOLDERS, "H-unknown"]),
            "claimed_fen": st.one_of(st.integers(1, 300), st.integers(1, 10**9)),
            "filed_at": moments,
            "id_no": st.sampled_from(["", "1", "2"]),
            "payout_account": st.sampled_from(["", "P1", "P2"]),
        }
    ),
    min_size=1,
    max_size=15,
)
identities = st.lists(st.sampled_from(["", "1", "2"]), min_size=6, max_size=6)
register = st.lists(
    st.fixed_dictionaries(
        {
            "class": st.sampled_from([*CLASSES, "consumer", "consumer", "ordinary"]),
            "fen": st.one_of(st.integers(1, 50), st.integers(1, 10**12)),
            "state": st.sampled_from(["confirmed", "confirmed", "provisional"]),
        }
    ),
    min_size=1,
    max_size=15,
)
pots = st.one_of(st.integers(0, 200), st.integers(0, 10**12))
overlays = st.sampled_from(
    [
        None,
        {},
        {"consumer": "before_ordinary"},
        {"consumer": {"rate": "0.31"}},
        {"consumer": {"rate": "1/3"}},
    ]
)
terms = st.fixed_dictionaries(
    {
        "mode": st.sampled_from(["none", "flat", "tiered"]),
        "ceiling_fen": st.sampled_from([10, 40, 50_000]),
    }
)


@SHORT
@given(events=events, claims=filings, id_nos=identities, tolerance=st.sampled_from([0, 7]))
def test_review_agrees(
    events: list[tuple[str, str, str, int]],
    claims: list[dict[str, Any]],
    id_nos: list[str],
    tolerance: int,
) -> None:
    with TemporaryDirectory() as scratch:
        here = Path(scratch)
        rows = [
            dict(
                zip(
                    ("event_id", "holder_id", "at", "kind", "fen"),
                    (f"E{i}", *row),
                    strict=True,
                )
            )
            for i, row in enumerate(events)
        ]
        write(here / "ledger.csv", rows)
        write(
            here / "claims.csv",
            [{"claim_id": f"C{i}", **row} for i, row in enumerate(claims)],
        )
        known = zip(HOLDERS, id_nos, strict=True)
        write(
            here / "holders.csv",
            [{"holder_id": who, "id_no": id_no} for who, id_no in known],
        )
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
@given(
    claims=register,
    pools=st.tuples(pots, pots, pots),
    overlay=overlays,
    small=terms,
    instalments=st.sampled_from([1, 3]),
)
def test_distribution_agrees(
    claims: list[dict[str, Any]],
    pools: tuple[int, int, int],
    overlay: dict[str, Any] | None,
    small: dict[str, Any],
    instalments: int,
) -> None:
    with TemporaryDirectory() as scratch:
        here = Path(scratch)
        write(
            here / "claims.csv",
            [{"claim_id": f"C{i}", **row} for i, row in enumerate(claims)],
        )
        plan = a_plan(claims, pools)
        plan |= {"instalments": instalments}
        if overlay is not None:
            plan["overlay"] = {"basis": "SETTLEMENT", "evidence": "和解协议", **overlay}
            plan["small_claims"] = small
        (here / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
        try:
            distribute(here / "plan.json", here / "ours")
        except Refused:
            assert refuses(here)
            return

        pandas_distribute.distribute(here / "plan.json", here / "theirs")

        assert text(here / "ours/payments.csv") == text(here / "theirs/payments.csv")


def a_plan(
    claims: Sequence[Mapping[str, Any]], pools: tuple[int, int, int]
) -> dict[str, Any]:
    """General money, one lien on the first secured claim, one premium for consumers."""
    general, lien, premium = pools
    secured = [f"C{i}" for i, row in enumerate(claims) if row["class"] == "secured"]
    entries: list[dict[str, Any]] = [{"id": "general", "fen": general}]
    if secured:
        entries.append({"id": "lien-1", "fen": lien, "secures": secured[:2]})
    grounds = {"basis": "SETTLEMENT", "evidence": "和解协议"}
    entries.append({"id": "premium", "fen": premium, "first_to": ["consumer"], **grounds})
    return {"law_date": "2025-10-22", "claims": "claims.csv", "pools": entries}


def refuses(here: Path) -> bool:
    """Whether the pandas script, too, finds that the money does not suffice."""
    try:
        pandas_distribute.distribute(here / "plan.json", here / "theirs")
    except AssertionError:
        return True
    return False


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
