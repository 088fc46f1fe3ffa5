"""What is published of approved plans, and each creditor's proof, checked before given."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from zhipo.cases.models import Case
from zhipo.distributions import files
from zhipo.distributions.blinding import secret_for
from zhipo.distributions.models import Plan, ProofSecret, Share
from zhipo.distributions.states import PlanState
from zhipo.engine.proofs.kept import kept_proof
from zhipo.engine.proofs.leaves import salt_of
from zhipo.engine.proofs.proving import proof_faults
from zhipo.engine.proofs.publishing import PLAN, STATEMENT, TABLE
from zhipo.kernel.faults import Refused
from zhipo.web.refusals import Declined, NotInState

PUBLISHED_FILES = {
    STATEMENT: "application/json",
    PLAN: "application/json",
    TABLE: "text/csv; charset=utf-8",
    files.BUNDLE: "application/zip",
}
"""What anybody may fetch of a plan, and the type of each file."""


class NotAsPublished(Declined):
    """The files of a publication are lost, or not those that the ruling's root is of."""

    status = 503


def published_plans(case: Case) -> QuerySet[Plan]:
    """The case's approved plans that are published, the last one first."""
    plans = Plan.objects.filter(case=case, state=PlanState.APPROVED).exclude(statement={})
    return plans.select_related("case").order_by("-number")


def published_file(plan: Plan, name: str) -> Path:
    """A file of the publication. Raises KeyError for another name, NotAsPublished."""
    assert name in PUBLISHED_FILES
    folder = files.folder_of(plan)
    path = folder / name if name == files.BUNDLE else folder / files.PUBLISHED / name
    if not path.is_file() or _statement_of(plan) != plan.statement:
        raise NotAsPublished("distributions.refused.not_as_published")
    return path


def proof_for(share: Share) -> dict[str, Any]:
    """The proof of one claim in its plan, which leads to the published root.

    It is climbed to the root before it is handed out: whoever changed the files on the
    disk cannot have a creditor given a proof that does not hold. Raises NotInState
    before it is published, NotAsPublished.
    """
    plan, number = share.plan, share.claim.number
    if not plan.statement:
        raise NotInState("distributions.refused.not_published_yet")
    salt = salt_of(number, secret_for(plan, ProofSecret.objects.get(case=plan.case)))
    tree = files.folder_of(plan) / files.TREE
    try:
        proof = kept_proof(number, salt, tree)
        faults, _ = proof_faults(proof, tree.name)
    except (Refused, OSError, ValueError, TypeError, sqlite3.Error) as error:
        raise NotAsPublished("distributions.refused.not_as_published") from error
    if faults or proof["statement"] != plan.statement:
        raise NotAsPublished("distributions.refused.not_as_published")
    return proof


def _statement_of(plan: Plan) -> Any:
    path = files.folder_of(plan) / files.PUBLISHED / STATEMENT
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
