"""When people may be reminded (not from 21:00 to 08:00 at +08:00), and written to."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from zhipo.cases.powers import Act, check_power
from zhipo.claims.models import Claim, Objection
from zhipo.claims.states import PREFILLED, ObjectionState
from zhipo.web.refusals import NotInState

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
"""This project's policy: a message about money at night frightens, and looks like fraud."""


def is_quiet(now: datetime) -> bool:
    """Whether it is night where the creditors are."""
    local = timezone.localtime(now).time()
    return local >= QUIET_FROM or local < QUIET_UNTIL


def not_before(now: datetime) -> datetime:
    """Now, or at the end of the night."""
    if not is_quiet(now):
        return now
    local = timezone.localtime(now)
    morning = local.replace(hour=QUIET_UNTIL.hour, minute=0, second=0, microsecond=0)
    return morning if local.time() < QUIET_UNTIL else morning + timedelta(days=1)


def check_is_silent(by: Any, claim: Claim) -> None:
    """Raise NotAllowed for who does not write letters, NotInState for a filed claim."""
    check_power(claim.case, Act.MAKE_ADMINISTRATOR_DOCUMENT, by)
    check_power(claim.case, Act.UNMASK, by)
    if claim.state != PREFILLED:
        raise NotInState("claims.refused.filed_by_now", number=claim.number)


def check_can_answer_in_writing(by: Any, objection: Objection) -> None:
    """Raise NotAllowed for who does not write letters, NotInState before the answer."""
    check_power(objection.claim.case, Act.MAKE_ADMINISTRATOR_DOCUMENT, by)
    check_power(objection.claim.case, Act.UNMASK, by)
    if objection.state == ObjectionState.OPEN or objection.answered_at is None:
        raise NotInState("claims.refused.not_answered")
