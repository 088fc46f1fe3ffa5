"""Money in a book, a bill, a draft and a plan before the meeting: one of each.

What people write of them is figures here, which every language has.
"""

from datetime import UTC, datetime
from typing import Any

from factories import TODAY, make_staff
from zhipo.accounts.roles import Role
from zhipo.cases.models import Case
from zhipo.distributions.actions.money import Receipt, enter_money
from zhipo.distributions.chart import BANK, GENERAL
from zhipo.distributions.models import Bill, Plan
from zhipo.distributions.sources import Source

PLAN_THINGS = {"entry_id", "bill_id"}
DRAFT, PUT = 51, 52
CONTENT = {
    "law_date": TODAY.isoformat(),
    "pools": [{"id": GENERAL, "fen": 900}],
    "small_claims": {"mode": "none", "ceiling_fen": 50_000},
    "instalments": 1,
}


def make_plans(case: Case) -> dict[str, Any]:
    """Values for the gaps of the pages of money and plans."""
    cashier = make_staff(Role.ADMINISTRATOR_CASHIER, case.administrator)
    receipt = Receipt(Source.TAKEN_OVER, BANK, GENERAL, 900, TODAY, "7", "7")
    entry = enter_money(case_id=case.pk, receipt=receipt, form_key="7", by=cashier)
    bill = Bill.objects.create(
        case=case, account_code=BANK, name="7", sha256="7" * 64, since=TODAY, until=TODAY,
        lines=[], matched=0, read_by=cashier, read_at=datetime.now(UTC), differences=[
            {"why": "only_in_book", "bill": None,
             "book": {"reference": "7", "fen": 900, "on": TODAY.isoformat()}},
        ],
    )  # fmt: skip
    for number, state in ((DRAFT, "draft"), (PUT, "proposed")):
        Plan.objects.create(
            case=case, number=number, title=f"{number}", state=state, content=CONTENT,
            procedure="liquidation", due_days=[TODAY], law_date=TODAY, made_by=cashier,
            made_at=datetime.now(UTC),
        )  # fmt: skip
    return {
        "entry_id": entry.pk,
        "bill_id": bill.pk,
        "desk:number": DRAFT,
        "desk:plan_act:name": "propose",
        "court:number": PUT,
        "court:rule_plan:name": "approve",
    }
