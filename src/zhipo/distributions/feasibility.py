"""Whether a plan can be carried out, and on what it depends: each finding with its article.

What refuses a plan is fatal; the rest is what meeting and court are to know before they
decide.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from zhipo.distributions.chart import COST_CLASSES
from zhipo.distributions.costs import (
    Cost,
    CostKind,
    Estate,
    collateral_caps_fen,
    is_within_cap,
    own_expense_fen,
)
from zhipo.distributions.preview import Preview, over_ceiling
from zhipo.distributions.register import Row
from zhipo.distributions.terms import Pool, Terms
from zhipo.kernel.money import yuan_text
from zhipo.law.instalments.parts import (
    Mode,
    Procedure,
    flat_is_feasible,
    is_small,
    schedule_is_lawful,
)
from zhipo.law.waterfall.basis import ARTICLE_OF, PriorityBasis
from zhipo.law.waterfall.costs import paid_at_any_time
from zhipo.law.waterfall.order import ClaimClass

PROCEDURE_OF: dict[PriorityBasis, Procedure] = {
    PriorityBasis.PLAN_SMALL_CLASS: Procedure.REORGANISATION,
    PriorityBasis.SETTLEMENT: Procedure.SETTLEMENT,
}
"""Grounds that only one procedure knows (《企业破产法》第八十二条、第九十七条)."""

OF_ADVANCES = "《管理人报酬规定》第十二条第三款"


@dataclass(frozen=True)
class Finding:
    """One thing about a plan: the sentence's key and values, its article, how grave."""

    key: str
    cite: str
    is_fatal: bool = True
    values: dict[str, Any] = field(default_factory=dict)


def findings_before(
    terms: Terms, pools: Sequence[Pool], costs: Sequence[Cost], rows: Sequence[Row]
) -> list[Finding]:
    """What can be said of a plan before its money is divided."""
    return [
        *_days(terms),
        *_ground(terms, pools),
        *_costs(pools, costs, rows),
        *_small_claims(terms, pools, rows),
        *_opted_down(terms, rows),
    ]


def findings_after(
    terms: Terms, outcome: Preview, costs: Sequence[Cost], estate: Estate
) -> list[Finding]:
    """What the division shows: who bears the shift, on whose consent it depends."""
    return [
        *_schedule(terms, outcome),
        *_pay(outcome, costs, estate),
        *_collateral_pay(costs, estate),
        *_advance(costs, estate),
        *_bearers(terms, outcome),
        *_cliff(outcome),
    ]


def _days(terms: Terms) -> Iterator[Finding]:
    """Parts have their days, rising, none before the law's own day of the plan."""
    cite = "《企业破产法》第一百一十五条第二款第五项"
    if not terms.due_days:
        yield Finding("no_days", cite)
    elif any(before >= after for before, after in pairwise(terms.due_days)):
        yield Finding("days_not_rising", cite)
    elif terms.due_days[0] < terms.law_date:
        yield Finding("days_too_early", cite, values={"day": terms.law_date})


def _ground(terms: Terms, pools: Sequence[Pool]) -> Iterator[Finding]:
    """Leaving the order needs a ground, its evidence, and the procedure it belongs to."""
    departs = bool(terms.consumer) or terms.mode != Mode.NONE
    if departs and terms.basis not in set(PriorityBasis):
        yield Finding("no_ground", "《企业破产法》第一百一十三条")
    if terms.basis and not terms.evidence.strip():
        yield Finding("no_evidence", "《企业破产法》第一百一十三条")
    grounds = {terms.basis, *(pool.basis for pool in pools)} & set(PROCEDURE_OF)
    for ground in sorted(grounds):
        wanted = PROCEDURE_OF[PriorityBasis(ground)]
        if wanted != terms.procedure:
            yield Finding("wrong_procedure", ARTICLE_OF[PriorityBasis(ground)],
                          values={"basis": ground, "procedure": wanted})  # fmt: skip


def _costs(
    pools: Sequence[Pool], costs: Sequence[Cost], rows: Sequence[Row]
) -> Iterator[Finding]:
    """Too little for the costs ends the case; collateral bears no more than it yields."""
    money = sum(pool.fen for pool in pools if not pool.is_collateral)
    by_class = {
        name: sum(row.fen for row in (*rows, *(cost.row for cost in costs))
                  if row.class_name == name)
        for name in COST_CLASSES
    }  # fmt: skip
    charged = sum(cost.fen for cost in costs if cost.charged_to)
    paid = paid_at_any_time(
        money_fen=money + charged, expense_fen=by_class[ClaimClass.EXPENSE],
        common_fen=by_class[ClaimClass.COMMON_BENEFIT],
    )  # fmt: skip
    if paid.must_terminate:
        yield Finding("must_terminate", "《企业破产法》第四十三条第四款",
                      values={"costs": yuan_text(by_class[ClaimClass.EXPENSE]),
                              "money": yuan_text(money + charged)})  # fmt: skip
    for pool in pools:
        borne = sum(cost.fen for cost in costs if cost.charged_to == pool.code)
        if borne > pool.fen:
            yield Finding("collateral_overcharged", "《企业破产法》第一百零九条",
                          values={"pool": pool.title})  # fmt: skip


def _small_claims(
    terms: Terms, pools: Sequence[Pool], rows: Sequence[Row]
) -> Iterator[Finding]:
    """A promise to pay small claims whole is tested against all the money first."""
    if terms.mode != Mode.FLAT:
        return
    small = sum(
        row.fen
        for row in rows
        if row.class_name == ClaimClass.CONSUMER
        and is_small(fen=row.fen, ceiling_fen=terms.ceiling_fen)
    )
    money = sum(pool.fen for pool in pools)
    if not flat_is_feasible(small_claims_fen=small, money_fen=money):
        yield Finding("flat_not_feasible", "《企业破产法》第一百一十三条第二款",
                      values={"needed": yuan_text(small),
                              "money": yuan_text(money)})  # fmt: skip


def _opted_down(terms: Terms, rows: Sequence[Row]) -> Iterator[Finding]:
    """Only a consumer over the ceiling comes down to it, where small ones are whole."""
    if not terms.opted_down:
        return
    cite = ARTICLE_OF[PriorityBasis.VOLUNTARY_SUBORDINATION]
    if terms.mode != Mode.FLAT:
        yield Finding("opt_down_needs_flat", cite)
    over = {row.claim_id for row in over_ceiling(rows, terms.ceiling_fen)}
    others = [one for one in terms.opted_down if one not in over]
    if others:
        yield Finding("not_over_ceiling", cite, values={"numbers": "、".join(others[:10])})


def _schedule(terms: Terms, outcome: Preview) -> Iterator[Finding]:
    """In liquidation parts are distributions at an equal ratio, or have a ground."""
    consumers_wait = terms.instalments > 1 and any(
        line.name == ClaimClass.CONSUMER for line in outcome.classes
    )
    basis = PriorityBasis(terms.basis) if terms.basis in set(PriorityBasis) else None
    lawful = schedule_is_lawful(
        procedure=Procedure(terms.procedure),
        is_equal_ratio_at_each_step=not consumers_wait,
        basis=basis,
    )
    if not lawful.is_lawful:
        yield Finding("unequal_steps", "《企业破产法》第一百一十六条")


def _pay(outcome: Preview, costs: Sequence[Cost], estate: Estate) -> Iterator[Finding]:
    """The administrator's pay stands the limit on what is finally paid.

    A plan that takes none is not stopped by what plans before it gave.
    """
    pay = sum(cost.fen for cost in costs if cost.kind == CostKind.ADMINISTRATOR)
    before = estate.earlier_own_fen - estate.earlier_expense_fen - estate.earlier_pay_fen
    paid = max(0, estate.own_fen - own_expense_fen(costs)) + max(0, before)
    # The solved pay is rounded to the fen, and so may stand a fen over the limit.
    if pay and not is_within_cap(pay + estate.earlier_pay_fen - 1, paid_fen=paid):
        yield Finding("pay_over_cap", "《管理人报酬规定》第二条")
    if not any(line.got_fen for line in outcome.classes if line.name not in COST_CLASSES):
        yield Finding("nothing_for_creditors", "《企业破产法》第一百二十条第一款", False)


def _collateral_pay(costs: Sequence[Cost], estate: Estate) -> Iterator[Finding]:
    """Pay for collateral over a tenth of the tariff rests on its creditor's agreement."""
    for pool, cap in collateral_caps_fen(estate).items():
        pay = sum(
            cost.fen
            for cost in costs
            if cost.kind == CostKind.COLLATERAL_PAY and cost.charged_to == pool
        )
        if pay > cap:
            yield Finding("collateral_pay_agreed", "《管理人报酬规定》第十三条", False,
                          {"pay": yuan_text(pay), "cap": yuan_text(cap)})  # fmt: skip


def advance_left_out(costs: Sequence[Cost], advance_fen: int) -> Finding | None:
    """That a plan forgets what others have advanced and was spent, or a part of it.

    It is owed back as a cost, at any time; its giver may have agreed to wait.
    """
    repaid = [cost for cost in costs if cost.kind == CostKind.ADVANCE]
    waits = any(cost.evidence for cost in repaid)
    if waits or sum(cost.fen for cost in repaid) >= advance_fen:
        return None
    return Finding("advance_left_out", OF_ADVANCES, values={"fen": yuan_text(advance_fen)})


def _advance(costs: Sequence[Cost], estate: Estate) -> Iterator[Finding]:
    """What of an advance is repaid, or waits because its giver agreed in writing."""
    for cost in costs:
        if cost.kind == CostKind.ADVANCE:
            key = "advance_repaid" if cost.fen else "advance_waits"
            values = {"fen": yuan_text(estate.advance_fen), "evidence": cost.evidence}
            yield Finding(key, OF_ADVANCES, False, values)


def _bearers(terms: Terms, outcome: Preview) -> Iterator[Finding]:
    """Who pays for the shift, and on whose consent a ground rests."""
    for line in outcome.bearers:
        values = {
            "class_name": line.name,
            "fen": yuan_text(-line.shift_fen),
            "count": line.count,
        }
        yield Finding("bears", "《企业破产法》第一百一十三条", False, values)
        if terms.basis == PriorityBasis.PLAN_SMALL_CLASS:
            yield Finding(
                "below_liquidation", "《企业破产法》第八十七条第二款", False, values
            )
        if terms.basis == PriorityBasis.VOLUNTARY_SUBORDINATION:
            article = ARTICLE_OF[PriorityBasis.VOLUNTARY_SUBORDINATION]
            yield Finding("needs_each_consent", article, False, values)


def _cliff(outcome: Preview) -> Iterator[Finding]:
    if outcome.cliff is not None and outcome.cliff.drop_fen > 0:
        yield Finding("cliff", "《企业破产法》第一百一十三条第二款", False,
                      {"ceiling": yuan_text(outcome.cliff.ceiling_fen),
                       "drop": yuan_text(outcome.cliff.drop_fen)})  # fmt: skip
