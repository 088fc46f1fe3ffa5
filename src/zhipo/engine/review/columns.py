"""The part of a review that the engine does: whole columns, from files taken in."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import ibis.expr.types as ir

from zhipo.engine import intake
from zhipo.engine.backends import Backend, backend
from zhipo.engine.outputs import write_csv
from zhipo.engine.progress import Progress
from zhipo.engine.review.decisions import (
    Beside,
    crowded,
    decided,
    superseded,
    with_facts,
)
from zhipo.engine.review.held import held_balances
from zhipo.engine.review.run import Request
from zhipo.engine.taking import Taken
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused, refuse_if_any

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


def write_decisions(
    request: Request,
    files: Callable[[], list[Taken]],
    *,
    part: Path,
    work: Path,
    shown: Progress,
) -> dict[str, Any]:
    """Write decisions.csv and unfiled.csv into `part`; returns the summary.

    Raises Refused with every fault of the files taken in.
    """
    with backend(request.engine, work=work) as engine:
        tables = _tables(engine, files())
        with shown.at(words("stage.balances"), 0.35, engine.share_done):
            held = held_balances(
                engine,
                tables["ledger"],
                path=request.ledger,
                accepted_on=request.accepted_on,
            )
        with shown.at(words("stage.decide"), 0.15, engine.share_done):
            decisions = _decisions(engine, tables, held, request.tolerance_fen)
        with shown.at(words("stage.write", name="decisions.csv"), 0.15):
            unfiled = engine.keep(_unfiled(tables["claims"], held))
            _write(engine, decisions, unfiled, part)
        return _summary(engine, decisions, unfiled, held, tables["ledger"])


def _tables(engine: Backend, taken: Sequence[Taken]) -> dict[str, ir.Table]:
    """The files as tables of their columns, keys unique. Raises Refused."""
    faults: list[Fault] = []
    tables: dict[str, ir.Table] = {}
    for one in taken:
        faults += one.faults or _twice(engine, one)
        if not faults:
            table = engine.read(one.path)
            names = [field.name for field in one.wanted.fields]
            there = [name for name in names if name in table.columns]
            tables[one.wanted.name] = table.select(*there)
    refuse_if_any(faults)
    return tables


def _twice(engine: Backend, taken: Taken) -> list[Fault]:
    """Every row whose key stands twice, where that is not ruled out by their order."""
    if taken.is_rising:
        return []
    key, table = taken.wanted.key, engine.read(taken.path)
    counted = table.group_by(key).agg(times=table.count())
    twice = counted.filter(counted.times > 1).select(key)
    try:
        values = [row[key] for row in engine.rows(twice)]
        intake.refuse_duplicates(taken.wanted.path, key, values)
    except Refused as refused:
        return refused.faults
    return []


def _decisions(
    engine: Backend, tables: dict[str, ir.Table], held: ir.Table, tolerance_fen: int
) -> ir.Table:
    """The few claims that stand out first, so that the many are read only once more."""
    claims = tables["claims"]
    old = engine.keep(superseded(claims))
    beside = Beside(
        old=old,
        crowded=engine.keep(crowded(claims, old)),
        balances=held,
        holders=tables.get("holders"),
    )
    return engine.keep(decided(with_facts(claims, beside), tolerance_fen=tolerance_fen))


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
    engine: Backend,
    decisions: ir.Table,
    unfiled: ir.Table,
    held: ir.Table,
    events: ir.Table,
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
    ledger = engine.row(held.agg(holders=held.count(), ledger_fen=held.ledger_fen.sum()))
    counted |= engine.row(events.agg(events=events.count()))
    silent = engine.row(
        unfiled.agg(unfiled_holders=unfiled.count(), unfiled_fen=unfiled.ledger_fen.sum())
    )
    whole = {**counted, **ledger, **silent}
    return {name: int(whole[name] or 0) for name in SUMMARY}
