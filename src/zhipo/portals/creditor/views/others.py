"""Claims that the books do not know: who one is, what is owed, the papers."""

import uuid

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from zhipo.cases.clocks import last_filing_day
from zhipo.cases.models import Case
from zhipo.claims.actions.others import Statement, file_statement
from zhipo.claims.actions.papers import add_papers
from zhipo.claims.models import Claim
from zhipo.claims.policies.filing import check_is_open, is_late
from zhipo.claims.policies.papers import PaperRefused
from zhipo.claims.queries.creditor import own_claims
from zhipo.claims.states import ClaimKind
from zhipo.portals.access import for_creditors, open_to_all, person
from zhipo.portals.creditor.forms import OtherForm
from zhipo.portals.creditor.pages import shown, to_claim, with_uploads
from zhipo.portals.creditor.reasons import rules_of
from zhipo.portals.public.cases import case_of

PAPER_KIND = {
    ClaimKind.SUPPLIER: "contract",
    ClaimKind.SECURED: "collateral",
    ClaimKind.PLATFORM: "list",
}


@open_to_all
@require_safe
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Who am I: each kind of creditor with its way."""
    page = {"case": case_of(slug), "kinds": list(ClaimKind)}
    return render(request, "creditor/other.html", page)


@with_uploads
@for_creditors
@require_http_methods(["GET", "POST"])
def file_other(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The form of one kind; employees first see the published list's row of theirs."""
    case = case_of(slug)
    if kind not in set(ClaimKind):
        raise Http404
    who, today = ClaimKind(kind), timezone.localdate()
    check_is_open(case, today=today)
    form = OtherForm(
        who, request.POST or None, request.FILES or None,
        initial={"form_key": uuid.uuid4().hex},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            return to_claim(_file(request, case, who, form))
        except PaperRefused as refused:
            form.add_error("uploads", refused.sentence)
    is_employee = who == ClaimKind.EMPLOYEE
    page = {
        "case": case,
        "kind": who,
        "form": form,
        "is_late": is_late(case, today=today),
        "until": last_filing_day(case),
        "listed": _listed(request, case) if is_employee else [],
        "rules": rules_of(["cn.ebl.48.2"]) if is_employee else [],
    }
    return shown(request, "creditor/other_kind.html", page, refused=form.errors)


@transaction.atomic
def _file(request: HttpRequest, case: Case, kind: ClaimKind, form: OtherForm) -> Claim:
    """Claim and papers together, or neither."""
    said, by = form.cleaned_data, person(request)
    stated = Statement(
        kind=kind,
        claimant=said["claimant"],
        claimed_fen=said["claimed_fen"],
        text=said["text"],
        set_off_fen=said.get("set_off_fen") or 0,
        details=form.details,
    )
    claim = file_statement(case_id=case.pk, said=stated, form_key=said["form_key"], by=by)
    if said["uploads"]:
        kind_of_paper = PAPER_KIND.get(kind, "other")
        add_papers(claim_id=claim.pk, uploads=said["uploads"], kind=kind_of_paper, by=by)
    return claim


def _listed(request: HttpRequest, case: Case) -> list[Claim]:
    """The person's own rows of the published list."""
    found = own_claims(person(request), case)
    return [claim for claim in found if claim.kind == ClaimKind.EMPLOYEE]
