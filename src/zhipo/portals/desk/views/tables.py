"""Pages that are one table of claims: all, late, silent, found; each can be exported."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from zhipo.claims.queries import desk
from zhipo.claims.queries.finding import FOUND_AT_MOST, found
from zhipo.portals.access import person
from zhipo.portals.desk.exports import CHUNK, workbook_response
from zhipo.portals.desk.searching import opened, sealed
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.desk.tables import claim_filter, filter_choices, table_view
from zhipo.web.words import say

CLAIM_COLUMNS = ["number", "kind", "name", "phone", "claimed_fen", "ledger_fen",
                 "admitted_fen", "state", "decision", "reasons", "identity", "filed_at",
                 "is_late"]  # fmt: skip
SHOWN = ["number", "kind", "name", "claimed_fen", "ledger_fen", "admitted_fen", "state",
         "decision", "filed_at"]  # fmt: skip


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
        token = sealed(request.POST.get("text", ""), by=by)
        return redirect(f"{request.path}?q={token}")
    text = opened(request.GET.get("q", ""), by=by)
    ids = list(found(case, text).values_list("pk", flat=True))
    claims = desk.claims_in(case).filter(pk__in=ids)
    view = table_view(request, claims, offered=CLAIM_COLUMNS, shown=SHOWN)
    content = {"table": view, "asked": text, "most": FOUND_AT_MOST}
    return desk_page(request, case, "desk/search.html", content, stage="search")


def _table(request: HttpRequest, slug: str, *, stage: str) -> HttpResponse:
    case = case_of(request, slug)
    claims = desk.claims_in(case, claim_filter(request.GET))
    if stage == "late":
        claims = claims.filter(is_late=True)
    view = table_view(request, claims, offered=CLAIM_COLUMNS, shown=SHOWN)
    if request.GET.get("export") == "xlsx":
        rows = claims.order_by("number").iterator(chunk_size=CHUNK)
        title = say(f"desk.stage.{stage}")
        return workbook_response([(title, view.columns, rows)], name=f"{slug}-{stage}")
    content = {"table": view, "choices": filter_choices(request.GET)}
    return desk_page(request, case, "desk/claims.html", content, stage=stage)
