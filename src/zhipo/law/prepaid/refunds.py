"""How much of a prepayment comes back (arts. 14 to 22)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from zhipo.kernel.money import round_half_up
from zhipo.kernel.options import option
from zhipo.kernel.periods import days, deadline
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.prepaid import IN_FORCE

GIFTS_DEDUCTED = option(
    "option.prepaid.gifts_deducted",
    default=False,
    choices=(False, True),
    status="P",
    reason="art. 21 leaves gifts to the court's discretion; when the operator failed, "
    "nothing is deducted unless the court says so",
    sheet="PPC-10",
)


class Fault(StrEnum):
    OPERATOR = "operator"  # 经营者原因
    CONSUMER = "consumer"  # 消费者自身原因


@dataclass(frozen=True)
class Coverage:
    """Whether the interpretation applies, and why."""

    applies: bool
    reason: str


@rule(
    id="cn.pre.1",
    cite="《预付式消费解释》第一条",
    text=(
        "在零售、住宿、餐饮、健身、出行、理发、美容、培训、养老、旅游等生活消费领"
        "域，经营者收取预付款后多次或者持续向消费者兑付商品或者提供服务产生的纠纷"
        "适用本解释。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="PPC-01",
)
def coverage(
    *, is_life_consumption: bool, is_prepaid_in_stages: bool, is_single_purpose: bool
) -> Coverage:
    """Life consumption, paid ahead, delivered many times or on and on, at one operator."""
    refusals = {
        "not for life consumption": not is_life_consumption,
        "not paid ahead of several deliveries": not is_prepaid_in_stages,
        "a multi-purpose card is outside": not is_single_purpose,
    }
    reasons = [reason for reason, holds in refusals.items() if holds]
    return Coverage(not reasons, "; ".join(reasons) or "prepaid life consumption")


@rule(
    id="cn.pre.14",
    cite="《预付式消费解释》第十四条",
    text=(
        "消费者自付款之日起七日内请求经营者返还预付款本金的，人民法院应予支持，但"
        "存在下列情形之一的除外：……（一）消费者订立预付式消费合同时已经从经营者"
        "处获得过相同商品或者服务；……（二）消费者订立预付式消费合同时已经从其他"
        "经营者处获得过相同商品或者服务。……当事人就消费者无理由退款作出对消费者"
        "更有利的约定的，按照约定处理。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="PPC-04",
)
def is_within_cooling_off(
    *, paid_on: date, asked_on: date, had_same_goods_before: bool
) -> bool:
    """Seven days from payment the principal comes back on request.

    Not where the consumer had already received the same goods or service.
    """
    return not had_same_goods_before and asked_on <= deadline(paid_on, days(7)).last_day


@rule(
    id="cn.pre.15",
    cite="《预付式消费解释》第十五条",
    text=(
        "预付式消费合同解除、无效、被撤销或者确定不发生效力，消费者请求经营者返还"
        "剩余预付款并支付利息的，人民法院应予支持。返还预付款本金应为预付款扣减已"
        "兑付商品或者提供服务的价款后的余额。……预付式消费合同解除、无效、被撤销"
        "或者确定不发生效力，当事人依照民法典第一百五十七条、第五百六十六条等规定"
        "请求赔偿其支付的合理费用等损失的，人民法院应予支持，但当事人因不可抗力或"
        "者情势变更解除合同的除外。……经营者支付给员工等人员的预付款提成不属于前"
        "款规定的合理费用。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="PPC-05",
)
def refund_fen(*, prepaid_fen: int, delivered_fen: int) -> int:
    """The prepayment less the price of what was delivered, never below zero."""
    return max(0, prepaid_fen - delivered_fen)


@rule(
    id="cn.pre.18.1.1",
    cite="《预付式消费解释》第十八条第一款第一项",
    text=(
        "（一）经营者向消费者提供折扣商品或者服务的，按折扣价计算已兑付商品或者提"
        "供服务的价款；"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="PPC-06",
)
def discounted_refund_fen(
    *, paid_fen: int, delivered_count: int, discounted_price_fen: int
) -> int:
    """Not the consumer's fault: what was delivered counts at the discounted price."""
    return refund_fen(
        prepaid_fen=paid_fen, delivered_fen=delivered_count * discounted_price_fen
    )


@rule(
    id="cn.pre.18.1.2",
    cite="《预付式消费解释》第十八条第一款第二项",
    text=(
        "（二）经营者向消费者赠送消费金额的，根据消费者实付金额与实付金额加赠送金"
        "额之比计算优惠比例，按优惠比例计算已兑付商品或者提供服务的价款。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="PPC-07",
)
def ledger_balance_fen(
    *, paid_fen: int, bonus_fen: int, used_fen: int, back_fen: int
) -> int:
    """What a holder's account is owed: bonus credit counts at paid / (paid + bonus).

    delivered = used × paid / (paid + bonus), exactly; the balance is paid − delivered,
    rounded half up to the fen, less what was paid back, never below zero (art. 20: the
    consumer owes nothing extra). The engine's columns compute the same.
    """
    given_fen = paid_fen + bonus_fen
    delivered = Fraction(used_fen * paid_fen, given_fen) if given_fen else Fraction(0)
    balance_fen = round_half_up(paid_fen - delivered)
    note(
        ratio=Fraction(paid_fen, given_fen) if given_fen else None,
        delivered_fen=delivered,
        balance_fen=balance_fen,
    )
    return max(0, balance_fen - back_fen)


@rule(
    id="cn.pre.19",
    cite="《预付式消费解释》第十九条",
    text=(
        "因消费者原因返还预付款，经营者向消费者提供折扣商品、服务或者向消费者赠送"
        "消费金额的，人民法院应当按商品或者服务打折前的价格计算已兑付商品或者提供"
        "服务的价款。……消费者主张打折前的价格明显不合理，经营者不能提供打折前价"
        "格交易记录的，人民法院可以按照订立合同时履行地同类商品或者服务的市场价格"
        "计算已兑付商品或者提供服务的价款。……当事人就已兑付商品或者提供服务折价"
        "作出对消费者更有利的约定的，按照约定处理。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="PPC-08",
)
def list_price_refund_fen(
    *, paid_fen: int, delivered_count: int, list_price_fen: int
) -> int:
    """The consumer's own fault: what was delivered counts at the price before discount."""
    return refund_fen(prepaid_fen=paid_fen, delivered_fen=delivered_count * list_price_fen)


@rule(
    id="cn.pre.20",
    cite="《预付式消费解释》第二十条",
    text=(
        "按折扣价或者优惠比例计算已兑付商品或者提供服务的价款未超出消费者预付款，"
        "但按打折前的价格计算已兑付商品或者提供服务的价款超出消费者预付款，经营者"
        "请求消费者支付按打折前的价格计算超出预付款部分价款的，人民法院不予支持。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="PPC-09",
)
def extra_owed_by_consumer_fen(
    *, paid_fen: int, discounted_value_fen: int, list_value_fen: int
) -> int:
    """Nothing extra is owed where only the list price exceeds the prepayment."""
    if discounted_value_fen <= paid_fen < list_value_fen:
        return 0
    return max(0, discounted_value_fen - paid_fen)


@rule(
    id="cn.pre.21",
    cite="《预付式消费解释》第二十一条",
    text=(
        "经营者向消费者赠送商品或者服务，消费者在预付式消费合同解除、无效、被撤销"
        "、确定不发生效力后请求返还剩余预付款，经营者主张消费者返还或者折价补偿已"
        "经赠送的商品或者服务的，人民法院应当综合考虑已经赠送的商品或者服务的价值"
        "、预付式消费合同标的金额、合同履行情况、退款原因等因素，依照诚实信用原则"
        "对是否支持经营者主张作出认定。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="PPC-10",
)
def gift_deduction_fen(
    *, gift_value_fen: int, fault: Fault, is_deducted: bool = GIFTS_DEDUCTED.default
) -> int:
    """What is deducted for gifts: nothing, unless the court says so."""
    note(fault=fault, is_deducted=is_deducted)
    return gift_value_fen if is_deducted else 0


@rule(
    id="cn.pre.22",
    cite="《预付式消费解释》第二十二条",
    text=(
        "预付式消费合同约定经营者在履行期限内向消费者提供不限次数服务，消费者请求"
        "按合同解除后的剩余履行期限与全部履行期限的比例计算应予返还的预付款的，人"
        "民法院应予支持。……经营者在预付式消费合同解除前已经停止提供商品或者服务"
        "，消费者请求按经营者停止提供商品或者服务后的剩余履行期限与全部履行期限的"
        "比例计算应予返还的预付款的，人民法院应予支持。……消费者因自身原因未在合"
        "同约定履行期限内要求经营者提供服务，请求返还预付款的，人民法院不予支持。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="PPC-11",
)
def unlimited_use_refund_fen(
    *,
    paid_fen: int,
    total_days: int,
    days_until_rescission: int,
    days_until_stop: int | None,
) -> int:
    """Paid × remaining days / total days, from the operator's stop if that came earlier."""
    used_days = min(
        total_days,
        days_until_rescission,
        total_days if days_until_stop is None else days_until_stop,
    )
    note(used_days=used_days, remaining_days=total_days - used_days)
    return round_half_up(Fraction(paid_fen * (total_days - used_days), total_days))
