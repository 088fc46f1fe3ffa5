"""One holder's events, read from the sealed ledger with DuckDB."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
from django.conf import settings

from zhipo.claims.models import Claim, Evidence
from zhipo.claims.states import EvidenceState
from zhipo.engine.review.balances import cutoff

LEDGER = "ledger.parquet"
MOST = 500
EVENTS = """
SELECT event_id, CAST("at" AS TIMESTAMPTZ) AS "at", kind, fen FROM read_parquet(?)
WHERE holder_id = ? ORDER BY "at", event_id LIMIT ?
"""


@dataclass(frozen=True)
class LedgerEvent:
    """One line of the books; `is_after` marks events on or after acceptance."""

    event_id: str
    at: datetime
    kind: str
    fen: int
    is_after: bool


def sealed_evidence(case_id: int) -> Evidence | None:
    """The books that count in a case."""
    return Evidence.objects.filter(case=case_id, state=EvidenceState.SEALED).first()


def events_of(claim: Claim) -> list[LedgerEvent]:
    """The events of a claim's holder, oldest first; none where no ledger is at hand."""
    evidence = sealed_evidence(claim.case_id) if claim.holder_id else None
    ledger = _ledger_of(evidence) if evidence is not None else None
    if ledger is None or claim.holder is None:
        return []
    first_after = cutoff(claim.case.accepted_on)
    with duckdb.connect(config={"threads": 1}) as engine:
        engine.execute("SET TimeZone = 'UTC'")
        found = engine.sql(EVENTS, params=[str(ledger), claim.holder.holder_id, MOST])
        rows = found.to_arrow_table().to_pylist()
    return [LedgerEvent(**row, is_after=row["at"] >= first_after) for row in rows]


def _ledger_of(evidence: Evidence) -> Path | None:
    path = Path(settings.ENVIRONMENT.files) / evidence.folder / LEDGER
    return path if path.is_file() else None
