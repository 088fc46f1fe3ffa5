"""Deadlines that are near are told once a day to those who lead the case."""

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.clocks import reminded_by
from zhipo.cases.models import Clock


@transaction.atomic
def remind_of_deadlines() -> int:
    """Mark and record every open deadline that ends in three working days or less.

    Returns how many. The pages show what was reminded of; a second run on the same day
    finds nothing.
    """
    today = timezone.localdate()
    near = list(
        Clock.objects.select_for_update(of=("self",))
        .select_related("case")
        .filter(done_at=None, last_day__lte=reminded_by(today))
        .exclude(reminded_on=today)
        .order_by("case_id", "pk")
    )
    Clock.objects.filter(pk__in=[clock.pk for clock in near]).update(reminded_on=today)
    for clock in near:
        record(
            Event.CLOCK_REMINDED,
            of=clock,
            by=None,
            chain=clock.case.number,
            deadline=clock.deadline,
            days_left=(clock.last_day - today).days,
        )
    return len(near)
