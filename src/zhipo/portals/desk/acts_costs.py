"""The acts on an entered payment of a cost: checked by another person, or taken back."""

from collections.abc import Mapping
from typing import Any

from zhipo.cases.powers import Act
from zhipo.distributions.actions import checking_costs
from zhipo.portals.desk.acts_payouts import ThingAct
from zhipo.portals.desk.forms_costs import CheckCostForm
from zhipo.portals.desk.forms_payouts import TakeBackForm


def _waits(payment: Any) -> bool:
    return payment.checked_at is None


COST_ACTS: Mapping[str, ThingAct] = {
    "check_cost": ThingAct(CheckCostForm, checking_costs.check_cost_payment, Act.PAY_COST,
                           _waits),
    "take_back": ThingAct(TakeBackForm, checking_costs.take_back_cost_payment,
                          Act.PAY_COST, _waits),
}  # fmt: skip
