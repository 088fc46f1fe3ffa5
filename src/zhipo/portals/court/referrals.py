"""Referrals that came to this court: received, checked, added to, ruled on."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.accounts.roles import BANKRUPTCY_COURT
from zhipo.enforcement.actions import receiving, reviews, rulings, taking_over
from zhipo.enforcement.bundle.storing import ENDING, below_files
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
from zhipo.portals.access import for_roles, person
from zhipo.portals.acting import tried
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
from zhipo.web.words import say

for_court = for_roles(*BANKRUPTCY_COURT)
R = ReferralState
KIND = "application/zip"
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
        return _list(request, form, faults=refused.faults)
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
        done = tried(form, lambda: do(referral_id=found.pk, **_given(form), by=by))
    except Refused as refused:
        return _page(request, found, failed=(name, form), faults=refused.faults)
    if not done.is_done:
        return _page(request, found, failed=(name, form), status=done.status)
    messages.success(request, say(f"court.referrals.said.{name}"))
    return redirect("court:referral", referral_id=referral_id)


@for_court
@require_GET
def bundle(request: HttpRequest, referral_id: int, bundle_id: int) -> HttpResponseBase:
    """A received bundle as the file that it was."""
    own = received_bundles_visible_to(person(request)).filter(referral=referral_id)
    found = own.filter(pk=bundle_id).first()
    if found is None or not (path := below_files(found.path)).exists():
        raise Http404
    name = f"{found.sha256[:16]}.{ENDING}.zip"
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type=KIND
    )


def _given(form: forms.Form) -> dict[str, Any]:
    """An act's arguments: what a form holds but the box that it was read."""
    return {key: value for key, value in form.cleaned_data.items() if key != "is_read"}


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
    status: int = HTTPStatus.BAD_REQUEST,
) -> HttpResponse:
    """The page; `status` is what a failed form comes back with."""
    content = {
        "referrals": referrals_received(person(request)),
        "form": failed or FileForm(initial=_today()),
        "faults": (faults or [])[:SHOWN],
        "fault_count": len(faults or []),
        "today": timezone.localdate(),
    }
    status = status if failed is not None else HTTPStatus.OK
    return render(request, "court/referrals.html", content, status=status)


def _page(
    request: HttpRequest,
    found: Referral,
    *,
    failed: tuple[str, forms.Form] | None = None,
    faults: list[Fault] | None = None,
    status: int = HTTPStatus.BAD_REQUEST,
) -> HttpResponse:
    """The page; `status` is what a failed form comes back with."""
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
    status = status if failed is not None else HTTPStatus.OK
    return render(request, "court/referral.html", content, status=status)


def _offered(
    request: HttpRequest, found: Referral, failed: tuple[str, forms.Form] | None
) -> list[dict[str, Any]]:
    """The acts that the reader may do now, each with its form."""
    offered = []
    for name, (form_class, _, power, states) in ACTS.items():
        may = can_at(found.debtor, power, person(request), found.receiving_id)
        if not may or found.state not in states:
            continue
        is_failed = failed is not None and failed[0] == name
        form = failed[1] if failed and is_failed else _fresh(form_class)
        offered.append({"name": name, "form": form, "is_open": is_failed})
    return offered


def _fresh(form_class: type[forms.Form]) -> forms.Form:
    return partial(form_class, initial=_today())()


def _today() -> dict[str, Any]:
    """Today as a day field of the browser reads it, whatever the language."""
    day = timezone.localdate().isoformat()
    return {"received_on": day, "ruled_on": day}
