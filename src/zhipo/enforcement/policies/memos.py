"""Who may state facts and make a memo, and what must stand beside a departure."""

from typing import Any

from zhipo.enforcement.models import Debtor
from zhipo.enforcement.powers import Act, check_power
from zhipo.web.refusals import Declined, NotAllowed, NotInState


class Unexplained(Declined):
    """Who departs from what the system knows or proposes says why."""

    status = 422


class NotAValue(Declined):
    """The value is none that this fact can have."""

    status = 422


class BadOrders(Declined):
    """Rows of an order book that do not hold: the first, and how many there are."""

    status = 422


class Stale(NotInState):
    """The facts have changed since the page was shown."""


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


def check_is_current(*, seen: str, now: str) -> None:
    """A conclusion is drawn from the facts as they are. Raises Stale."""
    if seen != now:
        raise Stale("enforcement.memo.stale")


def check_fits(*, is_fast: bool, may_be_fast: bool) -> None:
    """The fast track is for liquidations and settlements (TRI-13). Raises NotAValue."""
    if is_fast and not may_be_fast:
        raise NotAValue("enforcement.memo.not_fast")


def check_has_court(court: object | None) -> None:
    """A memo is made at the court of a case against the debtor. Raises NotAllowed."""
    if court is None:
        raise NotAllowed("enforcement.memo.no_court")
