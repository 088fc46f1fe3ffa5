"""Who takes part in a payment, to which account, and what waits (arts. 56, 118)."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.law.instalments.parts import SINCE

NPAY = date(2024, 5, 1)
PIPL = date(2021, 11, 1)


@rule(
    id="cn.ebl.56.parts",
    cite="《企业破产法》第五十六条",
    text=(
        "在人民法院确定的债权申报期限内，债权人未申报债权的，可以在破产财产最后分"
        "配前补充申报；但是，此前已进行的分配，不再对其补充分配。为审查和确认补充"
        "申报债权的费用，由补充申报人承担。……债权人未依照本法规定申报债权的，不"
        "得依照本法规定的程序行使权利。"
    ),
    status="V1",
    since=SINCE,
    sheet=("INS-06", "CLM-07"),
)
def takes_part_in(*, filed_on: date, distributed_on: tuple[date, ...]) -> tuple[bool, ...]:
    """For each distribution, whether a claim filed late takes part: no catching up.

    A claim filed on the day of the last distribution is too late ("最后分配前").
    """
    return tuple(filed_on < day for day in distributed_on)


@rule(
    id="cn.ebl.118.deposit",
    cite="《企业破产法》第一百一十八条",
    text="债权人未受领的破产财产分配额，管理人应当提存。",
    status="V1",
    since=SINCE,
    sheet=("INS-06", "WAT-12"),
)
def to_deposit_fen(*, parts_fen: tuple[int, ...], received_fen: tuple[int, ...]) -> int:
    """What was due and did not reach the creditor: deposited, never kept back."""
    _check_parts(parts_fen, received_fen)
    return sum(parts_fen) - sum(received_fen)


def _check_parts(due: Sequence[int], received: Sequence[int]) -> None:
    for part, got in zip(due, received, strict=True):
        assert 0 <= got <= part


@rule(
    id="cn.npay.23",
    cite="《非银行支付机构监督管理条例》第二十三条第三款",
    text=(
        "本条例所称支付账户，是指根据用户真实意愿为其开立的，用于发起支付指令、反"
        "映交易明细、记录资金余额的电子簿记载体。支付账户应当以用户实名开立。"
    ),
    status="V1",
    since=NPAY,
    sheet="INS-09",
)
def is_payee(*, creditor_id: str, account_holder_id: str, is_real_name: bool) -> bool:
    """Paid into an account only where it is the creditor's own, in their real name."""
    return is_real_name and creditor_id == account_holder_id


class AccountUse(StrEnum):
    PAY_OUT = "pay_out"  # 兑付
    CHECK_PAYEE = "check_payee"  # 核对收款人
    MARKETING = "marketing"  # 营销
    SALE = "sale"  # 转让


PAYING = frozenset({AccountUse.PAY_OUT, AccountUse.CHECK_PAYEE})


@rule(
    id="cn.pipl.28.account",
    cite="《个人信息保护法》第二十八条；《个人信息保护法》第十三条",
    text="只有在具有特定的目的和充分的必要性，并采取严格保护措施的情形下",
    status="V1",
    since=PIPL,
    sheet="INS-09",
)
def may_use_account(*, use: AccountUse, is_protected: bool) -> bool:
    """A payout account is sensitive: used for paying alone, under strict protection."""
    return use in PAYING and is_protected
