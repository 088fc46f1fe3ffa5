"""Referrals that came to this court: received, checked, added to, ruled on."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.enforcement.actions import receiving, reviews, rulings, taking_over
from zhipo.enforcement.models import Referral
from zhipo.enforcement.powers import Act, can_at
from zhipo.enforcement.queries.bundles import (
    gaps_shown,
    parts_shown,
    received_bundles_visible_to,
    referrals_received,
)
from zhipo.enforcement.queries.received import Content, content_of
from zhipo.enforcement.queries.referrals import next_steps
from zhipo.enforcement.referral_states import ReferralState
from zhipo.kernel.faults import SHOWN, Fault, Refused
from zhipo.portals.access import person
from zhipo.portals.acting import acts_shown, tried
from zhipo.portals.bundles import bundle_file
from zhipo.portals.court.forms_referrals import (
    AcceptanceForm,
    ArrivalForm,
    DismissalForm,
    FileForm,
    FinalForm,
    RefusalForm,
    ReturnForm,
    ServedForm,
    SupplementForm,
)
from zhipo.portals.court.views import for_court
from zhipo.web.words import say

R = ReferralState
ACTS: dict[str, tuple[type[forms.Form], Callable[..., object], Act, frozenset[str]]] = {
    "receive": (ArrivalForm, receiving.receive_bundle, Act.RECEIVE_BUNDLE,
                frozenset({R.SENT})),
    "supplement": (SupplementForm, reviews.ask_supplement, Act.ASK_SUPPLEMENT,
                   frozenset({R.UNDER_REVIEW, R.SUPPLEMENTING})),
    "accept": (AcceptanceForm, taking_over.take_over, Act.RULE_ON_REFERRAL,
               frozenset({R.UNDER_REVIEW, R.SUPPLEMENTING, R.REFUSED})),
    "refuse": (RefusalForm, rulings.refuse_referral, Act.RULE_ON_REFERRAL,
               frozenset({R.UNDER_REVIEW, R.SUPPLEMENTING})),
    "served": (ServedForm, rulings.serve_refusal, Act.RULE_ON_REFERRAL,
               frozenset({R.REFUSED})),
    "final": (FinalForm, rulings.end_refusal, Act.RULE_ON_REFERRAL,
              frozenset({R.REFUSED})),
    "return": (ReturnForm, rulings.return_papers, Act.RETURN_PAPERS,
               frozenset({R.REFUSED})),
    "dismissed": (DismissalForm, rulings.record_dismissal, Act.RECORD_DISMISSAL,
                  frozenset({R.ACCEPTED})),
}  # fmt: skip
"""Name in the address -> form, act, power, the states in which it is offered."""


@for_court
@require_GET
def referrals(request: HttpRequest) -> HttpResponse:
    """All that came to this court, and the door for those that come as files."""
    return _list(request)


@for_court
@require_POST
def receive_file(request: HttpRequest) -> HttpResponse:
    """Receive a bundle from another installation; refused, every fault is named."""
    form = FileForm(request.POST, request.FILES)
    by = person(request)
    try:
        done = tried(form, lambda: receiving.receive_file(**form.cleaned_data, by=by))
    except Refused as refused:
        return _list(request, form, faults=refused.faults, status=HTTPStatus.BAD_REQUEST)
    if done.result is None:
        return _list(request, form, status=done.status)
    messages.success(request, say("court.referrals.said.receive"))
    return redirect("court:referral", referral_id=done.result.referral_id)


@for_court
@require_GET
def referral(request: HttpRequest, referral_id: int) -> HttpResponse:
    """One referral: what came, what is missing, what is to be done."""
    return _page(request, _own(request, referral_id))


@for_court
@require_POST
def act(request: HttpRequest, referral_id: int, name: str) -> HttpResponse:
    """One act on it; a refusal comes back with what was typed."""
    found = _own(request, referral_id)
    if name not in ACTS:
        raise Http404
    form_class, do, _, _ = ACTS[name]
    form, by = form_class(request.POST), person(request)
    try:
        done = tried(form, lambda: do(referral_id=found.pk, **form.cleaned_data, by=by))
    except Refused as refused:
        return _page(request, found, failed=(name, form), faults=refused.faults,
                     status=HTTPStatus.BAD_REQUEST)  # fmt: skip
    if not done.is_done:
        return _page(request, found, failed=(name, form), status=done.status)
    messages.success(request, say(f"court.referrals.said.{name}"))
    return redirect("court:referral", referral_id=referral_id)


@for_court
@require_GET
def bundle(request: HttpRequest, referral_id: int, bundle_id: int) -> HttpResponse:
    """A received bundle as the file that it was."""
    own = received_bundles_visible_to(person(request)).filter(referral=referral_id)
    found = get_object_or_404(own, pk=bundle_id)
    return bundle_file(found.path, name=found.sha256[:16])


def _own(request: HttpRequest, referral_id: int) -> Referral:
    found = referrals_received(person(request)).filter(pk=referral_id).first()
    if found is None:
        raise Http404
    return found


def _list(
    request: HttpRequest,
    failed: FileForm | None = None,
    *,
    faults: list[Fault] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    content = {
        "referrals": referrals_received(person(request)),
        "form": failed or FileForm(initial=_today()),
        "faults": (faults or [])[:SHOWN],
        "fault_count": len(faults or []),
        "today": timezone.localdate(),
    }
    return render(request, "court/referrals.html", content, status=status)


def _page(
    request: HttpRequest,
    found: Referral,
    *,
    failed: tuple[str, forms.Form] | None = None,
    faults: list[Fault] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    received = list(found.received_bundles.select_related("received_by").order_by("-pk"))
    latest = received[0] if received else None
    has_content = latest is not None or found.bundle_sha256 != ""
    shown: Content | None = content_of(found, timezone.localdate()) if latest else None
    content = {
        "referral": found,
        "received": received,
        "gaps": gaps_shown(latest.gaps) if latest else [],
        "parts": parts_shown(latest.path) if latest else [],
        "shown": shown,
        "has_content": has_content,
        "acts": _offered(request, found, failed),
        "steps": next_steps(found),
        "supplements": found.supplements.order_by("asked_on", "pk"),
        "clocks": found.clocks.select_related("court").order_by("last_day"),
        "faults": (faults or [])[:SHOWN],
        "fault_count": len(faults or []),
        "today": timezone.localdate(),
    }
    return render(request, "court/referral.html", content, status=status)


def _offered(
    request: HttpRequest, found: Referral, failed: tuple[str, forms.Form] | None
) -> list[dict[str, Any]]:
    """The acts that the reader may do now, each with its form."""
    by, today = person(request), _today()
    fresh = {
        name: form_class(initial=today)
        for name, (form_class, _, power, states) in ACTS.items()
        if found.state in states and can_at(found.debtor, power, by, found.receiving_id)
    }
    return acts_shown(fresh, failed)


def _today() -> dict[str, Any]:
    """Today as a day field of the browser reads it, whatever the language."""
    day = timezone.localdate().isoformat()
    return {"received_on": day, "ruled_on": day}
