"""The register: by heading, tabled by the lead, as XLSX and DOCX."""

from dataclasses import asdict

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from zhipo.claims.actions.tabling import table_register, tabling
from zhipo.claims.background import TaskKind
from zhipo.claims.queries.register import headings, register
from zhipo.portals.access import person
from zhipo.portals.desk import exports
from zhipo.portals.desk.filtering import filter_choices
from zhipo.portals.desk.lists import LISTS
from zhipo.portals.desk.register_export import (
    ENDINGS,
    VERSIONS,
    RegisterOrder,
    register_file,
    unmasked,
)
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.desk.tables import table_view
from zhipo.portals.desk.views.background import handed_to_worker
from zhipo.web.words import current_language, say


@for_desk
@require_GET
def register_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Sums by heading, the table, and what tabling would do."""
    case = case_of(request, slug)
    heading = request.GET.get("heading", "")
    content = {
        "headings": headings(case),
        "heading": heading,
        "table": table_view(request, case, LISTS["register"]),
        "choices": [one for one in filter_choices(request.GET) if one["name"] != "waiting"],
        "tabling": tabling(case),
    }
    return desk_page(request, case, "desk/register.html", content, stage="register")


@for_desk
@require_POST
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """Put what is reviewed on the register."""
    case = case_of(request, slug)
    done = table_register(case_id=case.pk, by=person(request))
    messages.success(request, say("desk.register.tabled", count=done.tabled))
    return redirect("desk:register", slug=slug)


@for_desk
@require_POST
def export(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """The register as XLSX or DOCX: for the meeting masked, for the court whole."""
    case, by = case_of(request, slug), person(request)
    ending = request.POST.get("as", "xlsx")
    if version not in VERSIONS or ending not in ENDINGS:
        raise Http404
    order = RegisterOrder(version, ending, current_language())
    if register(case).count() > exports.AT_ONCE:
        return handed_to_worker(request, case, TaskKind.WRITE_REGISTER, asdict(order))
    unmasked(case, order, by=by)
    name = f"{slug}-register-{version}.{ending}"
    file = register_file(case, order)
    return exports.download(file, name=name, kind=exports.kind_of(ending))
