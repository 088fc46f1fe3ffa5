"""Closing for now: all of the law's conditions, ten queries, taking up again; minding."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from factories import make_enforcement_case, make_organisation, make_staff
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.enforcement.actions import closing as acts
from zhipo.enforcement.actions import minding
from zhipo.enforcement.actions.closing import close_for_now, record_requery, take_up_again
from zhipo.enforcement.actions.clues import ClueFinding, ClueGiven, check_clue, take_clue
from zhipo.enforcement.actions.minding import mind_last_days
from zhipo.enforcement.actions.reports import (
    ItemGiven,
    enter_item,
    order_report,
    receive_report,
)
from zhipo.enforcement.finding_states import ClueOutcome, ReportedChange
from zhipo.enforcement.models import BureauNotice, ClosingForNow, EnforcementCase, Requery
from zhipo.enforcement.policies.closing import Answers, NotClosable
from zhipo.enforcement.queries.calendar import dues_of
from zhipo.enforcement.states import EnforcementState, PropertyKind, Stage
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
TODAY = date(2025, 10, 31)
NOW = datetime(2025, 10, 31, 4, tzinfo=UTC)
WHOLE = Answers(
    closed_on=date(2025, 9, 10),
    restricted_on=date(2025, 4, 1),
    investigated="六家机构均无可供执行的财产",
    searched="法定代表人到庭，未下落不明",
    is_signed_by_applicant=True,
)


@pytest.fixture
def case(court: Organisation, judge: User) -> EnforcementCase:
    """Filed on 3 March 2025, the debtor ordered to report."""
    made = make_enforcement_case(court=court)
    order_report(
        case_id=made.pk, notice_received_on=date(2025, 3, 10), due_on=date(2025, 3, 31),
        by=judge,
    )  # fmt: skip
    return made


def close(case: EnforcementCase, by: User, **given: Any) -> ClosingForNow:
    answers = replace(WHOLE, **given)
    return close_for_now(case_id=case.pk, answers=answers, by=by, today=TODAY)


def report_a_change(case: EnforcementCase, by: User) -> None:
    """The report came in time, and names goods that were spent in May."""
    report = case.reports.get()
    receive_report(report_id=report.pk, received_on=date(2025, 3, 20), by=by, today=TODAY)
    given = ItemGiven(PropertyKind.GOODS, ReportedChange.SPENT, "x", 1, date(2025, 5, 12))
    enter_item(report_id=report.pk, given=given, form_key="k", by=by, today=TODAY)


def a_clue(case: EnforcementCase, by: User, day: date = date(2025, 3, 10)) -> Any:
    given = ClueGiven(PropertyKind.GOODS, "x", day)
    return take_clue(case_id=case.pk, given=given, form_key=str(day), by=by, today=TODAY)


def test_a_case_is_closed_and_its_ten_queries_are_set(
    case: EnforcementCase, judge: User
) -> None:
    first, again = close(case, judge), close(case, judge)

    case.refresh_from_db()
    days = [one.due_on for one in first.requeries.order_by("due_on")]
    assert first == again
    assert (case.state, case.closed_on) == ("closed_for_now", date(2025, 9, 10))
    assert (len(days), days[0], days[-1]) == (10, date(2026, 3, 10), date(2030, 9, 10))
    assert Entry.objects.filter(event=Event.CLOSED_FOR_NOW).count() == 1


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"restricted_on": None}, ("restricted",)),
        ({"restricted_on": date(2025, 3, 2)}, ("restricted",)),
        ({"restricted_on": date(2025, 9, 11)}, ("restricted",)),
        ({"investigated": " "}, ("investigated",)),
        ({"searched": ""}, ("searched",)),
        ({"is_signed_by_applicant": False}, ("signature",)),
        ({"closed_on": date(2025, 6, 3)}, ("three_months",)),  # the day itself is not more
        ({"searched": "", "investigated": ""}, ("investigated", "searched")),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_closed(
    case: EnforcementCase, judge: User, given: dict[str, Any], missing: tuple[str, ...]
) -> None:
    with pytest.raises(NotClosable) as refused:
        close(case, judge, **given)

    assert refused.value.missing == missing
    case.refresh_from_db()
    assert case.state == EnforcementState.OPEN


def test_one_day_past_three_months_suffices(case: EnforcementCase, judge: User) -> None:
    assert close(case, judge, closed_on=date(2025, 6, 4)).closed_on == date(2025, 6, 4)


def test_the_president_may_stand_for_the_signature(
    case: EnforcementCase, judge: User
) -> None:
    done = close(case, judge, is_signed_by_applicant=False, approval="院长批准 3 号")

    assert done.approval == "院长批准 3 号"


def test_without_an_order_to_report_nothing_is_closed(
    court: Organisation, judge: User
) -> None:
    with pytest.raises(NotClosable) as refused:
        close(make_enforcement_case(court=court), judge)

    assert refused.value.missing == ("report",)


def test_an_open_clue_keeps_the_investigation_open(
    case: EnforcementCase, judge: User
) -> None:
    clue = a_clue(case, judge)
    with pytest.raises(NotClosable):
        close(case, judge)

    check_clue(
        clue_id=clue.pk, finding=ClueFinding(ClueOutcome.NOT_FOUND, "x", TODAY), by=judge,
        today=TODAY,
    )  # fmt: skip

    assert close(case, judge)


def test_a_case_is_taken_up_again_and_may_be_closed_anew(
    case: EnforcementCase, judge: User
) -> None:
    close(case, judge)
    for _ in range(2):
        take_up_again(
            case_id=case.pk, resumed_on=date(2025, 10, 1), reason="发现新店铺", by=judge,
            today=TODAY,
        )  # fmt: skip
    case.refresh_from_db()
    assert (case.state, case.closed_on) == ("open", None)
    assert Entry.objects.filter(event=Event.TAKEN_UP_AGAIN).count() == 1

    with pytest.raises(NotInState):
        close(case, judge, closed_on=date(2025, 9, 30))  # before it was taken up

    close(case, judge, closed_on=date(2025, 10, 20))

    assert case.closings.count() == 2


@pytest.mark.parametrize("state", ["suspended", "closed", "closed_for_now"])
def test_other_states_are_not_closed(
    case: EnforcementCase, judge: User, state: str
) -> None:
    EnforcementCase.objects.filter(pk=case.pk).update(state=state)

    with pytest.raises(NotInState):
        close(case, judge)


@pytest.mark.parametrize("state", ["suspended", "closed"])
def test_other_states_are_not_taken_up(
    case: EnforcementCase, judge: User, state: str
) -> None:
    EnforcementCase.objects.filter(pk=case.pk).update(state=state)

    with pytest.raises(NotInState):
        take_up_again(case_id=case.pk, resumed_on=TODAY, reason="x", by=judge)


def test_a_periodic_query_is_entered_once(case: EnforcementCase, judge: User) -> None:
    requery = close(case, judge).requeries.order_by("due_on")[0]
    given = {"requery_id": requery.pk, "done_on": date(2025, 10, 30), "by": judge,
             "today": TODAY}  # fmt: skip

    for _ in range(2):
        record_requery(result="无可供执行财产", **given)
    with pytest.raises(NotInState):
        record_requery(result="另一结果", **given)

    requery.refresh_from_db()
    assert (requery.done_by, requery.result) == (judge, "无可供执行财产")
    entry = Entry.objects.get(event=Event.REQUERY_RECORDED)
    assert entry.detail == {"due_on": "2026-03-10", "is_late": False}


@pytest.mark.parametrize(
    ("place", "done_on", "is_taken"),
    [
        (0, date(2025, 9, 10), True),
        (1, date(2026, 3, 10), False),  # the first half-year's last day
        (1, date(2026, 3, 11), True),
        (9, date(2026, 3, 11), False),
        (0, date(2026, 4, 1), True),  # late, and entered as late
    ],
)
def test_a_query_is_entered_for_its_own_half_year(
    case: EnforcementCase, judge: User, place: int, done_on: date, is_taken: bool
) -> None:
    requery = close(case, judge).requeries.order_by("due_on")[place]
    given = {"requery_id": requery.pk, "done_on": done_on, "result": "x", "by": judge,
             "today": date(2026, 12, 31)}  # fmt: skip

    if is_taken:
        assert record_requery(**given).done_on == done_on
    else:
        with pytest.raises(NotInState):
            record_requery(**given)


def test_a_result_is_kept_whole_or_refused(case: EnforcementCase, judge: User) -> None:
    requery = close(case, judge).requeries.order_by("due_on")[0]
    given = {"requery_id": requery.pk, "done_on": TODAY, "by": judge, "today": TODAY}

    with pytest.raises(NotInState):
        record_requery(result="无" * 301, **given)
    assert record_requery(result="无" * 300, **given).result == "无" * 300


def test_after_taking_up_no_query_is_entered(case: EnforcementCase, judge: User) -> None:
    requery = close(case, judge).requeries.order_by("due_on")[0]
    take_up_again(case_id=case.pk, resumed_on=TODAY, reason="x", by=judge, today=TODAY)

    with pytest.raises(NotInState):
        record_requery(
            requery_id=requery.pk, done_on=TODAY, result="x", by=judge, today=TODAY
        )


def test_clerks_and_other_courts_close_nothing(
    court: Organisation, case: EnforcementCase
) -> None:
    other = make_organisation()
    make_enforcement_case(debtor=case.debtor, court=other)

    for by in (
        make_staff(Role.COURT_CLERK, court),
        make_staff(Role.COURT_PRESIDENT, court),
        make_staff(Role.ENFORCEMENT_JUDGE, other),
    ):
        with pytest.raises(NotAllowed):
            close(case, by)
        with pytest.raises(NotAllowed):
            take_up_again(case_id=case.pk, resumed_on=TODAY, reason="x", by=by)


def test_a_failing_audit_undoes_a_closing(
    case: EnforcementCase, judge: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(acts, "record", fail)

    with pytest.raises(RuntimeError):
        close(case, judge)

    case.refresh_from_db()
    assert case.state == EnforcementState.OPEN
    assert not Requery.objects.exists()


def told(role: Role = Role.ENFORCEMENT_JUDGE) -> list[str]:
    notices = BureauNotice.objects.filter(role=role).order_by("pk")
    phrases = notices.values_list("phrase", flat=True)
    return [phrase.removeprefix("enforcement.notice.") for phrase in phrases]


def mind(day: date) -> int:
    return mind_last_days(day, now=NOW)


def test_a_clue_is_told_near_and_when_missed_each_once(
    case: EnforcementCase, judge: User
) -> None:
    receive_report(
        report_id=case.reports.get().pk, received_on=date(2025, 3, 20), by=judge,
        today=TODAY,
    )  # fmt: skip
    clue = a_clue(case, judge)  # to be checked by 17 March

    counts = [mind(date(2025, 3, day)) for day in (11, 12, 13, 17, 18, 19)]

    assert counts == [0, 1, 0, 0, 1, 0]
    assert told() == ["clue_near", "clue_missed"]
    assert told(Role.COURT_PRESIDENT) == ["clue_missed"]
    both = [Event.CLOCK_REMINDED, Event.CLOCK_ESCALATED]
    entries = Entry.objects.filter(event__in=both).order_by("position")
    assert [entry.event for entry in entries] == both
    assert [entry.detail["days_left"] for entry in entries] == [5, -1]
    assert {entry.subject for entry in entries} == {f"clue {clue.pk}"}


def test_a_clue_that_was_missed_unseen_is_told_as_missed(
    case: EnforcementCase, judge: User
) -> None:
    a_clue(case, judge)

    mind(date(2025, 4, 30))
    mind(date(2025, 5, 1))

    assert sorted(told()) == ["clue_missed", "report_missed"]


def test_what_is_done_is_not_told(case: EnforcementCase, judge: User) -> None:
    clue = a_clue(case, judge)
    finding = ClueFinding(ClueOutcome.NOT_FOUND, "x", date(2025, 3, 11))
    check_clue(clue_id=clue.pk, finding=finding, by=judge, today=TODAY)
    report = case.reports.get()
    receive_report(
        report_id=report.pk, received_on=date(2025, 3, 20), by=judge, today=TODAY
    )

    assert mind(date(2025, 4, 30)) == 0


def test_a_change_and_a_periodic_query_are_told_too(
    case: EnforcementCase, judge: User
) -> None:
    report_a_change(case, judge)
    close(case, judge)

    mind(date(2025, 5, 22))
    mind(date(2025, 5, 23))
    mind(date(2026, 2, 23))  # one day before two weeks
    assert told() == ["change_near", "change_missed"]
    mind(date(2026, 2, 24))
    mind(date(2026, 3, 11))

    assert told()[2:] == ["requery_near", "requery_missed"]
    assert told(Role.COURT_PRESIDENT) == ["requery_missed"]  # changes are the debtor's duty


def test_nothing_of_enforcement_is_due_once_bankruptcy_is_accepted(
    case: EnforcementCase, judge: User
) -> None:
    a_clue(case, judge)
    case.debtor.stage = Stage.ACCEPTED
    case.debtor.save(update_fields=["stage"])

    assert mind(date(2025, 4, 30)) == 0


def test_a_failing_audit_tells_nothing(
    case: EnforcementCase, judge: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(minding, "record", fail)

    with pytest.raises(RuntimeError):
        mind(date(2025, 4, 30))

    assert told() == []
    assert case.reports.get().reminded_on is None


def test_changes_and_periodic_queries_are_on_the_calendar(
    case: EnforcementCase, judge: User
) -> None:
    report_a_change(case, judge)
    close(case, judge)

    (change,) = dues_of(judge, date(2025, 5, 1), date(2025, 5, 31))
    (query,) = dues_of(judge, date(2026, 3, 1), date(2026, 3, 31))

    assert (change.day, change.words) == (date(2025, 5, 22), "enforcement.deadline.change")
    assert (query.day, query.detail) == (date(2026, 3, 10), case.number)
    take_up_again(case_id=case.pk, resumed_on=TODAY, reason="x", by=judge, today=TODAY)
    assert dues_of(judge, date(2026, 3, 1), date(2026, 3, 31)) == []
