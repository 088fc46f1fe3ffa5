"""Pages that are one table of claims: all, late, found; and every list's export."""

from dataclasses import asdict

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhipo.cases.powers import check_power
from zhipo.claims.background import TaskKind
from zhipo.claims.queries.finding import FOUND_AT_MOST
from zhipo.portals.access import person
from zhipo.portals.desk import exports
from zhipo.portals.desk.filtering import filter_choices
from zhipo.portals.desk.lists import LISTS
from zhipo.portals.desk.long_exports import ListOrder
from zhipo.portals.desk.searching import opened, sealed
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.desk.tables import table_view
from zhipo.portals.desk.views.background import handed_to_worker
from zhipo.web.words import current_language


@for_desk
@require_GET
def claims(request: HttpRequest, slug: str) -> HttpResponse:
    """All claims of the case."""
    return _table(request, slug, stage="claims")


@for_desk
@require_GET
def late(request: HttpRequest, slug: str) -> HttpResponse:
    """What was filed after the filing period, with what follows from it (EBL 56)."""
    return _table(request, slug, stage="late")


@for_desk
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest, slug: str) -> HttpResponse:
    """Claims by what a person says of themselves; it is posted, and seen by nobody else."""
    case, by = case_of(request, slug), person(request)
    if request.method == "POST":
        token = sealed(request.POST.get("looked_for", ""), by=by)
        return redirect(f"{request.path}?q={token}")
    content = {
        "table": table_view(request, case, LISTS["search"]),
        "asked": opened(request.GET.get("q", ""), by=by),
        "most": FOUND_AT_MOST,
    }
    return desk_page(request, case, "desk/search.html", content, stage="search")


@for_desk
@require_POST
def export(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A list as its page shows it, all pages of it, as XLSX; names stay masked."""
    case, by = case_of(request, slug), person(request)
    listing = LISTS.get(name)
    if listing is None:
        raise Http404
    if listing.act is not None:
        check_power(case, listing.act, by)
    if listing.rows(case, request.GET, by).count() > exports.AT_ONCE:
        order = ListOrder(name, request.GET.urlencode(), current_language())
        return handed_to_worker(request, case, TaskKind.EXPORT_LIST, asdict(order))
    sheets = exports.list_sheets(case, listing, request.GET, by=by)
    return exports.workbook_response(sheets, name=f"{slug}-{name}")


def _table(request: HttpRequest, slug: str, *, stage: str) -> HttpResponse:
    case = case_of(request, slug)
    content = {
        "table": table_view(request, case, LISTS[stage]),
        "choices": filter_choices(request.GET),
    }
    return desk_page(request, case, "desk/claims.html", content, stage=stage)
