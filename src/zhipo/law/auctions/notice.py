"""When an auction is announced, who is told, when it is held again."""

from datetime import date, timedelta
from enum import StrEnum

from zhipo.kernel.periods import Deadline, days, deadline
from zhipo.kernel.rules import rule
from zhipo.law.auctions import AUC
from zhipo.law.estate.assets import AssetKind

TELL_DAYS_BEFORE_NOTICE = 3
DEEMED_TOLD_AFTER = days(5)
SECOND_WITHIN = days(30)


class Thing(StrEnum):
    MOVABLE = "movable"  # 动产
    IMMOVABLE_OR_OTHER = "immovable_or_other"  # 不动产或者其他财产权


FIRST_NOTICE_DAYS = {Thing.MOVABLE: 15, Thing.IMMOVABLE_OR_OTHER: 30}
SECOND_NOTICE_DAYS = {Thing.MOVABLE: 7, Thing.IMMOVABLE_OR_OTHER: 15}


@rule(
    id="policy.auction.thing",
    cite="《网络司法拍卖规定》第十二条",
    text=(
        "拍卖动产的，应当在拍卖十五日前公告；拍卖不动产或者其他财产权的，应当在拍"
        "卖三十日前公告。"
    ),
    status="P",
    since=AUC,
    sheet=("AUC-02", "EST-15"),
    reason="of the asset kinds only goods can be touched; accounts, rights and claims "
    "take the longer notice of 其他财产权",
)
def thing_of(*, kind: AssetKind) -> Thing:
    """Under which notice period an asset of this kind is announced."""
    return Thing.MOVABLE if kind == AssetKind.INVENTORY else Thing.IMMOVABLE_OR_OTHER


@rule(
    id="cn.auc.12",
    cite="《网络司法拍卖规定》第十二条",
    text=(
        "网络司法拍卖应当先期公告，拍卖公告除通过法定途径发布外，还应同时在网络司"
        "法拍卖平台发布。拍卖动产的，应当在拍卖十五日前公告；拍卖不动产或者其他财"
        "产权的，应当在拍卖三十日前公告。"
    ),
    status="V1",
    since=AUC,
    sheet=("AUC-02", "D41"),
)
def latest_first_notice(*, thing: Thing, auction_on: date) -> date:
    """The last day to announce the first auction: 15 or 30 days before."""
    return auction_on - timedelta(days=FIRST_NOTICE_DAYS[Thing(thing)])


@rule(
    id="cn.auc.16.tell",
    cite="《网络司法拍卖规定》第十六条第一款",
    text=(
        "网络司法拍卖的事项应当在拍卖公告发布三日前以书面或者其他能够确认收悉的合"
        "理方式，通知当事人、已知优先购买权人。权利人书面明确放弃权利的，可以不通"
        "知。"
    ),
    status="V1",
    since=AUC,
    sheet=("AUC-02", "D41"),
)
def latest_telling(*, notice_on: date) -> date:
    """The last day to tell parties and known pre-emptors: 3 days before the notice."""
    return notice_on - timedelta(days=TELL_DAYS_BEFORE_NOTICE)


@rule(
    id="cn.auc.16.shown",
    cite="《网络司法拍卖规定》第十六条第一款",
    text=(
        "无法通知的，应当在网络司法拍卖平台公示并说明无法通知的理由，公示满五日视"
        "为已经通知。"
    ),
    status="V1",
    since=AUC,
    sheet=("AUC-02", "D41"),
)
def deemed_told_after(*, shown_on: date) -> Deadline:
    """Who cannot be reached is taken as told once five days of publication are full."""
    return deadline(shown_on, DEEMED_TOLD_AFTER)


class AfterAuction(StrEnum):
    SECOND_AUCTION = "second_auction"  # 再次拍卖
    PLATFORM_SALE = "platform_sale"  # 网络司法变卖


@rule(
    id="cn.auc.26.next",
    cite="《网络司法拍卖规定》第二十六条",
    text=(
        "网络司法拍卖竞价期间无人出价的，本次拍卖流拍。流拍后应当在三十日内在同一"
        "网络司法拍卖平台再次拍卖，拍卖动产的应当在拍卖七日前公告；拍卖不动产或者"
        "其他财产权的应当在拍卖十五日前公告。再次拍卖的起拍价降价幅度不得超过前次"
        "起拍价的百分之二十。……再次拍卖流拍的，可以依法在同一网络司法拍卖平台变"
        "卖。"
    ),
    status="V1",
    since=AUC,
    sheet=("AUC-07", "AUC-08"),
)
def next_after_failure(*, failed_auctions: int) -> AfterAuction:
    """What follows an auction without a bid. Raises ValueError below 1 or above 2."""
    if failed_auctions not in (1, 2):
        raise ValueError("there are two auctions at most, one of which must have failed")
    return (
        AfterAuction.SECOND_AUCTION if failed_auctions == 1 else AfterAuction.PLATFORM_SALE
    )


@rule(
    id="cn.auc.26.within",
    cite="《网络司法拍卖规定》第二十六条",
    text=(
        "网络司法拍卖竞价期间无人出价的，本次拍卖流拍。流拍后应当在三十日内在同一"
        "网络司法拍卖平台再次拍卖，拍卖动产的应当在拍卖七日前公告；拍卖不动产或者"
        "其他财产权的应当在拍卖十五日前公告。"
    ),
    status="V1",
    since=AUC,
    sheet=("AUC-07", "D41"),
)
def second_auction_by(*, failed_on: date) -> Deadline:
    """The second auction is held on the same platform within 30 days."""
    return deadline(failed_on, SECOND_WITHIN)


@rule(
    id="cn.auc.26.notice",
    cite="《网络司法拍卖规定》第二十六条",
    text=(
        "流拍后应当在三十日内在同一网络司法拍卖平台再次拍卖，拍卖动产的应当在拍卖"
        "七日前公告；拍卖不动产或者其他财产权的应当在拍卖十五日前公告。"
    ),
    status="V1",
    since=AUC,
    sheet=("AUC-07", "D41"),
)
def latest_second_notice(*, thing: Thing, auction_on: date) -> date:
    """The last day to announce the second auction: 7 or 15 days before."""
    return auction_on - timedelta(days=SECOND_NOTICE_DAYS[Thing(thing)])
