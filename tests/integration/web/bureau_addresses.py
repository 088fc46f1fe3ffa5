"""A debtor of the bureau with one of everything that stands in an address of it."""

from typing import Any
from uuid import uuid4

from django.utils import timezone

from factories import make_debtor, make_enforcement_case, make_staff
from factories_avoidance import make_candidates, write_avoidance_in_latin
from factories_clues import findings_of, write_findings_in_latin
from factories_inquiries import make_inquiry
from factories_institutions import make_waiting_institution
from factories_memos import make_memo
from factories_referrals import make_referral_things
from zhipo.accounts.models import Organisation
from zhipo.accounts.roles import Role
from zhipo.documents.models import Document
from zhipo.enforcement.finding_states import JoiningState
from zhipo.enforcement.models import (
    BureauNotice,
    Complaint,
    Debtor,
    EnforcementCase,
    Freeze,
    InquiryObjection,
    Institution,
    Joining,
    Petition,
    Proceeds,
    Property,
    Referral,
    Supplement,
)

BUREAU_THINGS = {
    "joining_id", "inquiry_id", "property_id", "freeze_id", "notice_id", "referral_id",
    "consent_id", "supplement_id", "complaint_id", "proceeds_id", "place_id",
    "case_id", "clue_id", "report_id", "item_id", "requery_id",
    "candidate_id", "dealing_id",
}  # fmt: skip
"""Gaps that name a thing of a debtor's: nobody reaches it from another court."""


def make_bureau(court: Organisation) -> dict[str, Any]:
    """Values for the gaps of /bureau/...: under "bureau:<gap>", for one address alone
    under "bureau:<address>:<gap>"."""
    debtor = make_debtor()
    case = make_enforcement_case(debtor=debtor, court=court)
    asked = make_inquiry(case)
    referred = make_referral_things(case, Freeze.objects.get(pk=asked["freeze_id"]))
    return {
        **{f"bureau:{name}": pk for name, pk in (asked | referred).items()},
        "bureau:slug": debtor.slug,
        "network:answers:order_id": uuid4(),
        **_institution(court),
        **_cases(debtor, court),
        **_findings(case),
        **_memo(debtor, court),
    }


def _cases(debtor: Debtor, court: Organisation) -> dict[str, Any]:
    """A decision on who the debtor is."""
    judge = make_staff(Role.ENFORCEMENT_JUDGE, court)
    apart = Joining.objects.create(
        kept=debtor, joined=make_debtor(), state=JoiningState.KEPT_APART, score=50,
        grounds=["core_name"], reason="两家公司", by=judge, at=timezone.now(),
    )  # fmt: skip
    return {"bureau:joining_id": apart.pk}


def _institution(court: Organisation) -> dict[str, Any]:
    """An institution whose key waits for a president: of all bureaus, no debtor's."""
    made = make_waiting_institution(court)
    return {"bureau:institution_id": made.pk, "bureau:key_id": made.keys.get().pk}


def _findings(case: EnforcementCase) -> dict[str, Any]:
    """A clue, a report with a late change, a case closed for now."""
    judge = make_staff(Role.ENFORCEMENT_JUDGE, case.court)
    found = findings_of(case, judge) | make_candidates(case, judge)
    return {f"bureau:{name}": pk for name, pk in found.items()}


def _memo(debtor: Debtor, court: Organisation) -> dict[str, Any]:
    """A stated fact, and a memo's first version."""
    make_memo(debtor, court)
    return {"bureau:fact_key": "consent", "bureau:memo_version": 1}


def write_bureau_in_latin() -> None:
    """What people wrote of debtors, in another script: for the test of the languages."""
    Debtor.objects.update(name="Fresh Ltd", brand="Fresh", address="Yuhu")
    EnforcementCase.objects.update(applicant="Ann Lee", title="Judgment 1")
    Joining.objects.update(reason="two firms")
    write_findings_in_latin()
    write_avoidance_in_latin()
    for number, case in enumerate(EnforcementCase.objects.all()):
        EnforcementCase.objects.filter(pk=case.pk).update(number=f"(2025) X {number}")
    Institution.objects.update(name="North Bank", contact="Ann Lee")
    BureauNotice.objects.update(
        values={"institution": "North Bank", "act": "freeze", "reason": "not_json"}
    )
    Property.objects.update(label="Account")
    InquiryObjection.objects.update(name="Ann Lee", text="mine")
    Referral.objects.update(cause="cannot pay", domicile="Yuhu")
    Petition.objects.update(name="Fresh Ltd", petitioner="Ann Lee", number="X 9")
    Supplement.objects.update(what="accounts")
    Complaint.objects.update(text="late")
    Proceeds.objects.update(what="deposit")
    Document.objects.filter(chain__startswith="debtor/").update(title="Paper")
