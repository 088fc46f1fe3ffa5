"""What a page shows of a plan: the same to the administrator and to the court."""

from collections.abc import Mapping
from typing import Any

from zhipo.distributions.building import build, terms_of
from zhipo.distributions.costs import costs_of
from zhipo.distributions.grounds import kept_ground
from zhipo.distributions.models import Plan
from zhipo.distributions.outcomes import outcome_of
from zhipo.distributions.states import BEING_MADE, PlanState
from zhipo.portals.desk.plan_export import terms_shown
from zhipo.portals.desk.plan_shown import class_rows, told


def plan_content(plan: Plan) -> Mapping[str, Any]:
    """Terms, classes, costs, findings, votes and seals of one plan."""
    outcome = outcome_of(plan)
    return {
        "plan": plan,
        "outcome": outcome,
        "terms": list(terms_shown(plan)),
        "classes": class_rows(outcome) if outcome else [],
        "costs": costs_of(plan.costs),
        "pools": plan.content["pools"],
        "votes": plan.vote,
        **_now(plan),
    }


def _now(plan: Plan) -> Mapping[str, Any]:
    """What can be said of a plan that is not sealed yet, and whether its ground moved."""
    if plan.state not in BEING_MADE:
        return {"findings": [], "has_moved": False}
    terms = terms_of(plan)
    built = build(kept_ground(plan.case, plan.law_date), terms)
    is_now = built.content == plan.content and costs_of(plan.costs) == built.costs
    has_moved = plan.state == PlanState.DRAFT and not is_now
    return {"findings": told(built.findings), "has_moved": has_moved}
