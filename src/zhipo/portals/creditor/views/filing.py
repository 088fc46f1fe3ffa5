"""My money, why this amount, one tap, another figure."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhipo.cases.clocks import last_filing_day
from zhipo.cases.models import Case
from zhipo.cases.phases import OPEN_FOR_FILING
from zhipo.claims.actions.filing import file_claims, file_disputed
from zhipo.claims.actions.papers import add_papers
from zhipo.claims.models import Balance, Claim
from zhipo.claims.policies.filing import is_late
from zhipo.claims.policies.papers import PaperRefused
from zhipo.claims.queries.creditor import balances_of, is_waiting, own_claims
from zhipo.claims.states import PREFILLED
from zhipo.portals.access import for_creditors, person
from zhipo.portals.creditor.forms import DisputeForm
from zhipo.portals.creditor.pages import (
    PAYING,
    not_found,
    shown,
    to_claim,
    with_uploads,
)
from zhipo.portals.creditor.reasons import events_of, reckoning_of
from zhipo.portals.public.cases import case_of, days_left


@for_creditors
@require_safe
def money(request: HttpRequest, slug: str) -> HttpResponse:
    """All accounts of the person, each with its sum and its reason, one tap for all."""
    case = case_of(slug)
    claims = own_claims(person(request), case)
    balances = balances_of(claims)
    waiting = [claim for claim in claims if is_waiting(claim)]
    page = {
        "case": case,
        "waiting": [_shown(claim, balances) for claim in waiting],
        "filed": [claim for claim in claims if not is_waiting(claim)],
        "sum_fen": sum(claim.claimed_fen for claim in waiting),
        "is_late": is_late(case, today=timezone.localdate()),
        "is_open": case.phase in OPEN_FOR_FILING,
        "days_left": days_left(case),
        "is_paying": case.phase in PAYING,
        "until": last_filing_day(case),
    }
    return render(request, "creditor/money.html", page)


@for_creditors
@require_POST
def file(request: HttpRequest, slug: str) -> HttpResponse:
    """The tap: file one or several accounts as the books have them."""
    ids = [int(one) for one in request.POST.getlist("claim") if one.isdecimal()][:50]
    if not ids:
        return redirect("creditor:money", slug=slug)
    claims = file_claims(claim_ids=ids, by=person(request))
    if len(claims) > 1:
        return redirect("creditor:money", slug=slug)
    return to_claim(claims[0])


@for_creditors
@require_safe
def why(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """The formula, its articles, and on request the events from the sealed books."""
    case = case_of(slug)
    claim = _own(request, case, claim_id)
    if claim is None:
        return not_found(request)
    balance = balances_of([claim]).get(claim.holder_id or 0)
    number = request.GET.get("page", "")
    page = {
        "case": case,
        "claim": claim,
        "balance": balance,
        "reckoning": reckoning_of(balance, case.accepted_on) if balance else None,
        "asked": bool(number),
        "events": _events(claim, balance, number),
    }
    return render(request, "creditor/why.html", page)


@with_uploads
@for_creditors
@require_http_methods(["GET", "POST"])
def dispute(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """Another figure, why, and papers; the claim is filed with it."""
    case = case_of(slug)
    claim = _own(request, case, claim_id)
    if claim is None:
        return not_found(request)
    if request.method == "GET" and claim.state != PREFILLED:
        return to_claim(claim)
    form = DisputeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return to_claim(_file_disputed(request, claim, form))
        except PaperRefused as refused:
            form.add_error("uploads", refused.sentence)
    page = {"case": case, "claim": claim, "form": form}
    return shown(request, "creditor/dispute.html", page, refused=form.errors)


@transaction.atomic
def _file_disputed(request: HttpRequest, claim: Claim, form: DisputeForm) -> Claim:
    """Claim and papers together: a refused file leaves nothing filed behind it."""
    said, by = form.cleaned_data, person(request)
    filed = file_disputed(
        claim_id=claim.pk,
        claimed_fen=said["claimed_fen"],
        statement=said["statement"],
        by=by,
    )
    if said["uploads"]:
        add_papers(claim_id=claim.pk, uploads=said["uploads"], kind="photo", by=by)
    return filed


def _own(request: HttpRequest, case: Case, claim_id: int) -> Claim | None:
    """A claim of the person's, taken or not yet."""
    claims = own_claims(person(request), case)
    return next((claim for claim in claims if claim.pk == claim_id), None)


def _shown(claim: Claim, balances: dict[int, Balance]) -> dict[str, object]:
    """A claim with its balance and its formula."""
    balance = balances.get(claim.holder_id or 0)
    reckoned = reckoning_of(balance, claim.case.accepted_on) if balance else None
    return {"claim": claim, "balance": balance, "reckoning": reckoned}


def _events(claim: Claim, balance: Balance | None, number: str) -> object:
    if balance is None or not number.isdecimal() or not 0 < int(number) < 10_000:
        return None
    return events_of(claim, balance.evidence, int(number))
