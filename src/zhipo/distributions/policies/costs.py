"""When a cost may be paid, by whom, and on what ground."""

from typing import Any

from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.distributions.costs import CostKind
from zhipo.distributions.models import CostPayment, Plan
from zhipo.distributions.states import PlanState
from zhipo.kernel.money import yuan_text
from zhipo.ledger.kinds import AccountKind
from zhipo.ledger.models import Account
from zhipo.web.refusals import NotAllowed, NotInState

PAY_OF = {
    CostKind.ADMINISTRATOR: "《管理人报酬规定》第十一条第二款",
    CostKind.COLLATERAL_PAY: "《管理人报酬规定》第十三条",
}
"""Pay -> the article by which its amount is another's word: the court's decision on a
written application; for collateral its creditor's agreement, or else the court's."""


def check_can_enter(by: Any, case: Case) -> None:
    """One of the two people; costs are paid at any time (《企业破产法》第四十三条)."""
    check_power(case, Act.PAY_COST, by)


def check_can_check(by: Any, entered: CostPayment) -> None:
    """Another person than the one who entered it."""
    check_power(entered.case, Act.PAY_COST, by)
    if entered.entered_by_id == by.pk:
        raise NotAllowed("distributions.refused.own_entry")


def check_can_take_back(by: Any, entered: CostPayment) -> None:
    """One of the two people, while nobody has checked it."""
    check_power(entered.case, Act.PAY_COST, by)
    if entered.checked_at is not None:
        raise NotInState("distributions.refused.cost_checked")


def check_is_approved(plan: Plan) -> None:
    """Only what the court has approved is carried out (第一百一十六条第一款)."""
    if plan.state != PlanState.APPROVED:
        raise NotInState("distributions.refused.not_approved")


def check_has_ground(kind: str, ground: str) -> None:
    """Pay is taken on a decision or an agreement. Raises NotInState with the article."""
    if kind in PAY_OF and not ground:
        raise NotInState(
            "distributions.refused.pay_not_decided", cite=PAY_OF[CostKind(kind)]
        )


def check_is_left(fen: int, left_fen: int) -> None:
    """No more is paid than there is for it. Raises NotInState."""
    if fen > left_fen:
        raise NotInState("distributions.refused.above_cost", left=yuan_text(left_fen))


def check_is_bank(case: Case, code: str) -> None:
    """Costs leave by a bank account of the case. Raises NotInState."""
    banks = Account.objects.filter(book=case.number, kind=AccountKind.BANK)
    if not banks.filter(code=code).exists():
        raise NotInState("distributions.refused.no_account", account=code)
