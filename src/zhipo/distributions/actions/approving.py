"""A plan before the court: computed and sealed at submission, ruled on, carried out so."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.cases.powers import Act, check_power
from zhipo.distributions import files
from zhipo.distributions.actions.planning import locked_plan, supersede_drafts
from zhipo.distributions.actions.posting import post_approval
from zhipo.distributions.actions.publishing import (
    is_long,
    order_publication,
    publish_plan,
)
from zhipo.distributions.building import rows_now
from zhipo.distributions.models import Plan, Share
from zhipo.distributions.policies.approving import (
    check_can_rule,
    check_is_as_sealed,
    check_is_divisible,
    check_pools_hold,
    check_register_stands,
)
from zhipo.distributions.policies.planning import check_can_submit, check_move
from zhipo.distributions.register import as_csv, sha256
from zhipo.distributions.states import PlanState
from zhipo.engine.distribute.run import distribute

PUT_SHARES = """COPY distributions_share (plan_id, claim_id, class_name, fen, baseline_fen,
    paid_fen, reserved_fen, unpaid_fen, parts) FROM STDIN"""


@transaction.atomic
def submit_plan(*, plan_id: int, by: Any) -> Plan:
    """Have the engine divide the money, seal register, plan and result, go to the court.

    What is computed is what the meeting voted on, over the register of today. The same
    plan again changes nothing. Raises NotAllowed, NotInState (also where the pools do not
    hold the money any more), NotFeasible.
    """
    plan = locked_plan(plan_id)
    if plan.state == PlanState.SUBMITTED:
        check_power(plan.case, Act.SUBMIT_PLAN, by)
        return plan
    check_can_submit(by, plan)
    check_pools_hold(plan)
    rows = rows_now(plan)
    check_is_divisible(plan, rows)

    with files.new_folder(plan.case) as folder:
        _sealed(plan, folder, as_csv(rows))
        plan.state, plan.submitted_at = PlanState.SUBMITTED, timezone.now()
        plan.save()
        record(Event.PLAN_SUBMITTED, of=plan, by=by, chain=plan.case.number,
               number=plan.number, register=plan.register_sha256, plan=plan.plan_sha256,
               result=plan.result_sha256)  # fmt: skip
    return plan


@transaction.atomic
def approve_plan(*, plan_id: int, ruling: str, ruled_on: date, by: Any) -> Plan:
    """Enter the ruling that approves a plan: shares, book and publication follow from it.

    What was submitted is checked by its hashes, and against the register as it stands; a
    plan whose register has changed since is refused with what changed. The same ruling
    again changes nothing. Raises NotAllowed, NotInState.
    """
    plan = locked_plan(plan_id)
    if _is_ruled(plan, PlanState.APPROVED, ruling, by):
        return plan
    check_can_rule(by, plan, ruling=ruling, ruled_on=ruled_on)
    check_is_as_sealed(plan)
    check_register_stands(plan, as_csv(rows_now(plan)))
    check_pools_hold(plan)

    _rule(plan, PlanState.APPROVED, ruling, ruled_on, by)
    _put_shares(plan)
    post_approval(plan, by=by)
    _publish(plan, by=by)
    superseded = supersede_drafts(plan.case)
    if plan.case.phase == Phase.CONFIRMED:
        Case.objects.filter(pk=plan.case_id).update(phase=Phase.DISTRIBUTION)

    record(Event.PLAN_APPROVED, of=plan, by=by, chain=plan.case.number, ruling=plan.ruling,
           number=plan.number, shares=plan.shares.count(), superseded=superseded,
           root=plan.statement.get("root", ""))  # fmt: skip
    return plan


@transaction.atomic
def refuse_plan(*, plan_id: int, ruling: str, ruled_on: date, by: Any) -> Plan:
    """Enter the ruling that does not approve a plan; another one may then be drawn up.

    The same ruling again changes nothing. Raises NotAllowed, NotInState.
    """
    plan = locked_plan(plan_id)
    if _is_ruled(plan, PlanState.REFUSED, ruling, by):
        return plan
    check_can_rule(by, plan, ruling=ruling, ruled_on=ruled_on)

    _rule(plan, PlanState.REFUSED, ruling, ruled_on, by)

    record(Event.PLAN_REFUSED, of=plan, by=by, chain=plan.case.number, ruling=plan.ruling,
           number=plan.number)  # fmt: skip
    return plan


def _sealed(plan: Plan, folder: Path, register: bytes) -> None:
    """Write register and plan, divide, keep the hashes of all three."""
    content = files.plan_json(plan.content)
    (folder / files.REGISTER).write_bytes(register)
    (folder / files.PLAN).write_bytes(content)
    plan.summary = distribute(folder / files.PLAN, folder / files.PAYMENTS)
    plan.folder = files.below_files(folder)
    plan.register_sha256, plan.plan_sha256 = sha256(register), sha256(content)
    plan.result_sha256 = sha256((folder / files.RESULT).read_bytes())


def _is_ruled(plan: Plan, state: PlanState, ruling: str, by: Any) -> bool:
    """Whether this very ruling stands already. Raises NotAllowed."""
    check_power(plan.case, Act.APPROVE_PLAN, by)
    return plan.state == state and plan.ruling == ruling.strip()


def _rule(plan: Plan, to: PlanState, ruling: str, ruled_on: date, by: Any) -> None:
    check_move(plan, to)
    plan.state, plan.ruling = to, ruling.strip()
    plan.ruled_on, plan.ruled_by = ruled_on, by
    plan.save(update_fields=["state", "ruling", "ruled_on", "ruled_by"])


def _publish(plan: Plan, *, by: Any) -> None:
    """At once, or by a worker where that takes long."""
    if is_long(plan):
        order_publication(plan_id=plan.pk, form_key=f"approval-{plan.pk}", by=by)
    else:
        publish_plan(plan)


def _put_shares(plan: Plan) -> None:
    """Every claim's share in one statement, from the sealed result."""
    claims = dict(plan.case.claims.values_list("number", "pk"))
    with connection.cursor() as cursor, cursor.copy(PUT_SHARES) as copy:
        for row in files.result_of(plan):
            claim = claims.get(row["claim_id"])
            if claim is not None:
                copy.write_row((plan.pk, claim, *_share(row)))
    assert Share.objects.filter(plan=plan).exists()


def _share(row: Mapping[str, str]) -> tuple[Any, ...]:
    names = ("fen", "baseline_fen", "paid_fen", "reserved_fen", "unpaid_fen")
    return (row["class"], *(int(row[name]) for name in names), files.parts_fen(row))
