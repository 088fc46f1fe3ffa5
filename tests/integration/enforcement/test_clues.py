"""Clues and property reports: taken with clocks, checked, judged, found as property."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from factories import make_debtor, make_enforcement_case, make_organisation, make_staff
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.enforcement.actions import clues as clue_acts
from zhipo.enforcement.actions import reports as report_acts
from zhipo.enforcement.actions.clues import (
    ClueFinding,
    ClueGiven,
    check_clue,
    complete_clue,
    take_clue,
)
from zhipo.enforcement.actions.findings import reference_hash
from zhipo.enforcement.actions.reports import (
    ItemGiven,
    enter_item,
    judge_report,
    order_report,
    receive_report,
    report_change,
)
from zhipo.enforcement.finding_states import ClueOutcome, ReportedChange
from zhipo.enforcement.models import (
    Clue,
    EnforcementCase,
    Institution,
    Property,
    PropertyReport,
    ReportedItem,
)
from zhipo.enforcement.queries.clues import clue_rows, clues_visible_to, reports_visible_to
from zhipo.enforcement.states import PropertyKind, Stage
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
TODAY = date(2025, 10, 31)
GIVEN = ClueGiven(PropertyKind.PAYMENT_ACCOUNT, "店主用另一个收款码", date(2025, 3, 10))
FOUND = ClueFinding(ClueOutcome.FOUND, "收款码属实", date(2025, 3, 14), "wx-8899", 5_000_00)
GONE = ItemGiven(
    PropertyKind.EQUIPMENT, ReportedChange.TRANSFERRED, "冷藏车一辆", 80_000_00,
    changed_on=date(2024, 9, 1), counterparty="李某",
)  # fmt: skip
THERE = ItemGiven(PropertyKind.GOODS, ReportedChange.NONE, "仓库存货", 12_000_00)


@pytest.fixture
def case(court: Organisation) -> EnforcementCase:
    return make_enforcement_case(court=court)


@pytest.fixture
def clue(case: EnforcementCase, judge: User) -> Clue:
    return take(case, judge)


@pytest.fixture
def report(case: EnforcementCase, judge: User) -> PropertyReport:
    """Ordered on a notice of 10 March 2025, received on the 25th."""
    made = order_report(
        case_id=case.pk, notice_received_on=date(2025, 3, 10), due_on=date(2025, 3, 31),
        by=judge,
    )  # fmt: skip
    return receive_report(
        report_id=made.pk, received_on=date(2025, 3, 25), by=judge, today=TODAY
    )


def take(
    case: EnforcementCase, by: User, given: ClueGiven = GIVEN, key: str = "k1"
) -> Clue:
    return take_clue(case_id=case.pk, given=given, form_key=key, by=by, today=TODAY)


def enter(
    report: PropertyReport, by: User, given: ItemGiven, key: str = "k1"
) -> ReportedItem:
    return enter_item(report_id=report.pk, given=given, form_key=key, by=by, today=TODAY)


def count(event: Event) -> int:
    return Entry.objects.filter(event=event).count()


@pytest.mark.parametrize(
    ("received_on", "is_urgent", "check_by"),
    [
        (date(2025, 3, 10), False, date(2025, 3, 17)),
        (date(2025, 3, 10), True, date(2025, 3, 13)),
        (date(2025, 9, 25), False, date(2025, 10, 9)),  # the 2nd falls into the holidays
        (date(2025, 9, 30), True, date(2025, 10, 9)),
    ],
)
def test_a_clue_starts_its_clock_moved_off_holidays(
    case: EnforcementCase, judge: User, received_on: date, is_urgent: bool, check_by: date
) -> None:
    given = ClueGiven(PropertyKind.GOODS, "x", received_on, is_urgent=is_urgent)

    taken = take(case, judge, given)

    assert taken.check_by == check_by
    entry = Entry.objects.get(event=Event.CLUE_TAKEN)
    assert (entry.chain, entry.detail["check_by"]) == (case.number, str(check_by))


def test_a_vague_clue_waits_and_starts_when_it_is_completed(
    case: EnforcementCase, judge: User
) -> None:
    given = ClueGiven(PropertyKind.SHOP, "听说另有店", date(2025, 3, 3), is_concrete=False)
    vague = take(case, judge, given)

    for _ in range(2):
        done = complete_clue(
            clue_id=vague.pk, text="店名为鲜享家二店", completed_on=date(2025, 3, 10),
            is_urgent=False, by=judge, today=TODAY,
        )  # fmt: skip

    assert vague.check_by is None
    assert done.check_by == date(2025, 3, 17)
    assert done.text == "听说另有店\n店名为鲜享家二店"
    assert count(Event.CLUE_TAKEN) == 2


def test_the_same_form_is_one_clue(case: EnforcementCase, judge: User) -> None:
    assert take(case, judge) == take(case, judge)
    assert count(Event.CLUE_TAKEN) == 1


def test_what_is_found_is_entered_as_property(clue: Clue, judge: User) -> None:
    for _ in range(2):
        done = check_clue(clue_id=clue.pk, finding=FOUND, by=judge, today=TODAY)

    found = Property.objects.get()
    assert done.found == found
    assert (found.kind, found.value_fen) == (PropertyKind.PAYMENT_ACCOUNT, 5_000_00)
    assert (found.found_by, found.reference) == (f"clue {clue.pk}", "wx-8899")
    entry = Entry.objects.get(event=Event.CLUE_CHECKED)
    assert entry.detail == {"outcome": "found", "is_late": False}


def test_a_thing_that_is_known_is_not_entered_twice(
    case: EnforcementCase, judge: User
) -> None:
    for number in range(2):
        taken = take(case, judge, key=f"k{number}")
        check_clue(clue_id=taken.pk, finding=FOUND, by=judge, today=TODAY)

    assert Property.objects.count() == 1


def test_what_an_institution_has_answered_for_is_the_same_thing(
    case: EnforcementCase, clue: Clue, judge: User
) -> None:
    """Or the account would stand twice in the estate, with its value twice."""
    bank = Institution.objects.create(party="wx", name="微信支付", kind="payment")
    known = Property.objects.create(
        debtor=case.debtor, institution=bank, kind=PropertyKind.PAYMENT_ACCOUNT,
        reference="wx-8899", reference_hash=reference_hash("wx-8899"), label="余额",
        value_fen=1, as_of="2025-03-01T00:00:00Z", found_by="order 1",
    )  # fmt: skip

    done = check_clue(clue_id=clue.pk, finding=FOUND, by=judge, today=TODAY)

    assert done.found == known
    assert Property.objects.count() == 1


@pytest.mark.parametrize("outcome", [ClueOutcome.NOT_FOUND, ClueOutcome.NOTHING_LEFT])
def test_what_is_not_found_is_no_property_and_lateness_is_on_record(
    clue: Clue, judge: User, outcome: ClueOutcome
) -> None:
    finding = ClueFinding(outcome, "查无此账户", date(2025, 3, 18))

    check_clue(clue_id=clue.pk, finding=finding, by=judge, today=TODAY)

    assert not Property.objects.exists()
    assert Entry.objects.get(event=Event.CLUE_CHECKED).detail["is_late"] is True


@pytest.mark.parametrize(
    "given",
    [
        ClueGiven(PropertyKind.GOODS, "  ", date(2025, 3, 10)),
        ClueGiven(PropertyKind.GOODS, "x", date(2025, 3, 2)),  # before the case
        ClueGiven(PropertyKind.GOODS, "x", date(2025, 11, 1)),  # tomorrow
    ],
)
def test_a_clue_without_words_or_of_a_wrong_day_is_refused(
    case: EnforcementCase, judge: User, given: ClueGiven
) -> None:
    with pytest.raises(NotInState):
        take(case, judge, given)

    assert not Clue.objects.exists()


@pytest.mark.parametrize("day", [date(2025, 3, 9), date(2025, 11, 1)])
def test_a_clue_is_not_checked_before_it_came_nor_tomorrow(
    clue: Clue, judge: User, day: date
) -> None:
    with pytest.raises(NotInState):
        check_clue(
            clue_id=clue.pk, finding=ClueFinding(ClueOutcome.NOT_FOUND, "x", day), by=judge,
            today=TODAY,
        )  # fmt: skip


def test_a_clue_is_checked_once_and_completed_only_while_vague(
    clue: Clue, judge: User
) -> None:
    more = {"text": "y", "completed_on": date(2025, 3, 11), "is_urgent": False,
            "by": judge, "today": TODAY}  # fmt: skip
    with pytest.raises(NotInState):
        complete_clue(clue_id=clue.pk, **more)
    check_clue(clue_id=clue.pk, finding=FOUND, by=judge, today=TODAY)

    other = ClueFinding(ClueOutcome.NOT_FOUND, "x", date(2025, 3, 15))
    with pytest.raises(NotInState):
        check_clue(clue_id=clue.pk, finding=other, by=judge, today=TODAY)
    with pytest.raises(NotInState):
        complete_clue(clue_id=clue.pk, **more)

    assert Clue.objects.get().outcome == ClueOutcome.FOUND


def test_clues_wait_in_the_order_of_their_last_days(
    case: EnforcementCase, judge: User
) -> None:
    days = (date(2025, 3, 20), date(2025, 3, 10), date(2025, 3, 15))
    for number, day in enumerate(days):
        take(case, judge, ClueGiven(PropertyKind.GOODS, "x", day), key=f"k{number}")
    first = Clue.objects.get(received_on=days[0])
    check_clue(clue_id=first.pk, finding=ClueFinding(ClueOutcome.NOT_FOUND, "x", TODAY),
               by=judge, today=TODAY)  # fmt: skip

    rows = clue_rows(judge, case.debtor, date(2025, 3, 19))

    assert [clue.received_on for clue, _ in rows] == [days[1], days[2], days[0]]
    assert [due.is_missed for _, due in rows if due] == [True, False, True]


def test_a_report_covers_the_year_before_the_notice(
    case: EnforcementCase, judge: User
) -> None:
    given = {"case_id": case.pk, "notice_received_on": date(2025, 3, 10),
             "due_on": date(2025, 3, 31), "by": judge}  # fmt: skip

    made, again = order_report(**given), order_report(**given)

    assert made == again
    assert made.covers_from == date(2024, 3, 10)
    assert count(Event.REPORT_ORDERED) == 1


@pytest.mark.parametrize(
    ("notice", "due"),
    [(date(2025, 3, 2), date(2025, 3, 31)), (date(2025, 3, 10), date(2025, 3, 9)),
     (date(2025, 11, 1), date(2025, 11, 30))],
)  # fmt: skip
def test_a_report_of_wrong_days_is_not_ordered(
    case: EnforcementCase, judge: User, notice: date, due: date
) -> None:
    with pytest.raises(NotInState):
        order_report(case_id=case.pk, notice_received_on=notice, due_on=due, by=judge,
                     today=TODAY)  # fmt: skip

    assert not PropertyReport.objects.exists()


def test_a_report_comes_once(report: PropertyReport, judge: User) -> None:
    again = receive_report(
        report_id=report.pk, received_on=date(2025, 3, 25), by=judge, today=TODAY
    )

    with pytest.raises(NotInState):
        receive_report(
            report_id=report.pk, received_on=date(2025, 3, 26), by=judge, today=TODAY
        )
    assert again.received_on == date(2025, 3, 25)
    assert count(Event.REPORT_RECEIVED) == 1


def test_what_is_there_becomes_property_and_a_change_does_not(
    report: PropertyReport, judge: User
) -> None:
    there = enter(report, judge, THERE)
    gone = enter(report, judge, GONE, key="k2")

    assert there.found == Property.objects.get()
    assert there.found.found_by == f"report {report.pk}"
    assert (gone.found, gone.report_by) == (None, None)
    assert gone.reported_on == date(2025, 3, 25)
    assert enter(report, judge, GONE, key="k2") == gone
    assert count(Event.REPORT_ITEM_ENTERED) == 2


@pytest.mark.parametrize(
    ("changed_on", "report_by"),
    [(date(2024, 3, 10), None), (date(2025, 3, 25), None),
     (date(2025, 3, 26), date(2025, 4, 7)),  # the 5th is a Saturday, the 4th 清明
     (date(2025, 9, 25), date(2025, 10, 9))],
)  # fmt: skip
def test_a_change_after_the_report_has_ten_days(
    report: PropertyReport, judge: User, changed_on: date, report_by: date | None
) -> None:
    given = ItemGiven(PropertyKind.GOODS, ReportedChange.SPENT, "x", 1, changed_on)

    assert enter(report, judge, given).report_by == report_by


def test_the_day_of_reporting_a_change_is_entered_once(
    report: PropertyReport, judge: User
) -> None:
    given = ItemGiven(PropertyKind.GOODS, ReportedChange.SPENT, "x", 1, date(2025, 5, 12))
    item = enter(report, judge, given)
    assert item.reported_on is None

    for _ in range(2):
        done = report_change(
            item_id=item.pk, reported_on=date(2025, 5, 23), by=judge, today=TODAY
        )

    assert done.reported_on == date(2025, 5, 23)
    late = [entry.detail.get("is_late") for entry in Entry.objects.filter(
        event=Event.REPORT_ITEM_ENTERED)]  # fmt: skip
    assert late == [None, True]
    with pytest.raises(NotInState):
        report_change(item_id=item.pk, reported_on=date(2025, 5, 24), by=judge, today=TODAY)


@pytest.mark.parametrize(
    "given",
    [
        ItemGiven(PropertyKind.GOODS, ReportedChange.NONE, "x", 1, date(2025, 3, 1)),
        ItemGiven(PropertyKind.GOODS, ReportedChange.SPENT, "x", 1),
        ItemGiven(PropertyKind.GOODS, ReportedChange.SPENT, "x", 1, date(2024, 3, 9)),
        ItemGiven(PropertyKind.GOODS, ReportedChange.SPENT, "x", 1, date(2025, 11, 1)),
        ItemGiven(PropertyKind.GOODS, ReportedChange.SPENT, " ", 1, date(2025, 3, 1)),
        ItemGiven(PropertyKind.GOODS, ReportedChange.SPENT, "x", 1, date(2025, 5, 12),
                  reported_on=date(2025, 5, 11)),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_is_refused(
    report: PropertyReport, judge: User, given: ItemGiven
) -> None:
    with pytest.raises(NotInState):
        enter(report, judge, given)

    assert not ReportedItem.objects.exists()


def test_nothing_is_entered_or_judged_of_a_report_that_has_not_come(
    case: EnforcementCase, judge: User
) -> None:
    made = order_report(
        case_id=case.pk, notice_received_on=date(2025, 3, 10), due_on=date(2025, 3, 31),
        by=judge,
    )  # fmt: skip

    with pytest.raises(NotInState):
        enter(made, judge, THERE)
    with pytest.raises(NotInState):
        judge_report(report_id=made.pk, is_untrue=True, note="x", by=judge)


def test_a_finding_on_a_report_can_be_replaced_and_both_are_on_record(
    report: PropertyReport, judge: User
) -> None:
    for is_untrue in (False, True, True):
        done = judge_report(
            report_id=report.pk, is_untrue=is_untrue, note="少报账户", by=judge
        )

    assert done.is_untrue is True
    entries = Entry.objects.filter(event=Event.REPORT_JUDGED).order_by("position")
    assert [(e.detail["before"], e.detail["is_untrue"]) for e in entries] == [
        (None, False), (False, True),
    ]  # fmt: skip


ACTS: dict[str, Callable[[Any, Any, Any, User], object]] = {
    "take": lambda case, clue, report, by: take(case, by, key="other"),
    "check": lambda case, clue, report, by: check_clue(
        clue_id=clue.pk, finding=FOUND, by=by, today=TODAY
    ),
    "complete": lambda case, clue, report, by: complete_clue(
        clue_id=clue.pk, text="y", completed_on=TODAY, is_urgent=False, by=by, today=TODAY
    ),
    "order": lambda case, clue, report, by: order_report(
        case_id=case.pk, notice_received_on=date(2025, 4, 1), due_on=TODAY, by=by
    ),
    "receive": lambda case, clue, report, by: receive_report(
        report_id=report.pk, received_on=TODAY, by=by, today=TODAY
    ),
    "enter": lambda case, clue, report, by: enter(report, by, THERE, key="other"),
    "judge": lambda case, clue, report, by: judge_report(
        report_id=report.pk, is_untrue=True, note="x", by=by
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["president", "bankruptcy judge", "other court"])
def test_others_do_nothing(
    court: Organisation, case: EnforcementCase, clue: Clue, report: PropertyReport,
    act: str, who: str,
) -> None:  # fmt: skip
    make_enforcement_case(debtor=case.debtor, court=(other := make_organisation()))
    people = {
        "president": make_staff(Role.COURT_PRESIDENT, court),
        "bankruptcy judge": make_staff(Role.BANKRUPTCY_JUDGE, court),
        "other court": make_staff(Role.ENFORCEMENT_JUDGE, other),
    }
    before = Entry.objects.count()

    with pytest.raises(NotAllowed):
        ACTS[act](case, clue, report, people[who])

    assert Entry.objects.count() == before


@pytest.mark.parametrize("act", ACTS)
def test_after_acceptance_nothing_is_taken(
    case: EnforcementCase, clue: Clue, report: PropertyReport, judge: User, act: str
) -> None:
    case.debtor.stage = Stage.ACCEPTED
    case.debtor.save()

    with pytest.raises(NotInState):
        ACTS[act](case, clue, report, judge)


@pytest.mark.parametrize("act", ["take", "check", "order", "enter", "judge"])
def test_a_failing_audit_undoes_it(
    case: EnforcementCase, clue: Clue, report: PropertyReport, judge: User, act: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    def content() -> list[Any]:
        tables = (Clue, PropertyReport, ReportedItem, Property)
        return [list(table.objects.order_by("pk").values()) for table in tables]

    before = content()
    for module in (clue_acts, report_acts):
        monkeypatch.setattr(module, "record", fail)

    with pytest.raises(RuntimeError):
        ACTS[act](case, clue, report, judge)

    assert content() == before


def test_clues_and_reports_are_seen_by_their_own_court_alone(
    case: EnforcementCase, clue: Clue, report: PropertyReport, judge: User
) -> None:
    other = make_organisation()
    make_enforcement_case(debtor=case.debtor, court=other)
    stranger = make_staff(Role.ENFORCEMENT_JUDGE, other)

    assert list(clues_visible_to(judge)) == [clue]
    assert list(reports_visible_to(judge)) == [report]
    assert not clues_visible_to(stranger).exists()
    assert not reports_visible_to(stranger).exists()
    assert clue_rows(stranger, make_debtor(), TODAY) == []
