"""When a plan may be divided and ruled on: sealed, unchanged, its money still there."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from zhipo.cases.powers import Act, check_power
from zhipo.distributions import files
from zhipo.distributions.feasibility import Finding
from zhipo.distributions.models import Plan
from zhipo.distributions.policies.planning import NotFeasible
from zhipo.distributions.preview import preview
from zhipo.distributions.queries.book import pools_of
from zhipo.distributions.register import Changed, Row, changes, sha256
from zhipo.distributions.states import PlanState
from zhipo.distributions.terms import drawn_fen
from zhipo.kernel.money import yuan_text
from zhipo.law.waterfall.basis import NoBasis
from zhipo.law.waterfall.plan import PlanRefused
from zhipo.web.refusals import NotInState

TOLD = 10
"""Changed claims that a refusal names; it counts all of them."""


class RegisterChanged(NotInState):
    """The register is not the one that the plan was submitted on."""

    def __init__(self, changed: Sequence[Changed]) -> None:
        self.changed = changed
        names = "、".join(one.claim_id for one in changed[:TOLD])
        super().__init__("distributions.refused.register_changed", count=len(changed),
                         numbers=names)  # fmt: skip


def check_is_divisible(plan: Plan, rows: Sequence[Row]) -> None:
    """Raises NotInState without a claim, NotFeasible where the law refuses the division."""
    if not any(row.claim_pk is not None for row in rows):
        raise NotInState("distributions.refused.nobody")
    article = "《企业破产法》第一百一十三条第二款"
    try:
        preview(plan.content, rows)
    except NoBasis as none:
        raise NotFeasible([Finding("no_ground", article)]) from none
    except PlanRefused as refused:
        raise NotFeasible([Finding("rate_too_high", article)]) from refused


def check_can_rule(by: Any, plan: Plan, *, ruling: str, ruled_on: date) -> None:
    """A plan that is before the court, a ruling with its number and a day that has come."""
    check_power(plan.case, Act.APPROVE_PLAN, by)
    if plan.state != PlanState.SUBMITTED:
        raise NotInState("distributions.refused.not_submitted")
    if not ruling.strip():
        raise NotInState("cases.refused.empty")
    assert plan.submitted_at is not None
    since = timezone.localtime(plan.submitted_at).date()
    if not since <= ruled_on <= timezone.localdate():
        raise NotInState("distributions.refused.ruling_day", day=since)


def check_can_publish(by: Any, plan: Plan) -> None:
    """The judge, whose ruling it follows from, while it is not published."""
    check_power(plan.case, Act.APPROVE_PLAN, by)
    if plan.state != PlanState.APPROVED:
        raise NotInState("distributions.refused.not_approved")
    if plan.statement:
        raise NotInState("distributions.refused.published")


def check_is_as_sealed(plan: Plan) -> None:
    """Raises NotInState where a file is not byte for byte what was submitted."""
    if not files.is_as_sealed(plan):
        raise NotInState("distributions.refused.seal_broken")


def check_register_stands(plan: Plan, register: bytes) -> None:
    """Raises RegisterChanged, naming the claims of which it says something else now."""
    if sha256(register) != plan.register_sha256:
        sealed = (files.folder_of(plan) / files.REGISTER).read_bytes()
        raise RegisterChanged(changes(sealed, register))


def check_pools_hold(plan: Plan) -> None:
    """Raises NotInState where a pool holds less than the plan takes out of it."""
    held = {account.code: fen for account, fen in pools_of(plan.case)}
    for code, fen in drawn_fen(plan).items():
        if held.get(code, 0) < fen:
            raise NotInState(
                "distributions.refused.pool_short", pool=code, wanted=yuan_text(fen),
                held=yuan_text(held.get(code, 0)),
            )  # fmt: skip
