"""The costs of the approved plan are paid: entered by the cashier, checked by the lead."""

from datetime import date
from typing import Any

from django.utils import timezone

from zhipo.cases.models import Case
from zhipo.demo.web_people import staff_member
from zhipo.distributions.actions.checking_costs import check_cost_payment
from zhipo.distributions.actions.entering_costs import Slip, enter_cost_payment
from zhipo.distributions.costs import CostKind
from zhipo.distributions.models import Plan
from zhipo.distributions.queries.costs import CostLine, costs_of_plan

DECISION = "演示：关于管理人报酬的决定书（虚构）"
AGREEMENT = "演示：与担保权人的报酬协议（虚构）"
GROUNDS = {CostKind.ADMINISTRATOR: DECISION, CostKind.COLLATERAL_PAY: AGREEMENT}
OTHERS = "演示：费用和共益债务的收款人（虚构）"


def pay_costs(plan: Plan, *, last: bool) -> None:
    """Pay what is open; the administrator's own pay only with the `last` payments."""
    cashier, lead = staff_member("cashier"), staff_member("lead")
    today = timezone.localdate()
    for line in costs_of_plan(plan).lines:
        if line.open_fen and (last or line.cost.kind != CostKind.ADMINISTRATOR):
            _pay(plan, line, today, cashier=cashier, lead=lead)


def _pay(plan: Plan, line: CostLine, on: date, *, cashier: Any, lead: Any) -> None:
    """The whole of one cost; an interrupted demonstration finds what was entered."""
    number = f"FY-{plan.number}-{line.cost.id}"
    waiting = plan.cost_payments.filter(cost=line.cost.id, checked_at=None).first()
    slip = Slip(
        payee=_payee(plan.case, line.cost.kind), fen=line.open_fen, paid_on=on,
        reference=number, ground=GROUNDS.get(CostKind(line.cost.kind), ""),
    )  # fmt: skip
    entered = waiting or enter_cost_payment(
        plan_id=plan.pk, cost_id=line.cost.id, slip=slip, form_key=number, by=cashier
    )
    check_cost_payment(payment_id=entered.pk, by=lead)


def _payee(case: Case, kind: str) -> str:
    if kind == CostKind.CASE_FEE:
        return case.court.name
    return case.administrator.name if CostKind(kind) in GROUNDS else OTHERS
