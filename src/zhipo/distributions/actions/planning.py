"""A plan drawn up, changed while it is a draft, withdrawn."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.locking import locked_case
from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.distributions.building import Built, build, ground_of
from zhipo.distributions.models import Plan
from zhipo.distributions.policies.planning import (
    NotFeasible,
    check_can_build,
    check_can_change,
    check_found_in_time,
    check_move,
)
from zhipo.distributions.states import BEING_MADE, PlanState
from zhipo.distributions.terms import Terms


@transaction.atomic
def draft_plan(*, case_id: int, terms: Terms, by: Any) -> Plan:
    """Draw a plan up on the pools and the register as they stand.

    The same choices on the same ground as the last draft: that draft. Raises NotAllowed,
    NotInState; NotFeasible with every reason and its article.
    """
    case = locked_case(case_id)
    check_can_build(by, case)
    kept = _kept(_built(case, terms))
    last = Plan.objects.filter(case=case).order_by("-number").first()
    if last is not None and last.state == PlanState.DRAFT and _is(last, kept):
        return last
    number = (last.number if last is not None else 0) + 1
    plan = Plan(case=case, number=number, made_by=by, made_at=timezone.now(), **kept)
    check_found_in_time(plan, **_costs_and_money(plan))
    plan.save()

    record(Event.PLAN_DRAFTED, of=plan, by=by, chain=case.number, number=number,
           **_costs_and_money(plan))  # fmt: skip
    return plan


@transaction.atomic
def change_plan(*, plan_id: int, terms: Terms, by: Any) -> Plan:
    """Put a draft together anew with other choices; with the same ones nothing changes.

    Raises NotAllowed, NotInState, NotFeasible.
    """
    plan = locked_plan(plan_id)
    check_can_change(by, plan)
    kept = _kept(_built(plan.case, terms))
    if _is(plan, kept):
        return plan
    for name, value in kept.items():
        setattr(plan, name, value)
    check_found_in_time(plan, **_costs_and_money(plan))
    plan.save(update_fields=list(kept))

    record(Event.PLAN_CHANGED, of=plan, by=by, chain=plan.case.number, number=plan.number,
           **_costs_and_money(plan))  # fmt: skip
    return plan


@transaction.atomic
def withdraw_plan(*, plan_id: int, by: Any) -> Plan:
    """Take a plan back before the court has ruled; again changes nothing.

    Raises NotAllowed, NotInState.
    """
    plan = locked_plan(plan_id)
    check_power(plan.case, Act.WITHDRAW_PLAN, by)
    if plan.state == PlanState.WITHDRAWN:
        return plan
    check_move(plan, PlanState.WITHDRAWN)

    plan.state = PlanState.WITHDRAWN
    plan.save(update_fields=["state"])

    record(Event.PLAN_WITHDRAWN, of=plan, by=by, chain=plan.case.number, number=plan.number)
    return plan


def supersede_drafts(case: Case) -> list[int]:
    """End what is still being made: the money it stood on is another by now. Their numbers.

    Part of the act that moves the money; the case is locked.
    """
    drafts = Plan.objects.filter(case=case, state__in=BEING_MADE).order_by("number")
    numbers = list(drafts.values_list("number", flat=True))
    drafts.update(state=PlanState.SUPERSEDED)
    return numbers


def locked_plan(plan_id: int) -> Plan:
    """A plan with its case, both locked: the case first, as every act does."""
    case_id = Plan.objects.values_list("case", flat=True).get(pk=plan_id)
    case = locked_case(case_id)
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan_id)
    plan.case = case
    return plan


def _built(case: Case, terms: Terms) -> Built:
    """Raises NotFeasible."""
    built = build(ground_of(case, terms.law_date), terms)
    if built.fatal:
        raise NotFeasible(built.fatal)
    return built


def _kept(built: Built) -> dict[str, Any]:
    """The columns of a plan that follow from its choices and its ground."""
    terms = built.terms
    return {
        "title": terms.title,
        "is_last": terms.is_last,
        "procedure": terms.procedure,
        "content": built.content,
        "costs": [cost.as_json() for cost in built.costs],
        "asked_pay_fen": terms.pay_fen,
        "due_days": list(terms.due_days),
        "opted_down": list(terms.opted_down),
        "law_date": terms.law_date,
    }


def _is(plan: Plan, kept: dict[str, Any]) -> bool:
    return all(getattr(plan, name) == value for name, value in kept.items())


def _costs_and_money(plan: Plan) -> dict[str, Any]:
    return {
        "cost_fen": sum(cost["fen"] for cost in plan.costs),
        "found_fen": sum(pool["fen"] for pool in plan.content["pools"]),
    }
