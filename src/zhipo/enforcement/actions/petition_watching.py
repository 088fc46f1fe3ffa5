"""Deadlines of petitions are told before they end, and reported when they were missed."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.clocks import reminded_by
from zhipo.enforcement.actions.escalating import ClockWatch
from zhipo.enforcement.models import PetitionClock
from zhipo.enforcement.petition_states import PetitionState

OF_RULING = frozenset({"D03", "D04"})
"""Deadlines that rest while papers are being supplemented."""


@transaction.atomic
def watch_petitions(today: date | None = None) -> ClockWatch:
    """Look at every running deadline of a petition whose end is near or past.

    A near one is recorded three working days before, once a day; a missed duty once: it
    then stands before the court's president until it is met.
    """
    day = today or timezone.localdate()
    running = list(
        PetitionClock.objects.select_for_update(of=("self",))
        .select_related("petition")
        .filter(done_on=None, last_day__lte=reminded_by(day))
        .order_by("petition__number", "pk")
    )
    near = [one for one in running if one.last_day >= day and one.reminded_on != day]
    missed = [one for one in running if one.last_day < day and _is_missed(one)]
    _mark(near, reminded_on=day)
    _mark(missed, escalated_on=day)

    found = [(one, Event.CLOCK_REMINDED) for one in near]
    found += [(one, Event.CLOCK_ESCALATED) for one in missed]
    for clock, event in sorted(found, key=lambda one: (one[0].petition.number, one[0].pk)):
        record(event, of=clock, by=None, chain=clock.petition.number,
               deadline=clock.deadline, days_left=(clock.last_day - day).days)  # fmt: skip
    return ClockWatch(reminded=len(near), escalated=len(missed))


def _is_missed(clock: PetitionClock) -> bool:
    rests = (
        clock.deadline in OF_RULING and clock.petition.state == PetitionState.SUPPLEMENTING
    )
    return not clock.may_lapse and clock.escalated_on is None and not rests


def _mark(clocks: list[PetitionClock], **day: date) -> None:
    PetitionClock.objects.filter(pk__in=[one.pk for one in clocks]).update(**day)
