"""When shares are deposited, until when they are kept, and whose they are then."""

from datetime import date
from typing import Any

from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.distributions.models import Plan
from zhipo.distributions.states import PlanState
from zhipo.law.waterfall.deposits import disputed_until, unclaimed_until
from zhipo.payouts.models import Deposit
from zhipo.payouts.states import DepositReason
from zhipo.web.refusals import NotInState

NOT_COLLECTED_DAYS = 30
"""How long the cash desk waits before an order for it is given up (ours, not law)."""


def check_can_deposit(by: Any, plan: Plan) -> None:
    """The lead, of an approved plan (EBL 118)."""
    check_power(plan.case, Act.DEPOSIT_SHARE, by)
    if plan.state != PlanState.APPROVED:
        raise NotInState("payouts.refused.not_approved")


def check_can_settle(by: Any, deposit: Deposit) -> None:
    """The lead, while it is kept."""
    check_power(deposit.share.plan.case, Act.SETTLE_DEPOSIT, by)
    if deposit.released_on is not None:
        raise NotInState("payouts.refused.deposit_released")


def check_is_not_waived(deposit: Deposit, on: date) -> None:
    """An unclaimed share is the creditor's until its last day (EBL 118)."""
    is_over = deposit.until is not None and on > deposit.until
    if deposit.why == DepositReason.UNCLAIMED and is_over:
        raise NotInState("payouts.refused.waived", until=deposit.until)


def kept_until(why: DepositReason, plan: Plan, notice_on: date | None) -> date | None:
    """The last day of a deposit of a plan; None until the event that starts its period.

    Unclaimed: two months from the last-distribution notice (EBL 118); of a plan that
    follows that one, from its own ruling (ours: the article knows no plan after it). In
    dispute, or held for a claim that is not settled: two years from the end of the case
    (EBL 119).
    Conditional: the notice day itself decides (EBL 117).
    """
    match why:
        case DepositReason.UNCLAIMED:
            if notice_on is None:
                return None
            ruled_on = notice_on if plan.is_last else plan.ruled_on
            begins = max(notice_on, ruled_on or notice_on)
            return unclaimed_until(last_distribution_notice_on=begins).last_day
        case DepositReason.CONDITIONAL:
            return notice_on
        case _:
            if plan.case.ended_on is None:
                return None
            return disputed_until(ended_on=plan.case.ended_on).last_day


def check_can_share_out(by: Any, case: Case, act: Act) -> None:
    """Who gives what lapsed to the others, while no plan is before the court: that one
    stands on the pools as they were.
    """
    check_power(case, act, by)
    if case.plans.filter(state=PlanState.SUBMITTED).exists():
        raise NotInState("payouts.refused.plan_before_court")
