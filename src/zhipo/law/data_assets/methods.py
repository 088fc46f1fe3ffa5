"""Three methods of valuing data (《数据资产评估指导意见》): income, cost, market.

Amounts go in as fen and come out as fen, exact as fractions in between and rounded once,
half up. The formulas were not found in a text that could be read, the direct one apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from zhipo.kernel.money import round_half_up
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.data_assets import GUIDANCE

CITE = "《数据资产评估指导意见》（中评协〔2023〕17号）"


class QualityDimension(StrEnum):
    ACCURACY = "accuracy"  # 准确性
    CONSISTENCY = "consistency"  # 一致性
    COMPLETENESS = "completeness"  # 完整性
    CONFORMITY = "conformity"  # 规范性
    TIMELINESS = "timeliness"  # 时效性
    ACCESSIBILITY = "accessibility"  # 可访问性


@rule(id="cn.dav.conditions", cite=CITE, status="U", since=GUIDANCE, sheet="DAV-01")
def is_data_asset(
    *,
    is_identifiable: bool,
    is_lawfully_controlled: bool,
    brings_benefit: bool,
    needs_lawyer_check: bool = False,
) -> bool:
    """Identifiable, lawfully owned or controlled, and able to bring a benefit."""
    note(needs_lawyer_check=needs_lawyer_check)
    return is_identifiable and is_lawfully_controlled and brings_benefit


@rule(id="cn.dav.quality", cite=CITE, status="V2", since=GUIDANCE, sheet="DAV-02")
def unscored_dimensions(
    *, scores: Mapping[QualityDimension, Fraction]
) -> frozenset[QualityDimension]:
    """Which of the six quality dimensions the valuation has left out."""
    return frozenset(QualityDimension) - scores.keys()


@rule(id="cn.dav.income.direct", cite=CITE, status="V2", since=GUIDANCE, sheet="DAV-03")
def direct_income_fen(*, earnings_fen: int) -> int:
    """F = R: the year's earnings before interest and tax from the data, in fen."""
    return earnings_fen


@rule(id="cn.dav.income.share", cite=CITE, status="U", since=GUIDANCE, sheet="DAV-03")
def shared_income_fen(
    *, earnings_fen: int, share: Fraction, needs_lawyer_check: bool = False
) -> int:
    """F = R × K: the data's share of the year's earnings, in fen."""
    note(needs_lawyer_check=needs_lawyer_check)
    return round_half_up(earnings_fen * share)


@rule(id="cn.dav.income.excess", cite=CITE, status="U", since=GUIDANCE, sheet="DAV-03")
def excess_income_fen(
    *,
    earnings_fen: int,
    other_contributions_fen: tuple[int, ...],
    needs_lawyer_check: bool = False,
) -> int:
    """F = R − ΣC: the year's earnings less what the other assets contribute, in fen."""
    note(needs_lawyer_check=needs_lawyer_check)
    return earnings_fen - sum(other_contributions_fen)


@rule(id="cn.dav.income.increment", cite=CITE, status="U", since=GUIDANCE, sheet="DAV-03")
def incremental_income_fen(
    *, with_data_fen: int, without_data_fen: int, needs_lawyer_check: bool = False
) -> int:
    """F = RY − RN: the year's earnings with the data less those without, in fen."""
    note(needs_lawyer_check=needs_lawyer_check)
    return with_data_fen - without_data_fen


@rule(
    id="cn.dav.income.value",
    cite=CITE,
    status="U",
    since=GUIDANCE,
    sheet=("DAV-03", "DAV-E1"),
)
def income_value_fen(
    *,
    incomes_fen: tuple[int, ...],
    discount_rate: Fraction,
    needs_lawyer_check: bool = False,
) -> int:
    """P = Σ F / (1 + i)^t: the years' incomes, the first a year from now, in fen.

    Raises ValueError for a rate of −100 % or less.
    """
    if discount_rate <= -1:
        raise ValueError("the discount rate is above -100 %")
    exact = Fraction(0)
    for income in reversed(incomes_fen):
        exact = (exact + income) / (1 + discount_rate)
    note(exact_fen=exact, needs_lawyer_check=needs_lawyer_check)
    return round_half_up(exact)


@dataclass(frozen=True)
class ReplacementCost:
    """What it would cost to have the data anew, in fen."""

    up_front_fen: int = 0
    direct_fen: int = 0
    indirect_fen: int = 0
    opportunity_fen: int = 0
    taxes_fen: int = 0

    @property
    def total_fen(self) -> int:
        return (
            self.up_front_fen
            + self.direct_fen
            + self.indirect_fen
            + self.opportunity_fen
            + self.taxes_fen
        )


@rule(id="cn.dav.cost", cite=CITE, status="U", since=GUIDANCE, sheet=("DAV-04", "DAV-E2"))
def cost_value_fen(
    *, cost: ReplacementCost, adjustment: Fraction, needs_lawyer_check: bool = False
) -> int:
    """P = C × δ: replacement cost times the factor for quality, circulation and use."""
    note(replacement_fen=cost.total_fen, needs_lawyer_check=needs_lawyer_check)
    return round_half_up(cost.total_fen * adjustment)


@dataclass(frozen=True)
class ComparedSubset:
    """One subset: what a comparable one sold for (fen), and the five factors to it."""

    reference_fen: int
    quality: Fraction
    supply_and_demand: Fraction
    sale_date: Fraction
    volume: Fraction
    other: Fraction


@rule(id="cn.dav.market", cite=CITE, status="U", since=GUIDANCE, sheet=("DAV-05", "DAV-E3"))
def market_value_fen(
    *, subsets: tuple[ComparedSubset, ...], needs_lawyer_check: bool = False
) -> int:
    """P = Σ Q × X1 × X2 × X3 × X4 × X5 over the subsets, in fen."""
    exact = sum((_adjusted(subset) for subset in subsets), Fraction(0))
    note(exact_fen=exact, needs_lawyer_check=needs_lawyer_check)
    return round_half_up(exact)


def _adjusted(subset: ComparedSubset) -> Fraction:
    factors = subset.quality * subset.supply_and_demand * subset.sale_date
    return subset.reference_fen * factors * subset.volume * subset.other
