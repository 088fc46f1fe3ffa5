"""The court's page of a plan: the same as the desk's, approved or not by its judge."""

from datetime import timedelta

import pytest

from devices import device_of, text_of
from factories_plans import (
    RULING,
    TODAY,
    People,
    make_adopted,
    make_confirmed,
    make_funded_case,
    make_plan,
    make_submitted,
)
from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.distributions.models import Plan, Share
from zhipo.distributions.states import PlanState

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted() -> tuple[Case, People, Plan]:
    case, people = make_funded_case()
    make_confirmed(case, 9_000_000)
    make_confirmed(case, 8_000_000, kind="supplier")
    return case, people, make_submitted(case, people)


def at(case: Case, rest: str = "") -> str:
    return f"/court/{case.slug}/plans{rest}"


def form(**given: str) -> dict[str, str]:
    return {"ruling": RULING, "ruled_on": TODAY.isoformat(), "is_read": "on", **given}


def test_the_judge_approves_and_the_root_stands_on_the_page(
    submitted: tuple[Case, People, Plan],
) -> None:
    case, people, plan = submitted
    judge = device_of(people.judge)
    assert "裁定分配方案" in text_of(judge.get("/court/"))

    done = judge.post(at(case, f"/{plan.number}/approve"), form(), follow=True)

    plan.refresh_from_db()
    assert plan.state == PlanState.APPROVED
    assert plan.statement["root"][:16] in text_of(done)
    assert RULING in text_of(done)
    assert Share.objects.filter(plan=plan).count() == 2
    again = judge.post(at(case, f"/{plan.number}/approve"), form())
    assert again.status_code == 302
    assert "裁定分配方案" not in text_of(judge.get("/court/"))


def test_a_refused_plan_pays_nobody(submitted: tuple[Case, People, Plan]) -> None:
    case, people, plan = submitted

    device_of(people.judge).post(at(case, f"/{plan.number}/refuse"), form())

    plan.refresh_from_db()
    assert (plan.state, Share.objects.count()) == (PlanState.REFUSED, 0)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"is_read": ""}, 400),
        ({"ruling": ""}, 400),
        ({"ruled_on": "soon"}, 400),
        ({"ruled_on": (TODAY + timedelta(days=1)).isoformat()}, 409),
    ],
)
def test_a_ruling_that_cannot_be_comes_back_with_what_was_typed(
    submitted: tuple[Case, People, Plan], wrong: dict[str, str], status: int
) -> None:
    case, people, plan = submitted

    answer = device_of(people.judge).post(
        at(case, f"/{plan.number}/approve"), form(**wrong)
    )

    assert answer.status_code == status
    assert 'role="alert"' in text_of(answer)
    plan.refresh_from_db()
    assert plan.state == PlanState.SUBMITTED


def test_a_changed_register_is_shown_claim_by_claim(
    submitted: tuple[Case, People, Plan],
) -> None:
    case, people, plan = submitted
    claim = case.claims.get(kind="supplier")
    Claim.objects.filter(pk=claim.pk).update(confirmed_fen=7_654_321)

    answer = device_of(people.judge).post(at(case, f"/{plan.number}/approve"), form())

    page = text_of(answer)
    assert answer.status_code == 409
    assert "¥80,000.00" in page
    assert "¥76,543.21" in page
    assert claim.number in page


def test_others_see_the_page_and_rule_on_nothing(
    submitted: tuple[Case, People, Plan],
) -> None:
    case, people, plan = submitted

    for user in (people.clerk, people.lead, people.reviewer):
        browser = device_of(user)
        page = browser.get(at(case, f"/{plan.number}"))
        assert page.status_code == 200
        assert "/approve" not in text_of(page)
        posted = browser.post(at(case, f"/{plan.number}/approve"), form())
        assert posted.status_code == 403
    plan.refresh_from_db()
    assert plan.state == PlanState.SUBMITTED


def test_a_draft_is_the_administrators_own_until_it_is_put_forward(
    submitted: tuple[Case, People, Plan],
) -> None:
    case, people, _ = submitted
    draft = make_plan(case, people, title="草稿一")
    judge = device_of(people.judge)

    assert "草稿一" not in text_of(judge.get(at(case)))
    assert judge.get(at(case, f"/{draft.number}")).status_code == 404
    adopted = make_adopted(case, people, title="草稿二")
    assert judge.get(at(case, f"/{adopted.number}")).status_code == 200
    early = judge.post(at(case, f"/{adopted.number}/approve"), form())
    assert early.status_code == 409
    assert judge.post(at(case, f"/{adopted.number}/praise"), form()).status_code == 404


def test_the_plan_of_another_court_is_not_there(
    submitted: tuple[Case, People, Plan],
) -> None:
    case, _, plan = submitted
    _, others = make_funded_case()
    stranger = device_of(others.judge)

    assert stranger.get(at(case, f"/{plan.number}")).status_code == 404
    assert stranger.post(at(case, f"/{plan.number}/approve"), form()).status_code == 404
