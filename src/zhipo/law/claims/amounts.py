"""What claims amount to: maturity, joint debtors, wages, severance, tax."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from zhipo.kernel.money import round_half_up
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note

EBL = date(2007, 6, 1)
BI2 = date(2021, 1, 1)
BI3 = date(2019, 3, 28)
T24 = date(2025, 11, 27)


@rule(
    id="cn.ebl.46.1",
    cite="《企业破产法》第四十六条第一款",
    text="未到期的债权，在破产申请受理时视为到期。",
    status="V1",
    since=EBL,
    sheet="CLM-02",
)
def due_claim_fen(*, principal_fen: int, discount_fen: int = 0) -> int:
    """An unmatured claim is due at acceptance; no discount by default (interpretation)."""
    return principal_fen - discount_fen


@dataclass(frozen=True)
class Standing:
    """Whether a claim votes and how its share is treated."""

    votes: bool
    is_deposited: bool


@rule(
    id="cn.ebl.47",
    cite="《企业破产法》第四十七条；《企业破产法》第五十九条；《企业破产法》第一百一十七条",
    text="附条件、附期限的债权和诉讼、仲裁未决的债权，债权人可以申报。",
    status="V1",
    since=EBL,
    sheet="CLM-03",
)
def undetermined_claim(*, is_determined: bool, court_set_amount: bool) -> Standing:
    """Conditional and litigated claims vote on a temporary amount; the share waits."""
    return Standing(votes=is_determined or court_set_amount, is_deposited=not is_determined)


class Employee(StrEnum):
    WAGES = "wages"  # 工资
    MEDICAL = "medical"  # 医疗、伤残补助
    PENSION = "pension"  # 抚恤费用
    PERSONAL_ACCOUNT = "personal_account"  # 个人账户的养老、医疗保险
    COMPENSATION = "compensation"  # 补偿金


@rule(
    id="cn.ebl.48.2",
    cite="《企业破产法》第四十八条第二款",
    text=(
        "债务人所欠职工的工资和医疗、伤残补助、抚恤费用，所欠的应当划入职工个人账"
        "户的基本养老保险、基本医疗保险费用，以及法律、行政法规规定应当支付给职工"
        "的补偿金，不必申报，由管理人调查后列出清单并予以公示。职工对清单记载有异"
        "议的，可以要求管理人更正；管理人不予更正的，职工可以向人民法院提起诉讼。"
    ),
    status="V1",
    since=EBL,
    sheet="CLM-04",
)
def must_be_filed(*, kind: str) -> bool:
    """Employees' claims are listed and published by the administrator, not filed."""
    return kind not in set(Employee)


@rule(
    id="cn.bi3.5",
    cite="《破产法解释三》第五条；《企业破产法》第五十二条",
    text=(
        "债务人、保证人均被裁定进入破产程序的，债权人有权向债务人、保证人分别申报"
        "债权。……债权人向债务人、保证人均申报全部债权的，从一方破产程序中获得清"
        "偿后，其对另一方的债权额不作调整，但债权人的受偿额不得超出其债权总额。保"
        "证人履行保证责任后不再享有求偿权。"
    ),
    status="V1",
    since=BI3,
    sheet="CLM-05",
)
def claim_against_each_fen(
    *, claim_fen: int, received_elsewhere_fen: int, both_insolvent: bool
) -> tuple[int, int]:
    """(what may be filed, what may still be received), fen.

    Against two insolvent debtors the whole claim stands in both, receipts never above it.
    """
    still = max(0, claim_fen - received_elsewhere_fen)
    return (claim_fen if both_insolvent else still, still)


@rule(
    id="cn.ebl.56",
    cite="《企业破产法》第五十六条",
    text=(
        "在人民法院确定的债权申报期限内，债权人未申报债权的，可以在破产财产最后分"
        "配前补充申报；但是，此前已进行的分配，不再对其补充分配。为审查和确认补充"
        "申报债权的费用，由补充申报人承担。……债权人未依照本法规定申报债权的，不"
        "得依照本法规定的程序行使权利。"
    ),
    status="V1",
    since=EBL,
    sheet="CLM-07",
)
def late_filing(*, filed_on: date, last_distribution_on: date | None) -> str:
    """Until the last distribution a late claim counts, without catching up."""
    if last_distribution_on is not None and filed_on >= last_distribution_on:
        return "refused"
    return "accepted_without_catch_up"


class SetOffBar(StrEnum):
    ACQUIRED_AFTER = "acquired_after"  # 受理后取得他人债权
    DEBT_KNOWING = "debt_knowing"  # 已知情负担债务
    CLAIM_KNOWING = "claim_knowing"  # 已知情取得债权
    CAPITAL = "capital"  # 未缴出资


@rule(
    id="cn.ebl.40",
    cite="《企业破产法》第四十条；《破产法解释二》第四十六条",
    text=(
        "债权人在破产申请受理前对债务人负有债务的，可以向管理人主张抵销。但是，有"
        "下列情形之一的，不得抵销：……（一）债务人的债务人在破产申请受理后取得他"
        "人对债务人的债权的；……（二）债权人已知债务人有不能清偿到期债务或者破产"
        "申请的事实，对债务人负担债务的；但是，债权人因为法律规定或者有破产申请一"
        "年前所发生的原因而负担债务的除外；……（三）债务人的债务人已知债务人有不"
        "能清偿到期债务或者破产申请的事实，对债务人取得债权的；但是，债务人的债务"
        "人因为法律规定或者有破产申请一年前所发生的原因而取得债权的除外。"
    ),
    status="V1",
    since=EBL,
    sheet="CLM-08",
)
def set_off_bars(
    *,
    acquired_after_acceptance: bool = False,
    incurred_debt_knowing: bool = False,
    acquired_claim_knowing: bool = False,
    by_law_or_older_than_a_year: bool = False,
    is_unpaid_capital: bool = False,
) -> tuple[SetOffBar, ...]:
    """Why set-off is barred; empty where it is open."""
    is_excused = by_law_or_older_than_a_year
    bars = {
        SetOffBar.ACQUIRED_AFTER: acquired_after_acceptance,
        SetOffBar.DEBT_KNOWING: incurred_debt_knowing and not is_excused,
        SetOffBar.CLAIM_KNOWING: acquired_claim_knowing and not is_excused,
        SetOffBar.CAPITAL: is_unpaid_capital,
    }
    return tuple(bar for bar, holds in bars.items() if holds)


@dataclass(frozen=True)
class Wages:
    """An insider's wages by rank, in fen."""

    employee_fen: int
    ordinary_fen: int


@rule(
    id="cn.ebl.113.3",
    cite="《企业破产法》第一百一十三条第三款；《破产法解释二》第二十四条",
    text="破产企业的董事、监事和高级管理人员的工资按照该企业职工的平均工资计算。",
    status="V1",
    since=EBL,
    sheet=("CLM-09", "WAT-06"),
)
def insider_wages(*, unpaid_fen: int, average_fen: int) -> Wages:
    """Directors' and managers' wages rank up to the average wage; the rest is ordinary."""
    ranked = min(unpaid_fen, average_fen)
    return Wages(ranked, unpaid_fen - ranked)


@rule(
    id="cn.lcl.47",
    cite="《劳动合同法》第四十七条",
    text=(
        "经济补偿按劳动者在本单位工作的年限，每满一年支付一个月工资的标准向劳动者"
        "支付。六个月以上不满一年的，按一年计算；不满六个月的，向劳动者支付半个月"
        "工资的经济补偿。……劳动者月工资高于用人单位所在直辖市、设区的市级人民政"
        "府公布的本地区上年度职工月平均工资三倍的，向其支付经济补偿的标准按职工月"
        "平均工资三倍的数额支付，向其支付经济补偿的年限最高不超过十二年。……本条"
        "所称月工资是指劳动者在劳动合同解除或者终止前十二个月的平均工资。"
    ),
    status="V1",
    since=date(2008, 1, 1),
    sheet="CLM-10",
)
def severance_fen(
    *, months_worked: int, monthly_wage_fen: int, local_average_fen: int | None = None
) -> int:
    """A month's wage per year; six to twelve months a year, less than six half a month.

    Above three times the local average wage: that, and at most twelve years.
    """
    years, rest = divmod(months_worked, 12)
    part = Fraction(0) if rest == 0 else Fraction(1) if rest >= 6 else Fraction(1, 2)
    units = years + part
    wage = monthly_wage_fen
    if local_average_fen is not None and wage > 3 * local_average_fen:
        wage, units = 3 * local_average_fen, min(units, Fraction(12))
    note(units=units, wage_fen=wage)
    return round_half_up(units * wage)


class TaxItem(StrEnum):
    TAX = "tax"  # 税款
    TAX_LATE_FEE = "tax_late_fee"  # 税款滞纳金
    SPECIAL_INTEREST = "special_interest"  # 特别纳税调整利息
    SOCIAL_INSURANCE = "social_insurance"  # 社会保险费
    SOCIAL_LATE_FEE = "social_late_fee"  # 社会保险费滞纳金
    FINE = "fine"  # 罚款


TAX_CLASS = {
    TaxItem.TAX: "social_tax",
    TaxItem.SOCIAL_INSURANCE: "social_tax",
    TaxItem.TAX_LATE_FEE: "ordinary",
    TaxItem.SPECIAL_INTEREST: "ordinary",
    TaxItem.SOCIAL_LATE_FEE: "admin_fine",
    TaxItem.FINE: "admin_fine",
}


@rule(
    id="cn.t24.1",
    cite="国家税务总局、最高人民法院公告2025年第24号第一条",
    status="V2",
    since=T24,
    sheet=("CLM-12", "TAX-01", "WAT-07"),
)
def class_of_tax_item(*, item: TaxItem) -> str:
    """Tax and social insurance in the second rank; tax late fee and interest ordinary."""
    return TAX_CLASS[TaxItem(item)]


@rule(
    id="cn.sme.9",
    cite="《保障中小企业款项支付条例》第九条",
    text=(
        "机关、事业单位从中小企业采购货物、工程、服务，应当自货物、工程、服务交付"
        "之日起30日内支付款项；合同另有约定的，从其约定，但付款期限最长不得超过"
        "60日。……大型企业从中小企业采购货物、工程、服务，应当自货物、工程、服"
        "务交付之日起60日内支付款项；合同另有约定的，从其约定，但应当按照行业规"
        "范、交易习惯合理约定付款期限并及时支付款项，不得约定以收到第三方付款作为"
        "向中小企业支付款项的条件或者按照第三方付款进度比例支付中小企业款项。……"
        "法律、行政法规或者国家有关规定对本条第一款、第二款付款期限另有规定的，从"
        "其规定。……合同约定采取履行进度结算、定期结算等结算方式的，付款期限应当"
        "自双方确认结算金额之日起算。"
    ),
    status="V1",
    since=date(2025, 6, 1),
    sheet="CLM-13",
)
def payment_term_binds(*, payer_is_organ_or_large_enterprise: bool) -> bool:
    """The 60-day term binds organs, public institutions and large enterprises only."""
    return payer_is_organ_or_large_enterprise


@rule(
    id="cn.min18.27",
    cite="《全国法院破产审判工作会议纪要》第二十七条",
    status="U",
    since=date(2018, 3, 4),
    sheet=("CLM-11", "FUND-05"),
)
def rank_of_paid_wages(*, by_wage_fund: bool, needs_lawyer_check: bool = False) -> str:
    """Wages paid by a third party keep their rank; by the wage fund they drop to rank 2."""
    return "social_tax" if by_wage_fund else "employee"
