"""Answers to objections: upheld with the corrected figure, or explained (BI3 8)."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.claims.actions.deciding import RULE, keep_adjustment, snapshot
from zhipo.claims.actions.messages import put_messages
from zhipo.claims.models import Claim, Objection
from zhipo.claims.policies.deciding import WrongFigure, check_can_answer
from zhipo.claims.policies.objecting import check_can_uphold, last_day_to_sue
from zhipo.claims.states import ClaimKind, ObjectionState
from zhipo.kernel.money import yuan_text
from zhipo.law.register.states import ClaimState
from zhipo.law.review.decision import Decision

OBJECTION = "objection_upheld"


@transaction.atomic
def answer_objection(
    *, objection_id: int, upheld_fen: int | None, text: str, by: Any
) -> Objection:
    """Uphold an objection with the figure now admitted, or (None) explain the decision.

    A claim not admitted before becomes a disputed entry, which the court decides on; on
    the employees' list the listed sum itself is corrected (EBL 48.2). Another creditor's
    objection brings the figure down, to nothing at most. The explanation names the last
    day for a suit once the meeting has checked the register. Raises NotAllowed,
    NotInState, WrongFigure.
    """
    objection = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("claim__case", "raised_from")
        .get(pk=objection_id)
    )
    check_can_answer(by, objection)
    claim = Claim.objects.select_for_update().get(pk=objection.claim_id)
    before = snapshot(claim)
    if upheld_fen is not None:
        check_can_uphold(objection, claim)
        if objection.raised_from is None:
            _raise_figure(claim, upheld_fen)
        else:
            _lower_figure(claim, upheld_fen)
        _keep(claim, before, text=text, by=by)
    objection.state = (
        ObjectionState.EXPLAINED if upheld_fen is None else ObjectionState.UPHELD
    )
    objection.answer, objection.answered_by = text, by
    objection.answered_at = timezone.now()
    objection.suit_until = last_day_to_sue(objection.claim)
    objection.save()
    _tell(objection, claim, by=by)

    record(Event.OBJECTION_ANSWERED, of=claim, by=by, chain=objection.claim.case.number,
           objection=objection.pk, outcome=objection.state,
           before_fen=before["admitted_fen"], fen=claim.admitted_fen)  # fmt: skip
    return objection


def _raise_figure(claim: Claim, fen: int) -> None:
    is_list = claim.kind == ClaimKind.EMPLOYEE and claim.state == ClaimState.FILED
    if is_list and fen > 0:
        claim.claimed_fen = max(claim.claimed_fen, fen)
    if not 0 < fen <= claim.claimed_fen:
        raise WrongFigure("claims.refused.figure_upheld")
    claim.admitted_fen = fen
    claim.decision = Decision.ADMIT if fen == claim.claimed_fen else Decision.REDUCE
    if claim.state == ClaimState.REJECTED:
        claim.state = ClaimState.DISPUTED


def _lower_figure(claim: Claim, fen: int) -> None:
    """An entry that falls altogether is rejected; once checked, the court decides on it."""
    if not 0 <= fen < (claim.admitted_fen or 0):
        raise WrongFigure("claims.refused.figure_lowered")
    claim.admitted_fen = fen
    claim.decision = Decision.REDUCE if fen else Decision.REJECT
    if fen == 0:
        is_checked = claim.state == ClaimState.CHECKED
        claim.state = ClaimState.DISPUTED if is_checked else ClaimState.REJECTED


def _keep(claim: Claim, before: dict[str, Any], *, text: str, by: Any) -> None:
    claim.is_decided_by_person, claim.decided_by = True, by
    claim.decided_at = timezone.now()
    claim.decision_text = text
    claim.rules = list(dict.fromkeys([*claim.rules, RULE]))
    claim.save()
    keep_adjustment(claim, before, act=OBJECTION, reason=text, by=by)


def _tell(objection: Objection, claim: Claim, *, by: Any) -> None:
    is_upheld = objection.state == ObjectionState.UPHELD
    if is_upheld:
        phrase = "message.objection_upheld"
        values = {"number": claim.number, "admitted": yuan_text(claim.admitted_fen or 0)}
    elif objection.suit_until is None:
        phrase, values = "message.objection_explained", {"number": claim.number}
    else:
        phrase = "message.objection_explained_until"
        values = {"number": claim.number, "day": f"{objection.suit_until:%Y-%m-%d}"}
    told = [(objection.raised_from_id or claim.pk, phrase, values)]
    if objection.raised_from_id is not None:
        told.append((claim.pk, *_told_of_anothers(is_upheld, claim)))
    put_messages(told, now=timezone.now(), by=by)


def _told_of_anothers(is_upheld: bool, claim: Claim) -> tuple[str, dict[str, str]]:
    """What the creditor learns whose entry another has objected to."""
    values = {"number": claim.number, "admitted": yuan_text(claim.admitted_fen or 0)}
    return f"message.entry_{'changed' if is_upheld else 'stands'}", values
