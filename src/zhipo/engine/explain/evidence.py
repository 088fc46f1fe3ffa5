"""What the review folder and the payments folder say of one claim."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from zhipo.engine.inputs import input_file, read_inputs
from zhipo.engine.review.balances import SUMS, cutoff
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused

Row = dict[str, Any]


@dataclass(frozen=True)
class Reviewed:
    """The decision on a claim, and the events of its holder in order."""

    decision: Row
    events: list[Row]
    accepted_on: date

    @property
    def sums(self) -> dict[str, int]:
        """paid, bonus, used, back (fen): events before acceptance."""
        end = cutoff(self.accepted_on)
        sums = dict.fromkeys(SUMS.values(), 0)
        for event in self.events:
            if event["at"] < end:
                sums[SUMS[event["kind"]]] += event["fen"]
        return sums


def reviewed(claim_id: str, folder: Path) -> Reviewed | None:
    """What review says of the claim; None for creditors who are not in the books."""
    decision = _row(folder / "decisions.csv", claim_id)
    if decision is None:
        return None
    inputs = read_inputs(folder)
    ledger = input_file(folder, inputs, "ledger")
    events = _events(ledger, decision["holder_id"])
    return Reviewed(decision, events, date.fromisoformat(inputs["accepted_on"]))


def payment(claim_id: str, folder: Path) -> Row | None:
    """The claim's row of payments.csv."""
    return _row(folder / "payments.csv", claim_id)


def refuse_unknown(claim_id: str, folder: Path) -> None:
    """Refuse a claim that stands nowhere, with the ids nearest to it."""
    near = _query(
        "SELECT claim_id FROM read_csv(?, all_varchar = true) "
        "ORDER BY levenshtein(claim_id, ?), claim_id LIMIT 3",
        [str(folder / "payments.csv"), claim_id],
    )
    listed = ", ".join(row["claim_id"] for row in near)
    message = words("explain.unknown", near=listed)
    raise Refused([Fault(folder.name, 0, "claim_id", claim_id, message)])


def _row(path: Path, claim_id: str) -> Row | None:
    if not path.exists():
        raise Refused([Fault(path.name, 0, "", "", words("fault.missing_file"))])
    found = _query(
        "SELECT * FROM read_csv(?, all_varchar = true, header = true) WHERE claim_id = ?",
        [str(path), claim_id],
    )
    return found[0] if found else None


def _events(ledger: Path, holder_id: str) -> list[Row]:
    """The holder's events, oldest first; a ledger in CSV or XLSX is taken in again."""
    from tempfile import TemporaryDirectory

    from zhipo.engine.intake import take_in
    from zhipo.engine.tables import LEDGER

    with TemporaryDirectory() as work:
        taken = take_in(ledger, LEDGER, work=Path(work), name="ledger")
        return _query(
            'SELECT event_id, CAST("at" AS TIMESTAMPTZ) AS "at", kind, fen '
            'FROM read_parquet(?) WHERE holder_id = ? ORDER BY "at", event_id',
            [str(taken), holder_id],
        )


def _query(sql: str, values: list[Any]) -> list[Row]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        found = connection.sql(sql, params=values).to_arrow_table()
    return list(found.to_pylist())
