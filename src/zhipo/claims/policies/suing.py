"""Who may enter a suit over an entry and what came of it (EBL 58.3; BI3 8)."""

from datetime import date
from typing import Any

from django.utils import timezone

from zhipo.cases.powers import Act, check_power
from zhipo.claims.models import Claim, Objection
from zhipo.claims.states import ObjectionState
from zhipo.law.register.states import ClaimState
from zhipo.web.refusals import NotInState

SUABLE = frozenset({ClaimState.CHECKED, ClaimState.DISPUTED, ClaimState.REJECTED})
"""Looked at by the meeting, or not admitted at all, and not confirmed."""

BEFORE_SUIT = frozenset({ObjectionState.OPEN, ObjectionState.EXPLAINED})
"""A suit needs an objection, not the administrator's answer to it (BI3 8)."""


def check_can_record_suit(by: Any, objection: Objection, *, sued_on: date) -> None:
    """Raise NotAllowed; NotInState before the meeting has checked the register, for an
    entry that is confirmed or an objection that is upheld, and for a day to come."""
    claim = objection.claim
    check_power(claim.case, Act.RECORD_SUIT, by)
    if claim.case.checked_on is None:
        raise NotInState("claims.refused.no_suit_before_check")
    if objection.state not in BEFORE_SUIT or claim.state not in SUABLE:
        raise NotInState("claims.refused.no_suit", number=claim.number)
    if sued_on > timezone.localdate():
        raise NotInState("claims.refused.day_to_come")


def check_can_judge(by: Any, claim: Claim, *, fen: int, judged_on: date) -> None:
    """Raise NotAllowed; NotInState unless the entry is in dispute, every objection to it
    has its answer, the sum lies within what is claimed, and the day has come."""
    check_power(claim.case, Act.ENTER_JUDGMENT, by)
    if claim.state != ClaimState.DISPUTED:
        raise NotInState("claims.refused.not_in_dispute", number=claim.number)
    if claim.objections.filter(state=ObjectionState.OPEN).exists():
        raise NotInState("claims.refused.objection_waits", number=claim.number)
    if not 0 <= fen <= claim.claimed_fen:
        raise NotInState("claims.refused.judged_figure")
    if judged_on > timezone.localdate():
        raise NotInState("claims.refused.day_to_come")
