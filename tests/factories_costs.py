"""Approved plans with costs, advances that were received, slips of payments."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from factories_plans import TODAY, People, make_approved, make_confirmed, make_funded_case
from zhipo.cases.models import Case
from zhipo.distributions.actions.checking_costs import check_cost_payment
from zhipo.distributions.actions.entering_costs import (
    Slip,
    enter_cost_payment,
    enter_outlay,
)
from zhipo.distributions.actions.money import Receipt, enter_money
from zhipo.distributions.chart import BANK, GENERAL
from zhipo.distributions.costs import Cost
from zhipo.distributions.models import CostPayment, Plan
from zhipo.distributions.sources import Source

CASE_FEE, PAY, AUDIT = "COST-01", "COST-02", "COST-03"
AUDIT_FEN, ADVANCED_FEN = 500_000, 300_000
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def make_costly(**terms: Any) -> tuple[Case, People, Plan]:
    """A case of 100,000 yuan whose approved plan pays fees and an auditor."""
    case, people = make_funded_case()
    make_confirmed(case, 870_000_00)
    cost = Cost("", "expense", AUDIT_FEN, "审计费", "《企业破产法》第四十一条")
    return case, people, make_approved(case, people, **({"costs": (cost,)} | terms))


def slip(**given: Any) -> Slip:
    values = {"payee": "某会计师事务所", "fen": AUDIT_FEN, "paid_on": TODAY,
              "reference": "FY-1"}  # fmt: skip
    return Slip(**(values | given))


def scan(content: bytes = PNG, name: str = "slip.png") -> SimpleUploadedFile:
    """A bank's slip as somebody hands it in."""
    return SimpleUploadedFile(name, content, content_type="image/png")


def enter(
    plan: Plan, by: Any, *, cost_id: str = AUDIT, form_key: str = "k", **given: Any
) -> CostPayment:
    return enter_cost_payment(
        plan_id=plan.pk, cost_id=cost_id, slip=slip(**given), form_key=form_key, by=by
    )


def advanced(case: Case, people: People, fen: int = ADVANCED_FEN) -> None:
    """Somebody has advanced costs; the money is in the bank."""
    receipt = Receipt(Source.FUND_ADVANCE, BANK, GENERAL, fen, TODAY, "DF-1", "垫付协议")
    enter_money(case_id=case.pk, receipt=receipt, form_key=f"adv-{fen}", by=people.cashier)


def spent(case: Case, people: People, fen: int = 200_000) -> CostPayment:
    """What was paid for out of the advance, checked."""
    entered = enter_outlay(
        case_id=case.pk, title="公告费", slip=slip(fen=fen, payee="某报社"),
        form_key=f"spent-{fen}", by=people.cashier,
    )  # fmt: skip
    return check_cost_payment(payment_id=entered.pk, by=people.lead)
