"""Last days of clues, reports, changes, periodic queries: told near, told when missed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.clocks import reminded_by
from zhipo.enforcement.actions.telling import tell
from zhipo.enforcement.models import (
    Clue,
    EnforcementCase,
    PropertyReport,
    ReportedItem,
    Requery,
)
from zhipo.enforcement.states import Stage

REQUERY_BEFORE = timedelta(days=14)
"""A query over all institutions takes days; three working days would be too late."""

COURTS_DUTY = frozenset({"clue", "requery"})
"""What the court itself has to do: missed, its president is told too. A report is the
debtor's duty, and what follows is the judge's to decide."""


@dataclass(frozen=True)
class Waiting:
    """Something that is to be done by a day and is not."""

    what: str
    row: Any
    case: EnforcementCase
    last_day: date


@transaction.atomic
def mind_last_days(today: date | None = None, *, now: datetime | None = None) -> int:
    """Tell the judge of every last day that is near and of every one that was missed.

    Each is told once near and once missed; a duty of the court's that was missed goes to
    its president as well. Returns how many were told now.
    """
    at = now or timezone.now()
    day = today or timezone.localdate(at)
    told = [one for one in waiting(day) if _tell(one, day, at)]
    for one in told:
        is_missed = day > one.last_day
        event = Event.CLOCK_ESCALATED if is_missed else Event.CLOCK_REMINDED
        record(event, of=one.row, by=None, chain=one.case.number,
               deadline=one.what, days_left=(one.last_day - day).days)  # fmt: skip
    return len(told)


def waiting(today: date) -> Iterator[Waiting]:
    """What is undone and near or missed, in the order in which chains are locked.

    Once bankruptcy is accepted enforcement stays (《企业破产法》第十九条): nothing is due.
    """
    found = [*_clues(today), *_reports(today), *_changes(today), *_requeries(today)]
    due = [one for one in found if one.case.debtor.stage != Stage.ACCEPTED]
    yield from sorted(due, key=lambda one: (one.case.number, one.last_day, one.row.pk))


def _tell(one: Waiting, today: date, at: datetime) -> bool:
    is_missed = today > one.last_day
    one.row.reminded_on = today
    one.row.save(update_fields=["reminded_on"])
    phrase = f"{one.what}_{'missed' if is_missed else 'near'}"
    roles = [Role.ENFORCEMENT_JUDGE]
    if is_missed and one.what in COURTS_DUTY:
        roles.append(Role.COURT_PRESIDENT)
    key = f"{phrase}:{one.row.pk}:{one.last_day}"
    told = [
        tell(one.case, phrase, key=key, now=at, role=role, number=one.case.number,
             until=one.last_day)
        for role in roles
    ]  # fmt: skip
    return any(told)


def _untold(last_day: str, today: date) -> Q:
    """Not told yet, or told near and missed since."""
    missed = Q(**{f"{last_day}__lt": today}) & Q(reminded_on__lte=F(last_day))
    return Q(reminded_on=None) | missed


def _clues(today: date) -> Iterator[Waiting]:
    clues = Clue.objects.select_for_update(of=("self",)).select_related("case__debtor")
    near = clues.filter(_untold("check_by", today), outcome="")
    for clue in near.filter(check_by__lte=reminded_by(today)):
        assert clue.check_by is not None
        yield Waiting("clue", clue, clue.case, clue.check_by)


def _reports(today: date) -> Iterator[Waiting]:
    reports = PropertyReport.objects.select_for_update(of=("self",)).select_related(
        "case__debtor"
    )
    near = reports.filter(_untold("due_on", today), received_on=None)
    for report in near.filter(due_on__lte=reminded_by(today)):
        yield Waiting("report", report, report.case, report.due_on)


def _changes(today: date) -> Iterator[Waiting]:
    items = ReportedItem.objects.select_for_update(of=("self",))
    near = items.select_related("report__case__debtor").filter(
        _untold("report_by", today), reported_on=None, report_by__isnull=False
    )
    for item in near.filter(report_by__lte=reminded_by(today)):
        assert item.report_by is not None
        yield Waiting("change", item, item.report.case, item.report_by)


def _requeries(today: date) -> Iterator[Waiting]:
    requeries = Requery.objects.select_for_update(of=("self",))
    near = requeries.select_related("closing__case__debtor").filter(
        _untold("due_on", today), done_on=None, closing__resumed_on=None
    )
    for requery in near.filter(due_on__lte=today + REQUERY_BEFORE):
        yield Waiting("requery", requery, requery.closing.case, requery.due_on)
