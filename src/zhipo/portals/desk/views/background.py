"""Work that a worker does: put in line, watched, left and come back to, fetched."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from zhipo.cases.models import Case
from zhipo.cases.queries import role_in
from zhipo.claims.actions.background import order_task
from zhipo.claims.background import BackgroundTask, TaskKind, TaskState
from zhipo.claims.queries.background import tasks_visible_to
from zhipo.documents.queries import documents_of
from zhipo.portals.access import person
from zhipo.portals.desk.exports import handed_out
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.web.words import say

SHOWN = 50
STOP_POLLING = 286
"""HTMX's status for "no need to ask again"; with HX-Refresh the page shows the result."""


def handed_to_worker(
    request: HttpRequest, case: Case, kind: TaskKind, arguments: Mapping[str, Any]
) -> HttpResponse:
    """Order the work and show how far it is; the same form again shows the same work."""
    task = order_task(
        case_id=case.pk,
        kind=kind,
        arguments=arguments,
        form_key=request.POST.get("page_key", "")[:40],
        by=person(request),
    )
    return redirect("desk:task", slug=case.slug, task_id=task.pk)


@for_desk
@require_GET
def tasks(request: HttpRequest, slug: str) -> HttpResponse:
    """What this role has had done, newest first."""
    case = case_of(request, slug)
    content = {"tasks": tasks_visible_to(person(request), case)[:SHOWN]}
    return desk_page(request, case, "desk/tasks.html", content, stage="tasks")


@for_desk
@require_GET
def task(request: HttpRequest, slug: str, task_id: int) -> HttpResponse:
    """One piece of work: how far it is, what it made, or why it stopped."""
    case = case_of(request, slug)
    found = _task(request, case, task_id)
    content = {
        "task": found,
        "reason": reason_of(found),
        "role_words": say(f"cases.role.{found.role}"),
    }
    return desk_page(request, case, "desk/task.html", content, stage="tasks")


@for_desk
@require_GET
def progress(request: HttpRequest, slug: str, task_id: int) -> HttpResponse:
    """The bar alone, asked for again and again; at the end the page is loaded anew."""
    case = case_of(request, slug)
    found = _task(request, case, task_id)
    if found.state != TaskState.ORDERED:
        return HttpResponse(status=STOP_POLLING, headers={"HX-Refresh": "true"})
    return render(request, "desk/_task_progress.html", {"task": found, "case": case})


@for_desk
@require_GET
def made(request: HttpRequest, slug: str, task_id: int) -> HttpResponse:
    """The file that the work made, for the role that asked for it. Raises FileChanged."""
    case = case_of(request, slug)
    found = _task(request, case, task_id)
    roles = role_in(person(request), case)
    document = (
        documents_of(case.number, roles=roles).filter(pk=found.document_id or 0).first()
    )
    if document is None:
        raise Http404
    return handed_out(document)


def reason_of(task: BackgroundTask) -> str:
    """Why it stopped, in the reader's words; empty where it did not."""
    if task.state != TaskState.STOPPED:
        return ""
    return say(task.result["key"], **task.result["values"])


def _task(request: HttpRequest, case: Case, task_id: int) -> BackgroundTask:
    found = tasks_visible_to(person(request), case).filter(pk=task_id).first()
    if found is None:
        raise Http404
    return found
