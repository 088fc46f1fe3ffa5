"""What is published of an approved plan: root, totals, masked table; the secret kept.

Of a plan with few shares it is part of the approval; of a long one a worker does it, and
until then the plan is approved and paid, but nothing of it is published.
"""

import secrets
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.claims.actions.background import finish_task, order_task
from zhipo.claims.actions.progress import Progress, no_telling
from zhipo.claims.background import BackgroundTask, TaskKind, TaskState
from zhipo.distributions import files
from zhipo.distributions.actions.planning import locked_plan
from zhipo.distributions.blinding import secret_for
from zhipo.distributions.models import Plan, ProofSecret
from zhipo.distributions.policies.approving import check_can_publish
from zhipo.engine.outputs import whole_file
from zhipo.engine.proofs.kept import keep_tree
from zhipo.engine.proofs.publishing import (
    PLAN,
    SECRET_BYTES,
    STATEMENT,
    TABLE,
    publish_under,
)

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first instant a ZIP archive can name: the same publication, the same bytes."""

FOLDER_IN_ZIP = "bundle"
AT_ONCE = settings.ENVIRONMENT.rows_at_once
"""Shares that an approval may publish itself; more are published by a worker."""

STEPS = 3


def is_long(plan: Plan) -> bool:
    """Whether its publication is a worker's to make."""
    shares = sum(int(line["count"]) for line in plan.summary["classes"].values())
    return shares > AT_ONCE


def publish_plan(plan: Plan) -> None:
    """Write the public bundle beside the result; part of the approval's own act."""
    plan.statement = _written(plan, no_telling)
    plan.save(update_fields=["statement"])


@transaction.atomic
def order_publication(*, plan_id: int, form_key: str, by: Any) -> BackgroundTask:
    """Have a worker publish an approved plan; while it is in line, that task.

    Raises NotAllowed, NotInState once it is published.
    """
    plan = locked_plan(plan_id)
    check_can_publish(by, plan)
    arguments = {"plan": plan.pk}
    waiting = BackgroundTask.objects.filter(
        case=plan.case, kind=TaskKind.PUBLISH_PLAN, state=TaskState.ORDERED,
        arguments=arguments,
    ).first()  # fmt: skip
    if waiting is not None:
        return waiting
    return order_task(
        case_id=plan.case_id, kind=TaskKind.PUBLISH_PLAN, arguments=arguments,
        form_key=form_key, by=by,
    )  # fmt: skip


def publish_in_background(task: BackgroundTask, told: Progress) -> None:
    """The publication that was ordered, entered with the end of its task."""
    plan_id = task.arguments["plan"]
    statement = _statement(plan_id, told)
    with transaction.atomic():
        plan = _enter(plan_id, statement)
        finish_task(task_id=task.pk, number=plan.number, root=plan.statement["root"])


def publish_approved(*, plan_id: int) -> Plan:
    """The same at once, for whoever does not wait for a worker; again changes nothing."""
    return _enter(plan_id, _statement(plan_id, no_telling))


def secret_of(plan: Plan) -> bytes:
    """The plan's own secret, from the case's one, which is made once."""
    kept, _ = ProofSecret.objects.get_or_create(
        case=plan.case, defaults={"secret": secrets.token_hex(SECRET_BYTES)}
    )
    return secret_for(plan, kept)


def _statement(plan_id: int, told: Callable[[int, int], None]) -> Any:
    """Of what is published already, or written now; long, so outside of a transaction."""
    plan = Plan.objects.select_related("case").get(pk=plan_id)
    return plan.statement or _written(plan, told)


@transaction.atomic
def _enter(plan_id: int, statement: Any) -> Plan:
    """Enter what was written, unless it stands already: what was written twice is the
    same.
    """
    plan = locked_plan(plan_id)
    if plan.statement:
        return plan
    plan.statement = statement
    plan.save(update_fields=["statement"])

    record(Event.PLAN_PUBLISHED, of=plan, by=None, chain=plan.case.number,
           number=plan.number, root=statement["root"])  # fmt: skip
    return plan


def _written(plan: Plan, told: Callable[[int, int], None]) -> Any:
    """The files of the publication; the statement that they carry."""
    folder = files.folder_of(plan)
    statement = publish_under(
        folder / files.PAYMENTS, folder / files.PUBLISHED, secret=secret_of(plan),
        case=plan.case.number,
    )  # fmt: skip
    told(1, STEPS)
    keep_tree(folder / files.PUBLISHED, folder / files.TREE)
    told(2, STEPS)
    _pack(folder / files.PUBLISHED, folder / files.BUNDLE)
    return statement.as_json()


def _pack(published: Path, out: Path) -> None:
    """The publication in one file, in a folder that `zhipo verify` takes."""
    with whole_file(out) as part, zipfile.ZipFile(part, "w") as archive:
        for name in (STATEMENT, PLAN, TABLE):
            entry = zipfile.ZipInfo(f"{FOLDER_IN_ZIP}/{name}", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, (published / name).read_bytes())
