"""When staff may enter how a creditor on paper is paid, and who checks it."""

from typing import Any

from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.claims.models import Claim
from zhipo.claims.policies.filing import can_choose_payout
from zhipo.claims.policies.payout_accounts import account_fault
from zhipo.claims.states import PayoutChannel
from zhipo.payouts.models import EnteredWay
from zhipo.payouts.states import WayState
from zhipo.web.refusals import NotAllowed, NotInState

ON_PAPER = (PayoutChannel.BANK, PayoutChannel.ALIPAY, PayoutChannel.CASH)
"""WeChat pays whoever opened the page in it, not an account that a paper could name: that
way begins with the creditor's own phone."""


def way_fault(claim: Claim) -> str:
    """Why staff may not say how this claim is paid: a refusal's word, "" where they may."""
    if claim.creditor_id is not None:
        return "way_is_creditors"
    return "" if can_choose_payout(claim) else "way_stands"


def check_can_enter(by: Any, case: Case) -> None:
    """A reviewer or the lead, from filing to the end."""
    check_power(case, Act.ENTER_PAYOUT_WAY, by)


def check_is_on_paper(claim: Claim) -> None:
    """Its creditor cannot say it themselves, and the payout is not ordered."""
    if fault := way_fault(claim):
        raise NotInState(f"payouts.refused.{fault}", number=claim.number)


def check_way(channel: PayoutChannel, account: str) -> None:
    """A way that a paper can name, with the account it needs. Raises NotInState."""
    if channel not in ON_PAPER:
        raise NotInState("payouts.refused.not_on_paper")
    if fault := account_fault(channel, account):
        raise NotInState(f"payouts.refused.{fault}")


def check_can_check(by: Any, case: Case, entered: EnteredWay) -> None:
    """Another person than the one who entered it, paper in hand."""
    check_power(case, Act.CHECK_PAYOUT_WAY, by)
    if entered.entered_by_id == by.pk:
        raise NotAllowed("payouts.refused.own_way")
    _check_waits(entered)


def check_can_take_back(by: Any, case: Case, entered: EnteredWay) -> None:
    """Either of them, while nobody has checked it."""
    check_power(case, Act.ENTER_PAYOUT_WAY, by)
    _check_waits(entered)


def _check_waits(entered: EnteredWay) -> None:
    if entered.state != WayState.ENTERED:
        raise NotInState("payouts.refused.way_ended")
