"""Start prices, cuts and deposits of a network auction by the court."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from zhipo.kernel.rules import rule
from zhipo.law.auctions import AUC

LEAST_START = Fraction(70, 100)
LARGEST_CUT = Fraction(20, 100)
LEAST_DEPOSIT = Fraction(5, 100)
LARGEST_DEPOSIT = Fraction(20, 100)


@rule(
    id="cn.auc.10",
    cite="《网络司法拍卖规定》第十条",
    text=(
        "网络司法拍卖应当确定保留价，拍卖保留价即为起拍价。……起拍价由人民法院参"
        "照评估价确定；未作评估的，参照市价确定，并征询当事人意见。起拍价不得低于"
        "评估价或者市价的百分之七十。"
    ),
    status="V1",
    since=AUC,
    sheet=("AUC-01", "AUC-E1"),
)
def least_start_fen(*, reference_fen: int) -> int:
    """The least start price, which is the reserve: 70 % of valuation or market price."""
    return ceil(LEAST_START * reference_fen)


@dataclass(frozen=True)
class DepositRange:
    """The least and the most that may be asked of a bidder, in fen."""

    least_fen: int
    most_fen: int


@rule(
    id="cn.auc.17.1",
    cite="《网络司法拍卖规定》第十七条第一款",
    text="保证金数额由人民法院在起拍价的百分之五至百分之二十范围内确定。",
    status="V1",
    since=AUC,
    sheet=("AUC-03", "AUC-E1"),
)
def deposit_range_fen(*, start_fen: int) -> DepositRange:
    """A deposit is 5 to 20 % of the start price, both ends included."""
    return DepositRange(ceil(LEAST_DEPOSIT * start_fen), floor(LARGEST_DEPOSIT * start_fen))


@rule(
    id="cn.auc.17.2",
    cite="《网络司法拍卖规定》第十七条第二款",
    text=(
        "竞买人应当在参加拍卖前以实名交纳保证金，未交纳的，不得参加竞买。申请执行"
        "人参加竞买的，可以不交保证金；但债权数额小于保证金数额的按差额部分交纳。"
    ),
    status="V1",
    since=AUC,
    sheet="AUC-03",
)
def deposit_due_fen(*, deposit_fen: int, is_applicant: bool, claim_fen: int = 0) -> int:
    """What a bidder pays in; the applicant only what its claim falls short by."""
    return max(0, deposit_fen - claim_fen) if is_applicant else deposit_fen


@rule(
    id="cn.auc.26.cut",
    cite="《网络司法拍卖规定》第二十六条",
    text="再次拍卖的起拍价降价幅度不得超过前次起拍价的百分之二十。",
    status="V1",
    since=AUC,
    sheet=("AUC-07", "AUC-E1"),
)
def least_second_start_fen(*, first_start_fen: int) -> int:
    """The least start price of the second auction: no more than 20 % off the first."""
    return ceil((1 - LARGEST_CUT) * first_start_fen)
