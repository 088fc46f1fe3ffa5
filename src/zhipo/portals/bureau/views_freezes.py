"""Freezes of the court: what runs out, renewed one by one or together; acts on each."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.accounts.queries import offices_of
from zhipo.accounts.roles import Role
from zhipo.enforcement.actions import freezing
from zhipo.enforcement.models import Freeze
from zhipo.enforcement.queries.freezes import freezes_visible_to, rows_of, running_out
from zhipo.enforcement.queries.inquiries import notices_for
from zhipo.enforcement.states import HOLDS
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.bureau.forms_inquiries import (
    DeductForm,
    FreezeActForm,
    LiftForm,
    LiftPartForm,
)
from zhipo.portals.bureau.surroundings import debtor_of, for_bureau
from zhipo.portals.bureau.views_properties import property_of, show_property
from zhipo.web.words import say

PAGE_ROWS = 100


@for_bureau
@require_GET
def freezes(request: HttpRequest) -> HttpResponse:
    """Every freeze of the court that runs out soon, or (`all`) that stands."""
    by, today = person(request), timezone.localdate()
    is_all = request.GET.get("all") == "1"
    standing = freezes_visible_to(by).filter(state__in=HOLDS)
    found = standing if is_all else running_out(by, today)
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    content = {
        "page": page,
        "rows": rows_of(page.object_list, today),
        "is_all": is_all,
        "query": "all=1" if is_all else "",
        "notices": notices_for(by),
        "tab": "freezes",
        "may_renew": Role.ENFORCEMENT_JUDGE in offices_of(by),
    }
    return render(request, "bureau/freezes_list.html", content)


@for_bureau
@require_POST
def renew_many(request: HttpRequest) -> HttpResponse:
    """Renew the chosen freezes: each its own act, the refused ones named with why."""
    chosen = {int(one) for one in request.POST.getlist("freeze") if one.isdigit()}
    visible = freezes_visible_to(person(request)).filter(pk__in=chosen)
    labels = {one.pk: one.target.label for one in visible}
    done, refused = freezing.renew_freezes(freeze_ids=list(labels), by=person(request))
    if done:
        messages.success(request, say("bureau.said.renewed", count=done))
    for pk, sentence in refused:
        words = say("bureau.said.not_renewed", label=labels[pk], sentence=sentence)
        messages.error(request, words)
    if not chosen:
        messages.error(request, say("bureau.form.nothing_chosen"))
    return redirect("bureau:freezes")


@for_bureau
@require_POST
def renew(request: HttpRequest, slug: str, freeze_id: int) -> HttpResponse:
    """Renew one freeze to the law's longest day."""
    found = _freeze(request, slug, freeze_id)
    freezing.renew_freeze(freeze_id=found.pk, by=person(request))
    messages.success(request, say("bureau.said.renewed", count=1))
    return redirect("bureau:property", slug=slug, property_id=found.target_id)


@for_bureau
@require_POST
def lift(request: HttpRequest, slug: str, freeze_id: int) -> HttpResponse:
    """Order a freeze lifted."""

    def act(form: Any, pk: int) -> object:
        grounds = form.cleaned_data["grounds"]
        return freezing.lift_freeze(freeze_id=pk, grounds=grounds, by=person(request))

    return _act_on(request, slug, freeze_id, LiftForm, act)


@for_bureau
@require_POST
def lift_part(request: HttpRequest, slug: str, freeze_id: int) -> HttpResponse:
    """Order part of what is frozen released."""

    def act(form: Any, pk: int) -> object:
        given = form.cleaned_data
        return freezing.lift_part(
            freeze_id=pk, fen=given["fen"], grounds=given["grounds"],
            form_key=given["form_key"], by=person(request),
        )  # fmt: skip

    return _act_on(request, slug, freeze_id, LiftPartForm, act)


@for_bureau
@require_POST
def deduct(request: HttpRequest, slug: str, freeze_id: int) -> HttpResponse:
    """Order money paid to the court's account."""

    def act(form: Any, pk: int) -> object:
        given = form.cleaned_data
        return freezing.deduct(
            freeze_id=pk, fen=given["fen"], pay_to=form.pay_to(),
            form_key=given["form_key"], by=person(request),
        )  # fmt: skip

    return _act_on(request, slug, freeze_id, DeductForm, act)


def _freeze(request: HttpRequest, slug: str, pk: int) -> Freeze:
    """A freeze of the reader's court on this debtor's property. Raises Http404."""
    visible = freezes_visible_to(person(request))
    found = visible.filter(pk=pk, target__debtor=debtor_of(request, slug)).first()
    if found is None:
        raise Http404
    return found


def _act_on(
    request: HttpRequest,
    slug: str,
    freeze_id: int,
    kind: type[FreezeActForm],
    act: Callable[[Any, int], object],
) -> HttpResponse:
    """Do one act on a freeze, or show its property again with the form and the reason."""
    found = _freeze(request, slug, freeze_id)
    form = kind(request.POST, freeze_id=found.pk)
    if tried(form, lambda: act(form, found.pk)).is_done:
        messages.success(request, say(f"bureau.said.{kind.__name__.lower()}"))
        return redirect("bureau:property", slug=slug, property_id=found.target_id)
    debtor = debtor_of(request, slug)
    thing = property_of(request, debtor, found.target_id)
    return show_property(request, debtor, thing, failed=form)
