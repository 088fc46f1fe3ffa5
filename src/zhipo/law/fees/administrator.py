"""The administrator's pay (确定管理人报酬的规定, 法释〔2007〕9号), circular as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from zhipo.kernel.money import by_bracket, round_half_up
from zhipo.kernel.options import option
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.fees.court import Brackets, brackets

SINCE = date(2007, 6, 1)
CAPS: Brackets = brackets(
    (100, "0.12"),
    (500, "0.10"),
    (1_000, "0.08"),
    (5_000, "0.06"),
    (10_000, "0.03"),
    (50_000, "0.01"),
    (None, "0.005"),
)
LOCAL_SPREAD = Fraction(30, 100)
COLLATERAL_FACTOR = Fraction(10, 100)


class FeeBase(StrEnum):
    NET_PAID = "net_paid"  # 最终清偿额
    GROSS = "gross"  # 可供分配额


FEE_BASE = option(
    "option.administrator_fee.base",
    default=FeeBase.NET_PAID,
    choices=tuple(FeeBase),
    status="I",
    reason="the limit is on what creditors are finally paid (art. 2), and that is what is "
    "left after the fee itself: solved, not approximated",
    sheet="FEE-05",
)


@dataclass(frozen=True)
class Fee:
    """The pay and what is left for creditors, in fen; exact value beside."""

    fee_fen: int
    left_fen: int
    exact_left: Fraction


@rule(
    id="cn.mfee.2",
    cite="《管理人报酬规定》第二条",
    text=(
        "人民法院应根据债务人最终清偿的财产价值总额，在以下比例限制范围内分段确定"
        "管理人报酬：……（一）不超过一百万元（含本数，下同）的，在12%以下确定"
        "；……（二）超过一百万元至五百万元的部分，在10%以下确定；……（三）超"
        "过五百万元至一千万元的部分，在8%以下确定；……（四）超过一千万元至五千"
        "万元的部分，在6%以下确定：……（五）超过五千万元至一亿元的部分，在3%"
        "以下确定；……（六）超过一亿元至五亿元的部分，在1%以下确定；……（七）"
        "超过五亿元的部分，在0.5%以下确定。……担保权人优先受偿的担保物价值，"
        "不计入前款规定的财产价值总额。……高级人民法院认为有必要的，可以参照上述"
        "比例在30%的浮动范围内制定符合当地实际情况的管理人报酬比例限制范围，并"
        "通过当地有影响的媒体公告，同时报最高人民法院备案。"
    ),
    status="V1",
    since=SINCE,
    sheet="FEE-04",
)
def fee_cap_fen(*, paid_fen: int, local_change: Fraction = Fraction(0)) -> int:
    """The highest pay on the property finally paid out, cumulative by bracket.

    A high court may set its limits up to 30 % higher or lower (`local_change`).
    """
    return round_half_up(_cap(Fraction(paid_fen), local_change))


def _cap(paid: Fraction, local_change: Fraction) -> Fraction:
    if abs(local_change) > LOCAL_SPREAD:
        raise ValueError("a local limit differs by 30 % at most")
    # Brackets are linear: on whole fen by the tariff, on the rest at its own rate.
    whole = int(paid)
    step = by_bracket(whole + 1, CAPS) - by_bracket(whole, CAPS)
    return (by_bracket(whole, CAPS) + step * (paid - whole)) * (1 + local_change)


@rule(
    id="cn.mfee.2.solved",
    cite="《管理人报酬规定》第二条",
    text="人民法院应根据债务人最终清偿的财产价值总额，……分段确定管理人报酬",
    status="I",
    since=SINCE,
    sheet=("FEE-05", "WAT-E1"),
    reason=FEE_BASE.reason,
)
def fee_from_available(
    *,
    available_fen: int,
    base: FeeBase = FEE_BASE.default,
    local_change: Fraction = Fraction(0),
) -> Fee:
    """The highest pay out of `available_fen`: V + fee(V) = available, in closed form.

    The fee is rounded to the fen and what is left is the rest, so the two always add up.
    """
    if base == FeeBase.GROSS:
        fee = min(
            available_fen, fee_cap_fen(paid_fen=available_fen, local_change=local_change)
        )
        return Fee(fee, available_fen - fee, Fraction(available_fen - fee))
    left = _solved(Fraction(available_fen), CAPS, 1 + local_change)
    note(exact_left=left)
    fee = round_half_up(available_fen - left)
    return Fee(fee, available_fen - fee, left)


def _solved(
    available: Fraction, caps: Sequence[tuple[int | None, Fraction]], scale: Fraction
) -> Fraction:
    """V with V + scale × tariff(V) = available, bracket by bracket."""
    start, fee_at_start = Fraction(0), Fraction(0)
    for top, rate in caps:
        slope = 1 + rate * scale
        paid = start + (available - start - fee_at_start) / slope
        if top is None or paid <= top:
            return paid
        fee_at_start += (top - start) * rate * scale
        start = Fraction(top)
    raise AssertionError("the last bracket has no top")


@rule(
    id="cn.mfee.13",
    cite="《管理人报酬规定》第十三条",
    text=(
        "管理人对担保物的维护、变现、交付等管理工作付出合理劳动的，有权向担保权人"
        "收取适当的报酬。管理人与担保权人就上述报酬数额不能协商一致的，人民法院应"
        "当参照本规定第二条规定的方法确定，但报酬比例不得超出该条规定限制范围的1"
        "0%。"
    ),
    status="V1",
    since=SINCE,
    sheet="FEE-03",
)
def collateral_fee_cap_fen(*, collateral_fen: int) -> int:
    """Without agreement: at most a tenth of the limit on the collateral's value."""
    return round_half_up(_cap(Fraction(collateral_fen), Fraction(0)) * COLLATERAL_FACTOR)


@rule(
    id="cn.mfee.12",
    cite="《管理人报酬规定》第十二条",
    text=(
        "管理人报酬从债务人财产中优先支付。……债务人财产不足以支付管理人报酬和管"
        "理人执行职务费用的，管理人应当提请人民法院终结破产程序。但债权人、管理人"
        "、债务人的出资人或者其他利害关系人愿意垫付上述报酬和费用的，破产程序可以"
        "继续进行。……上述垫付款项作为破产费用从债务人财产中向垫付人随时清偿。"
    ),
    status="V1",
    since=SINCE,
    sheet=("TRI-11", "FUND-02"),
)
def must_ask_to_terminate(*, estate_fen: int, cost_fen: int, advanced_fen: int) -> bool:
    """Too little for costs ends the case, unless an interested person advances them."""
    return estate_fen + advanced_fen < cost_fen


class FeeEvent(StrEnum):
    INSTALMENT = "instalment"  # 分期收取
    AT_END = "at_end"  # 最后一次性收取


@rule(
    id="cn.mfee.3",
    cite="《管理人报酬规定》第三条",
    text=("人民法院可以根据破产案件的实际情况，确定管理人分期或者最后一次性收取报酬。"),
    status="V1",
    since=SINCE,
    sheet="FEE-06",
)
def shared_cap_fen(*, cap_fen: int, paid_before_fen: int) -> int:
    """Replaced administrators and instalments share one limit: what is left of it."""
    return max(0, cap_fen - paid_before_fen)
