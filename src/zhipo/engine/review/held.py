"""The balances that a ledger shows, checked, for review and for pre-filling."""

from datetime import date
from pathlib import Path

import ibis.expr.types as ir

from zhipo.engine import intake
from zhipo.engine.backends import Backend, backend
from zhipo.engine.exact import Width
from zhipo.engine.outputs import whole_folder, work_folder, write_csv
from zhipo.engine.progress import Progress
from zhipo.engine.review.balances import UNKNOWN, balances, sums_by_holder
from zhipo.engine.tables import EVENT_KINDS, LEDGER
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused
from zhipo.kernel.money import MAX_FEN

BALANCES = "balances.csv"
BALANCE_COLUMNS = (
    "holder_id",
    "events",
    "paid",
    "bonus",
    "used",
    "back",
    "ledger_fen",
    "is_after",
)


def write_balances(
    *,
    ledger: Path,
    accepted_on: date,
    out: Path,
    engine: str = "duckdb",
    progress: Progress | None = None,
) -> int:
    """Write `out`/balances.csv, one row a holder (BALANCE_COLUMNS, fen); returns the rows.

    Raises Refused; then nothing is written.
    """
    shown = progress or Progress()
    with (
        work_folder(out) as work,
        whole_folder(out) as part,
        backend(engine, work=work) as at_work,
    ):
        with shown.at(words("stage.read", name=ledger.name), 0.4):
            taken = intake.take_in(ledger, LEDGER, work=work, name="ledger")
        with shown.at(words("stage.balances"), 0.5, at_work.share_done):
            table = at_work.read(taken)
            held = held_balances(
                at_work, table, path=ledger, accepted_on=accepted_on, counting=True
            )
        with shown.at(words("stage.write", name=BALANCES), 0.1):
            rows = held.select(*BALANCE_COLUMNS).order_by("holder_id")
            return write_csv(part / BALANCES, BALANCE_COLUMNS, at_work.batches(rows))


def held_balances(
    engine: Backend,
    ledger: ir.Table,
    *,
    path: Path,
    accepted_on: date,
    counting: bool = False,
) -> ir.Table:
    """Each holder's balance, with the number of `events` if `counting`.

    Raises Refused for an unknown kind or a sum past MAX_FEN.
    """
    sums = engine.keep(sums_by_holder(ledger, accepted_on, counting=counting))
    largest = sums.paid + sums.bonus + sums.used + sums.back
    seen = engine.row(sums.agg(largest=largest.max(), worst=sums.worst.max()))
    if seen["worst"] >= UNKNOWN:
        _refuse_unknown_kinds(engine, path, ledger)
    top = int(seen["largest"] or 0)
    if top > MAX_FEN:
        over = engine.rows(
            sums.filter(largest > MAX_FEN).select("holder_id").order_by("holder_id")
        )
        message = words("fault.holder_total", limit=MAX_FEN)
        raise Refused(
            [Fault(path.name, 0, "holder_id", row["holder_id"], message) for row in over]
        )
    width = Width.for_products_up_to(2 * top * top + top)
    return engine.keep(balances(sums, width=width))


def _refuse_unknown_kinds(engine: Backend, path: Path, ledger: ir.Table) -> None:
    kinds = ledger.filter(~ledger.kind.isin(EVENT_KINDS)).select("kind").distinct()
    unknown = {row["kind"] for row in engine.rows(kinds)}
    message = words("fault.choice", choices=", ".join(EVENT_KINDS))
    found = intake.rows_with(path, "kind", unknown)
    raise Refused([Fault(path.name, row, "kind", value, message) for row, value in found])
