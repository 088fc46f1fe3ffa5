"""Sales without an auction: by the court, or on the platform after two failures."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil

from zhipo.kernel.periods import Deadline, days, deadline
from zhipo.kernel.rules import rule
from zhipo.law.auctions import AUC, AUCO

LEAST_AFTER_FAILURE = Fraction(1, 2)
ANNOUNCED_WITHIN = days(15)
PLATFORM_SALE_DAYS = 60
IMMOVABLE_NOTICE_DAYS = 15
MOVABLE_NOTICE_DAYS = 7


class DirectSaleKind(StrEnum):
    PRECIOUS_METAL = "precious_metal"  # 金银及其制品
    OPENLY_PRICED = "openly_priced"  # 当地市场有公开交易价格的动产
    PERISHABLE = "perishable"  # 易腐烂变质的物品
    SEASONAL = "seasonal"  # 季节性商品
    COSTLY_TO_KEEP = "costly_to_keep"  # 保管困难或者保管费用过高的物品


@rule(
    id="cn.auco.31",
    cite="《拍卖变卖规定》第三十一条",
    text=(
        "对查封、扣押、冻结的财产，当事人双方及有关权利人同意变卖的，可以变卖。…"
        "…金银及其制品、当地市场有公开交易价格的动产、易腐烂变质的物品、季节性商"
        "品、保管困难或者保管费用过高的物品，人民法院可以决定变卖。"
    ),
    status="V1",
    since=AUCO,
    sheet="AUC-12",
)
def may_sell_directly(*, kind: DirectSaleKind | None, all_consent: bool) -> bool:
    """With the consent of parties and right holders, or for one of five kinds of goods."""
    return all_consent or kind is not None


@rule(
    id="cn.auco.32",
    cite="《拍卖变卖规定》第三十二条",
    text=(
        "当事人双方及有关权利人对变卖财产的价格有约定的，按照其约定价格变卖；无约"
        "定价格但有市价的，变卖价格不得低于市价；无市价但价值较大、价格不易确定的"
        "，应当委托评估机构进行评估，并按照评估价格进行变卖。……按照评估价格变卖"
        "不成的，可以降低价格变卖，但最低的变卖价不得低于评估价的二分之一。"
    ),
    status="V1",
    since=AUCO,
    sheet="AUC-12",
)
def direct_sale_floor_fen(
    *,
    agreed_fen: int | None = None,
    market_fen: int | None = None,
    valuation_fen: int | None = None,
    failed_at_valuation: bool = False,
) -> int:
    """The least price: as agreed, else the market's, else the valuation.

    Half the valuation once nobody bought at it. Raises ValueError where there is
    neither: the thing must be valued first.
    """
    for price in (agreed_fen, market_fen):
        if price is not None:
            return price
    if valuation_fen is None:
        raise ValueError("without an agreed or market price the thing is valued first")
    return (
        ceil(LEAST_AFTER_FAILURE * valuation_fen) if failed_at_valuation else valuation_fen
    )


@dataclass(frozen=True)
class PlatformSale:
    """Terms of a 变卖: announced by when, for how many days, at what price and deposit."""

    announced_by: Deadline
    open_days: int
    price_fen: int
    deposit_fen: int


@rule(
    id="cn.var.terms",
    cite="网络司法变卖规则（实务资料，文号待核）",
    status="V2",
    since=AUC,
    sheet=("AUC-08", "D41"),
)
def platform_sale(*, second_start_fen: int, failed_on: date) -> PlatformSale:
    """Announced within 15 days, open for 60, at the second start price, deposited in full.

    A bid starts the 24 hours of bidding with their extensions (`cn.auc.20.2`).
    """
    return PlatformSale(
        announced_by=deadline(failed_on, ANNOUNCED_WITHIN),
        open_days=PLATFORM_SALE_DAYS,
        price_fen=second_start_fen,
        deposit_fen=second_start_fen,
    )


@rule(
    id="cn.var.notice",
    cite="网络司法变卖规则（实务资料，文号待核）",
    status="V2",
    since=AUC,
    sheet="AUC-08",
)
def latest_notice_of_platform_sale(*, starts_on: date) -> date:
    """The last day to announce the 变卖 of an immovable: 15 days before."""
    return starts_on - timedelta(days=IMMOVABLE_NOTICE_DAYS)


@rule(
    id="cn.var.notice.movable",
    cite="网络司法变卖规则（实务资料，文号待核）",
    status="U",
    since=AUC,
    sheet="AUC-08",
)
def latest_notice_of_movables_sale(
    *, starts_on: date, needs_lawyer_check: bool = False
) -> date:
    """The last day to announce the 变卖 of movables: 7 days before."""
    return starts_on - timedelta(days=MOVABLE_NOTICE_DAYS)
