"""What the administrator took over from enforcement: property, freezes, money, clocks."""

from functools import partial

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.cases.models import Case
from zhipo.enforcement.actions.assets import take_asset
from zhipo.enforcement.queries.bundles import gaps_shown
from zhipo.enforcement.queries.estates import estate_of
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.bureau.forms_cases import day
from zhipo.portals.bureau.forms_clues import Repeated
from zhipo.portals.desk.estate_export import estate_sheets
from zhipo.portals.desk.exports import workbook_response
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.web.words import say


class TakeForm(Repeated):
    """On which day an asset was handed over."""

    handed_over_on = day("desk.estate.handed_over_on")


@for_desk
@require_GET
def estate(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything of the take-over on one page; the court sees the same."""
    return _page(request, case_of(request, slug))


@for_desk
@require_POST
def take(request: HttpRequest, slug: str, asset_id: int) -> HttpResponse:
    """Record that an asset was handed over."""
    case = case_of(request, slug)
    if not case.assets.filter(pk=asset_id).exists():
        raise Http404
    form = TakeForm(request.POST)
    act = partial(take_asset, asset_id=asset_id, by=person(request))
    done = tried(form, lambda: act(**form.cleaned_data))
    if not done.is_done:
        return _page(request, case, failed=(asset_id, form), status=done.status)
    messages.success(request, say("desk.estate.taken"))
    return redirect("desk:estate", slug=slug)


@for_desk
@require_GET
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a workbook, a sheet each."""
    case = case_of(request, slug)
    found = estate_of(case, today=timezone.localdate())
    if found is None:
        raise Http404
    return workbook_response(estate_sheets(found), name=f"{slug}-estate")


def _page(
    request: HttpRequest,
    case: Case,
    *,
    failed: tuple[int, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = estate_of(case, today=timezone.localdate())
    content = {
        "estate": found,
        "gaps": gaps_shown(found.gaps) if found else [],
        "form": TakeForm(initial={"handed_over_on": timezone.localdate().isoformat()}),
        "failed_id": failed[0] if failed else None,
        "failed_form": failed[1] if failed else None,
    }
    return desk_page(request, case, "desk/estate.html", content, stage="estate",
                     status=status)  # fmt: skip
