"""The chain of the decision: handler, panel, approval from above, president."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.accounts.queries import organisations_where
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.documents.actions import make_document
from zhipo.documents.kinds import DocumentKind
from zhipo.enforcement.actions.notices import tell_known_courts
from zhipo.enforcement.actions.referrals import decline, locked, set_stage
from zhipo.enforcement.actions.suspending import suspend_cases
from zhipo.enforcement.clocks import start_clock
from zhipo.enforcement.documents import decision_fields
from zhipo.enforcement.models import Approval, Referral, Service, Signature
from zhipo.enforcement.policies.referrals import (
    check_conditions,
    check_next_signer,
    check_state,
    court_above,
    move,
    needs_approval,
    panel_verdict,
    votes_of,
)
from zhipo.enforcement.powers import Act, check_power_at
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.enforcement.referral_states import ReferralState, Signer
from zhipo.enforcement.states import EnforcementState, Stage
from zhipo.web.refusals import NotAllowed, NotInState

R = ReferralState
OFFICE = {
    Signer.HANDLER: Role.ENFORCEMENT_JUDGE,
    Signer.PANEL: Role.ENFORCEMENT_JUDGE,
    Signer.PRESIDENT: Role.COURT_PRESIDENT,
}
"""In which role each of the chain signs."""


@dataclass(frozen=True)
class Opinion:
    """Whether somebody agrees to the referral, and why."""

    agrees: bool
    text: str


@transaction.atomic
def sign_as_handler(
    *, referral_id: int, opinion: Opinion, by: Any, now: datetime | None = None
) -> Referral:
    """The handler proposes: from now on the chain runs, or there is no referral.

    Raises NotAllowed; NotInState while a condition of 《民事诉讼法解释》第五百一十一条 is
    missing.
    """
    referral = locked(referral_id)
    signature = _sign(referral, Signer.HANDLER, opinion, by, now)
    if signature is None:
        return referral

    if opinion.agrees:
        check_conditions(referral)
        move(referral, R.DECIDING)
        referral.save(update_fields=["state"])
        set_stage(referral.debtor, Stage.REFERRING)
    else:
        decline(referral)

    _record(referral, signature)
    return referral


@transaction.atomic
def sign_as_panel(
    *, referral_id: int, opinion: Opinion, by: Any, now: datetime | None = None
) -> Referral:
    """A judge of the panel votes; the last vote decides, by majority.

    A referral elsewhere then waits for the own intermediate court (《执转破意见》第六条).
    Raises NotAllowed, NotInState.
    """
    referral = locked(referral_id)
    signature = _sign(referral, Signer.PANEL, opinion, by, now)
    if signature is None:
        return referral

    verdict = panel_verdict(votes_of(referral))
    if verdict is False:
        decline(referral)
    elif verdict and needs_approval(referral):
        Approval.objects.create(
            referral=referral,
            court=court_above(referral.sending),
            asked_on=timezone.localdate(signature.at),
        )
        move(referral, R.APPROVING)
        referral.save(update_fields=["state"])

    _record(referral, signature)
    return referral


@transaction.atomic
def approve_referral(
    *, referral_id: int, opinion: Opinion, by: Any, now: datetime | None = None
) -> Referral:
    """The own intermediate court's enforcement side approves, or there is no referral.

    Raises NotAllowed for anybody of another court, NotInState.
    """
    referral = locked(referral_id)
    approval = Approval.objects.filter(referral=referral).first()
    if approval is None:
        raise NotInState("enforcement.referral.no_approval_asked")
    if approval.is_granted == opinion.agrees:
        return referral
    check_power_at(referral.debtor, Act.APPROVE_REFERRAL, by, approval.court_id)
    check_state(referral, R.APPROVING)
    _check_opinion(opinion)

    approval.is_granted, approval.opinion = opinion.agrees, opinion.text.strip()
    approval.decided_on = timezone.localdate(now or timezone.now())
    approval.decided_by = by
    approval.save()
    if opinion.agrees:
        move(referral, R.APPROVED)
        referral.save(update_fields=["state"])
    else:
        decline(referral)

    record(Event.REFERRAL_APPROVED, of=referral, by=by, chain=chain_of(referral.debtor),
           is_granted=opinion.agrees)  # fmt: skip
    return referral


@transaction.atomic
def sign_as_president(
    *,
    referral_id: int,
    opinion: Opinion,
    number: str,
    by: Any,
    now: datetime | None = None,
) -> Referral:
    """The president signs: the court refers, from this day on enforcement is stayed.

    The decision is to be served within five days on applicants and debtor, all known
    courts are to be told (《执转破意见》第五条、第七条、第八条). Raises NotAllowed,
    NotInState.
    """
    referral = locked(referral_id)
    signature = _sign(referral, Signer.PRESIDENT, opinion, by, now)
    if signature is None:
        return referral

    if not opinion.agrees:
        decline(referral)
        _record(referral, signature)
        return referral
    check_conditions(referral)
    if not number.strip():
        raise NotInState("enforcement.referral.no_number")
    counts = _decide(referral, number.strip(), timezone.localdate(signature.at), by)

    record(Event.REFERRAL_DECIDED, of=referral, by=by, chain=chain_of(referral.debtor),
           role=Role.COURT_PRESIDENT, counts=counts)  # fmt: skip
    return referral


def _decide(referral: Referral, number: str, day: date, by: Any) -> dict[str, int]:
    """What follows from the decision: its document, service to do, courts to tell, stay."""
    move(referral, R.DECIDED)
    referral.decided_on, referral.decision_number = day, number
    referral.save(update_fields=["state", "decided_on", "decision_number"])
    start_clock(referral, "D32", day, court=referral.sending)
    make_document(
        kind=DocumentKind.REFERRAL_DECISION,
        chain=chain_of(referral.debtor),
        fields=decision_fields(referral, number=number, dated_on=day),
        by=by,
    )
    parties = referral.debtor.cases.filter(court=referral.sending).exclude(
        state=EnforcementState.CLOSED
    )
    to_serve = [None, *parties.values_list("pk", flat=True)]
    Service.objects.bulk_create(Service(referral=referral, case_id=one) for one in to_serve)
    return {
        "to_serve": len(to_serve),
        "courts": tell_known_courts(referral, day),
        "suspended": suspend_cases(referral.debtor, court=referral.sending),
    }


def _sign(
    referral: Referral, role: Signer, opinion: Opinion, by: Any, now: datetime | None
) -> Signature | None:
    """One signature, None where this person has given the same one already.

    Who has signed in one place of the chain cannot sign in another.
    """
    earlier = referral.signatures.filter(by=by).first()
    if earlier is not None:
        if (earlier.role, earlier.agrees) == (role, opinion.agrees):
            return None
        raise NotInState("enforcement.referral.signed_already")
    check_power_at(referral.debtor, Act.SIGN_DECISION, by, referral.sending_id)
    if referral.sending_id not in organisations_where(by, {OFFICE[role]}):
        raise NotAllowed("enforcement.referral.not_your_signature")
    check_state(referral, *SIGNED_IN[role])
    check_next_signer(referral, role)
    _check_opinion(opinion)
    return Signature.objects.create(
        referral=referral,
        role=role,
        by=by,
        at=now or timezone.now(),
        agrees=opinion.agrees,
        opinion=opinion.text.strip(),
    )


SIGNED_IN = {
    Signer.HANDLER: (R.COLLECTING,),
    Signer.PANEL: (R.DECIDING,),
    Signer.PRESIDENT: (R.DECIDING, R.APPROVING, R.APPROVED),
}
"""In which states each of the chain may sign; APPROVING is refused with whom it waits."""


def _check_opinion(opinion: Opinion) -> None:
    if not opinion.text.strip():
        raise NotInState("enforcement.referral.no_opinion")


def _record(referral: Referral, signature: Signature) -> None:
    declined = referral.state == R.DECLINED
    record(
        Event.REFERRAL_DECLINED if declined else Event.DECISION_SIGNED,
        of=referral,
        by=signature.by,
        chain=chain_of(referral.debtor),
        role=OFFICE[Signer(signature.role)],
        signer=signature.role,
        agrees=signature.agrees,
    )
