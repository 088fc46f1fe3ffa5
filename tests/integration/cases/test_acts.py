"""Acts on the case: each works and is recorded, is refused in words, can be repeated."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from factories import (
    make_case,
    make_claim,
    make_organisation,
    make_staff,
    working_day_before,
)
from zhipo.accounts.models import User
from zhipo.accounts.roles import OrganisationKind, Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases import actions
from zhipo.cases.clocks import runs_until
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.actions.confirming import confirm_register, confirming, record_checking
from zhipo.claims.models import Claim, Objection
from zhipo.kernel.working_days import next_working_day
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
PUBLISHED = date(2025, 9, 10)
WINDOW = {
    "published_on": PUBLISHED,
    "filing_until": date(2025, 10, 22),
    "meeting_on": date(2025, 11, 5),
}


def accepted_case(**given: object) -> Case:
    unset = {"published_on": None, "filing_until": None, "meeting_on": None}
    return make_case(phase=Phase.ACCEPTED, **(unset | given))


def judge_of(case: Case) -> User:
    return make_staff(Role.BANKRUPTCY_JUDGE, case.court)


def lead_of(case: Case) -> User:
    return make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)


def test_opening_starts_the_clocks_of_acceptance_and_is_recorded() -> None:
    opening = actions.Opening(
        slug="x",
        number="（2025）湘0302破3号",
        debtor="甲公司",
        brand="甲",
        accepted_on=date(2025, 9, 1),
        court=make_organisation(),
        administrator=make_organisation(OrganisationKind.ADMINISTRATOR),
    )

    case = actions.open_case(opening, by=None)
    again = actions.open_case(opening, by=None)

    assert again.pk == case.pk
    clocks = dict(case.clocks.values_list("deadline", "last_day"))
    assert clocks["D09"] == date(2025, 9, 26)  # 25 days
    assert clocks["D06"] == date(2025, 9, 8)  # the 6th is a Saturday
    assert Entry.objects.filter(event=Event.CASE_OPENED).count() == 1


def test_publication_opens_filing_and_starts_the_meetings_clock() -> None:
    case = accepted_case()

    actions.set_publication(case_id=case.pk, **WINDOW, by=judge_of(case))

    case.refresh_from_db()
    assert case.phase == Phase.FILING
    assert case.clocks.get(deadline="D12").last_day == date(2025, 11, 6)


def test_publication_again_changes_nothing() -> None:
    case = accepted_case()
    judge = judge_of(case)

    for _ in range(2):
        actions.set_publication(case_id=case.pk, **WINDOW, by=judge)

    assert Entry.objects.filter(event=Event.PHASE_CHANGED).count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"filing_until": PUBLISHED + timedelta(days=29)}, "三十日"),
        ({"filing_until": date(2025, 12, 11)}, "三个月"),
        ({"meeting_on": date(2025, 11, 7)}, "十五日"),
        ({"meeting_on": date(2025, 10, 22)}, "十五日"),
        ({"published_on": date(2025, 8, 31)}, "受理日"),
    ],
)
def test_publication_outside_the_law_is_refused_in_words(
    change: dict[str, date], words: str
) -> None:
    case = accepted_case()

    with pytest.raises(NotInState) as refused:
        actions.set_publication(case_id=case.pk, **(WINDOW | change), by=judge_of(case))

    assert words in refused.value.sentence
    case.refresh_from_db()
    assert case.phase == Phase.ACCEPTED


def test_the_boundary_days_of_the_filing_period_are_lawful() -> None:
    for until in (PUBLISHED + timedelta(days=30), date(2025, 12, 10)):
        case = accepted_case()
        given = WINDOW | {"filing_until": until, "meeting_on": until + timedelta(days=1)}

        actions.set_publication(case_id=case.pk, **given, by=judge_of(case))


def test_publication_is_the_judges() -> None:
    case = accepted_case()

    with pytest.raises(NotAllowed) as refused:
        actions.set_publication(case_id=case.pk, **WINDOW, by=lead_of(case))

    assert "破产法官" in refused.value.sentence


def test_another_courts_judge_has_no_power() -> None:
    case = accepted_case()

    with pytest.raises(NotAllowed):
        actions.set_publication(
            case_id=case.pk, **WINDOW, by=make_staff(Role.BANKRUPTCY_JUDGE)
        )


def over_case() -> Case:
    """A case whose filing period ended on the last working day before today."""
    return make_case(filing_until=working_day_before(timezone.localdate()))


@pytest.mark.parametrize(
    ("ends", "is_over"), [(working_day_before, True), (next_working_day, False)]
)
def test_filing_ends_with_its_period_and_not_before(
    ends: Callable[[date], date], *, is_over: bool
) -> None:
    until = ends(timezone.localdate())
    case = make_case(filing_until=until)

    if is_over:
        actions.change_phase(case_id=case.pk, to=Phase.REVIEW, by=judge_of(case))
    else:
        with pytest.raises(NotInState) as refused:
            actions.change_phase(case_id=case.pk, to=Phase.REVIEW, by=judge_of(case))
        assert str(until) in refused.value.sentence
        assert "《企业破产法》第四十五条" in refused.value.sentence

    case.refresh_from_db()
    assert case.phase == (Phase.REVIEW if is_over else Phase.FILING)
    assert Entry.objects.filter(event=Event.PHASE_CHANGED).count() == is_over


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2025, 10, 4), date(2025, 10, 9)),
        (date(2025, 10, 9), date(2025, 10, 9)),
        (date(2025, 10, 10), None),
    ],
)
def test_period_that_ends_on_a_holiday_runs_to_the_next_working_day(
    today: date, until: date | None
) -> None:
    """民法典 203.1: the fourth of October 2025 lies in the holidays until the eighth."""
    assert runs_until(Case(filing_until=date(2025, 10, 4)), today) == until


def test_a_case_still_in_filing_may_be_dismissed() -> None:
    case = make_case()

    actions.change_phase(case_id=case.pk, to=Phase.DISMISSED, by=judge_of(case))

    case.refresh_from_db()
    assert case.phase == Phase.DISMISSED


def test_phase_moves_on_and_never_skips() -> None:
    case = over_case()
    judge = judge_of(case)

    actions.change_phase(case_id=case.pk, to=Phase.REVIEW, by=judge)
    with pytest.raises(NotInState, match="move"):
        actions.change_phase(case_id=case.pk, to=Phase.CONFIRMED, by=judge)

    case.refresh_from_db()
    assert case.phase == Phase.REVIEW


def test_failing_audit_undoes_the_act(monkeypatch: pytest.MonkeyPatch) -> None:
    case = over_case()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(actions, "record", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.change_phase(case_id=case.pk, to=Phase.REVIEW, by=judge_of(case))

    case.refresh_from_db()
    assert case.phase == Phase.FILING


def test_question_is_asked_once_and_answered_once() -> None:
    case = make_case()
    judge, lead = judge_of(case), lead_of(case)

    question = actions.ask_question(case_id=case.pk, text="进度如何", by=judge)
    again = actions.ask_question(case_id=case.pk, text="进度如何 ", by=judge)
    for _ in range(2):
        actions.answer_question(question_id=question.pk, text="已审查", by=lead)

    assert again.pk == question.pk
    with pytest.raises(NotInState):
        actions.answer_question(question_id=question.pk, text="另一个", by=lead)
    with pytest.raises(NotAllowed):
        actions.answer_question(question_id=question.pk, text="已审查", by=judge)


def test_clock_is_started_and_stopped_once() -> None:
    case = make_case()
    lead = lead_of(case)

    clock = actions.start_clock(
        case_id=case.pk, deadline="D18", event_on=date(2026, 1, 5), by=lead
    )
    for _ in range(2):
        actions.stop_clock(clock_id=clock.pk, by=lead)

    assert clock.last_day == date(2026, 4, 7)  # three months; the 5th and 6th are holidays
    assert Entry.objects.filter(event=Event.CLOCK_STOPPED).count() == 1


def checked_case() -> tuple[Case, list[Claim]]:
    case = make_case(phase=Phase.CHECKING)
    claims = [
        make_claim(
            case, state="tabled", decision="admit", admitted_fen=fen, claimed_fen=fen
        )
        for fen in (100, 200, 300)
    ]
    return case, claims


def test_register_is_checked_then_confirmed_but_for_what_is_disputed() -> None:
    case, claims = checked_case()
    judge = judge_of(case)
    record_checking(case_id=case.pk, checked_on=date(2025, 11, 5), by=judge)
    Objection.objects.create(
        claim=claims[0],
        by=judge,
        at=case.accepted_on.isoformat() + "T00:00+08:00",
        text="x",
    )

    done = confirm_register(case_id=case.pk, ruling="（2025）湘0302破3号之二", by=judge)

    assert (done.confirmed, done.confirmed_fen, done.disputed) == (2, 500, 1)
    states = list(Claim.objects.order_by("pk").values_list("state", "confirmed_fen"))
    assert states == [("disputed", None), ("confirmed", 200), ("confirmed", 300)]
    assert case.clocks.get(deadline="D17").last_day == date(2025, 11, 20)


def test_register_counts_as_confirmed_only_after_a_ruling() -> None:
    case, _ = checked_case()
    judge = judge_of(case)
    record_checking(case_id=case.pk, checked_on=date(2025, 11, 5), by=judge)
    with pytest.raises(NotInState, match="no_ruling"):
        actions.change_phase(case_id=case.pk, to=Phase.CONFIRMED, by=judge)

    confirm_register(case_id=case.pk, ruling="之二", by=judge)
    actions.change_phase(case_id=case.pk, to=Phase.CONFIRMED, by=judge)

    case.refresh_from_db()
    assert case.phase == Phase.CONFIRMED
    assert case.confirmed_on is not None


def test_ruling_again_changes_nothing() -> None:
    case, _ = checked_case()
    judge = judge_of(case)
    record_checking(case_id=case.pk, checked_on=date(2025, 11, 5), by=judge)

    for _ in range(2):
        confirm_register(case_id=case.pk, ruling="之二", by=judge)

    assert Entry.objects.filter(event=Event.REGISTER_CONFIRMED).count() == 1
    assert record_checking(case_id=case.pk, checked_on=date(2025, 11, 6), by=judge) == 0


def test_nothing_is_confirmed_before_the_meeting_has_checked() -> None:
    case, _ = checked_case()

    with pytest.raises(NotInState, match="no_meeting"):
        confirm_register(case_id=case.pk, ruling="之二", by=judge_of(case))

    assert confirming(case).confirmed == 0


@pytest.mark.parametrize("role", [Role.COURT_CLERK])
def test_the_clerk_records_but_does_not_rule(role: Role) -> None:
    case, _ = checked_case()
    clerk = make_staff(role, case.court)
    record_checking(case_id=case.pk, checked_on=date(2025, 11, 5), by=clerk)

    with pytest.raises(NotAllowed):
        confirm_register(case_id=case.pk, ruling="之二", by=clerk)


def test_the_administrator_does_not_rule() -> None:
    case, _ = checked_case()

    with pytest.raises(NotAllowed):
        confirm_register(case_id=case.pk, ruling="之二", by=lead_of(case))
