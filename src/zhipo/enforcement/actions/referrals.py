"""Opening a referral: where it goes, who is asked, what they answer, or that it ends."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.accounts.models import Organisation
from zhipo.accounts.queries import organisations_where
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.claims.policies.papers import Upload, check_paper, shown
from zhipo.documents.actions import Content, keep_document
from zhipo.documents.kinds import KeptKind
from zhipo.documents.models import Document
from zhipo.enforcement.models import (
    Consent,
    CourtRank,
    Debtor,
    EnforcementCase,
    Referral,
)
from zhipo.enforcement.policies.referrals import (
    check_can_open,
    check_day,
    check_jurisdiction,
    check_rank,
    check_state,
    move,
)
from zhipo.enforcement.powers import Act, check_power_at
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.enforcement.referral_states import (
    ENDED,
    ConsentAnswer,
    ConsentForm,
    CourtLevel,
    ReferralState,
)
from zhipo.enforcement.states import STAGE_MOVES, EnforcementState, Stage
from zhipo.law.referral.conditions import referral_regime
from zhipo.law.triage.road import Road
from zhipo.web.refusals import NotAllowed, NotInState


@dataclass(frozen=True)
class ReferralPlan:
    """What a handler proposes: which case leads, which court receives, why."""

    leading_id: int
    receiving_id: int
    road: Road
    domicile: str
    is_at_domicile: bool
    cause: str
    high_court_approval: str = ""  # its number, where a basic court is to receive


@dataclass(frozen=True)
class Answer:
    """What an applicant or the debtor answered, how, and where the writing is."""

    answer: ConsentAnswer
    form: ConsentForm
    answered_on: date
    reference: str = ""
    upload: Upload | None = None


@transaction.atomic
def rank_court(
    *, court_id: int, level: CourtLevel, above_id: int | None, by: Any
) -> CourtRank:
    """Enter where a court stands; a president keeps this table. Again changes nothing.

    What is entered is changed by the president of that court or of the one above it.
    Raises NotAllowed, NotInState.
    """
    above = CourtRank.objects.select_related("court").filter(court=above_id).first()
    if above_id is not None and above is None:
        name = Organisation.objects.get(pk=above_id).name
        raise NotInState("enforcement.referral.no_rank", court=name)
    check_rank(level, above)
    rank = CourtRank.objects.select_for_update().filter(court=court_id).first()
    presides = organisations_where(by, {Role.COURT_PRESIDENT})
    is_so = rank is not None and (rank.level, rank.above_id) == (level, above_id)
    if rank is not None and is_so and presides:
        return rank
    if not presides or (rank is not None and not presides & {court_id, rank.above_id}):
        raise NotAllowed("enforcement.referral.rank_not_yours")

    rank, _ = CourtRank.objects.update_or_create(
        court_id=court_id, defaults={"level": level, "above_id": above_id}
    )

    record(Event.COURT_RANKED, of=rank, by=by, level=level, above=above_id)
    return rank


@transaction.atomic
def open_referral(
    *, debtor_id: int, plan: ReferralPlan, by: Any, today: date | None = None
) -> Referral:
    """Begin a referral in one enforcement case. Again: the one that is open.

    Raises NotAllowed, NotInState: for a debtor that cannot go bankrupt, after a refusal,
    for a court without jurisdiction, beside another open referral.
    """
    debtor = Debtor.objects.select_for_update().get(pk=debtor_id)
    leading = EnforcementCase.objects.select_related("court").get(pk=plan.leading_id)
    receiving = Organisation.objects.get(pk=plan.receiving_id)
    current = debtor.referrals.exclude(state__in=ENDED).first()
    if current is not None and _is_same(current, plan):
        return current
    check_power_at(debtor, Act.ASK_CONSENT, by, leading.court_id)
    check_can_open(debtor, leading, plan.road)
    if current is not None:
        raise NotInState("enforcement.referral.another", court=current.sending.name)
    check_jurisdiction(
        receiving,
        is_at_domicile=plan.is_at_domicile,
        high_court_approval=plan.high_court_approval,
    )
    if not plan.cause.strip():
        raise NotInState("enforcement.condition.cause")

    referral = Referral.objects.create(
        debtor=debtor,
        leading=leading,
        sending=leading.court,
        receiving=receiving,
        regime=referral_regime(),
        road=plan.road,
        domicile=plan.domicile,
        is_at_domicile=plan.is_at_domicile,
        high_court_approval=plan.high_court_approval.strip(),
        has_cause=True,
        cause=plan.cause.strip(),
        opened_on=today or timezone.localdate(),
        opened_by=by,
    )

    record(Event.REFERRAL_OPENED, of=referral, by=by, chain=chain_of(debtor),
           case=leading.number, receiving=receiving.pk, road=plan.road)  # fmt: skip
    return referral


@transaction.atomic
def ask_consent(*, referral_id: int, by: Any, today: date | None = None) -> int:
    """Ask the debtor and every applicant before this court; how many are asked anew.

    Who was asked already is not asked again; an applicant whose case came later is.
    Raises NotAllowed, NotInState.
    """
    referral = locked(referral_id)
    check_power_at(referral.debtor, Act.ASK_CONSENT, by, referral.sending_id)
    check_state(referral, ReferralState.COLLECTING)

    asked_on = today or timezone.localdate()
    cases = referral.debtor.cases.filter(court=referral.sending).exclude(
        state=EnforcementState.CLOSED
    )
    known = set(referral.consents.values_list("case_id", flat=True))
    new = [one for one in (None, *cases.values_list("pk", flat=True)) if one not in known]
    Consent.objects.bulk_create(
        Consent(referral=referral, case_id=one, asked_on=asked_on, asked_by=by)
        for one in new
    )

    if new:
        record(Event.CONSENT_ASKED, of=referral, by=by, chain=chain_of(referral.debtor),
               count=len(new))  # fmt: skip
    return len(new)


@transaction.atomic
def record_answer(
    *, consent_id: int, answer: Answer, by: Any, today: date | None = None
) -> Consent:
    """Keep what somebody answered, and its writing; until the handler signs, correctable.

    Raises NotAllowed, NotInState, PaperRefused for a file that is none of the kinds.
    """
    (known,) = Consent.objects.values_list("referral_id").get(pk=consent_id)
    referral = locked(known)
    consent = Consent.objects.get(pk=consent_id)
    check_power_at(referral.debtor, Act.ASK_CONSENT, by, referral.sending_id)
    if _is_answered_so(consent, answer):
        return consent
    check_state(referral, ReferralState.COLLECTING)
    check_day(answer.answered_on, since=consent.asked_on, today=today or _today())
    is_written = bool(answer.reference.strip()) or answer.upload is not None
    if answer.answer == ConsentAnswer.AGREES and not is_written:
        raise NotInState("enforcement.referral.not_in_writing")

    consent.answer, consent.form = answer.answer, answer.form
    consent.reference = answer.reference.strip()
    consent.answered_on, consent.answered_at = answer.answered_on, timezone.now()
    consent.recorded_by = by
    if answer.upload is not None:
        consent.paper = _keep_paper(referral, answer.upload, by)
    consent.save()

    record(Event.CONSENT_ANSWERED, of=consent, by=by, chain=chain_of(referral.debtor),
           answer=answer.answer, form=answer.form)  # fmt: skip
    return consent


@transaction.atomic
def drop_referral(*, referral_id: int, reason: str, by: Any) -> Referral:
    """End a referral to which nobody consents; enforcement goes on by order of seizure.

    《民事诉讼法解释》第五百一十四条. Raises NotAllowed; NotInState while a consent stands.
    """
    referral = locked(referral_id)
    check_power_at(referral.debtor, Act.ASK_CONSENT, by, referral.sending_id)
    if referral.state == ReferralState.DECLINED:
        return referral
    check_state(referral, ReferralState.COLLECTING)
    if referral.consents.filter(answer=ConsentAnswer.AGREES).exists():
        raise NotInState("enforcement.referral.somebody_agrees")
    if not reason.strip():
        raise NotInState("enforcement.referral.no_reason")

    decline(referral)

    record(Event.REFERRAL_DECLINED, of=referral, by=by, chain=chain_of(referral.debtor),
           why="no consent")  # fmt: skip
    return referral


def locked(referral_id: int) -> Referral:
    """The referral, its debtor locked with it: acts on one debtor follow one another."""
    found = Referral.objects.values_list("debtor_id", flat=True).get(pk=referral_id)
    Debtor.objects.select_for_update().get(pk=found)
    return (
        Referral.objects.select_for_update(of=("self",))
        .select_related("debtor", "sending", "receiving", "leading")
        .get(pk=referral_id)
    )


def decline(referral: Referral) -> None:
    """The court does not refer: the debtor goes on in enforcement."""
    move(referral, ReferralState.DECLINED)
    referral.save(update_fields=["state"])
    if referral.debtor.stage == Stage.REFERRING:
        set_stage(referral.debtor, Stage.ENFORCING)


def set_stage(debtor: Debtor, stage: Stage) -> None:
    """The debtor's stage follows what becomes of it, along STAGE_MOVES."""
    if debtor.stage == stage:
        return
    if stage not in STAGE_MOVES[Stage(debtor.stage)]:
        raise NotInState("enforcement.referral.wrong_stage")
    debtor.stage = stage
    debtor.save(update_fields=["stage"])


def _is_same(current: Referral, plan: ReferralPlan) -> bool:
    held = (current.leading_id, current.receiving_id, current.road)
    return held == (plan.leading_id, plan.receiving_id, plan.road)


def _is_answered_so(consent: Consent, answer: Answer) -> bool:
    held = (consent.answer, consent.form, consent.answered_on, consent.reference)
    given = (answer.answer, answer.form, answer.answered_on, answer.reference.strip())
    return held == given and answer.upload is None


def _keep_paper(referral: Referral, upload: Upload, by: Any) -> Document:
    """The writing itself, its type checked by content, under its hash."""
    accepted = check_paper(upload)
    upload.file.seek(0)
    content = Content(
        title=shown(upload.name or ""),
        data=upload.file.read(),
        ending=accepted.suffix.lstrip("."),
    )
    return keep_document(kind=KeptKind.CONSENT_PAPER, chain=chain_of(referral.debtor),
                         content=content, by=by)  # fmt: skip


def _today() -> date:
    return timezone.localdate()
