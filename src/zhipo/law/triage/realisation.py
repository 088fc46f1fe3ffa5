"""What property may bring (变现预期): a range from whose it is and what auctions allow."""

from dataclasses import dataclass
from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.law.auctions import AUC
from zhipo.law.auctions.price import least_second_start_fen, least_start_fen


class Standing(StrEnum):
    """How sure it is that the thing is the debtor's."""

    OWN = "own"  # 被执行人所有
    UNCHECKED = "unchecked"  # 未核查
    DISPUTED = "disputed"  # 权属争议
    NOT_OWN = "not_own"  # 不属于被执行人


@dataclass(frozen=True)
class Range:
    """A sum as it may turn out, in fen. Raises ValueError unless low <= likely <= high."""

    low_fen: int
    likely_fen: int
    high_fen: int

    def __post_init__(self) -> None:
        if not 0 <= self.low_fen <= self.likely_fen <= self.high_fen:
            raise ValueError("a range runs from low over likely to high, none below 0")

    def __add__(self, other: "Range") -> "Range":
        return Range(
            self.low_fen + other.low_fen,
            self.likely_fen + other.likely_fen,
            self.high_fen + other.high_fen,
        )


NOTHING = Range(0, 0, 0)


@rule(
    id="policy.realisation",
    cite="《网络司法拍卖规定》第十条；《网络司法拍卖规定》第二十六条",
    text="起拍价不得低于评估价或者市价的百分之七十。",
    status="P",
    since=AUC,
    sheet=("AUC-01", "AUC-07"),
    reason="money is worth its sum; a thing brings at most its reference price, likely the "
    "least start price of the first auction, at worst that of the second; what is not "
    "shown to be the debtor's is left out of the low value, what is disputed out of the "
    "likely one too, what is another's out of all",
)
def realisable(*, value_fen: int, is_money: bool, standing: Standing) -> Range:
    """What a thing may bring, in fen: low, likely, high; costs are not taken off here."""
    if standing == Standing.NOT_OWN:
        return NOTHING
    low = likely = value_fen
    if not is_money:
        likely = min(value_fen, least_start_fen(reference_fen=value_fen))
        low = min(likely, least_second_start_fen(first_start_fen=likely))
    if standing == Standing.OWN:
        return Range(low, likely, value_fen)
    return Range(0, 0 if standing == Standing.DISPUTED else likely, value_fen)
