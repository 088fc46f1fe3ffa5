"""A cost of an approved plan, a payment of it that waits, an advance: one of each.

What people write of them is figures here, which every language has.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from factories import TODAY, make_staff
from integration.web.payment_addresses import NUMBER
from zhipo.accounts.roles import Role
from zhipo.cases.models import Case
from zhipo.distributions.actions.money import Receipt, enter_money
from zhipo.distributions.chart import BANK, GENERAL
from zhipo.distributions.costs import Cost, CostKind
from zhipo.distributions.models import CostPayment, Plan
from zhipo.distributions.sources import Source
from zhipo.documents.models import Document

COST_THINGS = {"cost_id", "payment_id"}
COST, CITE = "COST-01", "《诉讼费用交纳办法》第十四条第六项"


def make_costs(case: Case) -> dict[str, Any]:
    """Values for the gaps of the pages of costs; the matrix's plan gets a court fee."""
    cashier = make_staff(Role.ADMINISTRATOR_CASHIER, case.administrator)
    plan = Plan.objects.get(case=case, number=NUMBER)
    fee = Cost(COST, "expense", 900, "7", CITE, CostKind.CASE_FEE)
    plan.costs = [fee.as_json()]
    plan.summary["classes"]["expense"] = {
        "count": 1, "fen": 900, "baseline_fen": 900, "paid_fen": 900, "reserved_fen": 0,
    }  # fmt: skip
    plan.save(update_fields=["costs", "summary"])
    receipt = Receipt(Source.FUND_ADVANCE, BANK, GENERAL, 500, TODAY, "8", "8")
    enter_money(case_id=case.pk, receipt=receipt, form_key="8", by=cashier)
    payment = CostPayment.objects.create(
        case=case, purpose="planned_cost", plan=plan, cost=COST, kind=fee.kind, title="7",
        fen=300, account=BANK, payee="7", reference="7", paid_on=TODAY, form_key="7",
        paper=_paper(case), entered_by=cashier, entered_at=datetime.now(UTC),
    )  # fmt: skip
    return {
        "cost_id": COST,
        "payment_id": payment.pk,
        "desk:advance_act:name": "spend",
        "desk:cost_payment_act:name": "take_back",
    }


def _paper(case: Case) -> Document:
    path = Path("matrix") / "slip.png"
    target = Path(settings.ENVIRONMENT.files) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"\x89PNG")
    return Document.objects.create(
        chain=case.number, kind="cost_paper", title="回单", path=str(path), size=4,
        sha256="6" * 64, made_at=datetime.now(UTC),
    )  # fmt: skip
