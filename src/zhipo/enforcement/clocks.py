"""The deadlines of a referral: started by what happened, met by what is done.

Which deadline an event starts is the table of law's (`law.deadlines.table`); rows that no
text was found for (tag U) run all the same and are shown as unverified.
"""

from datetime import date

from zhipo.accounts.models import Organisation
from zhipo.enforcement.models import Referral, ReferralClock
from zhipo.kernel.rules import Status, rule_on
from zhipo.law.deadlines.table import ROWS, Row, deadline_of

ROW: dict[str, Row] = {row.id: row for row in ROWS}

RIGHTS = frozenset({"D08"})
"""Deadlines of a party's right: when one passes unused, nobody has failed."""


def start_clock(
    referral: Referral,
    deadline: str,
    event_on: date,
    *,
    court: Organisation,
    subject: str = "",
) -> ReferralClock:
    """Start a deadline of the table from a day; again: the clock that runs.

    `court` is whose duty it is. Raises KeyError for a deadline that the table does not
    have.
    """
    due = deadline_of(deadline, event_on=event_on, **_risk(deadline))
    clock, _ = ReferralClock.objects.get_or_create(
        referral=referral,
        deadline=deadline,
        subject=subject,
        event_on=event_on,
        defaults={
            "debtor": referral.debtor,
            "court": court,
            "last_day": due.last_day,
            "is_calendar_known": due.is_calendar_known,
        },
    )
    return clock


def stop_clock(
    referral: Referral, deadline: str, done_on: date, *, subject: str | None = None
) -> None:
    """Record that what a deadline asks for was done; a clock that is done keeps its day."""
    running = referral.clocks.filter(deadline=deadline, done_on=None)
    if subject is not None:
        running = running.filter(subject=subject)
    running.update(done_on=done_on)


def is_unverified(deadline: str) -> bool:
    """Whether no text of the deadline was found: to be shown, for a lawyer to check."""
    return ROW[deadline].status == Status.U


def cite_of(deadline: str) -> str:
    """The article of a deadline."""
    return ROW[deadline].cite


def article(rule_id: str, day: date) -> str:
    """The article of a rule in force on a day, for a page that names it."""
    return str(rule_on(day, rule_id).cite)


def _risk(deadline: str) -> dict[str, bool]:
    """What an unverified row of the table demands before it computes anything."""
    return {"needs_lawyer_check": True} if is_unverified(deadline) else {}
