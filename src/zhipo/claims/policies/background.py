"""Who may have a worker do what: whoever may do it at once."""

from typing import Any

from zhipo.accounts.roles import Role
from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.cases.queries import role_in
from zhipo.claims.background import TaskKind
from zhipo.web.refusals import NotAllowed

NEEDS: dict[TaskKind, tuple[Act, ...]] = {
    TaskKind.EXPORT_LIST: (),
    TaskKind.WRITE_REGISTER: (Act.EXPORT_REGISTER,),
    TaskKind.WRITE_LETTERS: (Act.MAKE_ADMINISTRATOR_DOCUMENT, Act.UNMASK),
    TaskKind.DECIDE_CLAIMS: (Act.DECIDE_CLAIM,),
    TaskKind.WRITE_PLAN_WORKBOOK: (),
    TaskKind.WRITE_PLAN_DOCUMENT: (Act.BUILD_PLAN,),
    TaskKind.WRITE_WHAT_IF: (),
    TaskKind.PUBLISH_PLAN: (Act.APPROVE_PLAN,),
}
"""The powers each kind takes; a list is exported, masked, by whoever sees it."""


def check_can_order(by: Any, case: Case, kind: TaskKind) -> Role:
    """The role in which `by` may order this. Raises NotAllowed, NotInState."""
    roles = [check_power(case, act, by) for act in NEEDS[kind]]
    held = role_in(by, case) - {Role.CREDITOR}
    if not held:
        raise NotAllowed("claims.refused.not_of_this_case")
    return roles[0] if roles else min(held, key=list(Role).index)
