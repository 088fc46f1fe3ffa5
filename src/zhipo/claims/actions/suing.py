"""A suit over an entry, and the judgment that ends the dispute (EBL 58.3; BI3 8)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.claims.actions.deciding import keep_adjustment, snapshot
from zhipo.claims.actions.messages import put_messages
from zhipo.claims.models import Claim, Objection
from zhipo.claims.policies.suing import check_can_judge, check_can_record_suit
from zhipo.claims.states import ObjectionState
from zhipo.kernel.money import yuan_text
from zhipo.law.register.states import ClaimState
from zhipo.law.review.decision import Decision
from zhipo.web.refusals import NotInState

JUDGED = "judged"


@dataclass(frozen=True)
class Judgment:
    """What a judgment in force says: its number, its day, the sum confirmed in fen."""

    number: str
    judged_on: date
    fen: int


@transaction.atomic
def record_suit(*, objection_id: int, number: str, sued_on: date, by: Any) -> Objection:
    """Enter that an objector has sued: the entry is in dispute and keeps its reserve.

    A suit after the fifteen days is entered like any other; whether it is heard is for
    the court. The same suit again changes nothing. Raises NotAllowed, NotInState.
    """
    objection, claim = _locked(objection_id)
    case_number = number.strip()
    told = (objection.state, objection.suit_number, objection.sued_on)
    if told == (ObjectionState.SUED, case_number, sued_on):
        return objection
    check_can_record_suit(by, objection, sued_on=sued_on)
    if not case_number:
        raise NotInState("cases.refused.empty")

    before = claim.state
    if claim.state != ClaimState.DISPUTED:
        claim.state = ClaimState.DISPUTED
        claim.save(update_fields=["state"])
    objection.state, objection.suit_number = ObjectionState.SUED, case_number
    objection.sued_on = sued_on
    objection.save(update_fields=["state", "suit_number", "sued_on"])

    record(Event.SUIT_RECORDED, of=claim, by=by, chain=claim.case.number, before=before,
           objection=objection.pk, suit=case_number,
           is_late=is_late(objection))  # fmt: skip
    return objection


@transaction.atomic
def enter_judgment(*, claim_id: int, judgment: Judgment, by: Any) -> Claim:
    """Enter the judgment on a disputed entry: confirmed with its sum, or rejected.

    Without a suit it is the court's ruling on what is agreed by now. Whoever objected and
    whose entry it is are told. The same judgment again changes nothing. Raises
    NotAllowed, NotInState.
    """
    claim = _locked_claim(claim_id)
    number = judgment.number.strip()
    if _is_entered(claim, number, judgment.fen):
        return claim
    check_can_judge(by, claim, fen=judgment.fen, judged_on=judgment.judged_on)
    if not number:
        raise NotInState("cases.refused.empty")

    before = snapshot(claim)
    _judge(claim, number, judgment.fen)
    keep_adjustment(claim, before, act=JUDGED, reason=number, by=by)
    _tell(claim, judgment)
    claim.objections.filter(state=ObjectionState.SUED).update(
        state=ObjectionState.JUDGED, judged_on=judgment.judged_on, judgment_number=number
    )

    record(Event.JUDGMENT_ENTERED, of=claim, by=by, chain=claim.case.number,
           judgment=number, fen=judgment.fen, state=claim.state)  # fmt: skip
    return claim


def is_late(objection: Objection) -> bool:
    """Whether a suit came after its last day; False where none was known."""
    last, sued_on = objection.suit_until, objection.sued_on
    return last is not None and sued_on is not None and sued_on > last


def _locked(objection_id: int) -> tuple[Objection, Claim]:
    """An objection and its claim, both locked, in the order of every act on claims."""
    found = Objection.objects.only("claim_id").get(pk=objection_id)
    claim = _locked_claim(found.claim_id)
    objection = Objection.objects.select_for_update().get(pk=objection_id)
    objection.claim = claim
    return objection, claim


def _locked_claim(claim_id: int) -> Claim:
    return (
        Claim.objects.select_for_update(of=("self",))
        .select_related("case")
        .get(pk=claim_id)
    )


def _is_entered(claim: Claim, number: str, fen: int) -> bool:
    is_confirmed = claim.state == ClaimState.CONFIRMED and claim.confirmed_fen == fen
    is_rejected = claim.state == ClaimState.REJECTED and fen == 0
    return bool(number) and claim.ruling == number and (is_confirmed or is_rejected)


def _judge(claim: Claim, number: str, fen: int) -> None:
    claim.ruling, claim.admitted_fen = number, fen
    claim.state = ClaimState.CONFIRMED if fen else ClaimState.REJECTED
    claim.confirmed_fen = fen or None
    is_whole = fen == claim.claimed_fen
    claim.decision = Decision.ADMIT if is_whole else Decision.REDUCE
    if not fen:
        claim.decision = Decision.REJECT
    claim.save(
        update_fields=["ruling", "admitted_fen", "state", "confirmed_fen", "decision"]
    )


def _tell(claim: Claim, judgment: Judgment) -> None:
    values = {"number": claim.number, "judgment": judgment.number.strip(),
              "yuan": yuan_text(judgment.fen)}  # fmt: skip
    others = claim.objections.filter(raised_from__isnull=False)
    told = {claim.pk, *others.values_list("raised_from", flat=True)}
    said = [(one, "message.judged", values) for one in sorted(told)]
    put_messages(said, now=timezone.now())
