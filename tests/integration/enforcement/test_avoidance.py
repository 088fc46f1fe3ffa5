"""Dealings, searches and verdicts: recorded, refused, undone whole, kept over searches."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from factories import make_case, make_debtor, make_enforcement_case, make_staff
from factories_avoidance import (
    ACCEPTED,
    booking,
    dealing_given,
    make_candidates,
    make_history,
    make_search,
)
from integration.web.bundle_addresses import make_referral
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.enforcement.actions import avoidance as acts
from zhipo.enforcement.actions.avoidance import (
    enter_dealing,
    judge_candidate,
    record_export,
    withdraw_dealing,
)
from zhipo.enforcement.finding_states import (
    AvoidableKind,
    Basis,
    CandidateState,
    DealingKind,
    ReportedChange,
)
from zhipo.enforcement.identification.facts import FactKey
from zhipo.enforcement.models import (
    AvoidanceSearch,
    Candidate,
    Dealing,
    EnforcementCase,
    PropertyReport,
    ReportedItem,
)
from zhipo.enforcement.policies.avoidance import DealingGiven, Verdict, may
from zhipo.enforcement.queries.avoidance import (
    candidates_of,
    evidence_of,
    evidence_rows,
    last_search,
    totals,
)
from zhipo.enforcement.queries.facts import ground_of
from zhipo.enforcement.states import ApplicantKind, Stage
from zhipo.law.estate.avoidance import Shield
from zhipo.web.refusals import NotAllowed, NotInState
from zhipo.web.words import say

pytestmark = pytest.mark.django_db
D, K, S = DealingKind, AvoidableKind, CandidateState
TODAY = date(2025, 10, 31)
JUNE = date(2025, 6, 1)
PURSUE = Verdict(S.PURSUED, "六个月内对个别债权人清偿")


@pytest.fixture
def case(court: Organisation) -> EnforcementCase:
    debtor = make_debtor(representative="李某")
    return make_enforcement_case(debtor=debtor, court=court)


@pytest.fixture
def candidate(case: EnforcementCase, judge: User) -> Candidate:
    """5,000 yuan paid to the applicant in June."""
    made = make_candidates(case, judge)
    return Candidate.objects.get(pk=made["candidate_id"])


@pytest.fixture
def accepted(candidate: Candidate) -> Case:
    """The bankruptcy of the candidate's debtor."""
    case = make_case(accepted_on=ACCEPTED)
    referral = make_referral(case.court, state="accepted", case=case)
    referral.debtor = candidate.debtor
    referral.save(update_fields=["debtor"])
    candidate.debtor.stage = Stage.ACCEPTED
    candidate.debtor.save(update_fields=["stage"])
    return case


@pytest.fixture
def lead(accepted: Case) -> User:
    return make_staff(Role.ADMINISTRATOR_LEAD, accepted.administrator)


def enter(
    case: EnforcementCase, by: User, given: DealingGiven | None = None, key: str = "k1"
) -> Dealing:
    return enter_dealing(
        debtor_id=case.debtor_id, given=given or dealing_given(), form_key=key, by=by,
        today=TODAY,
    )  # fmt: skip


def judge_it(candidate: Candidate, by: User, verdict: Verdict = PURSUE) -> Candidate:
    return judge_candidate(candidate_id=candidate.pk, verdict=verdict, by=by)


def count(event: Event) -> int:
    return Entry.objects.filter(event=event).count()


def listed(case: EnforcementCase) -> list[tuple[str, str, int]]:
    found = candidates_of(case.debtor).exclude(state=S.OUTDATED)
    return [(one.kind, one.basis, one.fen) for one in found]


def test_a_dealing_is_entered_once_and_recorded_without_names(
    case: EnforcementCase, judge: User
) -> None:
    for _ in range(2):
        made = enter(case, judge)

    assert (made.counterparty, made.grounds) == ("丙公司", "还款协议")
    entry = Entry.objects.get(event=Event.DEALING_ENTERED)
    assert entry.chain == f"debtor/{case.debtor.slug}"
    assert entry.detail == {"kind": "waiver", "fen": 3_000_00}


@pytest.mark.parametrize(
    "given",
    [
        dealing_given(counterparty=" "),
        dealing_given(grounds=" "),
        dealing_given(done_on=None),
        dealing_given(fen=None),
        dealing_given(done_on=date(2025, 11, 1)),
        dealing_given(reference="B1"),
        dealing_given(D.DEBT),
        dealing_given(D.DEBT, due_on=JUNE, fen=None,
                      shields=frozenset({Shield.OWN_SECURITY})),
        dealing_given(D.GIFT, done_on=None),
        dealing_given(D.PRICE, price_fen=1),
        dealing_given(D.PRICE, fair_fen=1),
        dealing_given(D.PRICE, price_fen=1, fair_fen=1),
        dealing_given(D.SECURITY),
        dealing_given(D.SECURITY, debt_on=JUNE),
        dealing_given(D.HIDING, fen=None),
        dealing_given(D.FABRICATED, done_on=None),
    ],
)  # fmt: skip
def test_an_entry_that_does_not_say_what_its_kind_needs_is_refused(
    case: EnforcementCase, judge: User, given: DealingGiven
) -> None:
    with pytest.raises(NotInState):
        enter(case, judge, given)

    assert not Dealing.objects.exists()


@pytest.mark.parametrize("kind", [D.DEBT, D.RELATED])
def test_one_entry_speaks_of_all_bookings_of_a_name(
    case: EnforcementCase, judge: User, kind: DealingKind
) -> None:
    given = dealing_given(kind, due_on=JUNE)
    first = enter(case, judge, given)
    with pytest.raises(NotInState):
        enter(case, judge, given, key="k2")

    withdraw_dealing(dealing_id=first.pk, by=judge)

    assert enter(case, judge, given, key="k3").pk != first.pk


def test_a_withdrawn_entry_counts_no_more_and_its_candidate_leaves_the_list(
    case: EnforcementCase, judge: User
) -> None:
    dealing = enter(case, judge)
    make_search(case.debtor, judge)
    assert listed(case) == [(K.WAIVER, Basis.ENTERED, 3_000_00)]

    for _ in range(2):
        withdraw_dealing(dealing_id=dealing.pk, by=judge)
    make_search(case.debtor, judge)

    assert listed(case) == []
    assert Candidate.objects.get().state == S.OUTDATED
    assert count(Event.DEALING_WITHDRAWN) == 1


def test_a_search_finds_what_histories_reports_and_entries_say(
    case: EnforcementCase, judge: User
) -> None:
    make_history(
        case,
        [
            booking(JUNE, 50_000, case.applicant),
            booking(JUNE, 40_000, "李某"),  # the legal representative
            booking(JUNE, 30_000, case.debtor.name),
            booking(JUNE, 20_000, case.court.name),
            booking(JUNE, 10_000, "某慈善会", note="捐赠"),
            booking(JUNE, 9_000, "无关公司"),
        ],
    )
    report = PropertyReport.objects.create(
        debtor=case.debtor, case=case, notice_received_on=JUNE, due_on=JUNE,
        covers_from=date(2024, 6, 1), ordered_by=judge, ordered_at="2025-06-01T00:00:00Z",
    )  # fmt: skip
    ReportedItem.objects.create(
        report=report, form_key="i1", kind="receivable", change=ReportedChange.WAIVED,
        text="放弃对丁公司的货款", counterparty="丁公司", fen=7_000, changed_on=JUNE,
        entered_by=judge, entered_at="2025-06-01T00:00:00Z",
    )  # fmt: skip
    enter(case, judge, dealing_given(fen=8_000))

    made = make_search(case.debtor, judge)

    assert listed(case) == [
        (K.PREFERENCE, Basis.CREDITOR, 50_000),
        (K.GRATUITOUS, Basis.RELATED, 40_000),
        (K.GRATUITOUS, Basis.NOTE, 10_000),
        (K.WAIVER, Basis.ENTERED, 8_000),
        (K.WAIVER, Basis.REPORTED, 7_000),
    ]
    assert made.left_out["own"] == [1, 30_000]
    assert made.left_out["court"] == [1, 20_000]
    assert (made.bookings, made.found, made.is_supposed) == (6, 5, True)
    entry = Entry.objects.get(event=Event.AVOIDABLE_SEARCHED)
    assert entry.detail["found"] == {"preference": 1, "gratuitous": 2, "waiver": 2}
    assert (entry.detail["new"], entry.detail["fen"]) == (5, 115_000)


def test_wages_to_an_applicant_who_is_an_employee_stand(
    case: EnforcementCase, judge: User
) -> None:
    EnforcementCase.objects.update(applicant_kind=ApplicantKind.EMPLOYEE)
    make_history(case, [booking(JUNE, 50_000, case.applicant)])

    make_search(case.debtor, judge)

    assert listed(case) == []


def test_the_same_search_again_is_the_search_that_is_there(
    case: EnforcementCase, judge: User, candidate: Candidate
) -> None:
    again = make_search(case.debtor, judge)

    assert again == candidate.search
    assert count(Event.AVOIDABLE_SEARCHED) == 1
    assert make_search(case.debtor, judge, least_fen=1) != again


def test_a_verdict_stays_with_its_candidate_when_the_sum_changes(
    case: EnforcementCase, judge: User, candidate: Candidate
) -> None:
    judge_it(candidate, judge)
    make_history(case, [booking(JUNE, 1_00, case.applicant)])

    make_search(case.debtor, judge)

    candidate.refresh_from_db()
    assert (candidate.state, candidate.fen) == (S.PURSUED, 5_001_00)
    assert candidate.judged_fen == 5_000_00


def test_a_candidate_that_comes_back_is_to_be_examined_again(
    case: EnforcementCase, judge: User, candidate: Candidate
) -> None:
    make_search(case.debtor, judge, counted_on=date(2026, 9, 1))
    candidate.refresh_from_db()
    assert candidate.state == S.OUTDATED

    make_search(case.debtor, judge, least_fen=1)

    candidate.refresh_from_db()
    assert candidate.state == S.PROPOSED


def test_a_history_that_was_changed_is_not_searched(
    case: EnforcementCase, judge: User
) -> None:
    history = make_history(case, [booking(JUNE, 77_77, case.applicant)])
    (Path(settings.ENVIRONMENT.files) / history.path).write_bytes(b"x")

    with pytest.raises(NotInState):
        make_search(case.debtor, judge)

    assert not AvoidanceSearch.objects.exists()


@pytest.mark.parametrize(
    "given", [{"cause_grounds": " "}, {"cause_since": date(2025, 9, 2)}]
)
def test_a_search_says_since_when_and_why_there_was_a_cause(
    case: EnforcementCase, judge: User, given: dict[str, Any]
) -> None:
    with pytest.raises(NotInState):
        make_search(case.debtor, judge, **given)


def test_the_rows_shown_are_the_sealed_ones(candidate: Candidate) -> None:
    (row,) = evidence_of(candidate)
    everything = list(evidence_rows(list(candidates_of(candidate.debtor))))

    assert (row["fen"], row["day"], row["institution"]) == (5_000_00, JUNE, "北方银行")
    assert sum(one["fen"] for one in everything) == 8_000_00
    (total, other) = totals(list(candidates_of(candidate.debtor)), ACCEPTED)
    assert (total.kind, total.fen, total.pursued_fen) == (K.WAIVER, 3_000_00, 0)
    assert "第三十二条" in other.cite


def test_a_verdict_is_recorded_with_what_was_before(
    candidate: Candidate, judge: User
) -> None:
    for _ in range(2):
        judge_it(candidate, judge)
    done = judge_it(candidate, judge, Verdict(S.DROPPED, "货款已退回"))

    assert (done.state, done.reason, done.judged_by) == (S.DROPPED, "货款已退回", judge)
    entries = Entry.objects.filter(event=Event.AVOIDABLE_JUDGED).order_by("position")
    assert [(one.detail["before"], one.detail["to"]) for one in entries] == [
        ("proposed", "pursued"), ("pursued", "dropped"),
    ]  # fmt: skip


def test_identification_knows_what_a_bankruptcy_may_bring_back(
    candidate: Candidate, judge: User
) -> None:
    """Nothing, what the judge would pursue, all that is listed: a range, no decision."""
    judge_it(candidate, judge)
    waiver = Candidate.objects.get(kind=K.WAIVER)

    known = ground_of(candidate.debtor).known[FactKey.RECOVERABLE]
    assert known.value == [0, 5_000_00, 8_000_00]
    assert "¥8,000.00" in say(f"enforcement.{known.source}", **known.says)

    judge_it(waiver, judge, Verdict(S.DROPPED, "有对价"))
    known = ground_of(candidate.debtor).known[FactKey.RECOVERABLE]
    assert known.value == [0, 5_000_00, 5_000_00]


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(S.PURSUED, " "),
        Verdict(S.PURSUED, "x", 1),
        Verdict(S.SETTLED, "x", 1),  # nobody may settle before acceptance
    ],
)
def test_a_wrong_verdict_is_refused(
    candidate: Candidate, judge: User, verdict: Verdict
) -> None:
    with pytest.raises(NotInState):
        judge_it(candidate, judge, verdict)

    candidate.refresh_from_db()
    assert candidate.state == S.PROPOSED


def test_what_is_no_longer_listed_is_not_judged(candidate: Candidate, judge: User) -> None:
    Candidate.objects.update(state=S.OUTDATED)

    with pytest.raises(NotInState):
        judge_it(candidate, judge)


def test_after_acceptance_the_administrator_judges_and_settles(
    candidate: Candidate, accepted: Case, lead: User
) -> None:
    done = judge_it(candidate, lead, Verdict(S.SETTLED, "退回四成", 2_000_00))

    assert (done.state, done.settled_fen) == (S.SETTLED, 2_000_00)
    assert Entry.objects.get(event=Event.AVOIDABLE_JUDGED).chain == accepted.number
    assert may(candidate.debtor, lead) == {"find_avoidable": True, "judge_avoidable": True}


@pytest.mark.parametrize("fen", [None, 5_000_01])
def test_a_settlement_names_a_sum_within_the_candidates(
    candidate: Candidate, lead: User, fen: int | None
) -> None:
    with pytest.raises(NotInState):
        judge_it(candidate, lead, Verdict(S.SETTLED, "x", fen))


def test_after_acceptance_the_case_says_the_day(candidate: Candidate, lead: User) -> None:
    made = make_search(candidate.debtor, lead, counted_on=date(2030, 1, 1))

    assert (made.counted_on, made.is_supposed) == (ACCEPTED, False)


def test_after_acceptance_the_bureau_is_told_why_not(
    candidate: Candidate, accepted: Case, judge: User
) -> None:
    with pytest.raises(NotInState):
        judge_it(candidate, judge)
    assert may(candidate.debtor, judge) == {
        "find_avoidable": False, "judge_avoidable": False,
    }  # fmt: skip


@pytest.mark.parametrize("phase", [Phase.DISMISSED])
def test_not_in_a_case_that_was_dismissed(
    candidate: Candidate, accepted: Case, lead: User, phase: Phase
) -> None:
    Case.objects.update(phase=phase)

    with pytest.raises(NotInState):
        judge_it(candidate, lead)


def test_for_two_years_after_the_end_what_is_found_is_pursued(
    candidate: Candidate, accepted: Case, lead: User
) -> None:
    Case.objects.update(phase=Phase.CLOSED)

    assert judge_it(candidate, lead).state == S.PURSUED


def every_act(candidate: Candidate) -> list[tuple[str, Callable[[User], object]]]:
    debtor, dealing = candidate.debtor, Dealing.objects.get()
    given = dealing_given(counterparty="新")
    return [
        ("enter", lambda by: enter_dealing(debtor_id=debtor.pk, given=given,
                                           form_key="new", by=by)),
        ("withdraw", lambda by: withdraw_dealing(dealing_id=dealing.pk, by=by)),
        ("search", lambda by: make_search(debtor, by, least_fen=2)),
        ("judge", lambda by: judge_it(candidate, by)),
        ("export", lambda by: record_export(debtor_id=debtor.pk, by=by)),
    ]  # fmt: skip


def state_of_things() -> tuple[object, ...]:
    return (
        list(Dealing.objects.order_by("pk").values()),
        list(AvoidanceSearch.objects.order_by("pk").values()),
        list(Candidate.objects.order_by("pk").values()),
        Entry.objects.count(),
    )


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize(
    ("role", "own"),
    [(Role.ENFORCEMENT_JUDGE, False), (Role.COURT_PRESIDENT, True),
     (Role.BANKRUPTCY_JUDGE, True), (Role.ADMINISTRATOR_LEAD, False)],
)  # fmt: skip
def test_others_do_nothing(
    candidate: Candidate, court: Organisation, place: int, role: Role, own: bool
) -> None:
    stranger = make_staff(role, court) if own else make_staff(role)
    _, act = every_act(candidate)[place]
    before = state_of_things()

    with pytest.raises(NotAllowed):
        act(stranger)

    assert state_of_things() == before


def test_the_clerk_searches_and_does_not_judge(
    candidate: Candidate, court: Organisation
) -> None:
    clerk = make_staff(Role.COURT_CLERK, court)

    assert make_search(candidate.debtor, clerk, least_fen=3).found == 2
    with pytest.raises(NotAllowed):
        judge_it(candidate, clerk)


@pytest.mark.parametrize("place", range(5))
def test_without_its_record_no_act_is_done(
    candidate: Candidate, judge: User, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no trail")

    _, act = every_act(candidate)[place]
    before = state_of_things()
    monkeypatch.setattr(acts, "record", fail)

    with pytest.raises(RuntimeError):
        act(judge)

    assert state_of_things() == before


def test_an_export_is_recorded_with_the_count_alone(
    candidate: Candidate, judge: User
) -> None:
    record_export(debtor_id=candidate.debtor_id, by=judge)

    assert Entry.objects.get(event=Event.AVOIDABLE_EXPORTED).detail == {"candidates": 2}
    assert last_search(candidate.debtor) == candidate.search
