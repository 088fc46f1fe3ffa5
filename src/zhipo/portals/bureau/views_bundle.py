"""The sealed bundle of one debtor: what goes along, what is missing, sent once."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from zhipo.enforcement.actions.bundling import seal_bundle, send_bundle
from zhipo.enforcement.models import Debtor, Referral
from zhipo.enforcement.policies.bundles import can_seal
from zhipo.enforcement.queries.bundles import (
    gaps_shown,
    parts_shown,
    sealed_bundles_visible_to,
)
from zhipo.enforcement.referral_states import ReferralState
from zhipo.portals.access import person
from zhipo.portals.bundles import bundle_file
from zhipo.portals.bureau.acting import do
from zhipo.portals.bureau.forms_referral import ActForm, Given, PlainForm, tick
from zhipo.portals.bureau.surroundings import bureau_page, debtor_of, for_bureau
from zhipo.portals.bureau.views_referral import own_referral, referral_of


class SendForm(ActForm):
    """Sending cannot be undone: it is ticked."""

    is_read = tick("bureau.bundle.is_read")

    def given(self, data: Given) -> Given:
        return {}


@for_bureau
@require_GET
def bundle_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The bundle as it was sealed last, with its gaps."""
    return _page(request, debtor_of(request, slug))


@for_bureau
@require_POST
def seal(request: HttpRequest, slug: str) -> HttpResponse:
    """Seal what is known now."""
    debtor, referral = own_referral(request, slug)
    act = partial(seal_bundle, referral_id=referral.pk)
    return _do(request, debtor, PlainForm(request.POST), act, "sealed")


@for_bureau
@require_POST
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """Seal it and hand it to the receiving court."""
    debtor, referral = own_referral(request, slug)
    act = partial(send_bundle, referral_id=referral.pk)
    return _do(request, debtor, SendForm(request.POST), act, "sent")


@for_bureau
@require_GET
def download(request: HttpRequest, slug: str, bundle_id: int) -> HttpResponse:
    """The file, for a court with an installation of its own."""
    debtor = debtor_of(request, slug)
    own = sealed_bundles_visible_to(person(request)).filter(referral__debtor=debtor)
    found = get_object_or_404(own, pk=bundle_id)
    return bundle_file(found.path, name=f"{slug}-{found.version}")


def _do(
    request: HttpRequest, debtor: Debtor, form: forms.Form, act: Any, said: str
) -> HttpResponse:
    return do(
        request,
        form,
        act,
        said=f"bundle.said.{said}",
        onward=reverse("bureau:bundle", args=[debtor.slug]),
        again=partial(_page, request, debtor),
    )


def _page(
    request: HttpRequest, debtor: Debtor, failed: forms.Form | None = None
) -> HttpResponse:
    referral = referral_of(request, debtor)
    content: dict[str, Any] = {"referral": referral, "failed": failed}
    if referral is not None:
        content |= _standing(request, referral, failed)
    return bureau_page(request, debtor, "bureau/bundle.html", content, tab="bundle",
                       status=400 if failed is not None else 200)  # fmt: skip


def _standing(
    request: HttpRequest, referral: Referral, failed: forms.Form | None
) -> dict[str, Any]:
    sealed = list(referral.bundles.select_related("sealed_by").order_by("-version"))
    latest = sealed[0] if sealed else None
    may = can_seal(referral, person(request))
    return {
        "sealed": sealed,
        "latest": latest,
        "gaps": gaps_shown(latest.gaps) if latest else [],
        "parts": parts_shown(latest.path) if latest else [],
        "may_seal": may,
        "may_send": may and referral.state == ReferralState.SERVED,
        "send_form": failed if isinstance(failed, SendForm) else SendForm(),
    }
