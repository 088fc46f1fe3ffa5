"""Last days and reminders over holidays and swapped working days (DL-00, CPL 85).

2025: 1 to 8 October are holidays; Sunday 28 September and Saturday 11 October are worked.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from factories import make_case, make_claim, make_creditor, make_holder, make_staff
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases import actions, reminders
from zhipo.cases.models import Case, Clock
from zhipo.cases.phases import Phase
from zhipo.cases.reminders import remind_of_deadlines
from zhipo.claims.actions.confirming import record_checking
from zhipo.claims.actions.objecting import raise_objection
from zhipo.claims.policies.objecting import last_day_to_sue
from zhipo.web.refusals import NotInState

pytestmark = pytest.mark.django_db
HOLIDAYS = (date(2025, 10, 1), date(2025, 10, 8))


def day(month: int, number: int) -> date:
    return date(2025, month, number)


def set_today(monkeypatch: pytest.MonkeyPatch, today: date) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: today)


def meetings_clock(filing_until: date) -> Clock:
    """The clock for the first meeting, started by the act: fifteen days (EBL 62)."""
    unset = {"published_on": None, "filing_until": None, "meeting_on": None}
    case = make_case(phase=Phase.ACCEPTED, accepted_on=day(8, 1), **unset)
    actions.set_publication(
        case_id=case.pk, published_on=day(8, 4), filing_until=filing_until,
        meeting_on=filing_until + timedelta(days=1),
        by=make_staff(Role.BANKRUPTCY_JUDGE, case.court),
    )  # fmt: skip
    return case.clocks.get(deadline="D12")


@pytest.mark.parametrize(
    ("filing_until", "last_day", "first_reminder"),
    [
        (day(9, 16), day(10, 9), day(9, 28)),
        (day(9, 22), day(10, 9), day(9, 28)),
        (day(9, 13), day(9, 28), day(9, 24)),
        (day(9, 26), day(10, 11), day(9, 30)),
        (day(9, 19), day(10, 9), day(9, 28)),
        (day(10, 17), day(11, 3), day(10, 29)),
        (day(10, 20), day(11, 4), day(10, 30)),
    ],
    ids=[
        "first day of the holidays: to the day after them, told on the worked Sunday",
        "a day within the holidays",
        "the worked Sunday itself is a last day",
        "the worked Saturday itself is a last day, told before the holidays",
        "a Saturday that is a holiday",
        "a plain Saturday: to Monday",
        "a plain Tuesday: three working days before, the weekend not counted",
    ],
)
def test_last_day_moves_and_is_told_three_working_days_before(
    filing_until: date,
    last_day: date,
    first_reminder: date,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = meetings_clock(filing_until)
    assert (clock.last_day, clock.is_calendar_known) == (last_day, True)

    told = []
    for days in range(-20, 3):
        set_today(monkeypatch, last_day + timedelta(days=days))
        if remind_of_deadlines_of(clock):
            told.append(timezone.localdate())

    assert told[0] == first_reminder
    assert told == [
        first_reminder + timedelta(days=n)
        for n in range((last_day - first_reminder).days + 3)
    ]


def remind_of_deadlines_of(clock: Clock) -> bool:
    """Run the job; whether it told of this clock, and of it only once."""
    before = entries(clock)
    remind_of_deadlines()
    assert remind_of_deadlines() == 0
    assert entries(clock) - before in (0, 1)
    return entries(clock) > before


def entries(clock: Clock) -> int:
    told = Entry.objects.filter(event=Event.CLOCK_REMINDED)
    return told.filter(subject=f"clock {clock.pk}").count()


def test_what_is_met_is_not_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = meetings_clock(day(9, 16))
    lead = make_staff(Role.ADMINISTRATOR_LEAD, clock.case.administrator)
    Clock.objects.exclude(pk=clock.pk).delete()
    actions.stop_clock(clock_id=clock.pk, by=lead)
    set_today(monkeypatch, day(9, 28))

    assert remind_of_deadlines() == 0


def test_a_failing_audit_leaves_nothing_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = meetings_clock(day(9, 16))
    set_today(monkeypatch, day(9, 28))

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(reminders, "record", fail)
    with pytest.raises(RuntimeError):
        remind_of_deadlines()

    clock.refresh_from_db()
    assert clock.reminded_on is None


def test_reminder_says_how_many_days_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = meetings_clock(day(9, 16))
    Clock.objects.exclude(pk=clock.pk).delete()
    set_today(monkeypatch, day(10, 6))  # a holiday: the job runs every day

    remind_of_deadlines()

    told = Entry.objects.get(event=Event.CLOCK_REMINDED)
    assert told.detail == {"deadline": "D12", "days_left": 3}
    assert told.chain == clock.case.number


@pytest.mark.parametrize(
    ("today", "is_in_time"), [(day(10, 9), True), (day(10, 10), False)]
)
def test_the_fifteen_days_for_a_suit_move_off_the_holidays(
    today: date, is_in_time: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Checked on 16 September, day 15 is 1 October: the last day is 9 October (BI3 8)."""
    case: Case = make_case(phase=Phase.CHECKING)
    person = make_creditor()
    claim = make_claim(case, make_holder(case), creditor=person, state="tabled",
                       decision="admit", admitted_fen=1)  # fmt: skip
    judge = make_staff(Role.BANKRUPTCY_JUDGE, case.court)
    record_checking(case_id=case.pk, checked_on=day(9, 16), by=judge)
    claim.refresh_from_db()
    assert HOLIDAYS[0] <= day(9, 16) + timedelta(days=15) <= HOLIDAYS[1]
    assert last_day_to_sue(claim) == case.clocks.get(deadline="D17").last_day == day(10, 9)

    set_today(monkeypatch, today)
    if is_in_time:
        raise_objection(claim_id=claim.pk, text="不对", by=person)
    else:
        with pytest.raises(NotInState, match="objection_late"):
            raise_objection(claim_id=claim.pk, text="不对", by=person)
