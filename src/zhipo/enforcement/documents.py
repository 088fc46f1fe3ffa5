"""The papers of a referral and a stay: what each says, from the rows that are there."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F, Sum

from zhipo.documents.kinds import DocumentKind
from zhipo.enforcement.models import (
    Consent,
    Debtor,
    KeptPlace,
    Notice,
    Referral,
    Service,
)
from zhipo.enforcement.policies.origins import (
    Origin,
    bankruptcy_court_of,
    debtor_of,
    number_of,
    writer_of,
)
from zhipo.enforcement.referral_states import ConsentAnswer, NoticeKind
from zhipo.enforcement.states import EnforcementState
from zhipo.law.referral.transfer import BUNDLE, named_applicants
from zhipo.web.words import say

K = DocumentKind
NOTICE_DOCUMENTS: dict[NoticeKind, DocumentKind] = {
    NoticeKind.TELL_COURT: K.COURTS_NOTICE,
    NoticeKind.SUSPEND: K.SUSPENSION_NOTICE,
    NoticeKind.LIFT: K.LIFT_NOTICE,
    NoticeKind.RESTORE: K.RESTORE_NOTICE,
}
"""Which paper goes out for each kind of letter."""


def consent_fields(consent: Consent, *, dated_on: date) -> dict[str, Any]:
    """The letter that asks one applicant, or the debtor, whether it consents."""
    referral = consent.referral
    return {
        "court": referral.sending.name,
        "number": consent.case.number if consent.case else referral.leading.number,
        "dated_on": dated_on,
        "addressee": addressee_of(consent),
        "debtor": referral.debtor.name,
        "receiving_court": referral.receiving.name,
        "cause": referral.cause,
    }


def decision_fields(referral: Referral, *, number: str, dated_on: date) -> dict[str, Any]:
    """The decision, for the president to sign; sums are those of all known courts."""
    cases = referral.debtor.cases.exclude(state=EnforcementState.CLOSED)
    owed = cases.aggregate(fen=Sum(F("amount_fen") - F("paid_fen")))
    return {
        **_head(referral, dated_on),
        "number": referral.leading.number,
        "decision_number": number,
        "domicile": referral.domicile,
        "case_count": cases.count(),
        "owed_fen": owed["fen"] or 0,
        "cause": referral.cause,
        "consenter": consenters_of(referral),
    }


def letter_fields(referral: Referral, *, judge: str, dated_on: date) -> dict[str, Any]:
    """The letter that goes with the papers, and what they are (第十条 of the opinions)."""
    return {
        **_head(referral, dated_on),
        "decided_on": referral.decided_on,
        "papers": [
            {"place": place, "paper": paper} for place, paper in enumerate(BUNDLE, start=1)
        ],
        "judge": judge,
        "sealed_as": referral.bundle_sha256,
    }


def receipt_fields(service: Service, *, server: str, dated_on: date) -> dict[str, Any]:
    """The receipt of serving the decision on one party."""
    referral = service.referral
    return {
        "court": referral.sending.name,
        "decision_number": referral.decision_number,
        "paper": say("documents.kind.referral_decision", lang="zh"),
        "addressee": addressee_of(service),
        "way": say(f"enforcement.service.{service.way}", lang="zh") if service.way else "",
        "served_on": service.served_on,
        "proof": service.proof,
        "server": server,
        "dated_on": dated_on,
    }


def notice_fields(origin: Origin, notice: Notice, *, dated_on: date) -> dict[str, Any]:
    """What one letter to a court or an institution says."""
    addressee = notice.court or notice.institution
    assert addressee is not None
    fields = {
        **_head(origin, dated_on),
        "court": notice.sender.name,
        "addressee": addressee.name,
        "decided_on": origin.decided_on if isinstance(origin, Referral) else None,
        "dismissed_on": origin.dismissed_on,
        "reply_by": notice.reply_by,
    }
    if origin.case is not None:
        fields |= {
            "case_number": origin.case.number,
            "accepted_on": origin.case.accepted_on,
            "administrator": origin.case.administrator.name,
        }
    if notice.kind == NoticeKind.LIFT:
        return fields | {"freezes": _to_lift(origin, notice)}
    if notice.kind == NoticeKind.RESTORE:
        return fields | {"places": _to_restore(origin, notice)}
    return fields | {"case_numbers": _numbers(debtor_of(origin), notice)}


def return_fields(referral: Referral, *, dated_on: date) -> dict[str, Any]:
    """The letter with which the receiving court sends the papers back."""
    return {
        **_head(referral, dated_on),
        "court": referral.receiving.name,
        "addressee": referral.sending.name,
        "review_number": referral.review_number,
        "ruled_on": referral.ruled_on,
        "ruling_number": referral.ruling_number,
        "grounds": referral.refusal_grounds,
        "effective_on": referral.effective_on,
    }


def addressee_of(party: Consent | Service) -> str:
    """The applicant of a case, or the debtor where there is none."""
    return party.case.applicant if party.case else party.referral.debtor.name


def _head(origin: Origin, dated_on: date) -> dict[str, Any]:
    debtor = debtor_of(origin)
    return {
        "court": writer_of(origin).name,
        "decision_number": number_of(origin),
        "debtor": debtor.name,
        "credit_code": debtor.credit_code,
        "receiving_court": bankruptcy_court_of(origin).name,
        "dated_on": dated_on,
    }


def consenters_of(referral: Referral) -> str:
    """Who consented to the referral, and so asked (第十四条, tag U), as its papers say."""
    agreed = referral.consents.filter(answer=ConsentAnswer.AGREES).select_related(
        "case", "referral__debtor"
    )
    words = [
        say("enforcement.consenter.applicant", lang="zh", name=one.case.applicant)
        if one.case
        else say("enforcement.consenter.debtor", lang="zh")
        for one in agreed.order_by("answered_on", "pk")
    ]
    named = named_applicants(consented=tuple(words), needs_lawyer_check=True)
    return say("documents.between", lang="zh").join(named)


def _numbers(debtor: Debtor, notice: Notice) -> str:
    cases = debtor.cases.filter(court=notice.court).exclude(state=EnforcementState.CLOSED)
    found = cases.order_by("filed_on", "number").values_list("number", flat=True)
    return say("documents.between", lang="zh").join(found)


def _to_lift(origin: Origin, notice: Notice) -> list[dict[str, Any]]:
    places = origin.kept_places.filter(
        freeze__case__court=notice.sender, freeze__order__institution=notice.institution
    )
    return [
        {
            "label": one.freeze.target.label,
            "in_case": one.freeze.case.number,
            "frozen_fen": one.freeze.frozen_fen,
            "until": one.freeze.until,
        }
        for one in _with_freezes(places)
    ]


def _to_restore(origin: Origin, notice: Notice) -> list[dict[str, Any]]:
    places = origin.kept_places.filter(
        freeze__case__court=notice.court, lifted_on__isnull=False
    )
    return [
        {
            "label": one.freeze.target.label,
            "in_case": one.freeze.case.number,
            "place": one.place,
            "frozen_fen": one.freeze.frozen_fen,
        }
        for one in _with_freezes(places)
    ]


def _with_freezes(places: Any) -> Iterable[KeptPlace]:
    found: Iterable[KeptPlace] = places.select_related(
        "freeze__target", "freeze__case"
    ).order_by("freeze__target_id", "place")
    return found
