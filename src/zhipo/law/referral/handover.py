"""After the ruling: what is handed over, what stays, what enforcement does next."""

from datetime import date
from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.law.referral.conditions import CPLI, REFOP

BI3 = date(2019, 3, 28)


class EnforcementCost(StrEnum):
    VALUATION = "valuation"  # 评估费
    NOTICE = "notice"  # 公告费
    CUSTODY = "custody"  # 保管费
    LIQUIDATION = "liquidation"  # 强制清算费用
    CASE_FEE = "case_fee"  # 案件受理费
    ENFORCEMENT_FEE = "enforcement_fee"  # 执行申请费


LIKE_COSTS = frozenset(
    {
        EnforcementCost.VALUATION,
        EnforcementCost.NOTICE,
        EnforcementCost.CUSTODY,
        EnforcementCost.LIQUIDATION,
    }
)


@rule(
    id="cn.bi3.1",
    cite="《破产法解释三》第一条",
    text=(
        "人民法院裁定受理破产申请的，此前债务人尚未支付的公司强制清算费用、未终结"
        "的执行程序中产生的评估费、公告费、保管费等执行费用，可以参照企业破产法关"
        "于破产费用的规定，由债务人财产随时清偿。……此前债务人尚未支付的案件受理"
        "费、执行申请费，可以作为破产债权清偿。"
    ),
    status="V1",
    since=BI3,
    sheet="REF-15",
)
def class_of_enforcement_cost(*, cost: EnforcementCost) -> str:
    """Valuation, notice, custody, liquidation: paid at any time; fees: ordinary claims."""
    return "expense" if cost in LIKE_COSTS else "ordinary"


class Held(StrEnum):
    COURT_ACCOUNT = "court_account"  # 已划入法院账户尚未支付
    PAID_OUT = "paid_out"  # 已支付给债权人
    AUCTION_RULING_SERVED = "auction_ruling_served"  # 成交裁定已送达买受人
    DEBT_RULING_SERVED = "debt_ruling_served"  # 抵债裁定已送达债权人
    SEIZED = "seized"  # 已查封扣押


@rule(
    id="cn.refop.17",
    cite="《执转破意见》第十七条",
    status="U",
    since=REFOP,
    sheet="REF-17",
)
def is_handed_over(*, held: Held, needs_lawyer_check: bool = False) -> bool:
    """What is not handed over: served sale or debt rulings, and money already paid out."""
    kept = {Held.PAID_OUT, Held.AUCTION_RULING_SERVED, Held.DEBT_RULING_SERVED}
    return held not in kept


@rule(
    id="cn.zf72",
    cite="最高人民法院答复（实务资料，编号待核）",
    status="V2",
    since=REFOP,
    sheet="REF-17",
)
def is_estate_in_court_account(*, is_paid_out: bool) -> bool:
    """Money deducted into the court's account and not yet paid out is still estate."""
    return not is_paid_out


class Outcome(StrEnum):
    ACCEPTED = "accepted"  # 裁定受理
    DECLARED = "declared"  # 宣告破产
    REFUSED = "refused"  # 不予受理


EFFECT = {
    Outcome.ACCEPTED: "lift_preservation",
    Outcome.DECLARED: "terminate_enforcement",
    Outcome.REFUSED: "resume_enforcement",
}


@rule(
    id="cn.cpli.513",
    cite="《民事诉讼法解释》第五百一十三条",
    text=(
        "被执行人住所地人民法院裁定受理破产案件的，执行法院应当解除对被执行人财产"
        "的保全措施。被执行人住所地人民法院裁定宣告被执行人破产的，执行法院应当裁"
        "定终结对该被执行人的执行。……被执行人住所地人民法院不受理破产案件的，执"
        "行法院应当恢复执行。"
    ),
    status="V1",
    since=CPLI,
    sheet="REF-18",
)
def effect_on_enforcement(*, outcome: Outcome) -> str:
    """What the enforcement court must do once the receiving court has ruled."""
    return EFFECT[Outcome(outcome)]


@rule(
    id="cn.cpli.512.return",
    cite="《民事诉讼法解释》第五百一十二条",
    text="不予受理的，应当将相关案件材料退回执行法院。",
    status="V1",
    since=CPLI,
    sheet="REF-13",
)
def papers_go_back(*, outcome: Outcome) -> bool:
    """Whether the receiving court returns the papers: when it refuses the case."""
    return outcome == Outcome.REFUSED


class HandedOver(StrEnum):
    DEDUCTED_DEPOSIT = "deducted_deposit"  # 已划扣的存款
    SEIZED_MOVABLE = "seized_movable"  # 已扣押的动产
    SECURITIES = "securities"  # 有价证券


@rule(
    id="cn.refop.16.what",
    cite="《执转破意见》第十六条",
    status="U",
    since=REFOP,
    sheet="REF-16",
)
def still_to_hand_over(
    *,
    held: frozenset[HandedOver],
    handed_over: frozenset[HandedOver],
    needs_lawyer_check: bool = False,
) -> tuple[HandedOver, ...]:
    """What the enforcement court still owes the estate, in the order of the opinions."""
    return tuple(kind for kind in HandedOver if kind in held - handed_over)
