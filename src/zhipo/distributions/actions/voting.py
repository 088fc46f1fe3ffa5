"""A plan before the meeting: put to it, its votes recorded by hand."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.powers import Act, check_power
from zhipo.distributions.actions.planning import locked_plan
from zhipo.distributions.models import Plan
from zhipo.distributions.policies.planning import (
    DISTRIBUTION_PLAN,
    check_advance_is_in,
    check_move,
)
from zhipo.distributions.states import PlanState
from zhipo.law.voting.resolutions import Vote, court_rules, ordinary_resolution
from zhipo.web.refusals import NotInState


@dataclass(frozen=True)
class Counted:
    """A vote as the minutes have it: heads present and for, fen for and of all."""

    voted_on: date
    present: int
    heads_for: int
    fen_for: int
    all_fen: int
    minutes: str

    @property
    def is_carried(self) -> bool:
        """More than half of those present, and half or more of the unsecured claims."""
        vote = Vote(self.present, self.heads_for, self.fen_for, self.all_fen)
        return ordinary_resolution(vote=vote).is_carried


@transaction.atomic
def propose_plan(*, plan_id: int, by: Any) -> Plan:
    """Put a draft to the creditors' meeting; again changes nothing.

    Raises NotAllowed, NotInState, NotFeasible.
    """
    plan = locked_plan(plan_id)
    check_power(plan.case, Act.PROPOSE_PLAN, by)
    if plan.state == PlanState.PROPOSED:
        return plan
    check_move(plan, PlanState.PROPOSED)
    check_advance_is_in(plan)

    plan.state, plan.proposed_at = PlanState.PROPOSED, timezone.now()
    plan.save(update_fields=["state", "proposed_at"])

    record(Event.PLAN_PROPOSED, of=plan, by=by, chain=plan.case.number, number=plan.number)
    return plan


@transaction.atomic
def record_vote(*, plan_id: int, counted: Counted, by: Any) -> Plan:
    """Record a vote on a plan: carried it is adopted, else it may be voted on once more.

    《企业破产法》第六十四条第一款、第六十五条第二款. The same vote again changes nothing.
    Raises NotAllowed, NotInState.
    """
    plan = locked_plan(plan_id)
    check_power(plan.case, Act.RECORD_VOTE, by)
    entry = {**asdict(counted), "voted_on": counted.voted_on.isoformat(),
             "is_carried": counted.is_carried}  # fmt: skip
    if plan.vote and plan.vote[-1] == entry:
        return plan
    check_move(plan, PlanState.ADOPTED)
    if court_rules(item=DISTRIBUTION_PLAN, failed_votes=len(plan.vote)):
        raise NotInState("distributions.refused.voted_twice")
    _check_counts(plan, counted)

    plan.vote = [*plan.vote, entry]
    if counted.is_carried:
        plan.state = PlanState.ADOPTED
    plan.save(update_fields=["vote", "state"])

    record(Event.PLAN_VOTED, of=plan, by=by, chain=plan.case.number, number=plan.number,
           is_carried=counted.is_carried, fen_for=counted.fen_for)  # fmt: skip
    return plan


def _check_counts(plan: Plan, counted: Counted) -> None:
    """Raises NotInState for counts that no vote has, or a day before the plan was put."""
    is_whole = (
        0 <= counted.heads_for <= counted.present
        and counted.present > 0
        and 0 <= counted.fen_for <= counted.all_fen
        and counted.all_fen > 0
    )
    if not is_whole:
        raise NotInState("distributions.refused.no_such_vote")
    if not counted.minutes.strip():
        raise NotInState("distributions.refused.no_minutes")
    assert plan.proposed_at is not None
    put_on = timezone.localtime(plan.proposed_at).date()
    if not put_on <= counted.voted_on <= timezone.localdate():
        raise NotInState("distributions.refused.vote_day", day=put_on)
