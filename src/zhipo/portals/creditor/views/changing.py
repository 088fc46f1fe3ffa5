"""Changing what was filed: amend, withdraw, file again, hand in papers."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhipo.claims.actions.filing import amend_claim, file_again, withdraw_claim
from zhipo.claims.actions.papers import add_papers, path_of
from zhipo.claims.models import Claim, Paper
from zhipo.claims.policies.filing import check_can_change
from zhipo.claims.policies.papers import PaperRefused
from zhipo.portals.access import for_creditors, person
from zhipo.portals.creditor.forms import DisputeForm, PapersForm
from zhipo.portals.creditor.pages import as_file, claim_of, shown, to_claim, with_uploads


@with_uploads
@for_creditors
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """Another figure before the claim is on the register."""
    claim = claim_of(request, slug, claim_id)
    check_can_change(person(request), claim)
    known = {"claimed_fen": claim.claimed_fen, "statement": claim.statement}
    form = DisputeForm(request.POST or None, request.FILES or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            return to_claim(_amend(request, claim, form))
        except PaperRefused as refused:
            form.add_error("uploads", refused.sentence)
    page = {"case": claim.case, "claim": claim, "form": form, "is_amendment": True}
    return shown(request, "creditor/dispute.html", page, refused=form.errors)


@for_creditors
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """Take the claim back, after a page that says what that means."""
    claim = claim_of(request, slug, claim_id)
    if request.method == "POST":
        return to_claim(withdraw_claim(claim_id=claim.pk, by=person(request)))
    check_can_change(person(request), claim)
    page = {"case": claim.case, "claim": claim}
    return render(request, "creditor/withdraw.html", page)


@for_creditors
@require_POST
def again(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """File anew what was withdrawn."""
    claim = claim_of(request, slug, claim_id)
    return to_claim(file_again(claim_id=claim.pk, by=person(request)))


@with_uploads
@for_creditors
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """What was handed in, and more of it."""
    claim = claim_of(request, slug, claim_id)
    form = PapersForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            add_papers(
                claim_id=claim.pk,
                uploads=said["uploads"],
                kind=said["kind"],
                by=person(request),
            )
            return to_claim(claim)
        except PaperRefused as refused:
            form.add_error("uploads", refused.sentence)
    known = list(claim.papers.filter(objection=None).order_by("pk"))
    page = {"case": claim.case, "claim": claim, "form": form, "papers": known}
    return shown(request, "creditor/papers.html", page, refused=form.errors)


@for_creditors
@require_safe
def paper(request: HttpRequest, slug: str, paper_id: int) -> HttpResponse:
    """One's own paper back, as a download that no browser interprets."""
    found = Paper.objects.filter(
        pk=paper_id, claim__case__slug=slug, claim__creditor=person(request)
    ).first()
    if found is None or not path_of(found).is_file():
        raise Http404
    content = path_of(found).read_bytes()  # ten megabytes at most
    return as_file(content, found.content_type, found.name)


@transaction.atomic
def _amend(request: HttpRequest, claim: Claim, form: DisputeForm) -> Claim:
    """Figure and papers together, or neither."""
    said, by = form.cleaned_data, person(request)
    amended = amend_claim(
        claim_id=claim.pk,
        claimed_fen=said["claimed_fen"],
        statement=said["statement"],
        by=by,
    )
    if said["uploads"]:
        add_papers(claim_id=claim.pk, uploads=said["uploads"], kind="photo", by=by)
    return amended
