"""A plan put together: pools, register, costs computed, content, outcome."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from zhipo.cases.models import Case
from zhipo.distributions.costs import (
    COMPUTED,
    NOT_THE_DEBTORS,
    Cost,
    CostKind,
    Estate,
    case_fee_fen,
    costs_of,
    own_expense_fen,
    pay_cap_fen,
)
from zhipo.distributions.feasibility import Finding, findings_after, findings_before
from zhipo.distributions.models import Plan
from zhipo.distributions.preview import Preview, preview
from zhipo.distributions.queries.advances import advance_of
from zhipo.distributions.queries.book import pools_of
from zhipo.distributions.queries.register import register_for
from zhipo.distributions.queries.returned import returned_fen
from zhipo.distributions.register import Row, in_order, opted_down
from zhipo.distributions.states import PlanState
from zhipo.distributions.terms import Pool, Terms, content_of, estate_of
from zhipo.law.waterfall.basis import NoBasis
from zhipo.law.waterfall.order import ClaimClass
from zhipo.law.waterfall.plan import PlanRefused
from zhipo.web.words import say


@dataclass(frozen=True)
class Ground:
    """What a plan stands on, whatever it chooses: claims, pools with money, the estate."""

    rows: Sequence[Row]
    pools: Sequence[Pool]
    estate: Estate


@dataclass(frozen=True)
class Built:
    """A plan put together: what would be kept of it, and what it would do.

    `outcome` is None where a fatal finding stops it.
    """

    terms: Terms
    content: dict[str, Any]
    costs: list[Cost]
    rows: list[Row]
    findings: list[Finding]
    outcome: Preview | None

    @property
    def fatal(self) -> list[Finding]:
        return [one for one in self.findings if one.is_fatal]


def ground_of(case: Case, day: date) -> Ground:
    """Register, pools and estate of a case as they stand for a plan of that day."""
    pools = [
        Pool(account.code, account.title, fen, account.earmark, account.basis)
        for account, fen in pools_of(case)
    ]
    rows = register_for(case, day)
    return Ground(rows, pools, estate_of(pools, _earlier(case)))


def build(ground: Ground, terms: Terms) -> Built:
    """The plan of these terms on this ground: pure, so that terms can be tried quickly."""
    costs = costs_under(ground.estate, terms)
    content = content_of(terms, ground.pools, costs)
    claims = opted_down(ground.rows, terms.opted_down, terms.ceiling_fen)
    rows = in_order([*claims, *(cost.row for cost in costs if cost.fen)])
    found = findings_before(terms, ground.pools, costs, ground.rows)
    if any(one.is_fatal for one in found):
        return Built(terms, content, costs, rows, found, None)
    try:
        outcome = preview(content, rows)
    except (PlanRefused, NoBasis) as refused:
        found.append(_refusal(refused, terms))
        return Built(terms, content, costs, rows, found, None)
    found += findings_after(terms, outcome, costs, ground.estate)
    return Built(terms, content, costs, rows, found, outcome)


def costs_under(estate: Estate, terms: Terms) -> list[Cost]:
    """The costs entered, with court fee, pay and what was advanced computed."""
    entered = [replace(cost, id=_id(place)) for place, cost in enumerate(terms.costs, 3)]
    if estate.advance_fen:
        entered.append(_repaid(estate, terms, place=len(entered) + 3))
    fee = case_fee_fen(estate)
    cap = pay_cap_fen(estate, entered, fee)
    pay = cap if terms.pay_fen is None else terms.pay_fen
    computed = (
        (CostKind.CASE_FEE, fee, "《诉讼费用交纳办法》第十四条第六项"),
        (CostKind.ADMINISTRATOR, pay, "《管理人报酬规定》第二条"),
    )
    fees = [
        Cost(_id(place), ClaimClass.EXPENSE, fen, _title(kind), cite, kind)
        for place, (kind, fen, cite) in enumerate(computed, 1)
    ]
    return [*fees, *entered]


def _repaid(estate: Estate, terms: Terms, *, place: int) -> Cost:
    """What was spent of advances, owed back at any time; nothing where its giver waits."""
    waits = terms.advance_waits.strip()
    return Cost(
        _id(place), ClaimClass.EXPENSE, 0 if waits else estate.advance_fen,
        _title(CostKind.ADVANCE), "《管理人报酬规定》第十二条第三款", CostKind.ADVANCE,
        evidence=waits,
    )  # fmt: skip


def rows_now(plan: Plan) -> list[Row]:
    """The register that the plan would be divided over today, its own costs included."""
    return rows_over(plan, register_for(plan.case, plan.law_date))


def rows_over(plan: Plan, claims: Sequence[Row]) -> list[Row]:
    """These claims as the plan weighs them, with its own costs."""
    costs = (cost.row for cost in costs_of(plan.costs) if cost.fen)
    ceiling_fen = plan.content["small_claims"]["ceiling_fen"]
    return in_order([*opted_down(claims, plan.opted_down, ceiling_fen), *costs])


def terms_of(plan: Plan) -> Terms:
    """The choices that a plan was made of."""
    overlay = plan.content.get("overlay", {})
    consumer = overlay.get("consumer", "")
    small = plan.content["small_claims"]
    costs = costs_of(plan.costs)
    return Terms(
        title=plan.title,
        law_date=plan.law_date,
        procedure=plan.procedure,
        is_last=plan.is_last,
        basis=overlay.get("basis", ""),
        evidence=overlay.get("evidence", ""),
        consumer=consumer["rate"] if isinstance(consumer, dict) else consumer,
        mode=small["mode"],
        ceiling_fen=small["ceiling_fen"],
        due_days=tuple(plan.due_days),
        costs=tuple(cost for cost in costs if cost.kind not in COMPUTED),
        pay_fen=plan.asked_pay_fen,
        opted_down=tuple(plan.opted_down),
        advance_waits="".join(c.evidence for c in costs if c.kind == CostKind.ADVANCE),
    )


def _title(kind: CostKind) -> str:
    return say(f"distributions.cost.{kind}", lang="zh")


def _id(place: int) -> str:
    return f"COST-{place:02d}"


def _refusal(refused: Exception, terms: Terms) -> Finding:
    """Why the law's rule refuses the plan, in words that people read."""
    if isinstance(refused, NoBasis):
        return Finding("no_ground", "《企业破产法》第一百一十三条")
    key = "flat_not_feasible_now" if terms.mode == "flat" else "rate_too_high"
    return Finding(key, "《企业破产法》第一百一十三条第二款")


def _earlier(case: Case) -> dict[str, int]:
    """What plans before had of own money and collateral, and paid of it for fees;
    what was spent of advances and none of them repays.
    """
    sums = dict.fromkeys(
        ("earlier_own_fen", "earlier_collateral_fen", "earlier_case_fee_fen",
         "earlier_expense_fen", "earlier_pay_fen"), 0,
    )  # fmt: skip
    for plan in Plan.objects.filter(case=case, state=PlanState.APPROVED):
        costs = costs_of(plan.costs)
        charged = sum(cost.fen for cost in costs if cost.charged_to)
        own = collateral = 0
        for pool in plan.content["pools"]:
            if pool.get("secures"):
                collateral += pool["fen"]
            elif pool.get("basis") not in NOT_THE_DEBTORS:
                own += pool["fen"]
        sums["earlier_own_fen"] += own - charged - plan.summary["left_over_fen"]
        sums["earlier_collateral_fen"] += collateral + charged
        sums["earlier_case_fee_fen"] += _of_kind(costs, CostKind.CASE_FEE)
        pay = _of_kind(costs, CostKind.ADMINISTRATOR)
        sums["earlier_expense_fen"] += own_expense_fen(costs) - pay
        sums["earlier_pay_fen"] += pay
    sums["earlier_own_fen"] -= returned_fen(case)  # it was not paid in the end
    return {**sums, "advance_fen": advance_of(case).to_plan_fen}


def _of_kind(costs: Sequence[Cost], kind: CostKind) -> int:
    return sum(cost.fen for cost in costs if cost.kind == kind)
