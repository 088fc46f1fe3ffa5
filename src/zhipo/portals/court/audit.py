"""The audit trail of a case on the page: read, filtered, verified, exported."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from zhipo.audit.events import Event
from zhipo.audit.export import csv_of, links_of
from zhipo.audit.models import Entry
from zhipo.audit.trail import first_broken_link, record
from zhipo.cases.powers import Act, check_power
from zhipo.portals.access import person
from zhipo.portals.court.views import for_court
from zhipo.portals.desk.surroundings import case_of, desk_page
from zhipo.web.words import has, say

PER_PAGE = 100


@for_court
@require_GET
def trail(request: HttpRequest, slug: str) -> HttpResponse:
    """The entries, the latest first, by event if one is asked for."""
    case = case_of(request, slug)
    entries = Entry.objects.filter(chain=case.number).order_by("-position")
    wanted = request.GET.get("event", "")
    if wanted in set(Event):
        entries = entries.filter(event=wanted)
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    content = {
        "page": page,
        "rows": [
            (entry, role_text(entry.role), detail_text(entry.detail)) for entry in page
        ],
        "events": sorted(Event),
        "wanted": wanted,
    }
    return desk_page(request, case, "court/audit.html", content, stage="court")


@for_court
@require_POST
def verify(request: HttpRequest, slug: str) -> HttpResponse:
    """Recompute every link of the chain and say whether it holds."""
    case = case_of(request, slug)
    broken = first_broken_link(case.number)
    if broken is None:
        messages.success(request, say("court.audit.whole"))
    else:
        said = say("court.audit.broken", position=broken.position, reason=broken.reason)
        messages.error(request, said)
    return redirect("court:audit", slug=slug)


@for_court
@require_POST
def export(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """All entries: JSON lines, which `zhipo audit verify FILE` checks elsewhere, or CSV."""
    case = case_of(request, slug)
    check_power(case, Act.EXPORT_AUDIT, person(request))
    ending = "csv" if request.POST.get("format") == "csv" else "jsonl"
    with transaction.atomic():
        record(Event.AUDIT_EXPORTED, of=case, by=person(request), chain=case.number,
               format=ending)  # fmt: skip
    lines, content_type = EXPORTS[ending]
    response = StreamingHttpResponse(lines(case.number), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{slug}-audit.{ending}"'
    return response


def detail_text(detail: dict[str, Any]) -> str:
    """`fen: 27188, is_late: false`: names and values as the trail has them."""
    return ", ".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in detail.items()
    )


def role_text(role: str) -> str:
    """The word for a role; what the trail calls otherwise stays as it is."""
    return say(f"cases.role.{role}") if has(f"cases.role.{role}") else role


def _json_lines(chain: str) -> Iterator[str]:
    for link in links_of(chain):
        yield json.dumps(link, ensure_ascii=False) + "\n"


EXPORTS = {
    "jsonl": (_json_lines, "application/x-ndjson"),
    "csv": (csv_of, "text/csv; charset=utf-8"),
}
