"""The part of a distribution that the engine does: whole columns, exact to the fen."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from zhipo.engine import intake
from zhipo.engine.backends import Backend, backend
from zhipo.engine.distribute.liens import lien_table, paid_by_liens
from zhipo.engine.distribute.order import Outcome, baseline, planned
from zhipo.engine.distribute.plan import Plan
from zhipo.engine.distribute.shares import Allocation, Paid
from zhipo.engine.exact import divided
from zhipo.engine.outputs import write_csv, write_json
from zhipo.engine.progress import Progress
from zhipo.engine.tables import CLASSES, REGISTER
from zhipo.engine.taking import Taken
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused, refuse_if_any

PAYMENT_COLUMNS = (
    "claim_id",
    "class",
    "fen",
    "baseline_fen",
    "paid_fen",
    "reserved_fen",
    "unpaid_fen",
    "parts",
)
MAX_REGISTER_FEN = 10**18


def write_payments(
    plan: Plan,
    files: Callable[[], list[Taken]],
    *,
    engine: str,
    part: Path,
    work: Path,
    shown: Progress,
) -> dict[str, Any]:
    """Write payments.csv and steps.json into `part`; returns the summary.

    Raises Refused; faults of the plan itself have no file name yet.
    """
    with backend(engine, work=work) as at_work:
        (taken,) = files()
        refuse_if_any(list(taken.faults))
        with shown.at(words("stage.order"), 0.15, at_work.share_done):
            register = _register(at_work, plan, taken)
        with shown.at(words("stage.allocate"), 0.5, at_work.share_done):
            payments, steps, left_over = _allocate(at_work, register, plan)
        with shown.at(words("stage.write", name="payments.csv"), 0.2):
            rows = payments.order_by("seq").select(*PAYMENT_COLUMNS)
            write_csv(part / "payments.csv", PAYMENT_COLUMNS, at_work.batches(rows))
        write_json(part / "steps.json", steps)
        return _summary(at_work, payments, plan, left_over)


def _register(engine: Backend, plan: Plan, taken: Taken) -> ir.Table:
    """The claims in register order: `seq` numbers them by claim_id as text."""
    table = engine.read(taken.path)
    wanted = {
        field.name: table[field.name] for field in REGISTER if field.name in table.columns
    }
    wanted.setdefault("state", ibis.literal("confirmed"))
    table = table.select(**wanted)
    in_order = ibis.window(order_by=table.claim_id)
    is_twice: ir.Value = ibis.literal(False)
    if not taken.is_rising:
        is_twice = (table.claim_id.lag().over(in_order) == table.claim_id).fill_null(False)
    seq = ibis.row_number().over(in_order)
    register = engine.keep(table.mutate(seq=seq, is_twice=is_twice))
    _check(engine, register, plan)
    return register.drop("is_twice")


def _check(engine: Backend, register: ir.Table, plan: Plan) -> None:
    """Raise Refused where ids stand twice, words are unknown, the sum is too large."""
    seen = engine.row(
        register.agg(
            twice=register.is_twice.sum(),
            fen=register.fen.sum(),
            classes=register.count(where=~register["class"].isin(CLASSES)),
            states=register.count(where=~register.state.isin(("confirmed", "provisional"))),
            least=register.fen.min(),
        )
    )
    if seen["twice"]:
        twice = engine.rows(
            register.filter(register.is_twice).select("claim_id").distinct()
        )
        intake.refuse_duplicates(
            plan.claims, "claim_id", [row["claim_id"] for row in twice]
        )
    if seen["classes"] or seen["states"] or seen["least"] < 1:
        intake.refuse_by_value(plan.claims, REGISTER)
    if seen["fen"] > MAX_REGISTER_FEN:
        message = words("plan.sum_too_large", limit=MAX_REGISTER_FEN)
        raise Refused([Fault(plan.claims.name, 0, "fen", str(seen["fen"]), message)])


def _allocate(
    engine: Backend, register: ir.Table, plan: Plan
) -> tuple[ir.Table, dict[str, Any], int]:
    """(payments, steps for the explanation, fen left over)."""
    liens, general_fen, lien_steps = paid_by_liens(engine, register, plan)
    start = _with_liens(engine, register, liens)
    base = baseline(Allocation(engine, start, list(lien_steps)), general_fen, plan)
    kept = engine.keep(base.allocation.table.mutate(baseline_fen=base.allocation.table.got))
    again = kept.mutate(got=kept.lien_fen)
    result = planned(Allocation(engine, again, list(lien_steps)), general_fen, plan)
    payments = engine.keep(_payments(result.allocation.table, plan))
    steps = {"baseline": _steps(base), "plan": _steps(result)}
    return payments, steps, result.left_over_fen


def _with_liens(engine: Backend, register: ir.Table, liens: dict[str, int]) -> ir.Table:
    """`got` starts with what collateral paid; shortfalls stand as ordinary."""
    is_lien: ir.Value = ibis.literal(False)
    lien_fen: ir.Value = ibis.literal(0, "int64")
    if liens:
        joined = register.left_join(lien_table(engine, liens), "claim_id")
        register = joined.drop("claim_id_right")
        is_lien = register.lien_fen.notnull()
        lien_fen = register.lien_fen.fill_null(0)
    is_shortfall = is_lien | (register["class"] == "secured")
    standing = ibis.cases((is_shortfall, "ordinary"), else_=register["class"])
    return register.mutate(standing=standing, lien_fen=lien_fen, got=lien_fen)


def _payments(table: ir.Table, plan: Plan) -> ir.Table:
    """The columns of payments.csv; provisional shares are reserved, not paid."""
    is_reserved = table.state == "provisional"
    table = table.mutate(
        paid_fen=ibis.cases((is_reserved, 0), else_=table.got).cast("int64"),
        reserved_fen=ibis.cases((is_reserved, table.got), else_=0).cast("int64"),
        unpaid_fen=(table.fen - table.got).cast("int64"),
    )
    return table.mutate(parts=_parts(table, plan))


def _parts(table: ir.Table, plan: Plan) -> ir.Value:
    """Consumers' payments over the ceiling in equal parts, the last takes the rest."""
    whole = table.paid_fen.cast("string")
    if plan.instalments == 1:
        return whole
    is_cut = (table["class"] == "consumer") & (table.fen > plan.ceiling_fen)
    equal, _ = divided(table.paid_fen, plan.instalments)
    last = table.paid_fen - equal * (plan.instalments - 1)
    text = equal.cast("string") + ";"
    parts = text.repeat(plan.instalments - 1) + last.cast("string")
    return ibis.cases((is_cut, parts), else_=whole)


def _steps(outcome: Outcome) -> list[dict[str, Any]]:
    return [
        {
            "step": paid.step,
            "pot_fen": paid.pot_fen,
            "owed_fen": paid.weight_fen,
            "paid_fen": paid.paid_fen,
        }
        for paid in _telling(outcome.allocation.steps)
    ]


def _telling(steps: list[Paid]) -> list[Paid]:
    """Steps at which somebody was owed something."""
    return [paid for paid in steps if paid.weight_fen]


def _summary(
    engine: Backend, payments: ir.Table, plan: Plan, left_over: int
) -> dict[str, Any]:
    sums = ("fen", "baseline_fen", "paid_fen", "reserved_fen")
    grouped = payments.group_by("class").agg(
        count=payments.count(), **{name: payments[name].sum() for name in sums}
    )
    found = {row["class"]: row for row in engine.rows(grouped)}
    classes = {
        name: _class_line({key: int(found[name][key]) for key in ("count", *sums)})
        for name in CLASSES
        if name in found
    }
    spent = sum(line["paid_fen"] + line["reserved_fen"] for line in classes.values())
    assert spent + left_over == plan.pools_fen
    bases = [plan.overlay.basis] if plan.overlay else []
    bases += [pool.basis for pool in plan.pools if pool.basis]
    return {
        "law_date": plan.law_date.isoformat(),
        "classes": classes,
        "pools_fen": plan.pools_fen,
        "left_over_fen": left_over,
        "basis": ";".join(dict.fromkeys(bases)),
    }


def _class_line(sums: dict[str, int]) -> dict[str, Any]:
    received = sums["paid_fen"] + sums["reserved_fen"]
    rate = round(Fraction(received, sums["fen"]) * 10**6)
    return {**sums, "rate": rate / 10**6, "shift_fen": received - sums["baseline_fen"]}
