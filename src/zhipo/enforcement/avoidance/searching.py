"""Searching bookings and entries for acts that may be avoidable: rules, sums, rows.

Whole columns go through the engine; the law is asked once for each party and day.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from zhipo.enforcement.avoidance.bookings import Account, load_bookings, open_engine
from zhipo.enforcement.avoidance.parties import Party, Standing, party_table
from zhipo.enforcement.avoidance.terms import (
    BASIS_OF,
    SIGNS,
    Entry,
    Payments,
    Terms,
    kind_of_entry,
    kind_of_payments,
)
from zhipo.enforcement.finding_states import AvoidableKind, Basis
from zhipo.kernel.periods import subtract
from zhipo.law.estate.avoidance import ONE_YEAR
from zhipo.privacy.columns import lookup_hash

GIFT_WORDS = "赠|捐|无偿"
"""Words in a payer's note by which it calls the payment a gift (policy)."""

NOBODY = -1
BOOKING, ENTRY = "booking", "entry"
EVIDENCE = pa.schema(
    [
        ("key", pa.string()),
        ("source", pa.string()),  # booking, entry
        ("history", pa.int64()),  # 0 for an entry
        ("day", pa.date32()),
        ("institution", pa.string()),
        ("reference", pa.string()),
        ("counterparty", pa.string()),
        ("note", pa.string()),
        ("fen", pa.int64()),
    ]
)
"""One row of evidence; the rows of a key add up to its candidate's sum."""

MATCHED = """
CREATE TEMP TABLE matched AS
WITH paid AS (
    SELECT row_number() OVER () AS id, * FROM gathered
    WHERE kind = 'out' AND day >= ? AND day < ?
), best AS (
    SELECT paid.id, arg_min(parties.party, parties.rank) AS party
    FROM paid JOIN parties
      ON parties.name = paid.counterparty
     AND (parties.reference = '' OR parties.reference = paid.reference)
     AND (parties.done_on IS NULL OR parties.done_on = paid.day)
    GROUP BY paid.id
), lent AS (
    SELECT counterparty, min(day) AS since FROM gathered
    WHERE kind = 'in' GROUP BY counterparty
)
SELECT paid.*, coalesce(best.party, $nobody) AS party,
       coalesce(lent.since < paid.day, false) AS has_lent
FROM paid LEFT JOIN best USING (id) LEFT JOIN lent USING (counterparty)
WHERE best.party IS NOT NULL OR regexp_matches(paid.note, ?)
"""
GROUPS = """
SELECT party, counterparty, day, has_lent, sum(fen)::BIGINT AS fen, count(*) AS rows
FROM matched GROUP BY ALL
"""
ROWS = """
SELECT kept.key, 'booking' AS source, history, matched.day, institution, reference,
       matched.counterparty, note, fen
FROM matched JOIN kept
  ON kept.party = matched.party AND kept.counterparty = matched.counterparty
 AND kept.day = matched.day AND kept.has_lent = matched.has_lent
ORDER BY kept.key, matched.day, history, reference
"""
KEPT = pa.schema(
    [
        ("key", pa.string()),
        ("party", pa.int32()),
        ("counterparty", pa.string()),
        ("day", pa.date32()),
        ("has_lent", pa.bool_()),
    ]
)


@dataclass(frozen=True)
class Found:
    """One candidate: `entry` is the dealing or report line that it rests on, 0 for none."""

    key: str
    kind: AvoidableKind
    basis: Basis
    counterparty: str
    entry: int
    fen: int
    rows: int
    first_on: date
    last_on: date


@dataclass
class LeftOut:
    """Bookings that were looked at and are no candidates, by reason; sums in fen."""

    counts: dict[str, list[int]] = field(default_factory=dict)

    def add(self, reason: str, rows: int, fen: int) -> None:
        held = self.counts.setdefault(reason, [0, 0])
        held[0] += rows
        held[1] += fen


@dataclass(frozen=True)
class Result:
    """What a search found, the rows that show it, and what it passed over."""

    found: Sequence[Found]
    evidence: pa.Table
    bookings: int
    left_out: dict[str, list[int]]


def search(
    accounts: Sequence[Account],
    *,
    parties: Sequence[Party],
    entries: Iterable[Entry],
    terms: Terms,
) -> Result:
    """Every candidate by the terms, largest first, with the rows that add up to it."""
    left = LeftOut()
    bookings, evidence = 0, EVIDENCE.empty_table()
    if accounts:
        with open_engine() as engine:
            doubles = load_bookings(engine, accounts)
            left.add("doubles", doubles, 0)
            evidence = _evidence(engine, parties, terms, left)
        bookings = sum(one.rows.num_rows for one in accounts)
    evidence = pa.concat_tables([evidence, _entered(entries, terms, left)])
    found, evidence = _listed(evidence, terms, left)
    return Result(found, evidence, bookings, left.counts)


def key_of(kind: AvoidableKind, basis: Basis, counterparty: str, entry: int) -> str:
    """The name of a candidate, the same in every search."""
    return f"{kind}:{basis}:{entry}:{lookup_hash('name', counterparty)[:32]}"


def _evidence(
    engine: duckdb.DuckDBPyConnection,
    parties: Sequence[Party],
    terms: Terms,
    left: LeftOut,
) -> pa.Table:
    """The bookings that the law lets be undone, each under its candidate's key."""
    engine.register("parties", party_table(parties))
    first = subtract(terms.look_back.counts_from, ONE_YEAR)
    statement = MATCHED.replace("$nobody", str(NOBODY))
    engine.execute(statement, [first, terms.look_back.until, GIFT_WORDS])
    groups = engine.sql(GROUPS).to_arrow_table().to_pylist()
    kept = list(_kept(groups, parties, terms, left))
    engine.register("kept", pa.Table.from_pylist(kept, schema=KEPT))
    return engine.sql(ROWS).to_arrow_table().cast(EVIDENCE)


def _kept(
    groups: Iterable[dict[str, Any]],
    parties: Sequence[Party],
    terms: Terms,
    left: LeftOut,
) -> Iterator[dict[str, Any]]:
    """The law's answer for each party and day; what stands is counted by its reason."""
    for group in groups:
        rows, fen, number = group.pop("rows"), group.pop("fen"), group["party"]
        name = group["counterparty"]
        party = Party(name, Standing.NOTE) if number == NOBODY else parties[number]
        paid = Payments(party, group["day"], fen, has_lent=group["has_lent"])
        kind = kind_of_payments(paid, terms)
        if kind is None:
            is_own = party.standing in {Standing.OWN, Standing.COURT}
            left.add(party.standing if is_own else "stands", rows, fen)
            continue
        basis = BASIS_OF[party.standing]
        yield {**group, "key": key_of(kind, basis, name, party.entry)}


def _entered(entries: Iterable[Entry], terms: Terms, left: LeftOut) -> pa.Table:
    """Entered acts as evidence of themselves."""
    rows: list[dict[str, Any]] = []
    for entry in entries:
        kind = kind_of_entry(entry, terms)
        if kind is None:
            left.add("stands", 1, entry.fen)
            continue
        key = key_of(kind, entry.basis, entry.counterparty, entry.number)
        rows.append(
            {"key": key, "source": ENTRY, "history": 0, "day": entry.done_on,
             "institution": "", "reference": "", "counterparty": entry.counterparty,
             "note": "", "fen": entry.fen}
        )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=EVIDENCE)


SUMS = """
SELECT key, any_value(counterparty) AS counterparty, sum(fen)::BIGINT AS fen,
       count(*) AS rows, min(day) AS first_on, max(day) AS last_on
FROM evidence GROUP BY key ORDER BY fen DESC, key
"""


def _listed(
    evidence: pa.Table, terms: Terms, left: LeftOut
) -> tuple[list[Found], pa.Table]:
    """The candidates, and the evidence of those alone: small signs are left out."""
    with open_engine() as engine:
        engine.register("evidence", evidence)
        found = []
        for row in engine.sql(SUMS).to_arrow_table().to_pylist():
            kind, basis, entry, _ = row["key"].split(":")
            if Basis(basis) in SIGNS and row["fen"] < terms.least_fen:
                left.add("small", row["rows"], row["fen"])
                continue
            found.append(
                Found(kind=AvoidableKind(kind), basis=Basis(basis), entry=int(entry), **row)
            )
        keys = pa.table({"key": pa.array([one.key for one in found], pa.string())})
        engine.register("listed", keys)
        kept = engine.sql(
            "SELECT evidence.* FROM evidence SEMI JOIN listed USING (key)"
            " ORDER BY key, day, history, reference"
        )
        return found, kept.to_arrow_table().cast(EVIDENCE)
