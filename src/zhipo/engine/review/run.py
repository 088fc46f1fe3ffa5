"""`zhipo review`: every claim against the platform's books, by the contract."""

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from zhipo.engine.inputs import write_inputs
from zhipo.engine.outputs import whole_folder, work_folder, write_json
from zhipo.engine.progress import Progress
from zhipo.engine.tables import CLAIMS, HOLDERS, LEDGER
from zhipo.engine.taking import Wanted, reading


@dataclass(frozen=True)
class Request:
    """What to review: files, the day of acceptance, the tolerance in fen."""

    ledger: Path
    claims: Path
    accepted_on: date
    out: Path
    holders: Path | None = None
    tolerance_fen: int = 0
    engine: str = "duckdb"

    @property
    def files(self) -> list[Wanted]:
        """The files to read, the largest first."""
        wanted = [
            Wanted("ledger", self.ledger, LEDGER, "event_id"),
            Wanted("claims", self.claims, CLAIMS, "claim_id"),
        ]
        if self.holders is not None:
            wanted.append(Wanted("holders", self.holders, HOLDERS, "holder_id"))
        return wanted


def review(request: Request, progress: Progress | None = None) -> dict[str, Any]:
    """Write decisions.csv, unfiled.csv and summary.json; returns the summary.

    Raises Refused with every fault found; then nothing is written.
    """
    started = time.monotonic()
    shown = progress or Progress()
    with (
        work_folder(request.out) as work,
        whole_folder(request.out) as part,
        reading(request.files, work=work, shown=shown, weight=0.35) as files,
    ):
        # Loading the engine takes half a second, which costs nothing while files are read.
        from zhipo.engine.review.columns import write_decisions

        summary = write_decisions(request, files, part=part, work=work, shown=shown)
        summary["seconds"] = round(time.monotonic() - started, 3)
        write_json(part / "summary.json", summary)
        _write_inputs(request, part)
    return summary


def _write_inputs(request: Request, part: Path) -> None:
    files = {
        "ledger": request.ledger,
        "claims": request.claims,
        "holders": request.holders,
    }
    write_inputs(
        part,
        request.out,
        files,
        accepted_on=request.accepted_on.isoformat(),
        tolerance_fen=request.tolerance_fen,
    )
