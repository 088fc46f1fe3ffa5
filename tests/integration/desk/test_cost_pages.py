"""Costs at the desk: what plans have, what is open, slips entered and checked, advances."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from devices import text_of
from factories_costs import (
    AUDIT,
    CASE_FEE,
    PAY,
    PNG,
    advanced,
    enter,
    make_costly,
    scan,
    spent,
)
from factories_plans import TODAY, People, make_confirmed, make_funded_case
from integration.payouts.unchanged import nothing_changes
from zhipo.accounts.models import Session
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.distributions.actions.checking_costs import check_cost_payment
from zhipo.distributions.models import CostPayment, Plan
from zhipo.distributions.queries.costs import open_costs_fen
from zhipo.kernel.money import yuan_text

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]
Costly = tuple[Case, People, Plan]
SLIP = {"payee": "某会计师事务所", "fen": "5000.00", "account": "bank",
        "paid_on": f"{TODAY}", "reference": "FY-9", "form_key": "f1"}  # fmt: skip


@pytest.fixture
def costly() -> Costly:
    return make_costly()


def at(case: Case, rest: str = "") -> str:
    return f"/desk/{case.slug}/payouts/costs{rest}"


def of(plan: Plan, cost_id: str = AUDIT, do: str = "") -> str:
    return at(plan.case, f"/plans/{plan.pk}/{cost_id}{do}")


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return text_of(answer)


def test_the_cashier_enters_and_the_lead_checks(costly: Costly, signed_in: SignIn) -> None:
    case, people, plan = costly
    cashier, lead = signed_in(people.cashier), signed_in(people.lead)
    page = shown(cashier, at(case))
    assert "审计费" in page
    assert "¥5,000.00" in page
    assert of(plan) in page
    assert 'value="5000.00"' in shown(cashier, of(plan))

    answer = cashier.post(of(plan, do="/do/enter"), {**SLIP, "paper": scan()})

    payment = CostPayment.objects.get()
    here = at(case, f"/paid/{payment.pk}")
    assert answer.headers["Location"] == here
    page = shown(cashier, here)
    assert "您登记了这笔付款" in page
    assert f"{here}/do/check_cost" not in page
    assert b"".join(cashier.get(f"{here}/paper").streaming_content) == PNG
    page = shown(lead, here)
    assert f"{here}/do/check_cost" in page
    assert lead.post(f"{here}/do/check_cost", {}).status_code == 400
    assert CostPayment.objects.get().checked_at is None

    assert lead.post(f"{here}/do/check_cost", {"is_seen": "on"}).status_code == 302

    assert "已记账" in shown(lead, here)
    assert "已付清" in shown(lead, of(plan))
    assert "/do/enter" not in shown(cashier, of(plan))


def test_a_form_sent_twice_enters_once(costly: Costly, signed_in: SignIn) -> None:
    _, people, plan = costly
    cashier = signed_in(people.cashier)

    for _ in range(2):
        assert cashier.post(of(plan, do="/do/enter"), SLIP).status_code == 302

    assert CostPayment.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({"fen": "5000.01"}, 409, "超过可付金额，现在还可以登记 ¥5,000.00"),
        ({"fen": "abc"}, 400, ""),
        ({"payee": ""}, 400, ""),
        ({"paid_on": "2035-01-01"}, 409, "付款日不能晚于今天"),
    ],
)
def test_a_refusal_comes_back_with_what_was_typed(
    costly: Costly, signed_in: SignIn, given: dict[str, str], status: int, told: str
) -> None:
    _, people, plan = costly

    with nothing_changes():
        answer = signed_in(people.cashier).post(of(plan, do="/do/enter"), {**SLIP, **given})

    assert answer.status_code == status
    assert told in text_of(answer)
    assert "FY-9" in text_of(answer)


def test_a_file_that_is_no_scan_is_refused(costly: Costly, signed_in: SignIn) -> None:
    _, people, plan = costly
    form = {**SLIP, "paper": scan(b"<html>", "x.png")}

    answer = signed_in(people.cashier).post(of(plan, do="/do/enter"), form)

    assert answer.status_code == 422
    assert not CostPayment.objects.exists()


def test_pay_asks_for_its_ground_and_the_page_says_the_article(
    costly: Costly, signed_in: SignIn
) -> None:
    _, people, plan = costly
    cashier = signed_in(people.cashier)
    page = shown(cashier, of(plan, PAY))
    assert "《管理人报酬规定》第十一条" in page
    assert 'name="ground"' in page
    assert 'name="ground"' not in shown(cashier, of(plan, CASE_FEE))

    form = {**SLIP, "fen": "1.00", "ground": ""}
    assert cashier.post(of(plan, PAY, "/do/enter"), form).status_code == 400
    form["ground"] = "决定书"
    assert cashier.post(of(plan, PAY, "/do/enter"), form).status_code == 302


def test_a_wrong_entry_is_taken_back_and_entered_anew(
    costly: Costly, signed_in: SignIn
) -> None:
    case, people, plan = costly
    payment = enter(plan, people.cashier)
    client = signed_in(people.cashier)

    answer = client.post(at(case, f"/paid/{payment.pk}/do/take_back"), {})

    assert answer.headers["Location"] == at(case)
    assert not CostPayment.objects.exists()
    assert client.get(at(case, f"/paid/{payment.pk}")).status_code == 404


def test_the_court_sees_everything_and_pays_nothing(
    costly: Costly, signed_in: SignIn
) -> None:
    case, people, plan = costly
    payment = enter(plan, people.cashier)
    for who in (people.judge, people.clerk, people.reviewer):
        client = signed_in(who)
        for path in (at(case), of(plan), at(case, "/advance"),
                     at(case, f"/paid/{payment.pk}")):  # fmt: skip
            assert "/do/" not in shown(client, path)
        assert "两人不能相同" in shown(client, of(plan))
        with nothing_changes():
            assert client.post(of(plan, do="/do/enter"), SLIP).status_code == 403
            check = at(case, f"/paid/{payment.pk}/do/check_cost")
            assert client.post(check, {"is_seen": "on"}).status_code == 403


def test_money_is_moved_only_with_a_fresh_code(costly: Costly, signed_in: SignIn) -> None:
    case, people, plan = costly
    payment = enter(plan, people.cashier)
    lead = signed_in(people.lead)
    Session.objects.update(confirmed_at=timezone.now() - timedelta(minutes=11))

    for path, back in (
        (of(plan, do="/do/enter"), of(plan)),
        (at(case, "/advance/do/spend"), at(case, "/advance")),
        (at(case, f"/paid/{payment.pk}/do/check_cost"), at(case, f"/paid/{payment.pk}")),
    ):
        answer = lead.post(path, SLIP)
        assert answer.headers["Location"] == f"/enter/code?next={back}"


def test_an_advance_is_spent_and_given_back_on_its_page(signed_in: SignIn) -> None:
    case, people = make_funded_case()
    make_confirmed(case, 870_000_00)
    cashier = signed_in(people.cashier)
    assert "没有尚未支出的垫付款" in shown(cashier, at(case, "/advance"))
    advanced(case, people)
    here = at(case, "/advance")
    assert "¥3,000.00" in shown(cashier, here)

    form = {**SLIP, "fen": "2000.00", "title": ""}
    assert cashier.post(f"{here}/do/spend", form).status_code == 400
    form["title"] = "公告费"
    assert cashier.post(f"{here}/do/spend", form).status_code == 302
    form |= {"fen": "1000.01", "form_key": "f2"}
    answer = cashier.post(f"{here}/do/give_back", form)
    assert answer.status_code == 409
    assert "现在还可以登记 ¥1,000.00" in text_of(answer)
    assert cashier.post(f"{here}/do/keep", form).status_code == 404

    page = shown(cashier, here)
    assert "公告费" in page
    assert "待复核" in page


def test_the_plan_shows_what_it_repays_and_lets_a_giver_wait(signed_in: SignIn) -> None:
    case, people = make_funded_case()
    make_confirmed(case, 870_000_00)
    advanced(case, people)
    spent(case, people)
    lead = signed_in(people.lead)

    page = shown(lead, f"/desk/{case.slug}/plans/what-if")

    assert "偿还垫付款" in page
    assert "垫付款中已支出的 ¥2,000.00 作为破产费用清偿" in page
    assert 'name="advance_waits"' in page


def test_the_workbook_has_every_cost_and_every_payment(
    costly: Costly, signed_in: SignIn
) -> None:
    case, people, plan = costly
    check_cost_payment(payment_id=enter(plan, people.cashier).pk, by=people.lead)

    answer = signed_in(people.judge).get(at(case, "/export"))

    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    lines, payments = (list(sheet.values) for sheet in book.worksheets)
    assert [row[1] for row in lines[1:]] == ["破产案件受理费", "管理人报酬", "审计费"]
    assert lines[3][5:9] == (5000, 5000, 0, 0)
    assert payments[1][4:6] == ("某会计师事务所", 5000)


def test_a_case_without_costs_says_so(signed_in: SignIn) -> None:
    case, people = make_funded_case()

    page = shown(signed_in(people.cashier), at(case))

    assert "还没有列有费用的经法院裁定认可的分配方案" in page
    assert "没有收到垫付款" in page
    assert "还没有登记付款" in page


def test_a_plan_is_not_carried_out_while_its_costs_are_open(
    costly: Costly, signed_in: SignIn
) -> None:
    case, people, _ = costly
    left = yuan_text(open_costs_fen(case))
    page = shown(signed_in(people.lead), f"/desk/{case.slug}/payouts")
    assert f"银行账户还要支付方案的费用 {left}" in page

    judge = signed_in(people.judge)
    case.refresh_from_db()
    assert case.phase == Phase.DISTRIBUTION
    page = shown(judge, f"/court/{case.slug}/")
    assert left in page
    assert "本系统不因此阻止终结" in page
    assert judge.post(f"/court/{case.slug}/phase", {"to": "closed"}).status_code == 302
    assert "程序已经终结，费用还有" in shown(judge, at(case))


def test_a_cost_of_another_plan_is_not_there(costly: Costly, signed_in: SignIn) -> None:
    case, people, plan = costly
    lead = signed_in(people.lead)

    assert lead.get(of(plan, "COST-99")).status_code == 404
    assert lead.get(at(case, f"/plans/{plan.pk + 9}/{AUDIT}")).status_code == 404
    other = make_costly()[2]
    assert lead.get(at(case, f"/plans/{other.pk}/{AUDIT}")).status_code == 404
