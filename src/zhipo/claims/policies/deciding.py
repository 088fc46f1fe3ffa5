"""Who decides on claims, and until when: before the register is tabled (EBL 57, 58)."""

from typing import Any

from zhipo.accounts.roles import Role
from zhipo.cases.powers import Act, check_power
from zhipo.cases.queries import role_in
from zhipo.claims.models import Claim, Objection, SecondEntry
from zhipo.claims.states import ObjectionState
from zhipo.law.register.states import ClaimState
from zhipo.law.review.decision import Decision
from zhipo.web.refusals import Declined, NotAllowed, NotInState

DECIDABLE = frozenset({ClaimState.FILED, ClaimState.REVIEWED, ClaimState.DEFERRED})
"""Afterwards a change is an objection or a correction of the register (EBL 58)."""


class WrongFigure(Declined):
    """The figure does not fit the decision."""

    status = 422


def check_can_decide(by: Any, claim: Claim) -> None:
    """Raise NotAllowed for other roles, NotInState before filing and from tabling on."""
    check_power(claim.case, Act.DECIDE_CLAIM, by)
    if claim.state not in DECIDABLE:
        raise NotInState("claims.refused.not_decidable", number=claim.number)


def check_figure(claim: Claim, decision: Decision, admitted_fen: int) -> None:
    """Admit is the whole sum, reduce a part of it, reject nothing. Raises WrongFigure."""
    fits = {
        Decision.ADMIT: admitted_fen == claim.claimed_fen,
        Decision.REDUCE: 0 < admitted_fen < claim.claimed_fen,
        Decision.REJECT: admitted_fen == 0,
        Decision.MANUAL: False,
    }
    if not fits[decision]:
        raise WrongFigure(f"claims.refused.figure_{decision}")


def needs_two(claim: Claim) -> bool:
    """Whether two people must enter the same figure, each without seeing the other's."""
    return claim.claimed_fen >= claim.case.double_entry_from_fen


def check_can_settle(by: Any, claim: Claim, entry: SecondEntry, figure: Any) -> None:
    """Two entries differ: the lead settles it; if the lead's is one, only on the other's.

    Raises NotAllowed.
    """
    if Role.ADMINISTRATOR_LEAD not in role_in(by, claim.case):
        raise NotAllowed("claims.refused.lead_settles")
    others = {
        entry.entered_by_id: (entry.other_decision, entry.other_admitted_fen),
        entry.other_by_id: (entry.decision, entry.admitted_fen),
    }
    if by.pk in others and figure != others[by.pk]:
        raise NotAllowed("claims.refused.two_people")


def check_can_undo(by: Any, claim: Claim) -> None:
    """Raise NotInState once the claim is tabled."""
    check_power(claim.case, Act.UNDO, by)
    if claim.state != ClaimState.REVIEWED:
        raise NotInState("claims.refused.not_undoable", number=claim.number)


def check_can_answer(by: Any, objection: Objection) -> None:
    """Raise NotInState for an objection that has its answer; large ones are the lead's."""
    claim = objection.claim
    check_power(claim.case, Act.ANSWER_OBJECTION, by)
    if objection.state != ObjectionState.OPEN:
        raise NotInState("claims.refused.answered_already")
    is_lead = Role.ADMINISTRATOR_LEAD in role_in(by, claim.case)
    if needs_two(claim) and not is_lead:
        raise NotAllowed("claims.refused.lead_answers")
