"""Why a share is what it is: the steps of the sealed division, class, rate, last fen."""

import json
from dataclasses import dataclass
from typing import Any

from zhipo.distributions import files
from zhipo.distributions.models import Share
from zhipo.engine.distribute.plan import Plan, read_plan
from zhipo.engine.explain.path import Taken, way_of
from zhipo.engine.explain.text import ORDER_RULES, step_name
from zhipo.kernel.faults import Refused
from zhipo.portals.creditor.reasons import Article, rules_of
from zhipo.web.words import current_language, say


@dataclass(frozen=True)
class Step:
    """One step of the order that weighed the claim; amounts in fen, the rate in words."""

    name: str
    pot_fen: int
    owed_fen: int
    weight_fen: int
    got_fen: int
    rate: str


@dataclass(frozen=True)
class Why:
    """The claim's way through the plan."""

    steps: list[Step]
    last_fen: int
    basis: str
    rules: list[Article]


def why_of(share: Share) -> Why | None:
    """Recomputed from the sealed division; None where its files cannot be read, or do not
    give the share and what the statutory order alone would have given.
    """
    payments = files.folder_of(share.plan) / files.PAYMENTS
    try:
        plan = read_plan(files.folder_of(share.plan) / files.PLAN)
        steps = json.loads((payments / "steps.json").read_text(encoding="utf-8"))
        row = {"claim_id": share.claim.number, "class": share.class_name, "fen": share.fen}
        way = way_of(row, steps["plan"], plan, share.paid_fen + share.reserved_fen)
        way_of(row, steps["baseline"], plan, share.baseline_fen)
    except (Refused, OSError, ValueError):
        return None
    return Why(
        [_step(one, plan) for one in way.told], way.last_fen, _basis(plan),
        rules_of([*ORDER_RULES]),
    )  # fmt: skip


def rate_of(part_fen: int, whole_fen: int) -> str:
    """31.00 %, cut off: nobody is promised more than there is."""
    if not whole_fen:
        return "–"
    hundredths = 10_000 * part_fen // whole_fen
    return f"{hundredths // 100}.{hundredths % 100:02d} %"


def _step(one: Taken, plan: Plan) -> Step:
    rate = rate_of(min(one.pot_fen, one.owed_fen), one.owed_fen)
    return Step(
        _name(one, plan), one.pot_fen, one.owed_fen, one.weight_fen, one.floor_fen, rate
    )


def _name(one: Taken, plan: Plan) -> str:
    """A step as people call it; a pool by what it is for, not by its code."""
    pool = next((pool for pool in plan.pools if pool.id == one.step), None)
    if pool is not None:
        return say(f"creditor.payment.pool.{'lien' if pool.secures else 'first_to'}")
    return step_name(one.step, plan, current_language())


def _basis(plan: Plan) -> str:
    """On what ground the plan leaves the statutory order, in words."""
    overlay: Any = plan.overlay
    return say(f"distributions.basis.{overlay.basis}") if overlay is not None else ""
