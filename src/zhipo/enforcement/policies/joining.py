"""When two rows may be made one, and when that may be taken back."""

from typing import Any

from zhipo.accounts.roles import Role
from zhipo.enforcement.finding_states import JoiningState
from zhipo.enforcement.linkage import STAYS_APART
from zhipo.enforcement.models import Debtor, Joining
from zhipo.enforcement.powers import TABLE, Act
from zhipo.enforcement.queries.debtors import roles_at
from zhipo.enforcement.states import Stage
from zhipo.law.triage.cause import Entity
from zhipo.web.refusals import NotInState


def check_can_join(kept: Debtor, joined: Debtor, by: Any) -> Role:
    """Whoever enforces against one of the two may say that they are one, or are not.

    Raises NotAllowed, NotInState: two codes, two kinds of entity, shops and people, a
    referral of the one that would go.
    """
    role = _check_power(kept, joined, by)
    if kept.entity != joined.entity:
        raise NotInState("enforcement.refused.other_entity")
    if Entity(kept.entity) in STAYS_APART:
        raise NotInState("enforcement.refused.stays_apart")
    if kept.credit_code and joined.credit_code:
        raise NotInState("enforcement.refused.two_codes")
    if joined.stage != Stage.ENFORCING:
        raise NotInState("enforcement.refused.joined_stage")
    return role


def check_can_keep_apart(kept: Debtor, joined: Debtor, by: Any) -> Role:
    """Raises NotAllowed, NotInState as the powers table says."""
    return _check_power(kept, joined, by)


def check_can_undo(joining: Joining, by: Any) -> Role:
    """Raises NotAllowed, NotInState for what is not in force."""
    role = _check_power(joining.kept, joining.joined, by)
    if joining.state == JoiningState.UNDONE:
        raise NotInState("enforcement.refused.undone_already")
    return role


def check_reason(reason: str) -> str:
    """The reason without its margins. Raises NotInState where there is none."""
    if not reason.strip():
        raise NotInState("enforcement.refused.reason")
    return reason.strip()


def _check_power(kept: Debtor, joined: Debtor, by: Any) -> Role:
    held = roles_at(by, kept) | roles_at(by, joined)
    for debtor in (joined, kept):
        role = TABLE.check(Act.JOIN_DEBTORS, Stage(debtor.stage), held)
    return role
