"""When a case may be referred, by whom it is decided, what it takes along."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.law.triage.cause import Entity, eligibility

CPLI = date(2022, 4, 10)
REFOP = date(2017, 1, 20)
BI3 = date(2019, 3, 28)


class Regime(StrEnum):
    REFOP_2017 = "refop_2017"  # 法发〔2017〕2号


REGIME_IN_FORCE = Regime.REFOP_2017
"""The announced 执破衔接指导意见 was not found in text: a new regime is a new member."""


@dataclass(frozen=True)
class Referable:
    """Whether the conditions are met, and which are missing."""

    is_met: bool
    missing: tuple[str, ...]


@rule(
    id="cn.cpli.511",
    cite="《民事诉讼法解释》第五百一十一条",
    text=(
        "在执行中，作为被执行人的企业法人符合企业破产法第二条第一款规定情形的，执"
        "行法院经申请执行人之一或者被执行人同意，应当裁定中止对该被执行人的执行，"
        "将执行案件相关材料移送被执行人住所地人民法院。"
    ),
    status="V1",
    since=CPLI,
    sheet=("REF-01", "REF-02"),
)
def referral_conditions(
    *, entity: Entity, has_written_consent: bool, has_cause: bool
) -> Referable:
    """A legal person, written consent of the debtor or any one applicant, a cause.

    Never ex officio under current law.
    """
    conditions = {
        "debtor is no enterprise legal person": eligibility(entity=entity).is_eligible,
        "nobody consents in writing": has_written_consent,
        "no cause of bankruptcy": has_cause,
    }
    missing = tuple(name for name, holds in conditions.items() if not holds)
    return Referable(not missing, missing)


class Court(StrEnum):
    INTERMEDIATE = "intermediate"  # 中级人民法院
    BASIC = "basic"  # 基层人民法院


@rule(
    id="cn.refop.3",
    cite="《执转破意见》第三条",
    status="V2",
    since=REFOP,
    sheet="REF-03",
)
def has_jurisdiction(
    *, court: Court, is_at_domicile: bool, has_high_court_approval: bool
) -> bool:
    """The intermediate court at the debtor's domicile; a basic one with approval."""
    is_level_right = court == Court.INTERMEDIATE or has_high_court_approval
    return is_at_domicile and is_level_right


CHAIN = ("handler", "panel", "president")


@rule(
    id="cn.refop.5",
    cite="《执转破意见》第五条",
    status="V2",
    since=REFOP,
    sheet="REF-05",
)
def next_to_decide(*, signed: tuple[str, ...]) -> str | None:
    """承办人, then 合议庭, then 院长; None once all have signed. Raises ValueError."""
    if signed != CHAIN[: len(signed)]:
        raise ValueError("signed out of order")
    return CHAIN[len(signed)] if len(signed) < len(CHAIN) else None


@rule(
    id="cn.refop.6",
    cite="《执转破意见》第六条",
    status="V2",
    since=REFOP,
    sheet="REF-06",
)
def needs_own_intermediate_approval(
    *, court: Court, receiving_is_own_intermediate: bool
) -> bool:
    """A basic court referring elsewhere first asks its own intermediate court."""
    return court == Court.BASIC and not receiving_is_own_intermediate


@rule(
    id="cn.refop.8.sale",
    cite="《执转破意见》第八条",
    status="V2",
    since=REFOP,
    sheet="REF-08",
)
def may_sell_during_review(*, is_perishable: bool) -> bool:
    """All known courts stay; only what cannot be kept is sold, the price is kept."""
    return is_perishable


@rule(
    id="cn.refop.9",
    cite="《执转破意见》第九条",
    status="V2",
    since=REFOP,
    sheet="REF-09",
)
def freezes_stay_on(*, is_decided: bool, is_accepted: bool) -> bool:
    """Between the decision to transfer and acceptance, freezes stay on."""
    return is_decided and not is_accepted


BUNDLE = (
    "移送破产审查决定书",
    "申请执行人或被执行人同意移送的书面材料",
    "财产状况及查封冻结清单和材料",
    "已分配财产清单及材料",
    "债务清单",
    "其他材料",
)


@rule(
    id="cn.refop.10",
    cite="《执转破意见》第十条",
    status="U",
    since=REFOP,
    sheet=("REF-10", "S4"),
)
def missing_from_bundle(
    *, handed_over: frozenset[str], needs_lawyer_check: bool = False
) -> tuple[str, ...]:
    """Which of the required items the transfer still lacks (the last is open)."""
    return tuple(item for item in BUNDLE[:-1] if item not in handed_over)


@rule(
    id="cn.refop.12",
    cite="《执转破意见》第十二条",
    status="U",
    since=REFOP,
    sheet="REF-12",
)
def may_refuse_for_incompleteness(*, needs_lawyer_check: bool = False) -> bool:
    """The case-filing division registers 破申 and may not refuse for incompleteness."""
    return False


@rule(
    id="cn.refop.14",
    cite="《执转破意见》第十四条",
    status="U",
    since=REFOP,
    sheet="REF-14",
)
def named_applicants(
    *, consented: tuple[str, ...], needs_lawyer_check: bool = False
) -> tuple[str, ...]:
    """Who is named as applicant: whoever consented."""
    return consented


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
    id="cn.refop.20",
    cite="《执转破意见》第二十条",
    status="U",
    since=REFOP,
    sheet="REF-18",
)
def may_refer_again(*, was_refused: bool, needs_lawyer_check: bool = False) -> bool:
    """After a refusal the transfer may not be started again; parties petition directly."""
    return not was_refused


@rule(
    id="cn.refop.21",
    cite="《执转破意见》第二十一条",
    status="U",
    since=REFOP,
    sheet="REF-19",
)
def higher_court_acts(
    *,
    days_after_letter: int,
    days_after_order: int | None,
    needs_lawyer_check: bool = False,
) -> str:
    """Overrun: after 10 days an order, after 10 more the higher court takes the case."""
    if days_after_order is not None and days_after_order > 10:
        return "take_jurisdiction"
    return "order" if days_after_letter >= 10 else "wait"


ARTICLES_SINCE_2022 = {513: 511, 514: 512, 515: 513, 516: 514, 487: 485, 519: 517, 508: 506}


@rule(
    id="policy.cpli",
    cite="《民事诉讼法解释》第五百一十一条",
    text="移送被执行人住所地人民法院",
    status="P",
    since=CPLI,
    sheet="REF-20",
    reason="old papers cite the numbers of 2015; the sheet gives the new ones",
)
def article_since_2022(*, old: int) -> int:
    """The number that an article of the 2015 interpretation has today."""
    return ARTICLES_SINCE_2022.get(old, old)
