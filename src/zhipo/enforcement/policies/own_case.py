"""Whose case it is: a judge orders in cases of the own court, on the case's own debtor."""

from typing import Any

from zhipo.accounts.queries import organisations_where
from zhipo.accounts.roles import Role
from zhipo.enforcement.models import EnforcementCase
from zhipo.enforcement.powers import TABLE, Act, check_power
from zhipo.enforcement.states import EnforcementState, Stage
from zhipo.web.refusals import NotAllowed, NotInState


def check_own_case(case: EnforcementCase, act: Act, by: Any) -> Role:
    """The role in which `by` may do `act` in this case now.

    Raises NotAllowed for others and for other courts, NotInState where stage or case do
    not allow it.
    """
    role = check_power(case.debtor, act, by)
    row = TABLE.row_in(act, Stage(case.debtor.stage))
    assert row is not None
    if case.court_id not in organisations_where(by, row.leads):
        raise NotAllowed("enforcement.refused.other_court", number=case.number)
    if case.state == EnforcementState.CLOSED and act is not Act.LIFT_FREEZE:
        raise NotInState("enforcement.refused.case_closed", number=case.number)
    return role
