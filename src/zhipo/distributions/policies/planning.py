"""When a plan may be drawn up, changed, put to the meeting, voted on, withdrawn."""

from collections.abc import Sequence
from typing import Any

from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.cases.powers import Act, check_power
from zhipo.distributions.costs import costs_of
from zhipo.distributions.feasibility import Finding, advance_left_out
from zhipo.distributions.models import Plan
from zhipo.distributions.queries.advances import advance_of
from zhipo.distributions.queries.returned import to_give_again_fen
from zhipo.distributions.states import MOVES, PlanState
from zhipo.law.voting.resolutions import court_rules
from zhipo.law.waterfall.deposits import is_distributed_later
from zhipo.web.refusals import NotInState
from zhipo.web.words import say

DISTRIBUTION_PLAN = 10
"""The item of 《企业破产法》第六十一条第一款 that a distribution plan is."""


class NotFeasible(NotInState):
    """The plan cannot be carried out: every reason with its article."""

    status = 422

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings
        reasons = say("distributions.between").join(sentence(one) for one in findings)
        super().__init__("distributions.refused.not_feasible", reasons=reasons)


def sentence(finding: Finding) -> str:
    """A finding as people read it, with its article."""
    values = dict(finding.values)
    if "class_name" in values:
        values["class_name"] = say(f"distributions.class.{values['class_name']}")
    if "procedure" in values:
        values["procedure"] = say(f"distributions.procedure.{values['procedure']}")
    if "basis" in values:
        values["basis"] = say(f"distributions.basis.{values['basis']}")
    return say(f"distributions.finding.{finding.key}", cite=finding.cite, **values)


def check_can_build(by: Any, case: Case) -> None:
    """Raises NotAllowed, NotInState; after the last distribution only what came back from
    deposits is left to give (EBL 117 to 119), after the end also what was found in time.
    """
    check_power(case, Act.BUILD_PLAN, by)
    last = Plan.objects.filter(case=case, state=PlanState.APPROVED, is_last=True)
    is_over = case.phase != Phase.CLOSED and last.exists()
    if is_over and not to_give_again_fen(case):
        raise NotInState("distributions.refused.last_was_made")


def check_found_in_time(plan: Plan, *, cost_fen: int, found_fen: int) -> None:
    """After the end: within two years, and worth the cost of distributing it.

    《企业破产法》第一百二十三条. What came back from deposits was not found: it is given to
    the others whenever that was. Raises NotInState.
    """
    if plan.case.phase != Phase.CLOSED:
        return
    again_fen = to_give_again_fen(plan.case)
    if again_fen and found_fen <= again_fen:
        return
    ended_on = plan.case.ended_on
    if ended_on is None or not is_distributed_later(
        ended_on=ended_on, found_on=plan.law_date, found_fen=found_fen - again_fen,
        distribution_cost_fen=cost_fen,
    ):  # fmt: skip
        raise NotInState("distributions.refused.too_late_or_too_little")


def check_can_change(by: Any, plan: Plan) -> None:
    """Only a draft is changed: what the meeting has seen stays as it was seen."""
    check_power(plan.case, Act.BUILD_PLAN, by)
    if plan.state != PlanState.DRAFT:
        raise NotInState("distributions.refused.not_a_draft")


def check_advance_is_in(plan: Plan) -> None:
    """Before others see a draft: what was advanced and spent by now stands in it.

    Raises NotFeasible.
    """
    advance_fen = advance_of(plan.case).to_plan_fen
    if forgotten := advance_left_out(costs_of(plan.costs), advance_fen):
        raise NotFeasible([forgotten])


def check_move(plan: Plan, to: PlanState) -> None:
    """Raises NotInState where the plan cannot go there from where it is."""
    if not may_go(plan, to):
        raise NotInState(
            "distributions.refused.move",
            state=say(f"distributions.state.{plan.state}"),
            to=say(f"distributions.state.{to}"),
        )


def check_can_submit(by: Any, plan: Plan) -> None:
    """Adopted by the meeting, or twice not adopted (《企业破产法》第六十五条第二款).

    After the end the court itself distributes, by the plan that was (第一百二十三条).
    Raises NotAllowed, NotInState.
    """
    check_power(plan.case, Act.SUBMIT_PLAN, by)
    if not is_for_the_court(plan):
        raise NotInState("distributions.refused.not_voted")
    check_move(plan, PlanState.SUBMITTED)
    if plan.state == PlanState.DRAFT:
        check_advance_is_in(plan)
    other = Plan.objects.filter(case=plan.case, state=PlanState.SUBMITTED)
    if other.exclude(pk=plan.pk).exists():
        raise NotInState("distributions.refused.other_before_court")


def is_for_the_court(plan: Plan) -> bool:
    """Whether the meeting has decided, or may no longer, or has ended its work."""
    failed = sum(not vote["is_carried"] for vote in plan.vote)
    is_refused_twice = court_rules(item=DISTRIBUTION_PLAN, failed_votes=failed)
    is_ended = plan.case.phase == Phase.CLOSED
    return is_ended or plan.state == PlanState.ADOPTED or is_refused_twice


def may_go(plan: Plan, to: PlanState) -> bool:
    """Whether the table of moves lets a plan go there: for showing a button or not."""
    return to in MOVES[PlanState(plan.state)]
