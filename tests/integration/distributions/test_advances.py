"""Advances: spent by two people, repaid by the next plan, given back where unused."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from factories import make_staff
from factories_costs import (
    ADVANCED_FEN,
    AUDIT,
    advanced,
    enter,
    slip,
    spent,
)
from factories_plans import (
    TODAY,
    People,
    make_adopted,
    make_approved,
    make_confirmed,
    make_funded_case,
    make_plan,
    make_terms,
)
from integration.payouts.unchanged import failing_record, nothing_changes, refused
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry as AuditEntry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.distributions.actions import entering_costs
from zhipo.distributions.actions.approving import submit_plan
from zhipo.distributions.actions.checking_costs import check_cost_payment
from zhipo.distributions.actions.entering_costs import enter_outlay, enter_unused_back
from zhipo.distributions.actions.money import take_money_back
from zhipo.distributions.actions.planning import change_plan
from zhipo.distributions.actions.voting import propose_plan
from zhipo.distributions.building import build, ground_of, terms_of
from zhipo.distributions.chart import BANK, COSTS, FUND
from zhipo.distributions.costs import Cost, CostKind
from zhipo.distributions.models import CostPayment, Plan
from zhipo.distributions.policies.planning import NotFeasible
from zhipo.distributions.queries.advances import advance_of
from zhipo.distributions.queries.book import balance_on, sides
from zhipo.distributions.queries.costs import costs_of_plan
from zhipo.kernel.money import yuan_text
from zhipo.ledger.models import Transaction
from zhipo.ledger.queries import balance_fen
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
SPENT_FEN = 200_000
WAITS = "区财政局同意后续清偿的函"
Funded = tuple[Case, People]


@pytest.fixture
def funded() -> Funded:
    """100,000 yuan in the estate, 3,000 advanced beside it."""
    case, people = make_funded_case()
    make_confirmed(case, 870_000_00)
    advanced(case, people)
    return case, people


def outlay(case: Case, by: Any, form_key: str = "o", **given: Any) -> CostPayment:
    values = {"title": "公告费"} | given
    title = values.pop("title")
    told = slip(**({"fen": SPENT_FEN} | values))
    return enter_outlay(case_id=case.pk, title=title, slip=told, form_key=form_key, by=by)


def unused(case: Case, by: Any, form_key: str = "u", **given: Any) -> CostPayment:
    told = slip(**({"fen": 100_000, "payee": "区财政局"} | given))
    return enter_unused_back(case_id=case.pk, slip=told, form_key=form_key, by=by)


def repaid_in(plan: Plan) -> list[dict[str, Any]]:
    return [cost for cost in plan.costs if cost["kind"] == CostKind.ADVANCE]


def test_what_was_spent_is_the_next_plans_cost_and_is_repaid(funded: Funded) -> None:
    case, people = funded
    spent(case, people, SPENT_FEN)
    assert AuditEntry.objects.latest("position").event == "cost_checked"
    assert balance_fen(case.number, COSTS) == -SPENT_FEN
    assert advance_of(case).to_plan_fen == SPENT_FEN

    plan = make_approved(case, people)

    (cost,) = repaid_in(plan)
    assert (cost["fen"], cost["cite"]) == (SPENT_FEN, "《管理人报酬规定》第十二条第三款")
    assert advance_of(case).to_plan_fen == 0
    payment = enter(plan, people.cashier, cost_id=cost["id"], fen=SPENT_FEN)
    check_cost_payment(payment_id=payment.pk, by=people.lead)
    back = unused(case, people.cashier)
    check_cost_payment(payment_id=back.pk, by=people.lead)
    assert balance_fen(case.number, FUND) == advance_of(case).owed_fen == 0
    acts = Transaction.objects.filter(key__startswith="cost:").values_list("act", flat=True)
    assert sorted(acts) == ["give_back_unused", "pay_cost", "spend_advance"]


def test_the_bank_holds_what_is_owed_to_others_at_every_step(funded: Funded) -> None:
    """All costs paid and the advance back: the bank has what creditors are to have."""
    case, people = funded
    spent(case, people, SPENT_FEN)
    plan = make_approved(case, people)
    for place, line in enumerate(costs_of_plan(plan).lines):
        one = enter(plan, people.cashier, cost_id=line.cost.id, fen=line.cost.fen,
                    form_key=f"k{place}", ground="决定")  # fmt: skip
        check_cost_payment(payment_id=one.pk, by=people.lead)
    back = unused(case, people.cashier)
    check_cost_payment(payment_id=back.pk, by=people.lead)

    assert balance_fen(case.number, COSTS) == 0
    creditors = plan.summary["classes"]["consumer"]["paid_fen"]
    left = plan.summary["left_over_fen"]
    assert balance_fen(case.number, BANK) == creditors + left
    debit, credit = sides(balance_on(case, None))
    assert debit == credit


def test_the_pay_is_solved_on_what_the_advance_leaves(funded: Funded) -> None:
    case, people = funded
    before = _pay(make_plan(case, people))
    spent(case, people, SPENT_FEN)

    after = _pay(make_plan(case, people, title="第二稿"))

    assert before - after == pytest.approx(SPENT_FEN * 12 / 112, abs=1)


def _pay(plan: Plan) -> int:
    return next(c["fen"] for c in plan.costs if c["kind"] == CostKind.ADMINISTRATOR)


def test_without_an_advance_or_before_it_is_spent_no_plan_repays_it(
    funded: Funded,
) -> None:
    case, people = funded

    assert repaid_in(make_plan(case, people)) == []


def test_two_plans_do_not_repay_the_same(funded: Funded) -> None:
    case, people = funded
    spent(case, people, SPENT_FEN)
    make_approved(case, people)

    built = build(ground_of(case, TODAY), make_terms())

    assert [cost for cost in built.costs if cost.kind == CostKind.ADVANCE] == []


def test_the_giver_may_agree_in_writing_to_wait(funded: Funded) -> None:
    case, people = funded
    spent(case, people, SPENT_FEN)

    plan = make_plan(case, people, advance_waits=WAITS)

    (cost,) = repaid_in(plan)
    assert (cost["fen"], cost["evidence"]) == (0, WAITS)
    assert terms_of(plan).advance_waits == WAITS
    found = build(ground_of(case, TODAY), terms_of(plan)).findings
    assert "advance_waits" in [one.key for one in found]
    propose_plan(plan_id=plan.pk, by=people.lead)
    approved = make_approved(case, people, advance_waits=WAITS, title="二")
    assert costs_of_plan(approved).line(cost["id"]) is None
    assert advance_of(case).to_plan_fen == SPENT_FEN


def test_the_meeting_is_told_that_an_advance_is_repaid(funded: Funded) -> None:
    case, people = funded
    spent(case, people, SPENT_FEN)

    found = build(ground_of(case, TODAY), make_terms()).findings

    told = {one.key: one for one in found}["advance_repaid"]
    assert (told.is_fatal, told.values["fen"]) == (False, yuan_text(SPENT_FEN))


def test_a_draft_from_before_the_outlay_does_not_go_to_the_meeting(
    funded: Funded,
) -> None:
    case, people = funded
    plan = make_plan(case, people)
    spent(case, people, SPENT_FEN)

    with pytest.raises(NotFeasible) as forgotten:
        propose_plan(plan_id=plan.pk, by=people.lead)

    assert [one.key for one in forgotten.value.findings] == ["advance_left_out"]
    assert "第十二条第三款" in forgotten.value.sentence
    change_plan(plan_id=plan.pk, terms=make_terms(), by=people.lead)
    propose_plan(plan_id=plan.pk, by=people.lead)


def test_after_the_end_a_draft_goes_to_the_court_with_the_advance_in_it() -> None:
    case, people = make_funded_case(phase=Phase.CLOSED, ended_on=TODAY)
    make_confirmed(case, 870_000_00)
    advanced(case, people)
    plan = make_plan(case, people)
    spent(case, people, SPENT_FEN)

    with pytest.raises(NotFeasible):
        submit_plan(plan_id=plan.pk, by=people.lead)


def test_a_plan_that_only_repays_is_not_stopped_by_earlier_pay() -> None:
    """What was left over had been counted for the pay; less of it is paid out now."""
    case, people = make_funded_case()
    make_confirmed(case, 1_000_000)
    make_approved(case, people)
    advanced(case, people)
    spent(case, people, SPENT_FEN)

    plan = make_plan(case, people, title="第二次分配方案")

    (cost,) = repaid_in(plan)
    assert (cost["fen"], _pay(plan)) == (SPENT_FEN, 0)


def test_what_the_meeting_has_adopted_stays_and_the_next_plan_repays(
    funded: Funded,
) -> None:
    case, people = funded
    plan = make_adopted(case, people)
    spent(case, people, SPENT_FEN)

    submit_plan(plan_id=plan.pk, by=people.lead)

    assert advance_of(case).to_plan_fen == SPENT_FEN


def test_no_more_is_spent_or_given_back_than_was_advanced(funded: Funded) -> None:
    case, people = funded
    outlay(case, people.cashier)

    with refused(NotInState, "above_cost"):
        unused(case, people.cashier, fen=ADVANCED_FEN - SPENT_FEN + 1)
    unused(case, people.cashier, fen=ADVANCED_FEN - SPENT_FEN)
    with refused(NotInState, "above_cost"):
        outlay(case, people.cashier, "again", fen=1)


def test_an_advance_that_was_spent_is_not_taken_back_as_a_wrong_entry(
    funded: Funded,
) -> None:
    case, people = funded
    spent(case, people, SPENT_FEN)
    received = Transaction.objects.get(key=f"money:adv-{ADVANCED_FEN}")

    with refused(NotInState, "spent"):
        take_money_back(transaction_id=received.pk, reason="误记", by=people.lead)


def test_the_same_form_counts_once(funded: Funded) -> None:
    case, people = funded
    entered = outlay(case, people.cashier)
    with nothing_changes():
        assert outlay(case, people.cashier) == entered
    with refused(NotInState, "other_form"):
        unused(case, people.cashier, "o")


@pytest.mark.parametrize(
    ("given", "key"),
    [({"fen": 0}, "not_a_sum"), ({"payee": ""}, "no_slip"), ({"title": " "}, "empty")],
)
def test_what_no_slip_says_is_refused(
    funded: Funded, given: dict[str, Any], key: str
) -> None:
    case, people = funded

    with refused(NotInState, key):
        outlay(case, people.cashier, **given)


ENTER: list[Callable[..., CostPayment]] = [outlay, unused]


def test_only_cashier_and_lead_enter(funded: Funded) -> None:
    case, people = funded
    stranger = make_staff(Role.ADMINISTRATOR_LEAD)
    for act in ENTER:
        for other in (people.reviewer, people.judge, people.clerk, stranger):
            with refused(NotAllowed):
                act(case, other)


def test_a_failing_record_undoes_it(
    funded: Funded, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, people = funded
    for act in ENTER:
        with failing_record(monkeypatch, entering_costs):
            act(case, people.cashier)


def test_a_cost_of_another_kind_keeps_its_place_in_the_register(funded: Funded) -> None:
    """What people enter is numbered as before; what is repaid comes after it."""
    case, people = funded
    spent(case, people, SPENT_FEN)
    cost = Cost("", "expense", 5_000, "审计费", "《企业破产法》第四十一条")

    plan = make_plan(case, people, costs=(cost,))

    by_id = {one["id"]: one["kind"] for one in plan.costs}
    assert (by_id[AUDIT], by_id["COST-04"]) == (CostKind.ENTERED, CostKind.ADVANCE)
    assert terms_of(plan).costs == (replace(cost, id=AUDIT),)
