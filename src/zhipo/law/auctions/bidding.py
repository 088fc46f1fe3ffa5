"""The bidding itself: who may bid, when it ends, who wins, what becomes of deposits."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.law.auctions import AUC

LEAST_HOURS = 24
EXTENSION = timedelta(minutes=5)
DEPOSITS_BACK_WITHIN = timedelta(hours=24)


class Bidder(StrEnum):
    ANYONE = "anyone"  # 一般竞买人
    PARTY = "party"  # 申请执行人、被执行人
    COURT = "court"  # 负责执行的人民法院
    PLATFORM = "platform"  # 网络服务提供者
    ASSISTANT = "assistant"  # 承担拍卖辅助工作的机构
    STAFF_OR_RELATIVE = "staff_or_relative"  # 上述主体的工作人员及其近亲属
    DEFAULTED_BUYER = "defaulted_buyer"  # 悔拍的原买受人


MAY_BID = frozenset({Bidder.ANYONE, Bidder.PARTY})


@rule(
    id="cn.auc.34",
    cite="《网络司法拍卖规定》第二十四条第二款；《网络司法拍卖规定》第三十四条；"
    "《拍卖变卖规定》第十二条第二款",
    text=(
        "悔拍后重新拍卖的，原买受人不得参加竞买。……实施网络司法拍卖的，下列机构"
        "和人员不得竞买并不得委托他人代为竞买与其行为相关的拍卖财产：……（一）负"
        "责执行的人民法院；……（二）网络服务提供者；……（三）承担拍卖辅助工作的"
        "社会机构或者组织；……（四）第（一）至（三）项规定主体的工作人员及其近亲"
        "属。……申请执行人、被执行人可以参加竞买。"
    ),
    status="V1",
    since=AUC,
    sheet=("AUC-06", "AUC-10"),
)
def may_bid(*, bidder: Bidder) -> bool:
    """Not who runs the sale, their staff and near relatives, nor who once defaulted."""
    return bidder in MAY_BID


@dataclass(frozen=True)
class Bid:
    """One bid; `preemption_rank` is 1, 2, … for confirmed pre-emptors, else None."""

    bidder: str
    fen: int
    preemption_rank: int | None = None


@rule(
    id="cn.auc.11",
    cite="《网络司法拍卖规定》第十一条；《网络司法拍卖规定》第二十条",
    text=(
        "网络司法拍卖不限制竞买人数量。一人参与竞拍，出价不低于起拍价的，拍卖成交"
        "。……网络司法拍卖从起拍价开始以递增出价方式竞价，增价幅度由人民法院确定"
        "。竞买人以低于起拍价出价的无效。"
    ),
    status="V1",
    since=AUC,
    sheet="AUC-04",
)
def is_sold(*, start_fen: int, bids: tuple[Bid, ...]) -> bool:
    """One bid at the start price is enough; below it a bid is void."""
    return any(bid.fen >= start_fen for bid in bids)


@rule(
    id="cn.auc.20.2",
    cite="《网络司法拍卖规定》第二十条第二款",
    text=(
        "网络司法拍卖的竞价时间应当不少于二十四小时。竞价程序结束前五分钟内无人出"
        "价的，最后出价即为成交价；有出价的，竞价时间自该出价时点顺延五分钟。竞买"
        "人的出价时间以进入网络司法拍卖平台服务系统的时间为准。"
    ),
    status="V1",
    since=AUC,
    sheet=("AUC-04", "D41"),
)
def bidding_ends_at(
    *, opened_at: datetime, hours: int = LEAST_HOURS, bids_at: tuple[datetime, ...] = ()
) -> datetime:
    """At least 24 hours; each bid in the last five minutes ends it five minutes later.

    A bid at the very end comes too late. Raises ValueError under 24 hours.
    """
    if hours < LEAST_HOURS:
        raise ValueError(f"bidding lasts {LEAST_HOURS} hours at least")
    ends_at = opened_at + timedelta(hours=hours)
    for bid_at in sorted(bids_at):
        if ends_at - EXTENSION <= bid_at < ends_at:
            ends_at = bid_at + EXTENSION
    return ends_at


@rule(
    id="cn.auc.21",
    cite="《网络司法拍卖规定》第二十条第一款；《网络司法拍卖规定》第二十一条",
    text=(
        "竞买人以低于起拍价出价的无效。……优先购买权人参与竞买的，可以与其他竞买"
        "人以相同的价格出价，没有更高出价的，拍卖财产由优先购买权人竞得。……顺序"
        "不同的优先购买权人以相同价格出价的，拍卖财产由顺序在先的优先购买权人竞得"
        "。……顺序相同的优先购买权人以相同价格出价的，拍卖财产由出价在先的优先购"
        "买权人竞得。"
    ),
    status="V1",
    since=AUC,
    sheet="AUC-05",
)
def winner(*, start_fen: int, bids: tuple[Bid, ...]) -> Bid | None:
    """The highest valid bid; at one price pre-emptors first, by rank, then by time.

    `bids` stand in the order in which they came in; None if there is no valid one.
    """
    valid = [bid for bid in bids if bid.fen >= start_fen]
    if not valid:
        return None
    highest = max(bid.fen for bid in valid)
    equal = [bid for bid in valid if bid.fen == highest]
    preempting = [bid for bid in equal if bid.preemption_rank is not None]
    return min(preempting, key=lambda bid: bid.preemption_rank or 0, default=equal[0])


@rule(
    id="cn.auc.22.2",
    cite="《网络司法拍卖规定》第二十二条第二款；《民事诉讼法解释》第四百九十一条；"
    "《拍卖变卖规定》第二十六条",
    text=(
        "拍卖财产所有权自拍卖成交裁定送达买受人时转移。……拍卖成交或者依法定程序"
        "裁定以物抵债的，标的物所有权自拍卖成交裁定或者抵债裁定送达买受人或者接受"
        "抵债物的债权人时转移。……不动产、动产或者其他财产权拍卖成交或者抵债后，"
        "该不动产、动产的所有权、其他财产权自拍卖成交或者抵债裁定送达买受人或者承"
        "受人时起转移。"
    ),
    status="V1",
    since=AUC,
    sheet="AUC-09",
)
def is_buyers(*, day: date, ruling_served_on: date | None) -> bool:
    """Whether title has passed: only once the ruling on the sale has been served."""
    return ruling_served_on is not None and ruling_served_on <= day


@rule(
    id="cn.auc.23",
    cite="《网络司法拍卖规定》第二十三条",
    text=(
        "拍卖成交后，买受人交纳的保证金可以充抵价款；其他竞买人交纳的保证金应当在"
        "竞价程序结束后二十四小时内退还或者解冻。拍卖未成交的，竞买人交纳的保证金"
        "应当在竞价程序结束后二十四小时内退还或者解冻。"
    ),
    status="V1",
    since=AUC,
    sheet="AUC-06",
)
def deposits_back_by(*, ended_at: datetime) -> datetime:
    """Whoever did not win has the deposit back within 24 hours."""
    return ended_at + DEPOSITS_BACK_WITHIN


@dataclass(frozen=True)
class Forfeited:
    """Where a defaulted buyer's deposit goes, in this order; all in fen.

    The rest is not paid back to the buyer either: of what else becomes of it the
    article says nothing.
    """

    cost_fen: int
    difference_fen: int
    case_debt_fen: int
    related_debt_fen: int
    rest_fen: int


@rule(
    id="cn.auc.24",
    cite="《网络司法拍卖规定》第二十四条第一款",
    text=(
        "拍卖成交后买受人悔拍的，交纳的保证金不予退还，依次用于支付拍卖产生的费用"
        "损失、弥补重新拍卖价款低于原拍卖价款的差价、冲抵本案被执行人的债务以及与"
        "拍卖财产相关的被执行人的债务。"
    ),
    status="V1",
    since=AUC,
    sheet="AUC-06",
)
def forfeited_deposit(
    *,
    deposit_fen: int,
    cost_fen: int,
    old_price_fen: int,
    new_price_fen: int,
    case_debt_fen: int,
    related_debt_fen: int,
) -> Forfeited:
    """Costs first, then the shortfall of the new price, then the debtor's debts."""
    difference_fen = max(0, old_price_fen - new_price_fen)
    left = deposit_fen
    paid = []
    for owed in (cost_fen, difference_fen, case_debt_fen, related_debt_fen):
        paid.append(min(left, owed))
        left -= paid[-1]
    cost, difference, case_debt, related_debt = paid
    return Forfeited(cost, difference, case_debt, related_debt, rest_fen=left)
