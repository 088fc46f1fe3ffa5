"""Collateral: each pool pays the claims it secures; few claims, so plain Python."""

from collections.abc import Mapping

import ibis.expr.types as ir
import pyarrow as pa

from zhipo.engine.backends import Backend
from zhipo.engine.distribute.plan import Plan
from zhipo.engine.distribute.shares import Paid
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, refuse_if_any
from zhipo.kernel.money import pay_up_to


def paid_by_liens(
    engine: Backend, register: ir.Table, plan: Plan
) -> tuple[dict[str, int], int, list[Paid]]:
    """(fen by secured claim, what joins the general pool, the steps).

    Pools pay in the order of the plan, each pro rata on what is still owed. Raises
    Refused where a pool secures a claim that is not in the register.
    """
    fen = _fen_of_secured(engine, register, plan)
    _refuse_unknown(fen, plan)
    return receipts(fen, plan)


def receipts(fen: Mapping[str, int], plan: Plan) -> tuple[dict[str, int], int, list[Paid]]:
    """`paid_by_liens` on the secured claims' own amounts, claim id -> fen."""
    got = dict.fromkeys(fen, 0)
    left_over = 0
    steps = []
    for pool in plan.pools:
        if pool.first_to:
            continue
        secured = sorted(pool.secures)
        owed = [fen[claim] - got[claim] for claim in secured]
        shares = pay_up_to(pool.fen, owed) if sum(owed) else [0] * len(owed)
        for claim, share in zip(secured, shares, strict=True):
            got[claim] += share
        if secured:
            steps.append(Paid(pool.id, pool.fen, sum(owed), sum(shares)))
        left_over += pool.fen - sum(shares)
    return got, left_over, steps


def lien_table(engine: Backend, got: Mapping[str, int]) -> ir.Table:
    """What liens paid, as a table: claim_id, lien_fen."""
    columns = {
        "claim_id": pa.array(list(got), pa.string()),
        "lien_fen": pa.array(list(got.values()), pa.int64()),
    }
    return engine.table_of(pa.table(columns), "liens")


def _fen_of_secured(engine: Backend, register: ir.Table, plan: Plan) -> dict[str, int]:
    named = sorted({claim for pool in plan.pools for claim in pool.secures})
    if not named:
        return {}
    wanted = engine.table_of(pa.table({"claim_id": pa.array(named, pa.string())}), "named")
    found = engine.rows(register.semi_join(wanted, "claim_id").select("claim_id", "fen"))
    return {row["claim_id"]: row["fen"] for row in found}


def _refuse_unknown(fen: Mapping[str, int], plan: Plan) -> None:
    message = words("plan.unknown_claim")
    refuse_if_any(
        [
            Fault("", 0, f"pools[{i}].secures", claim, message)
            for i, pool in enumerate(plan.pools)
            for claim in pool.secures
            if claim not in fen
        ]
    )
