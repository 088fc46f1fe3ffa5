"""Objecting to the review, and messages with the administrator."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from zhipo.claims.actions.messages import mark_read, write_to_administrator
from zhipo.claims.actions.objecting import raise_objection
from zhipo.claims.policies.objecting import check_can_object, last_day_to_sue
from zhipo.claims.queries.creditor import messages_of, text_of
from zhipo.claims.states import ObjectionState
from zhipo.portals.access import for_creditors, person
from zhipo.portals.creditor.forms import TextForm
from zhipo.portals.creditor.pages import claim_of, shown, to_claim
from zhipo.portals.creditor.reasons import rules_of


@for_creditors
@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """Object, knowing the clock; an objection that is open is shown, not doubled."""
    claim, user = claim_of(request, slug, claim_id), person(request)
    if claim.objections.filter(state=ObjectionState.OPEN, by=user).exists():
        return to_claim(claim)
    check_can_object(user, claim)
    form = TextForm(request.POST or None, initial={"form_key": uuid.uuid4().hex})
    if request.method == "POST" and form.is_valid():
        raise_objection(claim_id=claim.pk, text=form.cleaned_data["text"], by=user)
        return to_claim(claim)
    page = {
        "case": claim.case,
        "claim": claim,
        "form": form,
        "suit_until": last_day_to_sue(claim),
        "rules": rules_of(["cn.bi3.8"]),
    }
    return shown(request, "creditor/objection.html", page, refused=form.errors)


@for_creditors
@require_http_methods(["GET", "POST"])
def messages_page(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """Messages both ways; those of the administrator carry the code that proves them."""
    claim, user = claim_of(request, slug, claim_id), person(request)
    form = TextForm(request.POST or None, initial={"form_key": uuid.uuid4().hex})
    if request.method == "POST" and form.is_valid():
        write_to_administrator(claim_id=claim.pk, **form.cleaned_data, by=user)
        return redirect("creditor:messages", slug=slug, claim_id=claim.pk)
    found = [(message, text_of(message)) for message in messages_of(claim)[:100]]
    if any(one.read_at is None and one.from_administrator for one, _ in found):
        mark_read(claim_id=claim.pk, by=user)
    page = {"case": claim.case, "claim": claim, "form": form, "found": found}
    return shown(request, "creditor/messages.html", page, refused=form.errors)
