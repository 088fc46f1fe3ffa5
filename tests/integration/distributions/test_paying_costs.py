"""Costs of an approved plan: one enters the slip, another checks it, then it is posted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from factories import make_staff
from factories_costs import (
    AUDIT,
    AUDIT_FEN,
    CASE_FEE,
    PAY,
    enter,
    make_costly,
    scan,
)
from factories_plans import (
    TODAY,
    People,
    make_adopted,
    make_approved,
    make_confirmed,
    make_funded_case,
    put_money,
)
from integration.payouts.unchanged import failing_record, nothing_changes, refused
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry as AuditEntry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.policies.papers import PaperRefused
from zhipo.distributions.actions import checking_costs, entering_costs
from zhipo.distributions.actions.checking_costs import (
    check_cost_payment,
    take_back_cost_payment,
)
from zhipo.distributions.actions.money import Earmark, open_pool
from zhipo.distributions.chart import BANK, COSTS, pool_of
from zhipo.distributions.costs import Cost, CostKind
from zhipo.distributions.models import CostPayment, Plan
from zhipo.distributions.queries.book import balance_on, sides
from zhipo.distributions.queries.costs import costs_of_plan, open_costs_fen
from zhipo.documents.queries import open_document
from zhipo.ledger.models import Transaction
from zhipo.ledger.posting import Movement, post
from zhipo.ledger.queries import balance_fen
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
DECISION = "（2026）湘0302破1号决定书"
Costly = tuple[Case, People, Plan]


@pytest.fixture
def costly() -> Costly:
    return make_costly()


def last_event() -> AuditEntry:
    return AuditEntry.objects.latest("position")


def test_two_people_pay_a_cost_and_the_book_settles_it(costly: Costly) -> None:
    case, people, plan = costly
    owed, held = balance_fen(case.number, COSTS), balance_fen(case.number, BANK)
    payment = enter(plan, people.cashier)
    assert (last_event().event, last_event().detail["fen"]) == ("cost_entered", AUDIT_FEN)
    assert balance_fen(case.number, BANK) == held

    check_cost_payment(payment_id=payment.pk, by=people.lead)

    assert balance_fen(case.number, COSTS) == owed - AUDIT_FEN
    assert balance_fen(case.number, BANK) == held - AUDIT_FEN
    debit, credit = sides(balance_on(case, None))
    assert debit == credit
    posted = Transaction.objects.get(key=f"cost:{payment.pk}")
    assert (posted.act, posted.reference, posted.value_on) == ("pay_cost", "FY-1", TODAY)
    assert last_event().event == "cost_checked"
    line = costs_of_plan(plan).line(AUDIT)
    assert line is not None
    assert (line.paid_fen, line.open_fen, line.entered_fen) == (AUDIT_FEN, 0, 0)


def test_every_cost_paid_leaves_nothing_payable(costly: Costly) -> None:
    case, people, plan = costly
    for place, line in enumerate(costs_of_plan(plan).lines):
        payment = enter(plan, people.lead, cost_id=line.cost.id, fen=line.cost.fen,
                        form_key=f"k{place}", ground=DECISION)  # fmt: skip
        check_cost_payment(payment_id=payment.pk, by=people.cashier)

    assert open_costs_fen(case) == balance_fen(case.number, COSTS) == 0


def test_the_same_form_and_the_same_check_count_once(costly: Costly) -> None:
    _, people, plan = costly
    payment = enter(plan, people.cashier)
    with nothing_changes():
        assert enter(plan, people.cashier) == payment
    with refused(NotInState, "other_form"):
        enter(plan, people.cashier, fen=1)
    check_cost_payment(payment_id=payment.pk, by=people.lead)
    with nothing_changes():
        check_cost_payment(payment_id=payment.pk, by=people.lead)
        assert enter(plan, people.cashier).checked_at is not None


def test_parts_are_paid_until_nothing_is_left(costly: Costly) -> None:
    _, people, plan = costly
    first = enter(plan, people.cashier, fen=200_000, form_key="a")
    check_cost_payment(payment_id=first.pk, by=people.lead)
    enter(plan, people.cashier, fen=200_000, form_key="b")

    with refused(NotInState, "above_cost"):
        enter(plan, people.cashier, fen=100_001, form_key="c")
    enter(plan, people.cashier, fen=100_000, form_key="d")

    line = costs_of_plan(plan).line(AUDIT)
    assert line is not None
    assert (line.paid_fen, line.entered_fen, line.left_fen) == (200_000, 300_000, 0)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"fen": 0}, "not_a_sum"),
        ({"fen": -5}, "not_a_sum"),
        ({"fen": AUDIT_FEN + 1}, "above_cost"),
        ({"payee": " "}, "no_slip"),
        ({"reference": ""}, "no_slip"),
        ({"paid_on": TODAY + timedelta(days=1)}, "cost_not_yet"),
        ({"account": "bank:none"}, "no_account"),
        ({"account": COSTS}, "no_account"),
        ({"cost_id": "COST-77"}, "no_such_cost"),
        ({"cost_id": PAY, "fen": 1}, "pay_not_decided"),
    ],
)
def test_what_no_slip_says_is_refused(
    costly: Costly, given: dict[str, Any], key: str
) -> None:
    _, people, plan = costly

    with refused(NotInState, key):
        enter(plan, people.cashier, **given)


def test_costs_arise_after_acceptance(costly: Costly) -> None:
    case, people, plan = costly

    with refused(NotInState, "before_acceptance"):
        enter(plan, people.cashier, paid_on=case.accepted_on - timedelta(days=1))


def test_pay_is_taken_on_the_courts_decision(costly: Costly) -> None:
    _, people, plan = costly

    with pytest.raises(NotInState) as asked:
        enter(plan, people.cashier, cost_id=PAY, fen=1)

    assert "《管理人报酬规定》第十一条第二款" in asked.value.sentence
    paid = enter(plan, people.cashier, cost_id=PAY, fen=1, ground=DECISION)
    assert (paid.ground, paid.kind) == (DECISION, CostKind.ADMINISTRATOR)


def test_nothing_is_paid_of_a_plan_that_no_court_has_approved() -> None:
    case, people = make_funded_case()
    make_confirmed(case, 870_000_00)
    plan = make_adopted(case, people)

    with refused(NotInState, "not_approved"):
        enter(plan, people.cashier, cost_id=CASE_FEE, fen=1)


def test_whoever_entered_it_does_not_check_it(costly: Costly) -> None:
    _, people, plan = costly
    payment = enter(plan, people.cashier)

    with refused(NotAllowed, "own_entry"):
        check_cost_payment(payment_id=payment.pk, by=people.cashier)
    with pytest.raises(IntegrityError), transaction.atomic():
        CostPayment.objects.filter(pk=payment.pk).update(
            checked_by=people.cashier, checked_at=timezone.now()
        )


def test_a_wrong_entry_is_taken_back_before_it_counts(costly: Costly) -> None:
    _, people, plan = costly
    payment = enter(plan, people.cashier)

    take_back_cost_payment(payment_id=payment.pk, by=people.lead)

    assert last_event().detail["taken_back"] is True
    assert not CostPayment.objects.exists()
    again = enter(plan, people.cashier, form_key="other")
    check_cost_payment(payment_id=again.pk, by=people.lead)
    with refused(NotInState, "cost_checked"):
        take_back_cost_payment(payment_id=again.pk, by=people.lead)


def test_a_checked_payment_stands_in_the_database(costly: Costly) -> None:
    _, people, plan = costly
    payment = enter(plan, people.cashier)
    rows = CostPayment.objects.filter(pk=payment.pk)
    with pytest.raises(ProgrammingError, match="says what it said"), transaction.atomic():
        rows.update(fen=1)
    check_cost_payment(payment_id=payment.pk, by=people.lead)
    for change in (rows.delete, lambda: rows.update(checked_at=None, checked_by=None)):
        with pytest.raises(ProgrammingError, match="stands"), transaction.atomic():
            change()


def test_a_third_person_does_not_check_again(costly: Costly) -> None:
    case, people, plan = costly
    payment = enter(plan, people.cashier)
    check_cost_payment(payment_id=payment.pk, by=people.lead)
    third = make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)

    with refused(NotInState, "cost_checked"):
        check_cost_payment(payment_id=payment.pk, by=third)


def test_the_bank_account_holds_what_is_paid(costly: Costly) -> None:
    case, people, plan = costly
    payment = enter(plan, people.cashier)
    drained = {BANK: 1 - balance_fen(case.number, BANK)}
    _move(case, drained, COSTS)

    with refused(NotInState, "bank_holds_less"):
        check_cost_payment(payment_id=payment.pk, by=people.lead)


def _move(case: Case, lines: dict[str, int], against: str) -> None:
    whole = {**lines, against: -sum(lines.values())}
    post(case.number, Movement("drain", "test", whole, TODAY), by=None)


def test_the_scan_is_kept_under_its_hash(costly: Costly) -> None:
    _, people, plan = costly

    payment = enter(plan, people.cashier, paper=scan(), fen=1)

    assert payment.paper is not None
    assert open_document(payment.paper).read() == scan().read()
    with pytest.raises(PaperRefused), transaction.atomic():
        enter(plan, people.cashier, paper=scan(b"<html>", "slip.png"), form_key="x", fen=1)


ACTS: list[Callable[..., object]] = [check_cost_payment, take_back_cost_payment]


def test_only_cashier_and_lead_enter_and_check(costly: Costly) -> None:
    _, people, plan = costly
    stranger = make_staff(Role.ADMINISTRATOR_CASHIER)
    others = (people.reviewer, people.judge, people.clerk, stranger)
    for other in others:
        with refused(NotAllowed):
            enter(plan, other)
    payment = enter(plan, people.cashier)
    for other in others:
        for act in ACTS:
            with refused(NotAllowed):
                act(payment_id=payment.pk, by=other)


def test_costs_are_still_paid_after_the_end_but_not_of_a_dismissed_case(
    costly: Costly,
) -> None:
    case, people, plan = costly
    Case.objects.filter(pk=case.pk).update(phase=Phase.CLOSED, ended_on=TODAY)
    payment = enter(plan, people.cashier)
    assert check_cost_payment(payment_id=payment.pk, by=people.lead).checked_at
    Case.objects.filter(pk=case.pk).update(phase=Phase.DISMISSED)

    with refused(NotInState):
        enter(plan, people.cashier, form_key="late", fen=1)


def test_a_failing_record_undoes_every_act(
    costly: Costly, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, people, plan = costly
    with failing_record(monkeypatch, entering_costs):
        enter(plan, people.cashier, paper=scan())
    payment = enter(plan, people.cashier)
    for act in ACTS:
        with failing_record(monkeypatch, checking_costs):
            act(payment_id=payment.pk, by=people.lead)


def test_what_collateral_bears_is_paid_like_the_rest() -> None:
    case, people = make_funded_case()
    secured = make_confirmed(case, 1_000_000, kind="secured")
    lien = _collateral(case, people, secured.number, 600_000)
    make_confirmed(case, 870_000_00)
    cost = Cost("", "expense", 30_000, "变价费用", "《企业破产法》第四十一条",
                charged_to=lien)  # fmt: skip
    plan = make_approved(case, people, costs=(cost,))
    payment = enter(plan, people.cashier, fen=30_000)
    check_cost_payment(payment_id=payment.pk, by=people.lead)

    assert balance_fen(case.number, lien) == 0
    line = costs_of_plan(plan).line(AUDIT)
    assert line is not None
    assert (line.cost.charged_to, line.open_fen) == (lien, 0)


def _collateral(case: Case, people: People, number: str, fen: int) -> str:
    open_pool(case_id=case.pk, name="lien-1", title="设备",
              earmark=Earmark(secures=(number,)), by=people.lead)  # fmt: skip
    put_money(case, people, fen, pool=pool_of("lien-1"))
    return pool_of("lien-1")


def test_where_money_is_short_no_more_is_paid_than_was_divided() -> None:
    """Common-benefit debts share what the costs leave (EBL 43.3)."""
    case, people = make_funded_case(1_000_000)
    make_confirmed(case, 870_000_00)
    debts = tuple(
        Cost("", "common_benefit", fen, title, "《企业破产法》第四十二条")
        for fen, title in ((1_500_000, "续租租金"), (500_000, "水电费"))
    )
    plan = make_approved(case, people, costs=debts, pay_fen=0)

    lines = costs_of_plan(plan).lines
    granted = {line.cost.title: line.cost.fen for line in lines}
    left = 1_000_000 - granted["破产案件受理费"]
    assert granted["续租租金"] + granted["水电费"] == left
    assert granted["续租租金"] == pytest.approx(left * 3 // 4, abs=1)
    with refused(NotInState, "above_cost"):
        enter(plan, people.cashier, cost_id=AUDIT, fen=granted["续租租金"] + 1)
