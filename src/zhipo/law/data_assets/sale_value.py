"""From the value of all data to the value of what may be sold."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from zhipo.kernel.money import round_half_up
from zhipo.kernel.options import option
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.data_assets import GUIDANCE
from zhipo.law.data_assets.gate import Outcome
from zhipo.law.data_assets.methods import CITE

PASSED = frozenset({Outcome.SELL})


class Method(StrEnum):
    INCOME = "income"  # 收益法
    COST = "cost"  # 成本法
    MARKET = "market"  # 市场法


LIQUIDATION_DISCOUNT = option(
    "option.data.liquidation_discount",
    default=Fraction(0),
    status="P",
    reason="no text read gives a discount for a forced sale; it is whatever the valuer "
    "states, and shows as a line of its own",
    sheet="DAV-06",
)


@dataclass(frozen=True)
class ValuedPart:
    """One part, the gate's answer, and its gross value by each method used (fen)."""

    part_id: str
    outcome: Outcome
    gross_fen: Mapping[Method, int]


@dataclass(frozen=True)
class Offer:
    """The value by one method: all data, what passed, the discount, what may be sold."""

    gross_fen: int
    passed_fen: int
    discount_fen: int
    saleable_fen: int


@dataclass(frozen=True)
class ValueRange:
    """The offers by method and the range of what may be sold (fen)."""

    offers: Mapping[Method, Offer]
    low_fen: int
    high_fen: int


@rule(
    id="policy.data_compliance",
    cite=CITE,
    status="P",
    since=GUIDANCE,
    sheet="DAV-06",
    reason="a part that may not be sold is worth nothing to a buyer, whatever it cost or "
    "earned; with a duty still open it has not passed",
)
def compliance_factor(*, outcome: Outcome) -> int:
    """1 for a part that has passed the gate, 0 for every other."""
    return int(outcome in PASSED)


@rule(
    id="policy.data_value",
    cite=CITE,
    status="P",
    since=GUIDANCE,
    sheet="DAV-06",
    reason="methods differ and none is law: all are shown, with the range they span",
)
def value_range(
    *,
    parts: tuple[ValuedPart, ...],
    liquidation_discount: Fraction = LIQUIDATION_DISCOUNT.default,
) -> ValueRange:
    """Gross and saleable value by every method, and the range over the methods.

    Raises ValueError for a discount outside 0 to 1, and where the parts were not all
    valued by the same methods, for then their sums could not be compared.
    """
    if not 0 <= liquidation_discount <= 1:
        raise ValueError("a liquidation discount lies between 0 and 1")
    methods = {frozenset(part.gross_fen) for part in parts}
    if len(methods) != 1 or not (used := methods.pop()):
        raise ValueError("every part is valued by the same methods")
    note(liquidation_discount=liquidation_discount)
    offers = {
        method: _offer(parts, method, liquidation_discount) for method in sorted(used)
    }
    saleable = [offer.saleable_fen for offer in offers.values()]
    return ValueRange(offers, min(saleable), max(saleable))


def _offer(parts: tuple[ValuedPart, ...], method: Method, discount: Fraction) -> Offer:
    gross = sum(part.gross_fen[method] for part in parts)
    passed = sum(
        part.gross_fen[method] * compliance_factor(outcome=part.outcome) for part in parts
    )
    cut = round_half_up(passed * discount)
    return Offer(gross, passed, cut, passed - cut)
