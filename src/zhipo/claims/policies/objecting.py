"""Who may object to which entry, and until when (EBL 48.2, 58; BI3 8)."""

from datetime import date
from typing import Any

from django.utils import timezone

from zhipo.cases.powers import Act, check_power
from zhipo.claims.models import Claim, Objection
from zhipo.claims.policies.filing import is_own
from zhipo.claims.queries.creditor import suit_until
from zhipo.claims.queries.register import ENTERED, filed_by
from zhipo.claims.states import PREFILLED, ClaimKind
from zhipo.law.register.states import ClaimState
from zhipo.web.refusals import Declined, NotAllowed, NotInState

CONTESTABLE = frozenset(
    {ClaimState.REVIEWED, ClaimState.TABLED, ClaimState.CHECKED, ClaimState.REJECTED}
)
"""Decided and not final. Before the register is tabled it is the review's result that is
objected to, which the administrator may still adjust (EBL 57.1)."""

ADMITTED = frozenset({ClaimState.TABLED, ClaimState.CHECKED, ClaimState.DISPUTED})
"""Another's entry that takes from what everybody shares, not confirmed yet (EBL 58)."""

UNCHECKED = frozenset(
    {PREFILLED, ClaimState.FILED, ClaimState.REVIEWED, ClaimState.TABLED,
     ClaimState.DEFERRED}
)  # fmt: skip
"""No meeting has checked the entry, so the fifteen days do not run (BI3 8)."""


def last_day_to_sue(claim: Claim) -> date | None:
    """The last day for a suit over an entry, None while the meeting has not checked it.

    What was decided after the meeting had checked the register waits for another one.
    """
    last = suit_until(claim.case)
    checked_on = claim.case.checked_on
    if last is None or checked_on is None or claim.state in UNCHECKED:
        return None
    decided = claim.decided_at
    is_later = decided is not None and timezone.localdate(decided) > checked_on
    return None if is_later and claim.state == ClaimState.REJECTED else last


def standing_of(user: Any, claim: Claim) -> Claim | None:
    """The claim from which a person objects to another's entry; None for their own.

    Creditors are those who have filed in the case (EBL 59.1). Raises NotAllowed for
    anybody else, and for what is not on the register, in the words for what is not there.
    """
    if is_own(user, claim, set()):
        return None
    own = filed_by(user, claim.case_id).first()
    if own is None or claim.state not in ENTERED:
        raise NotAllowed("claims.refused.not_found")
    return own


def check_can_object(user: Any, claim: Claim) -> None:
    """Raise NotAllowed for what is no business of the person's; NotInState before a
    decision, after confirmation or the last day, and where the case is over."""
    is_own_entry = standing_of(user, claim) is None
    check_power(claim.case, Act.RAISE_OBJECTION, user)
    _check_in_time(claim)
    if not (_is_contestable(claim) if is_own_entry else claim.state in ADMITTED):
        raise NotInState("claims.refused.no_objection")


def check_can_uphold(objection: Objection, claim: Claim) -> None:
    """Raise NotInState where the claim has been withdrawn, confirmed or amended since."""
    is_own_entry = objection.raised_from_id is None
    stands = claim.state in ADMITTED or (is_own_entry and _is_contestable(claim))
    if not stands:
        raise NotInState("claims.refused.not_adjustable", number=claim.number)


def can_object(user: Any, claim: Claim) -> bool:
    """Whether `check_can_object` would let it pass: for showing a button or not."""
    try:
        check_can_object(user, claim)
    except Declined:
        return False
    return True


def _check_in_time(claim: Claim) -> None:
    last = last_day_to_sue(claim)
    if last is not None and timezone.localdate() > last:
        raise NotInState("claims.refused.objection_late", day=last.isoformat())


def _is_contestable(claim: Claim) -> bool:
    """An employee objects to the published list, which needs no decision (EBL 48.2)."""
    is_listed = claim.kind == ClaimKind.EMPLOYEE and claim.state == ClaimState.FILED
    return is_listed or claim.state in CONTESTABLE
