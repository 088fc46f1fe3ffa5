"""Plans drawn up on pools and register as they stand, or refused with the article."""

from datetime import timedelta
from typing import Any

import pytest

from factories import make_case, make_staff
from factories_plans import (
    TODAY,
    People,
    counted,
    make_adopted,
    make_confirmed,
    make_funded_case,
    make_people,
    make_plan,
    make_submitted,
    make_terms,
)
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry as AuditEntry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.distributions.actions import planning, voting
from zhipo.distributions.actions.approving import submit_plan
from zhipo.distributions.actions.planning import change_plan, draft_plan, withdraw_plan
from zhipo.distributions.actions.voting import propose_plan, record_vote
from zhipo.distributions.costs import Cost, CostKind
from zhipo.distributions.models import Plan
from zhipo.distributions.policies.planning import NotFeasible, sentence
from zhipo.distributions.states import MOVES, PlanState
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db


@pytest.fixture
def funded() -> tuple[Case, People]:
    case, people = make_funded_case()
    make_confirmed(case, 870_000_00)
    make_confirmed(case, 630_000_00, kind="supplier")
    return case, people


def last_event(case: Case) -> str:
    return str(AuditEntry.objects.filter(chain=case.number).latest("position").event)


def test_a_plan_takes_the_pools_and_computes_its_fees(funded: tuple[Case, People]) -> None:
    case, people = funded

    plan = make_plan(case, people)

    assert plan.content["pools"] == [{"id": "pool:general", "fen": 10_000_000}]
    fees = {cost["kind"]: cost["fen"] for cost in plan.costs}
    # 100,000 yuan: half of 50 + 2.5 % of 90,000; then 12 % of V with V + fee = the rest.
    assert fees[CostKind.CASE_FEE] == 1_150_00
    left = 10_000_000 - 1_150_00
    assert fees[CostKind.ADMINISTRATOR] == round(left * 12 / 112)
    assert (plan.state, plan.number, last_event(case)) == ("draft", 1, "plan_drafted")


def test_the_same_choices_are_the_same_draft_others_another(
    funded: tuple[Case, People],
) -> None:
    case, people = funded
    plan = make_plan(case, people)

    assert make_plan(case, people) == plan
    assert make_plan(case, people, title="第二稿").number == 2
    assert Plan.objects.count() == 2


def test_a_draft_is_changed_and_later_ones_are_not(funded: tuple[Case, People]) -> None:
    case, people = funded
    plan = make_plan(case, people)
    cost = Cost("", "expense", 5_000_00, "审计费", "《企业破产法》第四十一条")

    changed = change_plan(plan_id=plan.pk, terms=make_terms(costs=(cost,)),
                          by=people.reviewer)  # fmt: skip

    assert [one["title"] for one in changed.costs][-1] == "审计费"
    assert last_event(case) == "plan_changed"
    entries = AuditEntry.objects.count()
    change_plan(plan_id=plan.pk, terms=make_terms(costs=(cost,)), by=people.reviewer)
    assert AuditEntry.objects.count() == entries
    propose_plan(plan_id=plan.pk, by=people.lead)
    with pytest.raises(NotInState) as refused:
        change_plan(plan_id=plan.pk, terms=make_terms(), by=people.lead)
    assert refused.value.key == "distributions.refused.not_a_draft"


@pytest.mark.parametrize(
    ("terms", "key"),
    [
        ({"due_days": ()}, "no_days"),
        ({"due_days": (TODAY, TODAY)}, "days_not_rising"),
        ({"due_days": (TODAY - timedelta(days=1),)}, "days_too_early"),
        ({"consumer": "before_ordinary"}, "no_ground"),
        ({"mode": "tiered"}, "no_ground"),
        ({"consumer": "0.31", "basis": "ALL_CREDITORS"}, "no_evidence"),
        ({"consumer": "0.31", "basis": "SETTLEMENT", "evidence": "x"}, "wrong_procedure"),
        ({"consumer": "0.31", "basis": "ALL_CREDITORS", "evidence": "x"}, "rate_too_high"),
        ({"mode": "flat", "ceiling_fen": 90_000_000, "basis": "ALL_CREDITORS",
          "evidence": "x"}, "flat_not_feasible"),
        ({"due_days": (TODAY, TODAY + timedelta(days=9))}, "unequal_steps"),
        ({"pay_fen": 5_000_000}, "pay_over_cap"),
        ({"costs": (Cost("", "expense", 99_000_000, "审计费", ""),)}, "must_terminate"),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_refused_with_the_article(
    funded: tuple[Case, People], terms: dict[str, Any], key: str
) -> None:
    case, people = funded

    with pytest.raises(NotFeasible) as refused:
        make_plan(case, people, **terms)

    assert [one.key for one in refused.value.findings] == [key]
    assert "第" in sentence(refused.value.findings[0])
    assert not Plan.objects.exists()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR_CASHIER, Role.BANKRUPTCY_JUDGE])
def test_others_draw_up_no_plan(funded: tuple[Case, People], role: Role) -> None:
    case, _ = funded
    place = case.court if role == Role.BANKRUPTCY_JUDGE else case.administrator

    with pytest.raises(NotAllowed):
        draft_plan(case_id=case.pk, terms=make_terms(), by=make_staff(role, place))


@pytest.mark.parametrize("phase", [Phase.FILING, Phase.REVIEW, Phase.DISMISSED])
def test_a_plan_waits_for_the_checking(phase: Phase) -> None:
    case = make_case(phase=phase)

    with pytest.raises(NotInState):
        draft_plan(case_id=case.pk, terms=make_terms(), by=make_people(case).lead)


def test_an_approved_last_distribution_ends_plans(funded: tuple[Case, People]) -> None:
    case, people = funded
    Plan.objects.filter(pk=make_submitted(case, people, is_last=True).pk).update(
        state="approved", ruling="r", ruled_on=TODAY, ruled_by=people.judge
    )

    with pytest.raises(NotInState) as refused:
        make_plan(case, people, title="又一次")
    assert refused.value.key == "distributions.refused.last_was_made"


@pytest.mark.parametrize(("years", "is_in_time"), [(1, True), (3, False)])
def test_after_the_end_only_what_is_found_in_two_years(
    funded: tuple[Case, People], years: int, is_in_time: bool
) -> None:
    case, people = funded
    ended_on = TODAY - timedelta(days=365 * years)
    Case.objects.filter(pk=case.pk).update(phase=Phase.CLOSED, ended_on=ended_on)

    if is_in_time:
        plan = make_plan(case, people)
        submitted = submit_plan(plan_id=plan.pk, by=people.lead)
        assert submitted.state == PlanState.SUBMITTED
    else:
        with pytest.raises(NotInState) as refused:
            make_plan(case, people)
        assert refused.value.key == "distributions.refused.too_late_or_too_little"


def test_a_plan_is_put_to_the_meeting_once(funded: tuple[Case, People]) -> None:
    case, people = funded
    plan = make_plan(case, people)

    assert propose_plan(plan_id=plan.pk, by=people.lead).state == PlanState.PROPOSED
    assert last_event(case) == "plan_proposed"
    entries = AuditEntry.objects.count()
    propose_plan(plan_id=plan.pk, by=people.lead)
    assert AuditEntry.objects.count() == entries
    with pytest.raises(NotAllowed):
        propose_plan(plan_id=plan.pk, by=people.reviewer)


def test_a_vote_adopts_by_heads_and_by_amount(funded: tuple[Case, People]) -> None:
    case, people = funded
    plan = make_plan(case, people)
    propose_plan(plan_id=plan.pk, by=people.lead)

    half = record_vote(plan_id=plan.pk, counted=counted(heads_for=5), by=people.clerk)
    assert half.state == PlanState.PROPOSED
    adopted = record_vote(plan_id=plan.pk, counted=counted(fen_for=500), by=people.lead)

    assert adopted.state == PlanState.ADOPTED
    assert [vote["is_carried"] for vote in adopted.vote] == [False, True]
    assert last_event(case) == "plan_voted"
    entries = AuditEntry.objects.count()
    record_vote(plan_id=plan.pk, counted=counted(fen_for=500), by=people.lead)
    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"heads_for": 11}, "no_such_vote"),
        ({"fen_for": 1_001}, "no_such_vote"),
        ({"present": 0, "heads_for": 0}, "no_such_vote"),
        ({"minutes": " "}, "no_minutes"),
        ({"voted_on": TODAY - timedelta(days=1)}, "vote_day"),
        ({"voted_on": TODAY + timedelta(days=1)}, "vote_day"),
    ],
)
def test_a_vote_that_cannot_be_is_refused(
    funded: tuple[Case, People], given: dict[str, Any], key: str
) -> None:
    case, people = funded
    plan = make_plan(case, people)
    propose_plan(plan_id=plan.pk, by=people.lead)

    with pytest.raises(NotInState) as refused:
        record_vote(plan_id=plan.pk, counted=counted(**given), by=people.clerk)

    assert refused.value.key == f"distributions.refused.{key}"
    plan.refresh_from_db()
    assert plan.vote == []


def test_reviewer_and_cashier_record_no_vote(funded: tuple[Case, People]) -> None:
    case, people = funded
    plan = make_plan(case, people)
    propose_plan(plan_id=plan.pk, by=people.lead)

    for other in (people.reviewer, people.cashier):
        with pytest.raises(NotAllowed):
            record_vote(plan_id=plan.pk, counted=counted(), by=other)


def test_a_plan_is_withdrawn_until_the_court_rules(funded: tuple[Case, People]) -> None:
    case, people = funded
    plan = make_submitted(case, people)

    assert withdraw_plan(plan_id=plan.pk, by=people.lead).state == PlanState.WITHDRAWN
    assert last_event(case) == "plan_withdrawn"
    assert withdraw_plan(plan_id=plan.pk, by=people.lead).state == PlanState.WITHDRAWN
    with pytest.raises(NotAllowed):
        withdraw_plan(plan_id=plan.pk, by=people.judge)
    with pytest.raises(NotInState):
        propose_plan(plan_id=plan.pk, by=people.lead)


def test_failing_records_undo_drafts_changes_and_votes(
    funded: tuple[Case, People], monkeypatch: pytest.MonkeyPatch
) -> None:
    case, people = funded
    plan = make_adopted(case, people)

    def failing(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(planning, "record", failing)
    monkeypatch.setattr(voting, "record", failing)
    with pytest.raises(RuntimeError):
        make_plan(case, people, title="另一稿")
    with pytest.raises(RuntimeError):
        withdraw_plan(plan_id=plan.pk, by=people.lead)

    plan.refresh_from_db()
    assert (Plan.objects.count(), plan.state) == (1, PlanState.ADOPTED)


def test_no_state_leads_back_or_out_of_an_end() -> None:
    ends = {state for state, moves in MOVES.items() if not moves}

    assert ends == {PlanState.APPROVED, PlanState.REFUSED, PlanState.WITHDRAWN,
                    PlanState.SUPERSEDED}  # fmt: skip
    assert not any(PlanState.DRAFT in moves for moves in MOVES.values())
