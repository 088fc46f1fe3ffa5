"""The worked examples of the rule sheet reach a plan (LAW.md FEE, INS, WAT-E1 to E3)."""

from datetime import timedelta
from typing import Any

import pytest

from factories_plans import (
    TODAY,
    People,
    counted,
    make_adopted,
    make_approved,
    make_confirmed,
    make_funded_case,
    make_plan,
    make_terms,
    put_money,
)
from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.distributions.actions.money import Earmark, open_pool
from zhipo.distributions.actions.planning import draft_plan
from zhipo.distributions.actions.voting import propose_plan, record_vote
from zhipo.distributions.building import Built, build, ground_of
from zhipo.distributions.costs import Cost, CostKind
from zhipo.distributions.models import Plan
from zhipo.distributions.outcomes import outcome_of, tried
from zhipo.distributions.policies.planning import NotFeasible
from zhipo.distributions.queries.register import register_for
from zhipo.distributions.states import PlanState
from zhipo.distributions.terms import Terms
from zhipo.web.refusals import NotInState

pytestmark = pytest.mark.django_db
LIEN = "pool:lien-1"
GROUND = {"basis": "ALL_CREDITORS", "evidence": "全体债权人协议"}


def built(case: Case, **terms: Any) -> Built:
    asked = make_terms(**terms)
    return build(ground_of(case, asked.law_date), asked)


def got_by_class(found: Built) -> dict[str, int]:
    outcome = tried(found)
    assert outcome is not None, found.fatal
    return {line.name: line.got_fen for line in outcome.classes}


def cost(title: str, fen: int, class_name: str = "expense", **given: Any) -> Cost:
    return Cost("", class_name, fen, title, "《企业破产法》第四十一条", **given)


@pytest.fixture
def full() -> tuple[Case, People, dict[str, Claim]]:
    """WAT-E1: 2.8 million of the estate, a lien that yielded 400,000."""
    case, people = make_funded_case(280_000_000)
    claims = {
        "secured": make_confirmed(case, 60_000_000, kind="secured"),
        "employee": make_confirmed(case, 42_000_000, kind="employee"),
        "social_tax": make_confirmed(case, 36_000_000, kind="social_tax"),
        "consumer": make_confirmed(case, 870_000_000),
        "supplier": make_confirmed(case, 630_000_000, kind="supplier"),
        "late_fee": make_confirmed(case, 2_280_000, kind="supplier"),
    }
    earmark = Earmark(secures=(claims["secured"].number,))
    open_pool(case_id=case.pk, name="lien-1", title="质押存货", earmark=earmark,
              by=people.lead)  # fmt: skip
    put_money(case, people, 40_000_000, pool=LIEN)
    return case, people, claims


COSTS = (
    cost("管理、变价和分配费用", 15_000_000),
    cost("继续履行合同的债务", 8_000_000, "common_benefit"),
    cost("质押存货变价费用", 1_000_000, charged_to=LIEN),
    cost("质押存货管理报酬", 480_000, kind=CostKind.COLLATERAL_PAY, charged_to=LIEN),
)


def test_wat_e1_reaches_the_plan_to_the_fen(
    full: tuple[Case, People, dict[str, Claim]],
) -> None:
    case, _, claims = full

    found = built(case, costs=COSTS)

    fees = {one.kind: one.fen for one in found.costs if one.kind != CostKind.ENTERED}
    assert fees[CostKind.CASE_FEE] == 1_620_000
    assert fees[CostKind.ADMINISTRATOR] == 25_761_818
    outcome = tried(found)
    assert outcome is not None
    got = {line.number: line.got_fen for line in outcome.claims()}
    assert {name: got[claim.number] for name, claim in claims.items()} == {
        "secured": 38_520_000 + 2_137_317,
        "employee": 42_000_000,
        "social_tax": 36_000_000,
        "consumer": 86_567_319,
        # A fen more than on the sheet, which floors the pool: no fen may be left (WAT-17).
        "supplier": 62_686_679 + 1,
        "late_fee": 226_866,
    }
    assert outcome.left_over_fen == 0


@pytest.mark.parametrize(("fen", "told"), [(480_000, 0), (480_001, 1)])
def test_pay_for_collateral_over_its_limit_needs_an_agreement(
    full: tuple[Case, People, dict[str, Claim]], fen: int, told: int
) -> None:
    """400,000 yuan: a tenth of 12 % are 4,800 (FEE-03)."""
    case, _, _ = full
    pay = cost("质押存货管理报酬", fen, kind=CostKind.COLLATERAL_PAY, charged_to=LIEN)

    found = built(case, costs=(pay,))

    keys = [one.key for one in found.findings if not one.is_fatal]
    assert keys.count("collateral_pay_agreed") == told
    assert not found.fatal


def test_wat_e1_is_what_the_engine_seals_too(
    full: tuple[Case, People, dict[str, Claim]],
) -> None:
    case, people, claims = full

    seen = got_by_class(built(case, costs=COSTS))

    plan = make_approved(case, people, costs=COSTS)

    assert plan.shares.get(claim=claims["consumer"]).paid_fen == 86_567_319
    sealed = outcome_of(plan)
    assert sealed is not None
    assert {line.name: line.got_fen for line in sealed.classes} == seen


def test_wat_e2_the_overlay_of_31_percent_shifts_957_000() -> None:
    case, _ = make_funded_case(300_000_000)
    make_confirmed(case, 870_000_000)
    make_confirmed(case, 630_000_000, kind="supplier")
    free = {"pay_fen": 0}

    plain, overlay = built(case, **free), built(case, **free, **GROUND, consumer="0.31")

    # The court's fee of 15,400 comes off before: 3,000,000 is then 2,984,600.
    left = 300_000_000 - 1_540_000
    assert got_by_class(plain)["consumer"] == left * 870 // 1_500
    assert got_by_class(overlay)["consumer"] == 269_700_000
    assert got_by_class(overlay)["ordinary"] == left - 269_700_000
    (bears,) = [one for one in overlay.findings if one.key == "bears"]
    assert bears.values["class_name"] == "ordinary"
    assert not bears.is_fatal


def test_wat_e3_too_little_for_costs_ends_the_case() -> None:
    case, _ = make_funded_case(12_000_000)
    make_confirmed(case, 1_000_000)

    found = built(case, costs=(cost("审计费", 20_000_000),), pay_fen=0)

    assert [one.key for one in found.fatal] == ["must_terminate"]


@pytest.mark.parametrize(
    ("mode", "got"), [("flat", {50_000: 50_000}), ("tiered", {50_000: 50_000})]
)
def test_ins_e2_small_claims_are_whole_and_the_cliff_is_told(
    mode: str, got: dict[int, int]
) -> None:
    case, _ = make_funded_case(20_000_000)
    claims = {fen: make_confirmed(case, fen) for fen in (50_000, 50_100, 90_000_000)}

    outcome = tried(built(case, mode=mode, pay_fen=0, **GROUND))

    assert outcome is not None
    found = {line.number: line.got_fen for line in outcome.claims()}
    assert {fen: found[claims[fen].number] for fen in got} == got
    over = found[claims[50_100].number]
    source: Any = outcome.source
    if mode == "flat":
        assert over < 50_000
        large = over + found[claims[90_000_000].number]
        above = 50_001 * large // (50_100 + 90_000_000)
        assert source.cliff.drop_fen == 50_000 - above
        assert (source.opt_down.count, source.opt_down.fen) == (1, 50_000 - over)
    else:
        assert over > 50_000
        assert source.cliff is None


def test_ins_e3_a_promise_that_the_money_does_not_carry_is_refused() -> None:
    case, people = make_funded_case(1_000_000)
    for _ in range(3):
        make_confirmed(case, 50_000_00)

    with pytest.raises(NotFeasible) as refused:
        make_plan(case, people, mode="flat", ceiling_fen=50_000_00, pay_fen=0, **GROUND)

    assert [one.key for one in refused.value.findings] == ["flat_not_feasible"]


def test_who_opts_down_counts_with_the_ceiling_and_never_with_the_rest_again() -> None:
    case, people = make_funded_case(2_000_000)
    down = make_confirmed(case, 60_000)
    make_confirmed(case, 40_000)
    make_confirmed(case, 90_000_000)
    terms = {"mode": "flat", "pay_fen": 0, "opted_down": (down.number,), **GROUND}

    plan = make_approved(case, people, **terms)

    share = plan.shares.get(claim=down)
    assert (share.fen, share.paid_fen) == (50_000, 50_000)
    left = {row.claim_pk for row in register_for(case, TODAY + timedelta(days=9))}
    assert down.pk not in left


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"mode": "tiered"}, "opt_down_needs_flat"),
        ({"numbers": ("A-0",)}, "not_over_ceiling"),
    ],
)
def test_opting_down_is_for_claims_over_the_ceiling_under_flat(
    given: dict[str, Any], key: str
) -> None:
    case, people = make_funded_case()
    down = make_confirmed(case, 60_000)
    numbers = given.pop("numbers", (down.number,))
    terms = {"mode": "flat", "opted_down": numbers, **GROUND, **given}

    with pytest.raises(NotFeasible) as refused:
        make_plan(case, people, **terms)

    assert [one.key for one in refused.value.findings] == [key]


def test_an_approved_plan_ends_the_others_that_stood_on_its_money() -> None:
    case, people = make_funded_case()
    make_confirmed(case, 9_000_000)
    other = make_plan(case, people, title="另一稿")

    make_approved(case, people)

    other.refresh_from_db()
    assert other.state == PlanState.SUPERSEDED
    with pytest.raises(NotInState):
        propose_plan(plan_id=other.pk, by=people.lead)


def test_a_plan_is_voted_on_twice_at_most() -> None:
    case, people = make_funded_case()
    make_confirmed(case, 9_000_000)
    plan = make_plan(case, people)
    propose_plan(plan_id=plan.pk, by=people.lead)
    for heads in (3, 4):
        record_vote(plan_id=plan.pk, counted=counted(heads_for=heads), by=people.lead)

    with pytest.raises(NotInState) as refused:
        record_vote(plan_id=plan.pk, counted=counted(heads_for=9), by=people.lead)

    assert refused.value.key == "distributions.refused.voted_twice"


def test_the_pay_of_all_plans_together_stands_one_limit() -> None:
    """Costs that an earlier plan bore are not what creditors were paid (《规定》第二条)."""
    case, people = make_funded_case(50_000_000)
    make_confirmed(case, 900_000_000, kind="supplier")
    first = make_approved(case, people, costs=(cost("审计费", 10_000_000),))
    put_money(case, people, 70_000_000, reference="B-2")

    second = make_plan(case, people, title="第二次分配方案")

    def fees(plan: Plan, kind: str) -> int:
        return sum(one["fen"] for one in plan.costs if one["kind"] == kind)

    pay = sum(fees(plan, CostKind.ADMINISTRATOR) for plan in (first, second))
    court = sum(fees(plan, CostKind.CASE_FEE) for plan in (first, second))
    once, _ = make_funded_case(120_000_000)
    make_confirmed(once, 900_000_000, kind="supplier")
    whole = built(once, costs=(cost("审计费", 10_000_000),))
    assert abs(pay - fees_of(whole, CostKind.ADMINISTRATOR)) <= 1
    assert court == fees_of(whole, CostKind.CASE_FEE)


def fees_of(found: Built, kind: str) -> int:
    return sum(one.fen for one in found.costs if one.kind == kind)


def test_who_missed_two_distributions_catches_up_on_neither() -> None:
    case, people = make_funded_case(1_000_000)
    there = make_confirmed(case, 9_000_000, kind="supplier")
    make_confirmed(case, 1_000_000, kind="supplier")
    for days, fen in ((9, 0), (8, 1_100_000)):
        if fen:
            put_money(case, people, fen, reference="B-2")
        plan = make_approved(case, people, title=f"{days}", pay_fen=0)
        Plan.objects.filter(pk=plan.pk).update(law_date=TODAY - timedelta(days=days))
    late = make_confirmed(case, 9_000_000, kind="supplier", is_late=True,
                          filed_at=there.filed_at + timedelta(days=25))  # fmt: skip

    rows = {row.claim_pk: row.fen for row in register_for(case, TODAY)}

    assert abs(rows[late.pk] - rows[there.pk]) <= 2


def test_the_same_terms_give_the_same_draft(
    full: tuple[Case, People, dict[str, Claim]],
) -> None:
    case, people, _ = full
    terms: Terms = make_terms(costs=COSTS)

    first = draft_plan(case_id=case.pk, terms=terms, by=people.lead)

    assert draft_plan(case_id=case.pk, terms=terms, by=people.reviewer) == first
    assert make_adopted(case, people, costs=COSTS).pk == first.pk
