"""Enforcement cases stay with a referral or an acceptance, and go on if it fails."""

from typing import Any

from zhipo.accounts.models import Organisation
from zhipo.enforcement.models import Debtor
from zhipo.enforcement.states import EnforcementState


def suspend_cases(debtor: Debtor, *, court: Organisation | None = None) -> int:
    """Suspend a court's open cases against the debtor, or every court's; how many."""
    return _change(debtor, court, EnforcementState.OPEN, EnforcementState.SUSPENDED)


def resume_cases(debtor: Debtor) -> int:
    """What was suspended goes on (《民事诉讼法解释》第五百一十三条); how many.

    Cases closed for now or for good were not suspended, so they stay as they are.
    """
    return _change(debtor, None, EnforcementState.SUSPENDED, EnforcementState.OPEN)


def _change(
    debtor: Debtor,
    court: Organisation | None,
    before: EnforcementState,
    after: EnforcementState,
) -> int:
    wanted: dict[str, Any] = {"state": before}
    if court is not None:
        wanted["court"] = court
    return debtor.cases.filter(**wanted).update(state=after)
