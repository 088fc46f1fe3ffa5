"""The register: by heading, tabled by the lead, as XLSX and DOCX."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.claims.actions.tabling import table_register, tabling
from zhipo.claims.actions.unmasking import unmask_register
from zhipo.claims.queries.register import headings, in_heading, register
from zhipo.portals.access import person
from zhipo.portals.desk.columns import Column
from zhipo.portals.desk.exports import CHUNK, DOCX, download, workbook_response
from zhipo.portals.desk.filtering import filter_choices
from zhipo.portals.desk.lists import LISTS, ON_REGISTER, REGISTER
from zhipo.portals.desk.people import whole
from zhipo.portals.desk.register_document import register_document
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.desk.tables import table_view
from zhipo.web.words import say

COURT_COLUMNS = [
    Column("name", lambda row: whole(row).name),
    Column("id_no", lambda row: whole(row).id_no),
]


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
    case = case_of(request, slug)
    if version not in ("meeting", "court"):
        raise Http404
    if version == "court":
        unmask_register(case_id=case.pk, by=person(request))
    else:
        check_power(case, Act.EXPORT_REGISTER, person(request))
    name = f"{slug}-register-{version}"
    if request.POST.get("as") == "docx":
        document = register_document(case, is_for_court=version == "court")
        return download(document, name=f"{name}.docx", kind=DOCX)
    columns = [REGISTER[key] for key in ON_REGISTER if key not in ("heading", "name")]
    columns[1:1] = COURT_COLUMNS if version == "court" else [REGISTER["name"]]
    sheets = [
        (say(f"desk.class.{one.name}"), columns, _rows(case, one.name))
        for one in headings(case)
    ]
    return workbook_response(sheets, name=name)


def _rows(case: Case, heading: str) -> Iterator[Any]:
    claims = in_heading(register(case), heading).order_by("number")
    return claims.iterator(chunk_size=CHUNK)
