"""Who may state facts and make a memo, and what must stand beside a departure."""

from typing import Any

from zhipo.enforcement.models import Debtor
from zhipo.enforcement.powers import Act, check_power
from zhipo.web.refusals import Declined, NotAllowed


class Unexplained(Declined):
    """Who departs from what the system knows or proposes says why."""

    status = 422


class NotAValue(Declined):
    """The value is none that this fact can have."""

    status = 422


def check_can_state(debtor: Debtor, by: Any) -> None:
    """Facts are a judge's. Raises NotAllowed, NotInState."""
    check_power(debtor, Act.STATE_FACT, by)


def check_says_why(*, departs: bool, reason: str) -> None:
    """A correction has its reason. Raises Unexplained."""
    if departs and not reason.strip():
        raise Unexplained("enforcement.memo.no_reason")


def check_can_make(debtor: Debtor, by: Any) -> None:
    """A memo is a judge's, before the case is with the bankruptcy court.

    Raises NotAllowed, NotInState.
    """
    check_power(debtor, Act.MAKE_MEMO, by)


def check_has_court(court: object | None) -> None:
    """A memo is made at the court of a case against the debtor. Raises NotAllowed."""
    if court is None:
        raise NotAllowed("enforcement.memo.no_court")
