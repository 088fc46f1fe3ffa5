"""How the court finds a reference price, and how long it holds (《参考价规定》)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from zhipo.kernel.money import round_half_up
from zhipo.kernel.periods import Deadline, add, days, deadline, months, years
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.auctions import PRICE

VALUATION_DAYS = 30
LONGEST_EXTENSION_DAYS = 15
MOST_EXTENSIONS = 2
NETWORK_DAYS = 3


class PriceMethod(StrEnum):
    PARTIES_AGREE = "parties_agree"  # 当事人议价
    OFFICIAL_INQUIRY = "official_inquiry"  # 定向询价
    NETWORK_INQUIRY = "network_inquiry"  # 网络询价
    COMMISSIONED_VALUATION = "commissioned_valuation"  # 委托评估


@dataclass(frozen=True)
class PriceFacts:
    """What decides the method: the thing, the parties' wish, what has failed so far."""

    has_official_price: bool = False
    needs_site_inspection: bool = False
    has_network_data: bool = False
    is_valuation_prescribed: bool = False
    both_want: PriceMethod | None = None
    failed: frozenset[PriceMethod] = frozenset()

    def is_open(self, method: PriceMethod) -> bool:
        """Whether the thing allows a method that has not failed yet."""
        allows = {
            PriceMethod.OFFICIAL_INQUIRY: self.has_official_price,
            PriceMethod.NETWORK_INQUIRY: (
                self.has_network_data and not self.needs_site_inspection
            ),
        }
        return allows.get(method, True) and method not in self.failed


@rule(
    id="cn.price.2",
    cite="《参考价规定》第二条；《参考价规定》第四条；《参考价规定》第五条；"
    "《参考价规定》第七条；《参考价规定》第十四条",
    text=(
        "人民法院确定财产处置参考价，可以采取当事人议价、定向询价、网络询价、委托"
        "评估等方式。……采取当事人议价方式确定参考价的，除一方当事人拒绝议价或者"
        "下落不明外，人民法院应当以适当的方式通知或者组织当事人进行协商，当事人应"
        "当在指定期限内提交议价结果。……当事人议价不能或者不成，且财产有计税基准"
        "价、政府定价或者政府指导价的，人民法院应当向确定参考价时财产所在地的有关"
        "机构进行定向询价。……双方当事人一致要求直接进行定向询价，且财产有计税基"
        "准价、政府定价或者政府指导价的，人民法院应当准许。……定向询价不能或者不"
        "成，财产无需由专业人员现场勘验或者鉴定，且具备网络询价条件的，人民法院应"
        "当通过司法网络询价平台进行网络询价。……双方当事人一致要求或者同意直接进"
        "行网络询价，财产无需由专业人员现场勘验或者鉴定，且具备网络询价条件的，人"
        "民法院应当准许。……法律、行政法规规定必须委托评估、双方当事人要求委托评"
        "估或者网络询价不能或不成的，人民法院应当委托评估机构进行评估。"
    ),
    status="V1",
    since=PRICE,
    sheet="AUC-11",
)
def next_method(*, facts: PriceFacts) -> PriceMethod:
    """Agreement, official price, network price, valuation: the first that is open.

    Both parties together may go straight to a later one; where a law prescribes a
    valuation there is no other way.
    """
    if facts.is_valuation_prescribed:
        return PriceMethod.COMMISSIONED_VALUATION
    if facts.both_want is not None and facts.is_open(facts.both_want):
        return facts.both_want
    is_open = (method for method in PriceMethod if facts.is_open(method))
    return next(is_open, PriceMethod.COMMISSIONED_VALUATION)


@dataclass(frozen=True)
class Quote:
    """One platform's answer: its price in fen, and whether an objection was disposed of.

    `fen` is None where it did not answer in time; `is_settled`: an objection was
    rejected, or the platform has corrected its report.
    """

    fen: int | None
    is_objected: bool = False
    is_settled: bool = False


@rule(
    id="cn.price.13",
    cite="《参考价规定》第十三条",
    text=(
        "全部司法网络询价平台均在期限内出具询价结果或者补正结果的，人民法院应当以"
        "全部司法网络询价平台出具结果的平均值为参考价；部分司法网络询价平台在期限"
        "内出具询价结果或者补正结果的，人民法院应当以该部分司法网络询价平台出具结"
        "果的平均值为参考价。……当事人、利害关系人依据本规定第二十二条的规定对全"
        "部网络询价报告均提出异议，且所提异议被驳回或者司法网络询价平台已作出补正"
        "的，人民法院应当以异议被驳回或者已作出补正的各司法网络询价平台出具结果的"
        "平均值为参考价；对部分网络询价报告提出异议的，人民法院应当以网络询价报告"
        "未被提出异议的各司法网络询价平台出具结果的平均值为参考价。"
    ),
    status="V1",
    since=PRICE,
    sheet="AUC-11",
)
def network_price_fen(*, quotes: tuple[Quote, ...]) -> int:
    """The average of those that answered in time and met no objection.

    Where every answer met one, of those whose objections are settled. Raises
    ValueError where none is left: the thing is then valued.
    """
    answered = [(quote, quote.fen) for quote in quotes if quote.fen is not None]
    counted = [fen for quote, fen in answered if not quote.is_objected]
    counted = counted or [fen for quote, fen in answered if quote.is_settled]
    if not counted:
        raise ValueError("no network price is left")
    note(counted=len(counted))
    return round_half_up(Fraction(sum(counted), len(counted)))


@rule(
    id="cn.price.1",
    cite="《参考价规定》第一条",
    text=(
        "人民法院查封、扣押、冻结财产后，对需要拍卖、变卖的财产，应当在三十日内启"
        "动确定财产处置参考价程序。"
    ),
    status="V1",
    since=PRICE,
    sheet="AUC-11",
)
def pricing_starts_by(*, seized_on: date) -> Deadline:
    """The search for a price begins within 30 days of the seizure."""
    return deadline(seized_on, days(30))


@rule(
    id="cn.price.11",
    cite="《参考价规定》第十一条",
    text=(
        "司法网络询价平台应当在收到人民法院网络询价委托书之日起三日内出具网络询价"
        "报告。……司法网络询价平台不能在期限内完成询价的，应当在期限届满前申请延"
        "长期限。全部司法网络询价平台均未能在期限内出具询价结果的，人民法院应当根"
        "据各司法网络询价平台的延期申请延期三日；部分司法网络询价平台在期限内出具"
        "网络询价结果的，人民法院对其他司法网络询价平台的延期申请不予准许。"
    ),
    status="V1",
    since=PRICE,
    sheet="AUC-11",
)
def network_report_by(*, received_on: date, all_asked_for_more: bool = False) -> Deadline:
    """Platforms answer in three days; three more only if none of them could."""
    last_day = deadline(received_on, days(NETWORK_DAYS))
    return (
        deadline(last_day.counted, days(NETWORK_DAYS)) if all_asked_for_more else last_day
    )


@rule(
    id="cn.price.19",
    cite="《参考价规定》第十九条",
    text=(
        "评估机构应当在三十日内出具评估报告。人民法院决定暂缓或者裁定中止执行的期"
        "间，应当从前述期限中扣除。……评估机构不能在期限内出具评估报告的，应当在"
        "期限届满五日前书面向人民法院申请延长期限。人民法院决定延长期限的，延期次"
        "数不超过两次，每次不超过十五日。"
    ),
    status="V1",
    since=PRICE,
    sheet="AUC-11",
)
def valuation_by(
    *, commissioned_on: date, extensions: tuple[int, ...] = (), suspended_days: int = 0
) -> Deadline:
    """30 days, and at most two extensions of at most 15; days of suspension do not count.

    Raises ValueError where the extensions are too many or too long.
    """
    if len(extensions) > MOST_EXTENSIONS or any(
        not 0 < one <= LONGEST_EXTENSION_DAYS for one in extensions
    ):
        raise ValueError("two extensions at most, of 15 days at most")
    return deadline(
        commissioned_on, days(VALUATION_DAYS + sum(extensions) + suspended_days)
    )


@rule(
    id="cn.price.22",
    cite="《参考价规定》第二十二条；《参考价规定》第二十三条；《参考价规定》第二十四条",
    text=(
        "当事人、利害关系人认为网络询价报告或者评估报告具有下列情形之一的，可以在"
        "收到报告后五日内提出书面异议：……当事人、利害关系人收到评估报告后五日内"
        "对评估报告的参照标准、计算方法或者评估结果等提出书面异议的，人民法院应当"
        "在三日内交评估机构予以书面说明。……当事人、利害关系人对议价或者定向询价"
        "提出异议的，人民法院不予受理。"
    ),
    status="V1",
    since=PRICE,
    sheet="AUC-11",
)
def objection_by(*, method: PriceMethod, received_on: date) -> Deadline | None:
    """Five days from the report; None where no objection is heard at all."""
    if method in (PriceMethod.PARTIES_AGREE, PriceMethod.OFFICIAL_INQUIRY):
        return None
    return deadline(received_on, days(5))


@rule(
    id="cn.price.27.longest",
    cite="《参考价规定》第二十七条",
    text=(
        "司法网络询价平台、评估机构应当确定网络询价或者委托评估结果的有效期，有效"
        "期最长不得超过一年。……当事人议价的，可以自行协商确定议价结果的有效期，"
        "但不得超过前款规定的期限；定向询价结果的有效期，参照前款规定确定。"
    ),
    status="V1",
    since=PRICE,
    sheet="AUC-11",
)
def valid_until_at_most(*, fixed_on: date) -> date:
    """The last day a price of any method may be valid: one year on."""
    return add(fixed_on, years(1))


@rule(
    id="cn.price.27.3",
    cite="《参考价规定》第二十七条第三款",
    text=(
        "人民法院在议价、询价、评估结果有效期内发布一拍拍卖公告或者直接进入变卖程"
        "序，拍卖、变卖时未超过有效期六个月的，无需重新确定参考价，但法律、行政法"
        "规、司法解释另有规定的除外。"
    ),
    status="V1",
    since=PRICE,
    sheet="AUC-11",
)
def price_still_holds(*, valid_until: date, announced_on: date, sold_on: date) -> bool:
    """Announced while valid and sold no more than six months after: no new price."""
    return announced_on <= valid_until and sold_on <= add(valid_until, months(6))


@rule(
    id="cn.price.30",
    cite="《参考价规定》第三十条",
    text=(
        "人民法院应当在参考价确定后十日内启动财产变价程序。拍卖的，参照参考价确定"
        "起拍价；直接变卖的，参照参考价确定变卖价。"
    ),
    status="V1",
    since=PRICE,
    sheet="AUC-11",
)
def sale_starts_by(*, price_fixed_on: date) -> Deadline:
    """The sale begins within 10 days of fixing the price."""
    return deadline(price_fixed_on, days(10))
