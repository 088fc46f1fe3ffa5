"""Ordering work that a worker does, doing it once, ending it with a result or a reason."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.locking import locked_case
from zhipo.claims.actions.progress import Progress
from zhipo.claims.background import BackgroundTask, TaskKind, TaskState
from zhipo.claims.jobs import later
from zhipo.claims.policies.background import check_can_order
from zhipo.documents.models import Document
from zhipo.web.refusals import Declined

JOBS: dict[TaskKind, str] = {
    TaskKind.EXPORT_LIST: "zhipo.portals.tasks.export_list",
    TaskKind.WRITE_REGISTER: "zhipo.portals.tasks.write_register",
    TaskKind.WRITE_LETTERS: "zhipo.claims.tasks.write_letters",
    TaskKind.DECIDE_CLAIMS: "zhipo.claims.tasks.decide_in_bulk",
    TaskKind.WRITE_PLAN_WORKBOOK: "zhipo.portals.tasks.write_plan_workbook",
    TaskKind.WRITE_PLAN_DOCUMENT: "zhipo.portals.tasks.write_plan_document",
    TaskKind.WRITE_WHAT_IF: "zhipo.portals.tasks.write_what_if",
    TaskKind.PUBLISH_PLAN: "zhipo.distributions.tasks.publish_plan",
}
FAILED = "claims.task.failed"
Work = Callable[[BackgroundTask, Progress], None]


@transaction.atomic
def order_task(
    *, case_id: int, kind: TaskKind, arguments: Mapping[str, Any], form_key: str, by: Any
) -> BackgroundTask:
    """Put work in line for a worker; the same form again is the same task.

    Raises NotAllowed, NotInState.
    """
    case = locked_case(case_id)
    role = check_can_order(by, case, kind)
    key = _key(kind, arguments, form_key)
    known = BackgroundTask.objects.filter(ordered_by=by, form_key=key).first()
    if known is not None:
        return known

    task = BackgroundTask.objects.create(
        case=case, kind=kind, arguments=dict(arguments), form_key=key, role=role,
        ordered_by=by, ordered_at=timezone.now(),
    )  # fmt: skip
    later(JOBS[kind], lock=f"task-{task.pk}", task_id=task.pk)

    record(Event.TASK_ORDERED, of=task, by=by, chain=case.number, role=role, kind=kind)
    return task


def run_task(work: Work, *, task_id: int, is_last_try: bool) -> None:
    """Have `work` done, unless it is done already; it ends the task in its transaction.

    What must not be done (any more) ends the task with its reason. What fails is raised
    for another try, and at the last one the task says that it failed.
    """
    task = BackgroundTask.objects.select_related(
        "case__court", "case__administrator", "ordered_by"
    ).get(pk=task_id)
    if task.state != TaskState.ORDERED:
        return
    try:
        check_can_order(task.ordered_by, task.case, TaskKind(task.kind))
        with Progress(task_id) as told:
            work(task, told)
    except Declined as declined:
        _stop(task_id, declined.key, declined.values)
    except Exception:
        if is_last_try:
            _stop(task_id, FAILED, {})
        raise


@transaction.atomic
def finish_task(
    *, task_id: int, document: Document | None = None, **result: int | str
) -> BackgroundTask:
    """End a task with what it made; the second of two that did the same changes nothing."""
    return _end(task_id, TaskState.DONE, result, document)


@transaction.atomic
def _stop(task_id: int, key: str, values: Mapping[str, Any]) -> None:
    reason = {"key": key, "values": {name: str(value) for name, value in values.items()}}
    _end(task_id, TaskState.STOPPED, reason, None)


def _end(
    task_id: int, state: TaskState, result: Mapping[str, Any], document: Document | None
) -> BackgroundTask:
    task = (
        BackgroundTask.objects.select_for_update(of=("self",))
        .select_related("case")
        .get(pk=task_id)
    )
    if task.state != TaskState.ORDERED:
        return task
    task.state, task.result, task.document = state, dict(result), document
    task.finished_at, task.progress = timezone.now(), {}
    task.save(update_fields=["state", "result", "document", "finished_at", "progress"])

    record(Event.TASK_FINISHED, of=task, by=None, chain=task.case.number, kind=task.kind,
           state=state)  # fmt: skip
    return task


def _key(kind: TaskKind, arguments: Mapping[str, Any], form_key: str) -> str:
    """What makes two orders one: the page's key, and all that was asked."""
    whole = json.dumps([kind, arguments, form_key], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()
