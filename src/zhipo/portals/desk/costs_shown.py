"""Costs and what was paid of them, as pages print them and a workbook has them."""

from collections.abc import Iterable
from typing import Any

from zhipo.distributions.costs import COMPUTED, CostKind
from zhipo.distributions.models import CostPayment
from zhipo.distributions.queries.costs import CostLine, PlanCosts
from zhipo.distributions.states import CostPurpose
from zhipo.portals.desk.columns import AMOUNT, WHEN, Column
from zhipo.portals.desk.exports import Sheet
from zhipo.web.templatetags.words import day, minute, yuan
from zhipo.web.words import say

Row = tuple[PlanCosts, CostLine]


def cost_words(kind: str, title: str) -> str:
    """What a cost is called: one that is computed in the reader's language."""
    return say(f"distributions.cost.{kind}") if kind in COMPUTED else title


def payment_words(payment: CostPayment) -> str:
    """What a payment was for."""
    if payment.purpose == CostPurpose.UNUSED:
        return say(f"desk.costs.purpose.{payment.purpose}")
    return cost_words(payment.kind, payment.title)


def cost_sheets(plans: Iterable[PlanCosts], payments: Iterable[CostPayment]) -> list[Sheet]:
    """The costs of all approved plans, and every payment."""
    lines = [(one, line) for one in plans for line in one.lines]
    return [
        (say("desk.costs.of_plans"), LINE_COLUMNS, lines),
        (say("desk.costs.payments"), PAYMENT_COLUMNS, payments),
    ]


def _sum(key: str, value: Any) -> Column:
    return Column(f"cost_{key}", lambda row: yuan(value(row)), kind=AMOUNT, value=value)


def _text(key: str, shown: Any, kind: str = "") -> Column:
    return Column(f"cost_{key}", shown, kind=kind)


def _login(user: Any) -> str:
    return user.name or user.login if user else "–"


LINE_COLUMNS = (
    _text("plan", lambda row: str(row[0].plan.number)),
    _text("what", lambda row: cost_words(row[1].cost.kind, row[1].cost.title)),
    _text("class", lambda row: say(f"distributions.class.{row[1].cost.class_name}")),
    _text("cite", lambda row: row[1].cost.cite),
    _text("charged_to",
          lambda row: row[1].cost.charged_to or say("desk.plans.the_estate")),
    _sum("fen", lambda row: row[1].cost.fen),
    _sum("paid", lambda row: row[1].paid_fen),
    _sum("entered", lambda row: row[1].entered_fen),
    _sum("open", lambda row: row[1].open_fen),
)  # fmt: skip
PAYMENT_COLUMNS = (
    _text("paid_on", lambda row: day(row.paid_on), WHEN),
    _text("purpose", lambda row: say(f"desk.costs.purpose.{row.purpose}")),
    _text("plan", lambda row: str(row.plan.number) if row.plan else "–"),
    _text("what", payment_words),
    _text("payee", lambda row: row.payee),
    _sum("fen", lambda row: row.fen),
    _text("account", lambda row: row.account),
    _text("reference", lambda row: row.reference),
    _text("ground", lambda row: row.ground or "–"),
    _text("entered_by", lambda row: _login(row.entered_by)),
    _text("entered_at", lambda row: minute(row.entered_at), WHEN),
    _text("checked_by", lambda row: _login(row.checked_by)),
    _text("checked_at", lambda row: minute(row.checked_at), WHEN),
    _text("paper_sha256", lambda row: row.paper.sha256 if row.paper else "–"),
)

KIND_NOTES = frozenset(
    {CostKind.CASE_FEE, CostKind.ADMINISTRATOR, CostKind.COLLATERAL_PAY, CostKind.ADVANCE}
)
"""Kinds of which the page says what the law asks before they are paid."""
