"""What selling costs: auctioneers and valuations (拍卖变卖规定, 参考价规定)."""

from datetime import date

from zhipo.kernel.money import by_bracket, round_half_up
from zhipo.kernel.rules import rule
from zhipo.law.fees.court import Brackets, brackets

COMMISSION: Brackets = brackets(
    (200, "0.05"), (1_000, "0.03"), (5_000, "0.02"), (10_000, "0.01"), (None, "0.005")
)


@rule(
    id="cn.auco.29",
    cite="《拍卖变卖规定》第二十九条",
    text=(
        "拍卖成交的，拍卖机构可以按照下列比例向买受人收取佣金：……拍卖成交价20"
        "0万元以下的，收取佣金的比例不得超过5％；超过200万元至1000万元的"
        "部分，不得超过3％；超过1000万元至5000万元的部分，不得超过2％；"
        "超过5000万元至1亿元的部分，不得超过1％；超过1亿元的部分，不得超过"
        "0.5％。……采取公开招标方式确定拍卖机构的，按照中标方案确定的数额收取"
        "佣金。……拍卖未成交或者非因拍卖机构的原因撤回拍卖委托的，拍卖机构为本次"
        "拍卖已经支出的合理费用，应当由被执行人负担。"
    ),
    status="V1",
    since=date(2021, 1, 1),
    sheet="FEE-08",
)
def commission_cap_fen(*, price_fen: int, is_auction_house: bool) -> int:
    """The most an auction house may take from the buyer; nothing on a network auction."""
    return round_half_up(by_bracket(price_fen, COMMISSION)) if is_auction_house else 0


@rule(
    id="cn.price.33",
    cite="《参考价规定》第三十三条",
    text=(
        "网络询价费及委托评估费由申请执行人先行垫付，由被执行人负担。……申请执行"
        "人通过签订保险合同的方式垫付网络询价费或者委托评估费的，保险人应当向人民"
        "法院出具担保书。担保书应当载明因申请执行人未垫付网络询价费或者委托评估费"
        "由保险人支付等内容，并附相关证据材料。"
    ),
    status="V1",
    since=date(2018, 9, 1),
    sheet="FEE-09",
)
def valuation_cost_fen(*, fee_fen: int, actual_cost_fen: int, is_sold: bool) -> int:
    """The fee is owed on a sale; without one only the actual cost is."""
    return fee_fen if is_sold else min(fee_fen, actual_cost_fen)
