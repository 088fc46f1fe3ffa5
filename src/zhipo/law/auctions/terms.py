"""The numbers of a sale: the court's own, or those of the creditors' plan (AUC-21)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from zhipo.kernel.options import option
from zhipo.kernel.rules import rule
from zhipo.law.auctions import AUC
from zhipo.law.auctions.bidding import EXTENSION, LEAST_HOURS
from zhipo.law.auctions.direct_sale import PLATFORM_SALE_DAYS
from zhipo.law.auctions.notice import (
    FIRST_NOTICE_DAYS,
    SECOND_NOTICE_DAYS,
    SECOND_WITHIN,
    Thing,
)
from zhipo.law.auctions.price import (
    LARGEST_CUT,
    LARGEST_DEPOSIT,
    LEAST_DEPOSIT,
    LEAST_START,
    DepositRange,
)


class SaleRegime(StrEnum):
    COURT_AUCTION = "court_auction"  # 执行法院网络司法拍卖
    ADMINISTRATOR_AUCTION = "administrator_auction"  # 管理人网络拍卖


@dataclass(frozen=True)
class SaleTerms:
    """Every number of a sale; the defaults are those of the court's network auction."""

    least_start_share: Fraction = LEAST_START
    least_deposit_share: Fraction = LEAST_DEPOSIT
    most_deposit_share: Fraction = LARGEST_DEPOSIT
    first_notice_days_movable: int = FIRST_NOTICE_DAYS[Thing.MOVABLE]
    first_notice_days_other: int = FIRST_NOTICE_DAYS[Thing.IMMOVABLE_OR_OTHER]
    bidding_hours: int = LEAST_HOURS
    extension_minutes: int = int(EXTENSION.total_seconds()) // 60
    second_within_days: int = SECOND_WITHIN.count
    largest_cut: Fraction = LARGEST_CUT
    second_notice_days_movable: int = SECOND_NOTICE_DAYS[Thing.MOVABLE]
    second_notice_days_other: int = SECOND_NOTICE_DAYS[Thing.IMMOVABLE_OR_OTHER]
    platform_sale_days: int = PLATFORM_SALE_DAYS

    def notice_days(self, thing: Thing, *, is_second: bool) -> int:
        """Days between the notice and the auction."""
        first = (self.first_notice_days_movable, self.first_notice_days_other)
        second = (self.second_notice_days_movable, self.second_notice_days_other)
        movable, other = second if is_second else first
        return movable if thing == Thing.MOVABLE else other


COURT_TERMS = SaleTerms()

SILENT_PLAN = option(
    "option.sale.silent_plan",
    default="court_auction_values",
    choices=("court_auction_values", "back_to_meeting"),
    status="I",
    reason="the auction rules bind courts in enforcement; the administrator follows the "
    "meeting's plan, and where that is silent local guides apply the same numbers",
    sheet="AUC-21",
)


class CourtTermsAreFixed(ValueError):
    """A court's auction keeps the numbers of the auction rules; no plan changes them."""


class PlanIsSilent(ValueError):
    """The plan names no terms, and the court's are not to stand in for them."""


@rule(
    id="cn.auc.regime",
    cite="《网络司法拍卖规定》第一条；《企业破产法》第一百一十一条；"
    "《企业破产法》第一百一十二条",
    text=(
        "本规定所称的网络司法拍卖，是指人民法院依法通过互联网拍卖平台，以网络电子"
        "竞价方式公开处置财产的行为。……管理人应当按照债权人会议通过的或者人民法"
        "院依照本法第六十五条第一款规定裁定的破产财产变价方案，适时变价出售破产财"
        "产。……变价出售破产财产应当通过拍卖进行。但是，债权人会议另有决议的除外"
        "。"
    ),
    status="I",
    since=AUC,
    sheet="AUC-21",
    reason=SILENT_PLAN.reason,
)
def sale_terms(
    *,
    regime: SaleRegime,
    plan: SaleTerms | None = None,
    silent_plan: str = SILENT_PLAN.default,
) -> SaleTerms:
    """The numbers that bind a sale: the court's, or the plan's where it names others.

    Raises CourtTermsAreFixed where a plan would change a court's auction, PlanIsSilent
    where a plan without terms is to go back to the meeting.
    """
    if regime == SaleRegime.COURT_AUCTION:
        if plan not in (None, COURT_TERMS):
            raise CourtTermsAreFixed("a plan cannot change a court's auction")
        return COURT_TERMS
    if plan is None and silent_plan == "back_to_meeting":
        raise PlanIsSilent("the plan names no terms of sale")
    return plan or COURT_TERMS


@dataclass(frozen=True)
class SalePrices:
    """The least start prices of both auctions and the deposits they allow, in fen."""

    first_start_fen: int
    first_deposit: DepositRange
    second_start_fen: int
    second_deposit: DepositRange


@rule(
    id="cn.auc.regime.prices",
    cite="《网络司法拍卖规定》第十条；《网络司法拍卖规定》第十七条；"
    "《网络司法拍卖规定》第二十六条；《企业破产法》第一百一十一条",
    text=(
        "起拍价由人民法院参照评估价确定；未作评估的，参照市价确定，并征询当事人意"
        "见。起拍价不得低于评估价或者市价的百分之七十。……保证金数额由人民法院在"
        "起拍价的百分之五至百分之二十范围内确定。……再次拍卖的起拍价降价幅度不得"
        "超过前次起拍价的百分之二十。……管理人应当按照债权人会议通过的或者人民法"
        "院依照本法第六十五条第一款规定裁定的破产财产变价方案，适时变价出售破产财"
        "产。"
    ),
    status="I",
    since=AUC,
    sheet=("AUC-21", "AUC-E1"),
    reason=SILENT_PLAN.reason,
)
def sale_prices(*, reference_fen: int, terms: SaleTerms = COURT_TERMS) -> SalePrices:
    """All prices of a sale under its terms, each rounded to the lawful side."""
    first = ceil(terms.least_start_share * reference_fen)
    second = ceil((1 - terms.largest_cut) * first)
    return SalePrices(first, _deposits(first, terms), second, _deposits(second, terms))


def _deposits(start_fen: int, terms: SaleTerms) -> DepositRange:
    return DepositRange(
        ceil(terms.least_deposit_share * start_fen),
        floor(terms.most_deposit_share * start_fen),
    )


@rule(
    id="cn.auc.regime.notice",
    cite="《网络司法拍卖规定》第十二条；《网络司法拍卖规定》第二十六条；"
    "《企业破产法》第一百一十一条",
    text=(
        "拍卖动产的，应当在拍卖十五日前公告；拍卖不动产或者其他财产权的，应当在拍"
        "卖三十日前公告。……流拍后应当在三十日内在同一网络司法拍卖平台再次拍卖，"
        "拍卖动产的应当在拍卖七日前公告；拍卖不动产或者其他财产权的应当在拍卖十五"
        "日前公告。……管理人应当按照债权人会议通过的或者人民法院依照本法第六十五"
        "条第一款规定裁定的破产财产变价方案，适时变价出售破产财产。"
    ),
    status="I",
    since=AUC,
    sheet="AUC-21",
    reason=SILENT_PLAN.reason,
)
def latest_notice_under_terms(
    *, thing: Thing, auction_on: date, is_second: bool, terms: SaleTerms = COURT_TERMS
) -> date:
    """The last day to announce an auction under the terms that bind the sale."""
    return auction_on - timedelta(days=terms.notice_days(thing, is_second=is_second))
