"""What people choose in a plan, and the contract's PLAN.json that follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhipo.distributions.chart import GENERAL
from zhipo.distributions.costs import NOT_THE_DEBTORS, Cost, Estate
from zhipo.distributions.models import Plan
from zhipo.law.instalments.parts import CEILING_FEN, Mode, Procedure

BEFORE_ORDINARY = "before_ordinary"


@dataclass(frozen=True)
class Terms:
    """The choices of a plan.

    `consumer` is "" (the statutory order), "before_ordinary", or a rate as "0.31";
    `costs` are those entered by people; `pay_fen` the administrator's pay, None for the
    most that the law allows; `opted_down` the numbers of the claims whose creditors have
    waived in writing what is over the ceiling, to be paid as small ones; `advance_waits`
    the paper by which who has advanced costs agrees to be repaid by a later plan.
    """

    title: str
    law_date: date
    procedure: str = Procedure.LIQUIDATION
    is_last: bool = False
    basis: str = ""
    evidence: str = ""
    consumer: str = ""
    mode: str = Mode.NONE
    ceiling_fen: int = CEILING_FEN.default
    due_days: tuple[date, ...] = ()
    costs: tuple[Cost, ...] = ()
    pay_fen: int | None = None
    opted_down: tuple[str, ...] = ()
    advance_waits: str = ""

    @property
    def instalments(self) -> int:
        return max(1, len(self.due_days))


@dataclass(frozen=True)
class Pool:
    """A pool of the ledger with what is in it, in fen."""

    code: str
    title: str
    fen: int
    earmark: Mapping[str, Any] = field(default_factory=dict)
    basis: str = ""

    @property
    def is_collateral(self) -> bool:
        return bool(self.earmark.get("secures"))

    @property
    def is_the_debtors(self) -> bool:
        return self.basis not in NOT_THE_DEBTORS


def estate_of(pools: Sequence[Pool], earlier: Mapping[str, int] | None = None) -> Estate:
    """The debtor's own money and its collateral, with what `earlier` plans had."""
    own = [pool for pool in pools if pool.is_the_debtors and not pool.is_collateral]
    collateral = {pool.code: pool.fen for pool in pools if pool.is_collateral}
    return Estate(sum(pool.fen for pool in own), collateral, **(earlier or {}))


def content_of(
    terms: Terms, pools: Sequence[Pool], costs: Sequence[Cost]
) -> dict[str, Any]:
    """The contract's PLAN.json without `claims`; the same choices give the same content."""
    content: dict[str, Any] = {
        "law_date": terms.law_date.isoformat(),
        "pools": _pools(pools, costs),
    }
    if terms.basis:
        content["overlay"] = {"basis": terms.basis, "evidence": terms.evidence}
        if terms.consumer:
            content["overlay"]["consumer"] = _consumer(terms.consumer)
    content["small_claims"] = {"mode": terms.mode, "ceiling_fen": terms.ceiling_fen}
    content["instalments"] = terms.instalments
    return content


def drawn_fen(plan: Plan) -> dict[str, int]:
    """What a plan takes out of each pool of the ledger, collateral's costs included."""
    drawn = {pool["id"]: pool["fen"] for pool in plan.content["pools"]}
    for cost in plan.costs:
        if cost["charged_to"]:
            drawn[cost["charged_to"]] = drawn.get(cost["charged_to"], 0) + cost["fen"]
            drawn[GENERAL] -= cost["fen"]
    return drawn


def _consumer(chosen: str) -> str | dict[str, str]:
    return chosen if chosen == BEFORE_ORDINARY else {"rate": chosen}


def _pools(pools: Sequence[Pool], costs: Sequence[Cost]) -> list[dict[str, Any]]:
    """Each pool with its earmark; what collateral bears of the costs joins the estate.

    Costs are paid first out of the estate, so moving their money there pays them without
    a fen of anybody else's.
    """
    moved: dict[str, int] = {}
    for cost in costs:
        if cost.charged_to:
            moved[cost.charged_to] = moved.get(cost.charged_to, 0) + cost.fen
    rows = {pool.code: _pool(pool, -moved.get(pool.code, 0)) for pool in pools}
    rows.setdefault(GENERAL, {"id": GENERAL, "fen": 0})
    rows[GENERAL]["fen"] += sum(moved.values())
    return [row for row in rows.values() if row["fen"] or row["id"] == GENERAL]


def _pool(pool: Pool, more_fen: int) -> dict[str, Any]:
    row: dict[str, Any] = {"id": pool.code, "fen": pool.fen + more_fen}
    if pool.is_collateral:
        row["secures"] = list(pool.earmark["secures"])
    elif pool.earmark.get("first_to"):
        row["first_to"] = list(pool.earmark["first_to"])
        row["basis"] = pool.basis
        row["evidence"] = pool.earmark["evidence"]
    return row
