"""Classes of claims and the steps at which they are paid (WAT-00)."""

from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.waterfall import IN_FORCE, MINUTES_2018


class ClaimClass(StrEnum):
    SECURED = "secured"  # 有财产担保债权
    EXPENSE = "expense"  # 破产费用
    COMMON_BENEFIT = "common_benefit"  # 共益债务
    EMPLOYEE = "employee"  # 职工债权
    SOCIAL_TAX = "social_tax"  # 社会保险费用和税款
    CONSUMER = "consumer"  # 消费者预付款债权
    ORDINARY = "ordinary"  # 普通债权
    PUNITIVE = "punitive"  # 民事惩罚性赔偿金
    ADMIN_FINE = "admin_fine"  # 行政罚款
    CRIMINAL_FINE = "criminal_fine"  # 刑事罚金


Rank = tuple[ClaimClass, ...]

COSTS: tuple[Rank, ...] = ((ClaimClass.EXPENSE,), (ClaimClass.COMMON_BENEFIT,))
FIRST_AND_SECOND: tuple[Rank, ...] = ((ClaimClass.EMPLOYEE,), (ClaimClass.SOCIAL_TAX,))
THIRD: Rank = (ClaimClass.CONSUMER, ClaimClass.ORDINARY)
SUBORDINATED: tuple[Rank, ...] = (
    (ClaimClass.PUNITIVE,),
    (ClaimClass.ADMIN_FINE,),
    (ClaimClass.CRIMINAL_FINE,),
)
STATUTORY_ORDER: tuple[Rank, ...] = (*COSTS, *FIRST_AND_SECOND, THIRD, *SUBORDINATED)
"""Consumers stand in the third rank with all other ordinary claims (WAT-20)."""


@rule(
    id="cn.ebl.113.1",
    cite="《企业破产法》第一百一十三条第一款",
    text=(
        "破产财产在优先清偿破产费用和共益债务后，依照下列顺序清偿：……（一）破产"
        "人所欠职工的工资和医疗、伤残补助、抚恤费用，所欠的应当划入职工个人账户的"
        "基本养老保险、基本医疗保险费用，以及法律、行政法规规定应当支付给职工的补"
        "偿金；……（二）破产人欠缴的除前项规定以外的社会保险费用和破产人所欠税款"
        "；……（三）普通破产债权。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-00",
)
def paid_by_rank(*, pot_fen: int, owed_fen: tuple[int, ...]) -> tuple[int, ...]:
    """What each rank as a whole receives: nothing until the rank above it is whole."""
    paid = []
    for owed in owed_fen:
        share = min(pot_fen, owed)
        pot_fen -= share
        paid.append(share)
    note(left_over_fen=pot_fen)
    return tuple(paid)


@rule(
    id="cn.min18.28",
    cite="《全国法院破产审判工作会议纪要》第二十八条",
    text="",
    status="V2",
    since=MINUTES_2018,
    sheet=("WAT-00", "WAT-09"),
)
def subordinated_order() -> tuple[ClaimClass, ...]:
    """Below ordinary claims, one after the other: punitive damages, then the fines."""
    return tuple(claim_class for rank in SUBORDINATED for claim_class in rank)


@rule(
    id="cn.ebl.113.rank",
    cite="《企业破产法》第一百一十三条；《消费者权益保护法》第五十三条",
    text="（三）普通破产债权。",
    status="I",
    since=IN_FORCE,
    sheet=("WAT-20", "WAT-23"),
    reason="no statute read gives prepaid consumers a rank of their own: art. 53 creates "
    "and measures the claim; the paper's label cannot be the default order",
)
def consumer_rank() -> ClaimClass:
    """The rank of a consumer's claim to a prepayment, unless a plan says otherwise."""
    return ClaimClass.ORDINARY
