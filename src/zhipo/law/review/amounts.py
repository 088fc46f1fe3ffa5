"""What review may change: judgments, limitation, part payments, double interest."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from zhipo.kernel.money import round_half_up
from zhipo.kernel.options import option
from zhipo.kernel.periods import add, years
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note

BI3 = date(2019, 3, 28)
DOUBLE_INTEREST_DAILY = Fraction(175, 1_000_000)
LIMITATION_YEARS = 3
LONGEST_YEARS = 20
ENFORCEMENT_YEARS = 2


class DoubleInterest(StrEnum):
    SUBORDINATED = "subordinated"  # 劣后
    ORDINARY = "ordinary"  # 普通


DOUBLE_INTEREST_PRE = option(
    "option.double_interest_pre",
    default=DoubleInterest.SUBORDINATED,
    choices=tuple(DoubleInterest),
    status="I",
    reason="prevailing practice takes double interest before acceptance as penal; no text "
    "says so in so many words",
    sheet="REV-08",
)


@rule(
    id="cn.bi3.7",
    cite="《破产法解释三》第七条",
    text=(
        "已经生效法律文书确定的债权，管理人应当予以确认。……管理人认为债权人据以"
        "申报债权的生效法律文书确定的债权错误，或者有证据证明债权人与债务人恶意通"
        "过诉讼、仲裁或者公证机关赋予强制执行力公证文书的形式虚构债权债务的，应当"
        "依法通过审判监督程序向作出该判决、裁定、调解书的人民法院或者上一级人民法"
        "院申请撤销生效法律文书，或者向受理破产申请的人民法院申请撤销或者不予执行"
        "仲裁裁决、不予执行公证债权文书后，重新确定债权。"
    ),
    status="V1",
    since=BI3,
    sheet="REV-02",
)
def judgment_locks(*, fixed_by_judgment: bool, cut_off_only: bool) -> bool:
    """Whether the sum is locked: only the statutory cut-offs may change a judgment's."""
    return fixed_by_judgment and not cut_off_only


@rule(
    id="cn.civ.188",
    cite="《民法典》第一百八十八条",
    status="V1",
    since=date(2021, 1, 1),
    sheet="REV-03",
)
def is_time_barred(*, knew_on: date, harmed_on: date, asserted_on: date) -> bool:
    """Three years from knowledge, twenty from the harm at the latest."""
    return asserted_on > min(
        add(knew_on, years(LIMITATION_YEARS)), add(harmed_on, years(LONGEST_YEARS))
    )


@rule(
    id="cn.cpl.250",
    cite="《民事诉讼法》第二百五十条",
    text=(
        "申请执行的期间为二年。申请执行时效的中止、中断，适用法律有关诉讼时效中止"
        "、中断的规定。……前款规定的期间，从法律文书规定履行期间的最后一日起计算"
        "；法律文书规定分期履行的，从最后一期履行期限届满之日起计算；法律文书未规"
        "定履行期间的，从法律文书生效之日起计算。"
    ),
    status="V1",
    since=date(2024, 1, 1),
    sheet="REV-03",
)
def may_still_enforce(*, due_on: date, asked_on: date) -> bool:
    """Enforcement is applied for within two years of the last day of performance."""
    return asked_on <= add(due_on, years(ENFORCEMENT_YEARS))


@dataclass(frozen=True)
class Applied:
    """A part payment split (fen); double interest comes last."""

    cost_fen: int
    interest_fen: int
    principal_fen: int
    double_interest_fen: int


@rule(
    id="cn.civ.561",
    cite="《民法典》第五百六十一条；《迟延履行利息解释》第四条",
    text=(
        "被执行人的财产不足以清偿全部债务的，应当先清偿生效法律文书确定的金钱债务，"
        "再清偿加倍部分债务利息"
    ),
    status="V1",
    since=date(2021, 1, 1),
    sheet="REV-05",
)
def part_payment(
    *,
    paid_fen: int,
    cost_fen: int,
    interest_fen: int,
    principal_fen: int,
    double_interest_fen: int,
) -> Applied:
    """Costs, interest, principal; double interest only after the judgment's money debt."""
    shares = []
    for owed in (cost_fen, interest_fen, principal_fen, double_interest_fen):
        share = min(paid_fen, owed)
        paid_fen -= share
        shares.append(share)
    return Applied(*shares)


@rule(
    id="cn.dly.1",
    cite=(
        "《迟延履行利息解释》第一条；《迟延履行利息解释》第二条；《民事诉讼法》第二"
        "百六十四条"
    ),
    text=(
        "加倍部分债务利息的计算方法为：加倍部分债务利息=债务人尚未清偿的生效法律文"
        "书确定的除一般债务利息之外的金钱债务×日万分之一点七五×迟延履行期间。"
    ),
    status="V1",
    since=date(2014, 8, 1),
    sheet="REV-06",
)
def double_interest_fen(*, debt_fen: int, overdue_from: date, accepted_on: date) -> int:
    """0.0175 % a day on the judgment's debt, from expiry of performance to acceptance."""
    counted = max(0, (accepted_on - overdue_from).days)
    note(days=counted)
    return round_half_up(debt_fen * DOUBLE_INTEREST_DAILY * counted)


@rule(
    id="cn.bi3.3",
    cite="《破产法解释三》第三条",
    text=(
        "破产申请受理后，债务人欠缴款项产生的滞纳金，包括债务人未履行生效法律文书"
        "应当加倍支付的迟延利息和劳动保险金的滞纳金，债权人作为破产债权申报的，人"
        "民法院不予确认。"
    ),
    status="V1",
    since=BI3,
    sheet="REV-07",
)
def confirmed_late_fee_fen(*, before_acceptance_fen: int, after_acceptance_fen: int) -> int:
    """Late fees that arise after acceptance are not confirmed."""
    note(refused_fen=after_acceptance_fen)
    return before_acceptance_fen


@rule(
    id="cn.min18.28.double",
    cite="《全国法院破产审判工作会议纪要》第二十八条",
    status="I",
    since=date(2018, 3, 4),
    sheet="REV-08",
    reason=DOUBLE_INTEREST_PRE.reason,
)
def class_of_double_interest(
    *, treated_as: DoubleInterest = DOUBLE_INTEREST_PRE.default
) -> str:
    """Where double interest from before acceptance stands."""
    is_low = treated_as == DoubleInterest.SUBORDINATED
    return "punitive" if is_low else "ordinary"


class NoClaim(StrEnum):
    PARTICIPATION_COST = "participation_cost"  # 债权人参加破产程序所支出的费用
    SHAREHOLDER_RIGHT = "shareholder_right"  # 股权、股票
    TIME_BARRED = "time_barred"  # 超过诉讼时效


@rule(
    id="cn.r02.61",
    cite="《审理企业破产案件规定》第六十一条",
    text=(
        "下列债权不属于破产债权：……（一）行政、司法机关对破产企业的罚款、罚金以"
        "及其他有关费用；……（二）人民法院受理破产案件后债务人未支付应付款项的滞"
        "纳金，包括债务人未执行生效法律文书应当加倍支付的迟延利息和劳动保险金的滞"
        "纳金；……（三）破产宣告后的债务利息；……（四）债权人参加破产程序所支出"
        "的费用；……（五）破产企业的股权、股票持有人在股权、股票上的权利；……（"
        "六）破产财产分配开始后向清算组申报的债权；……（七）超过诉讼时效的债权；"
        "……（八）债务人开办单位对债务人未收取的管理费、承包费。……上述不属于破"
        "产债权的权利，人民法院或者清算组也应当对当事人的申报进行登记。"
    ),
    status="V1",
    since=date(2002, 9, 1),
    sheet="REV-10",
)
def is_no_claim(*, kind: str) -> bool:
    """Costs of taking part, shareholders' rights and barred claims are not claims."""
    return kind in set(NoClaim)
