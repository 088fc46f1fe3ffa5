"""`zhipo review`: every claim against the platform's books, by the contract."""

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import ibis.expr.types as ir

from zhipo.engine import intake
from zhipo.engine.backends import Backend, backend
from zhipo.engine.fields import Field
from zhipo.engine.inputs import write_inputs
from zhipo.engine.outputs import whole_folder, work_folder, write_csv, write_json
from zhipo.engine.progress import Progress
from zhipo.engine.review.decisions import decided, with_facts
from zhipo.engine.review.held import held_balances
from zhipo.engine.tables import CLAIMS, HOLDERS, LEDGER
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused

DECISION_COLUMNS = (
    "claim_id",
    "holder_id",
    "decision",
    "admitted_fen",
    "ledger_fen",
    "reasons",
    "rules",
)
UNFILED_COLUMNS = ("holder_id", "ledger_fen")
SUMMARY = (
    "claims",
    "holders",
    "events",
    "admit",
    "reduce",
    "manual",
    "reject",
    "admitted_fen",
    "ledger_fen",
    "unfiled_holders",
    "unfiled_fen",
)


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


def review(request: Request, progress: Progress | None = None) -> dict[str, Any]:
    """Write decisions.csv, unfiled.csv and summary.json; returns the summary.

    Raises Refused with every fault found; then nothing is written.
    """
    started = time.monotonic()
    shown = progress or Progress()
    with (
        work_folder(request.out) as work,
        whole_folder(request.out) as part,
        backend(request.engine, work=work) as engine,
    ):
        tables = _take_in(request, engine, shown)
        with shown.at(words("stage.balances"), 0.35, engine.share_done):
            held = held_balances(
                engine,
                tables["ledger"],
                path=request.ledger,
                accepted_on=request.accepted_on,
            )
        with shown.at(words("stage.decide"), 0.15, engine.share_done):
            facts = with_facts(tables["claims"], held, tables.get("holders"))
            decisions = engine.keep(decided(facts, tolerance_fen=request.tolerance_fen))
        with shown.at(words("stage.write", name="decisions.csv"), 0.15):
            unfiled = engine.keep(_unfiled(tables["claims"], held))
            _write(engine, decisions, unfiled, part)
        summary = _summary(engine, decisions, unfiled, held)
        summary["seconds"] = round(time.monotonic() - started, 3)
        write_json(part / "summary.json", summary)
        _write_inputs(request, part)
    return summary


def _take_in(request: Request, engine: Backend, shown: Progress) -> dict[str, ir.Table]:
    """The input files as checked tables, faults of all of them together."""
    wanted: list[tuple[str, Path, tuple[Field, ...], str]] = [
        ("ledger", request.ledger, LEDGER, "event_id"),
        ("claims", request.claims, CLAIMS, "claim_id"),
    ]
    if request.holders is not None:
        wanted += [("holders", request.holders, HOLDERS, "holder_id")]
    faults: list[Fault] = []
    tables: dict[str, ir.Table] = {}
    for name, path, fields, key in wanted:
        with shown.at(words("stage.read", name=path.name), 0.35 / len(wanted)):
            try:
                taken = intake.take_in(path, fields, work=engine.work, name=name)
                table = engine.read(taken)
                _check_unique(engine, path, taken, key)
                tables[name] = table.select(
                    *(field.name for field in fields if field.name in table.columns)
                )
            except Refused as refused:
                faults += refused.faults
    if faults:
        raise Refused(faults)
    return tables


def _check_unique(engine: Backend, path: Path, taken: Path, key: str) -> None:
    """Ids stand once: seen at a glance where they rise, counted where they do not."""
    if intake.is_strictly_rising(taken, key):
        return
    table = engine.read(taken)
    counted = table.group_by(key).agg(times=table.count())
    twice = counted.filter(counted.times > 1).select(key)
    intake.refuse_duplicates(path, key, [row[key] for row in engine.rows(twice)])


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


def _unfiled(claims: ir.Table, held: ir.Table) -> ir.Table:
    owed = held.filter(held.ledger_fen > 0).select(*UNFILED_COLUMNS)
    return owed.anti_join(claims, "holder_id")


def _write(engine: Backend, decisions: ir.Table, unfiled: ir.Table, part: Path) -> None:
    """Each table in the order of its ids, put in order here and nowhere before."""
    for name, columns, table in (
        ("decisions.csv", DECISION_COLUMNS, decisions.order_by("claim_id")),
        ("unfiled.csv", UNFILED_COLUMNS, unfiled.order_by("holder_id")),
    ):
        write_csv(part / name, columns, engine.batches(table))


def _summary(
    engine: Backend, decisions: ir.Table, unfiled: ir.Table, held: ir.Table
) -> dict[str, Any]:
    """Counts and sums of the whole review; `holders` are those with events."""
    by_decision = {
        name: decisions.count(where=decisions.decision == name)
        for name in ("admit", "reduce", "manual", "reject")
    }
    counted = engine.row(
        decisions.agg(
            claims=decisions.count(),
            **by_decision,
            admitted_fen=decisions.admitted_fen.sum(),
        )
    )
    ledger = engine.row(
        held.agg(
            holders=held.count(), events=held.events.sum(), ledger_fen=held.ledger_fen.sum()
        )
    )
    silent = engine.row(
        unfiled.agg(unfiled_holders=unfiled.count(), unfiled_fen=unfiled.ledger_fen.sum())
    )
    whole = {**counted, **ledger, **silent}
    return {name: int(whole[name] or 0) for name in SUMMARY}
