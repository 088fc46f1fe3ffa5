"""Who has not filed, reminder rounds with their results."""

from contextlib import suppress

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from procrastinate.exceptions import AlreadyEnqueued

from zhipo.claims import tasks
from zhipo.claims.actions.reminding import Channel, ReminderState, order_reminders
from zhipo.portals.access import person
from zhipo.portals.desk.filtering import claim_filter, filter_query
from zhipo.portals.desk.lists import LISTS
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.desk.tables import table_view
from zhipo.web.words import say


@for_desk
@require_GET
def silent(request: HttpRequest, slug: str) -> HttpResponse:
    """The list with its sum, and the rounds so far."""
    case = case_of(request, slug)
    view = table_view(request, case, LISTS["silent"])
    counts = {
        f"is_{state}": Count("reminders", filter=Q(reminders__state=state))
        for state in ReminderState
    }
    content = {
        "table": view,
        "filter_query": filter_query(claim_filter(request.GET)),
        "sum": view.found.aggregate(fen=Sum("ledger_fen", default=0))["fen"],
        "rounds": case.reminder_rounds.annotate(**counts).order_by("-pk"),
    }
    return desk_page(request, case, "desk/silent.html", content, stage="silent")


@for_desk
@require_POST
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    """Order a round to those whom the filter finds; the worker sends messages."""
    case = case_of(request, slug)
    channel = request.POST.get("channel", "")
    if channel not in set(Channel):
        raise Http404
    ordered = order_reminders(
        case_id=case.pk,
        channel=Channel(channel),
        now=timezone.now(),
        wanted=claim_filter(request.GET),
        by=person(request),
    )
    if channel == Channel.SMS:
        job = tasks.send_reminders.configure(
            schedule_at=ordered.not_before, queueing_lock=f"reminders-{ordered.pk}"
        )
        # The same button twice is one round and one job.
        with suppress(AlreadyEnqueued), transaction.atomic():
            job.defer(round_id=ordered.pk)
    messages.success(request, say(f"desk.silent.ordered_{channel}"))
    return redirect("desk:silent", slug=slug)
