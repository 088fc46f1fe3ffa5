"""Random small cases, dense in the situations that the contract's tables name."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from zhipo.engine.tables import CLASSES, EVENT_KINDS

ACCEPTED_ON = date(2025, 9, 1)
MIDNIGHT = datetime(2025, 9, 1)
LEDGER_COLUMNS = ("event_id", "holder_id", "at", "kind", "fen")
HOLDERS = [f"H{number}" for number in range(6)]
GROUNDS = {"basis": "SETTLEMENT", "evidence": "和解协议"}
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
tolerances = st.sampled_from([0, 7])

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
three_pots = st.tuples(pots, pots, pots)
"""General money, a lien's proceeds, a premium for consumers."""

overlays = st.sampled_from(
    [
        {},
        {"consumer": "before_ordinary"},
        {"consumer": {"rate": "0.31"}},
        {"consumer": {"rate": "1/3"}},
    ]
)
small_claims = st.fixed_dictionaries(
    {
        "mode": st.sampled_from(["none", "flat", "tiered"]),
        "ceiling_fen": st.sampled_from([10, 40, 50_000]),
    }
)
instalments = st.sampled_from([1, 3])
plan_terms = st.one_of(
    st.fixed_dictionaries({"instalments": instalments}),
    st.fixed_dictionaries(
        {
            "instalments": instalments,
            "overlay": overlays.map(lambda overlay: {**GROUNDS, **overlay}),
            "small_claims": small_claims,
        }
    ),
)


def write_case(
    here: Path,
    events: Sequence[tuple[str, str, str, int]],
    claims: Sequence[Mapping[str, Any]],
    id_nos: Sequence[str],
) -> None:
    """ledger.csv, claims.csv, holders.csv."""
    rows = [
        dict(zip(LEDGER_COLUMNS, (f"E{number}", *event), strict=True))
        for number, event in enumerate(events)
    ]
    write(here / "ledger.csv", rows)
    write(here / "claims.csv", numbered(claims))
    known = [
        {"holder_id": who, "id_no": id_no}
        for who, id_no in zip(HOLDERS, id_nos, strict=True)
    ]
    write(here / "holders.csv", known)


def write_plan(
    here: Path,
    claims: Sequence[Mapping[str, Any]],
    pools: tuple[int, int, int],
    terms: Mapping[str, Any],
) -> dict[str, Any]:
    """register.csv and plan.json; returns the plan."""
    write(here / "register.csv", numbered(claims))
    plan = {**a_plan(claims, pools), **terms}
    (here / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    return plan


def numbered(claims: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"claim_id": f"C{number}", **row} for number, row in enumerate(claims)]


def a_plan(
    claims: Sequence[Mapping[str, Any]], pools: tuple[int, int, int]
) -> dict[str, Any]:
    """General money, one lien on the first secured claims, one premium for consumers."""
    general, lien, premium = pools
    secured = [f"C{i}" for i, row in enumerate(claims) if row["class"] == "secured"]
    entries: list[dict[str, Any]] = [{"id": "general", "fen": general}]
    if secured:
        entries.append({"id": "lien-1", "fen": lien, "secures": secured[:2]})
    entries.append({"id": "premium", "fen": premium, "first_to": ["consumer"], **GROUNDS})
    return {"law_date": "2025-10-22", "claims": "register.csv", "pools": entries}


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
