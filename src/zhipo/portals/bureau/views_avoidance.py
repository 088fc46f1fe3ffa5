"""Avoidable acts at the bureau, until acceptance."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from zhipo.portals.avoidance import pages
from zhipo.portals.avoidance.pages import Place, candidate_in
from zhipo.portals.bureau.surroundings import bureau_page, debtor_of, for_bureau


@for_bureau
@require_GET
def avoidance(request: HttpRequest, slug: str) -> HttpResponse:
    """What the last search lists."""
    return pages.list_page(request, _place(request, slug))


@for_bureau
@require_POST
def search(request: HttpRequest, slug: str) -> HttpResponse:
    """Search the sealed histories and the entries."""
    return pages.search(request, _place(request, slug))


@for_bureau
@require_POST
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter what is known of a dealing."""
    return pages.enter(request, _place(request, slug))


@for_bureau
@require_POST
def withdraw(request: HttpRequest, slug: str, dealing_id: int) -> HttpResponse:
    """Take an entry back."""
    return pages.withdraw(request, _place(request, slug), dealing_id)


@for_bureau
@require_GET
def candidate(request: HttpRequest, slug: str, candidate_id: int) -> HttpResponse:
    """One candidate with its rows."""
    place = _place(request, slug)
    return pages.candidate_page(request, place, candidate_in(place, candidate_id))


@for_bureau
@require_POST
def judge(request: HttpRequest, slug: str, candidate_id: int) -> HttpResponse:
    """Enter a verdict."""
    place = _place(request, slug)
    return pages.judge(request, place, candidate_in(place, candidate_id))


@for_bureau
@require_POST
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """All of it as a workbook."""
    return pages.export(request, _place(request, slug))


def _place(request: HttpRequest, slug: str) -> Place:
    debtor = debtor_of(request, slug)
    frame = partial(bureau_page, request, debtor)
    return Place(
        debtor,
        "bureau",
        slug,
        lambda name, content, status: frame(
            f"bureau/{name}", content, tab="avoidance", status=status
        ),
    )
