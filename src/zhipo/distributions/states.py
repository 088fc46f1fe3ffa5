"""States of a distribution plan (分配方案) and its moves; what costs are paid for."""

from enum import StrEnum


class PlanState(StrEnum):
    DRAFT = "draft"  # 拟订中
    PROPOSED = "proposed"  # 已提交债权人会议
    ADOPTED = "adopted"  # 债权人会议已通过
    SUBMITTED = "submitted"  # 已提请法院裁定
    APPROVED = "approved"  # 法院已裁定认可
    REFUSED = "refused"  # 法院不予认可
    WITHDRAWN = "withdrawn"  # 已撤回
    SUPERSEDED = "superseded"  # 已被新方案取代


class CostPurpose(StrEnum):
    """What money for a cost was paid for."""

    PLANNED = "planned_cost"  # 方案内的费用
    OUTLAY = "outlay"  # 垫付款支出
    UNUSED = "unused_back"  # 退还未用垫付款


S = PlanState
MOVES: dict[PlanState, frozenset[PlanState]] = {
    S.DRAFT: frozenset({S.PROPOSED, S.SUBMITTED, S.WITHDRAWN, S.SUPERSEDED}),
    S.PROPOSED: frozenset({S.ADOPTED, S.SUBMITTED, S.WITHDRAWN, S.SUPERSEDED}),
    S.ADOPTED: frozenset({S.SUBMITTED, S.WITHDRAWN, S.SUPERSEDED}),
    S.SUBMITTED: frozenset({S.APPROVED, S.REFUSED, S.WITHDRAWN}),
    S.APPROVED: frozenset(),
    S.REFUSED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.SUPERSEDED: frozenset(),
}
"""From `proposed` straight to the court: a plan that a second vote too did not adopt
(《企业破产法》第六十五条第二款); from `draft`: what is found after the end, which the court
distributes by the plan that was (第一百二十三条)."""

BEING_MADE = frozenset({S.DRAFT, S.PROPOSED, S.ADOPTED})
SEALED = frozenset({S.SUBMITTED, S.APPROVED, S.REFUSED})
"""Computed by the engine and frozen by its hashes."""
