"""Retention of title when seller or buyer is bankrupt (《破产法解释二》 arts. 34 to 38)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from zhipo.kernel.rules import rule
from zhipo.law.estate import BI2
from zhipo.law.estate.assets import OwnerGets

PAID_SHARE_THAT_BARS = Fraction(75, 100)


@rule(
    id="cn.bi2.35",
    cite="《破产法解释二》第三十五条；《破产法解释二》第三十七条",
    text=(
        "买受人未依约支付价款或者履行完毕其他义务，或者将标的物出卖、出质或者作出"
        "其他不当处分，给出卖人造成损害，出卖人管理人依法主张取回标的物的，人民法"
        "院应予支持。但是，买受人已经支付标的物总价款百分之七十五以上或者第三人善"
        "意取得标的物所有权或者其他物权的除外。……买受人管理人无正当理由未及时支"
        "付价款或者履行完毕其他义务，或者将标的物出卖、出质或者作出其他不当处分，"
        "给出卖人造成损害，出卖人依据民法典第六百四十一条等规定主张取回标的物的，"
        "人民法院应予支持。但是，买受人已支付标的物总价款百分之七十五以上或者第三"
        "人善意取得标的物所有权或者其他物权的除外。"
    ),
    status="V1",
    since=BI2,
    sheet="EST-09",
)
def seller_takes_back(
    *,
    harmful_breach: bool,
    paid_fen: int,
    price_fen: int,
    third_party_acquired: bool = False,
) -> bool:
    """While the contract goes on: after a harmful breach, with under 75 % paid.

    Nor against a third party that acquired a right in good faith. It is the same
    whether the seller or the buyer is bankrupt.
    """
    is_mostly_paid = paid_fen >= PAID_SHARE_THAT_BARS * price_fen
    return harmful_breach and not is_mostly_paid and not third_party_acquired


@rule(
    id="cn.bi2.37.1",
    cite="《破产法解释二》第三十七条第一款",
    text=(
        "买受人破产，其管理人决定继续履行所有权保留买卖合同的，原买卖合同中约定的"
        "买受人支付价款或者履行其他义务的期限在破产申请受理时视为到期，买受人管理"
        "人应当及时向出卖人支付价款或者履行其他义务。"
    ),
    status="V1",
    since=BI2,
    sheet="EST-09",
)
def price_falls_due_on(*, agreed_on: date, accepted_on: date) -> date:
    """A bankrupt buyer's price is due at acceptance if its administrator goes on."""
    return min(agreed_on, accepted_on)


@rule(
    id="cn.bi2.36",
    cite="《破产法解释二》第三十六条",
    text=(
        "出卖人破产，其管理人决定解除所有权保留买卖合同，并依据企业破产法第十七条"
        "的规定要求买受人向其交付买卖标的物的，人民法院应予支持。……买受人以其不"
        "存在未依约支付价款或者履行完毕其他义务，或者将标的物出卖、出质或者作出其"
        "他不当处分情形抗辩的，人民法院不予支持。……买受人依法履行合同义务并依据"
        "本条第一款将买卖标的物交付出卖人管理人后，买受人已支付价款损失形成的债权"
        "作为共益债务清偿。但是，买受人违反合同约定，出卖人管理人主张上述债权作为"
        "普通破产债权清偿的，人民法院应予支持。"
    ),
    status="V1",
    since=BI2,
    sheet="EST-09",
)
def paid_price_stands_as(*, has_buyer_breached: bool) -> OwnerGets:
    """A bankrupt seller rescinds and takes back, whatever was paid: the buyer's claim."""
    return OwnerGets.ORDINARY if has_buyer_breached else OwnerGets.COMMON_BENEFIT


@dataclass(frozen=True)
class Unwound:
    """What the seller pays back, and what the estate owes it as common benefit (fen)."""

    refund_fen: int
    common_benefit_fen: int


@rule(
    id="cn.bi2.38",
    cite="《破产法解释二》第三十八条",
    text=(
        "买受人破产，其管理人决定解除所有权保留买卖合同，出卖人依据企业破产法第三"
        "十八条的规定主张取回买卖标的物的，人民法院应予支持。……出卖人取回买卖标"
        "的物，买受人管理人主张出卖人返还已支付价款的，人民法院应予支持。取回的标"
        "的物价值明显减少给出卖人造成损失的，出卖人可从买受人已支付价款中优先予以"
        "抵扣后，将剩余部分返还给买受人；对买受人已支付价款不足以弥补出卖人标的物"
        "价值减损损失形成的债权，出卖人主张作为共益债务清偿的，人民法院应予支持。"
    ),
    status="V1",
    since=BI2,
    sheet="EST-09",
)
def after_buyers_rescission(*, paid_fen: int, value_lost_fen: int) -> Unwound:
    """A bankrupt buyer rescinds: the seller takes back and refunds what is left."""
    return Unwound(max(0, paid_fen - value_lost_fen), max(0, value_lost_fen - paid_fen))
