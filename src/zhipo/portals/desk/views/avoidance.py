"""Avoidable acts at the desk, from acceptance on (《企业破产法》第三十一条)."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from zhipo.cases.models import Case
from zhipo.enforcement.models import Debtor
from zhipo.enforcement.queries.estates import debtor_taken_over
from zhipo.portals.avoidance import pages
from zhipo.portals.avoidance.pages import Place, candidate_in
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk


@for_desk
@require_GET
def avoidance(request: HttpRequest, slug: str) -> HttpResponse:
    """What the last search lists; a case that came without enforcement has none."""
    case = case_of(request, slug)
    debtor = debtor_taken_over(case)
    if debtor is None:
        return desk_page(request, case, "desk/avoidance_none.html", {}, stage="avoidance")
    return pages.list_page(request, _at(request, case, debtor))


@for_desk
@require_POST
def search(request: HttpRequest, slug: str) -> HttpResponse:
    """Search the sealed histories and the entries."""
    return pages.search(request, _place(request, slug))


@for_desk
@require_POST
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter what is known of a dealing."""
    return pages.enter(request, _place(request, slug))


@for_desk
@require_POST
def withdraw(request: HttpRequest, slug: str, dealing_id: int) -> HttpResponse:
    """Take an entry back."""
    return pages.withdraw(request, _place(request, slug), dealing_id)


@for_desk
@require_GET
def candidate(request: HttpRequest, slug: str, candidate_id: int) -> HttpResponse:
    """One candidate with its rows."""
    place = _place(request, slug)
    return pages.candidate_page(request, place, candidate_in(place, candidate_id))


@for_desk
@require_POST
def judge(request: HttpRequest, slug: str, candidate_id: int) -> HttpResponse:
    """Enter a verdict."""
    place = _place(request, slug)
    return pages.judge(request, place, candidate_in(place, candidate_id))


@for_desk
@require_POST
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """All of it as a workbook."""
    return pages.export(request, _place(request, slug))


def _place(request: HttpRequest, slug: str) -> Place:
    case = case_of(request, slug)
    debtor = debtor_taken_over(case)
    if debtor is None:
        raise Http404
    return _at(request, case, debtor)


def _at(request: HttpRequest, case: Case, debtor: Debtor) -> Place:
    frame = partial(desk_page, request, case)
    return Place(
        debtor,
        "desk",
        case.slug,
        lambda name, content, status: frame(
            f"desk/{name}", content, stage="avoidance", status=status
        ),
    )
