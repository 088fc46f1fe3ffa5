"""Bulk decisions: filter, preview, confirm, undo."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from zhipo.cases.models import Case
from zhipo.claims.actions.bulk import (
    BulkOrder,
    Preview,
    decide_claims,
    preview,
    undo_batch,
)
from zhipo.claims.background import TaskKind
from zhipo.claims.models import Adjustment
from zhipo.law.review.decision import Decision
from zhipo.portals.access import person
from zhipo.portals.desk.filtering import claim_filter, filter_choices, filter_query
from zhipo.portals.desk.forms import BY_HAND
from zhipo.portals.desk.lists import LISTS
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.desk.tables import table_view
from zhipo.portals.desk.views.background import handed_to_worker
from zhipo.web.words import say

BATCHES = 20
AT_ONCE = settings.ENVIRONMENT.claims_at_once
"""Claims that a request may wait for; more are decided by a worker."""


@for_desk
@require_GET
def bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """The filter, what it finds, and (with a decision) what would change."""
    case = case_of(request, slug)
    wanted = claim_filter(request.GET)
    asked = request.GET.get("do", "")
    decision = Decision(asked) if asked in BY_HAND else None
    content = {
        "table": table_view(request, case, LISTS["bulk"]),
        "choices": filter_choices(request.GET),
        "decision": decision,
        "decisions": BY_HAND,
        "preview": preview(case, wanted, decision) if decision else None,
        "filter_query": filter_query(wanted),
        "batches": batches(case),
    }
    return desk_page(request, case, "desk/bulk.html", content, stage="bulk")


@for_desk
@require_POST
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """Decide what was previewed, if it still is what was previewed."""
    case = case_of(request, slug)
    decision, text = request.POST.get("decision", ""), request.POST.get("text", "").strip()
    numbers = [request.POST.get(key, "") for key in ("count", "before_fen", "after_fen")]
    is_whole = all(one.isdigit() for one in numbers) and decision in BY_HAND
    if not is_whole or (decision != Decision.ADMIT and not text):
        messages.error(request, say("desk.form.reason_needed"))
        return redirect(f"{request.path.removesuffix('/confirm')}?{request.GET.urlencode()}"
                        f"&do={decision if decision in BY_HAND else ''}")  # fmt: skip
    count, before_fen, after_fen = (int(one) for one in numbers)
    order = BulkOrder(
        wanted=claim_filter(request.GET),
        seen=Preview(count, before_fen, after_fen, 0),
        decision=Decision(decision),
        text=text,
        batch=batch_of(request),
    )
    if count > AT_ONCE:
        arguments = order.arguments()
        return handed_to_worker(request, case, TaskKind.DECIDE_CLAIMS, arguments)
    decide_claims(case_id=case.pk, order=order, by=person(request))
    messages.success(request, say("desk.bulk.done", count=count))
    return redirect("desk:bulk", slug=slug)


def batch_of(request: HttpRequest) -> str:
    """The batch's name from the page's key, so that the same form is the same batch."""
    try:
        return uuid.UUID(request.POST.get("page_key", "")).hex
    except ValueError as error:
        raise Http404 from error


@for_desk
@require_POST
def undo(request: HttpRequest, slug: str, batch: str) -> HttpResponse:
    """Take a batch back."""
    case = case_of(request, slug)
    count = undo_batch(case_id=case.pk, batch=batch, by=person(request))
    messages.success(request, say("desk.bulk.undone", count=count))
    return redirect("desk:bulk", slug=slug)


def batches(case: Case) -> list[Any]:
    """The latest batches of a case, with how many claims, undone ones apart."""
    rows = (
        Adjustment.objects.filter(claim__case=case)
        .exclude(batch="")
        .order_by()
        .values("batch", "by__login", "is_undone", "after__decision")
        .annotate(at=Min("at"), count=Count("pk"))
        .order_by("-at")
    )
    return list(rows[:BATCHES])
