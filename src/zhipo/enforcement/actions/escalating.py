"""Deadlines of referrals are told before they end, and reported when they were missed.

Run as often as one likes: each word is said once a day, each report once.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.clocks import reminded_by
from zhipo.enforcement.clocks import RIGHTS
from zhipo.enforcement.models import BureauNotice, ReferralClock
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.enforcement.referral_states import ReferralState


@dataclass(frozen=True)
class ClockWatch:
    """How many deadlines were reminded of, and how many were reported as missed."""

    reminded: int
    escalated: int


@transaction.atomic
def watch_clocks(today: date | None = None, *, now: datetime | None = None) -> ClockWatch:
    """Look at every running deadline whose end is near or past.

    Near ones are marked and recorded three working days before, as the deadlines of cases
    are; a missed duty goes to the president of the court whose it is. A party's right that
    lapses is nobody's failure, and a review that waits for papers has not overrun.
    """
    at = now or timezone.now()
    day = today or timezone.localdate(at)
    running = list(
        ReferralClock.objects.select_for_update(of=("self",))
        .select_related("debtor", "court", "referral")
        .filter(done_on=None, last_day__lte=reminded_by(day))
        .order_by("debtor_id", "pk")
    )
    near = [one for one in running if one.last_day >= day and one.reminded_on != day]
    missed = [one for one in running if one.last_day < day and _is_missed(one)]
    _mark(near, reminded_on=day)
    _mark(missed, escalated_on=day)
    BureauNotice.objects.bulk_create(
        [_notice(one, at) for one in missed], ignore_conflicts=True
    )
    for event, clocks in ((Event.CLOCK_REMINDED, near), (Event.CLOCK_ESCALATED, missed)):
        for clock in clocks:
            record(
                event,
                of=clock,
                by=None,
                chain=chain_of(clock.debtor),
                deadline=clock.deadline,
                days_left=(clock.last_day - day).days,
            )
    return ClockWatch(reminded=len(near), escalated=len(missed))


def _is_missed(clock: ReferralClock) -> bool:
    is_paused = (
        clock.deadline == "D33" and clock.referral.state == ReferralState.SUPPLEMENTING
    )
    return clock.deadline not in RIGHTS and clock.escalated_on is None and not is_paused


def _notice(clock: ReferralClock, at: datetime) -> BureauNotice:
    """The line before the president of the court that has missed its day."""
    return BureauNotice(
        key=f"referral_clock-{clock.pk}:{Role.COURT_PRESIDENT}",
        court=clock.court,
        role=Role.COURT_PRESIDENT,
        debtor=clock.debtor,
        case_id=clock.referral.leading_id,
        phrase=f"enforcement.missed.{clock.deadline}",
        values={"last_day": str(clock.last_day)},
        at=at,
    )


def _mark(clocks: list[ReferralClock], **day: date) -> None:
    ReferralClock.objects.filter(pk__in=[one.pk for one in clocks]).update(**day)
