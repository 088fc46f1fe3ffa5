"""All debtors of the court, and the first page of each."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhipo.enforcement.queries.overview import DebtorFilter, debtor_figures, overview_of
from zhipo.enforcement.states import Stage
from zhipo.law.triage.cause import Entity
from zhipo.portals.access import person
from zhipo.portals.bureau.surroundings import bureau_page, debtor_of, for_bureau

PAGE_ROWS = 50


@for_bureau
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Every debtor against whom this court enforces, searched and filtered."""
    wanted = DebtorFilter.of(request.GET.dict())
    found = overview_of(person(request), wanted)
    content = {
        "page": Paginator(found, PAGE_ROWS).get_page(request.GET.get("page")),
        "wanted": wanted,
        "stages": list(Stage),
        "entities": list(Entity),
    }
    return render(request, "bureau/overview.html", content)


@for_bureau
@require_GET
def debtor_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One debtor: who it is, what is owed before which courts, how far it is."""
    debtor = debtor_of(request, slug)
    content = debtor_figures(debtor)
    return bureau_page(request, debtor, "bureau/debtor.html", content, tab="debtor")
