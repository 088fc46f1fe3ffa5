"""Is there something to rescue (挽救价值): transparent points, and what they propose."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from zhipo.kernel.options import option
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.data_assets.gate import Outcome
from zhipo.law.triage.cause import EBL


class Indicator(StrEnum):
    """What speaks for a rescue (the paper's 2.2): each has its row of points."""

    GOING_CONCERN = "going_concern"  # 继续经营价值与清算价值之比
    ACTIVE_BUYERS = "active_buyers"  # 活跃买家占比
    REPEAT_RATE = "repeat_rate"  # 复购率
    SUPPLIERS = "suppliers"  # 愿意继续供货的供应商占比
    DATA_VALUE = "data_value"  # 数据价值


Scale = tuple[tuple[Fraction, int], ...]
"""(least measure, points), the highest first; below the last there are none."""

SCALES: dict[Indicator, Scale] = {
    Indicator.GOING_CONCERN: (
        (Fraction(2), 40),
        (Fraction(3, 2), 30),
        (Fraction(11, 10), 15),
    ),
    Indicator.ACTIVE_BUYERS: (
        (Fraction(1, 2), 15),
        (Fraction(1, 4), 10),
        (Fraction(1, 10), 5),
    ),
    Indicator.REPEAT_RATE: (
        (Fraction(2, 5), 15),
        (Fraction(1, 5), 10),
        (Fraction(1, 10), 5),
    ),
    Indicator.SUPPLIERS: (
        (Fraction(2, 3), 20),
        (Fraction(1, 2), 12),
        (Fraction(1, 4), 5),
    ),
}
DATA_POINTS: dict[Outcome, int] = {
    Outcome.SELL: 10,
    Outcome.AFTER_DUTIES: 6,
    Outcome.SIGN_OFF: 3,
}
"""What the gate says of the data as a whole; every other outcome earns nothing."""

MOST: dict[Indicator, int] = {
    **{one: scale[0][1] for one, scale in SCALES.items()},
    Indicator.DATA_VALUE: max(DATA_POINTS.values()),
}
"""The weight of each indicator: together 100."""
assert sum(MOST.values()) == 100

WHY: dict[Indicator, str] = {
    Indicator.GOING_CONCERN: "the heaviest: a reorganisation must leave creditors at least "
    "what a liquidation would (EBL 87); below 1.1 the gain is within the error of a "
    "valuation",
    Indicator.ACTIVE_BUYERS: "an e-commerce business lives on who still buys: those of the "
    "last year who bought in the last ninety days before the day of the memo",
    Indicator.REPEAT_RATE: "who came back once was not bought by advertising alone",
    Indicator.SUPPLIERS: "half in heads and two thirds in sums carry a class (EBL 84): "
    "suppliers who will not deliver will not vote for a plan either",
    Indicator.DATA_VALUE: "data counts as far as it may go to an investor at all: the "
    "gate's answer, not a price (DAT-01 to DAT-13)",
}

THRESHOLD = option(
    "option.rescue.threshold",
    default=60,
    status="P",
    reason="of 100 points; the heaviest row alone earns 40, so that no single figure "
    "proposes a rescue",
    sheet="TRI-06",
)
ACTIVE_DAYS = option(
    "option.rescue.active_days",
    default=90,
    status="P",
    reason="a buyer of daily goods who has not ordered for a quarter has gone elsewhere",
    sheet="TRI-06",
)
BUYERS_DAYS = option(
    "option.rescue.buyers_days",
    default=365,
    status="P",
    reason="one year of orders holds each season once",
    sheet="TRI-06",
)


@rule(
    id="policy.rescue.points",
    cite="论文2.2",
    status="P",
    since=EBL,
    sheet="TRI-06",
    reason="no text measures the value of rescue; the scales are ours, each with its "
    "reason, and a judge may give other points with a reason",
)
def rescue_points(*, indicator: Indicator, measure: Fraction) -> int:
    """Points of one measured indicator by its scale; thresholds belong to the higher."""
    scale = SCALES[Indicator(indicator)]
    return next((points for least, points in scale if measure >= least), 0)


@rule(
    id="policy.rescue.data",
    cite="论文2.2",
    status="P",
    since=EBL,
    sheet=("TRI-06", "DAT-01"),
    reason=WHY[Indicator.DATA_VALUE],
)
def data_points(*, outcome: Outcome) -> int:
    """Points for the data by the answer of the gate of `law.data_assets`."""
    return DATA_POINTS.get(Outcome(outcome), 0)


@dataclass(frozen=True)
class Rescue:
    """Whether a rescue is proposed, with the points and whether value speaks for it."""

    is_proposed: bool
    points: int
    is_worth_more_alive: bool


@rule(
    id="policy.rescue.proposal",
    cite="论文2.2；《企业破产法》第八十七条第二款",
    text=(
        "普通债权所获得的清偿比例，不低于其在重整计划草案被提请批准时依照破产清算"
        "程序所能获得的清偿比例"
    ),
    status="P",
    since=EBL,
    sheet=("TRI-06", "VOT-11"),
    reason="points alone propose nothing: where the business is not worth more alive than "
    "in pieces a plan would fail the comparison of art. 87",
)
def proposes_rescue(
    *,
    points: int,
    going_concern_fen: int,
    liquidation_fen: int,
    threshold: int = THRESHOLD.default,
) -> Rescue:
    """Enough points, and worth more as a going concern than in liquidation."""
    is_worth_more = going_concern_fen > liquidation_fen
    note(threshold=threshold)
    return Rescue(points >= threshold and is_worth_more, points, is_worth_more)
