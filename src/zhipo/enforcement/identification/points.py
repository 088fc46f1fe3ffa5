"""Rescue (挽救价值): what is measured, the points it earns, what they propose."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from zhipo.enforcement.identification.facts import POINTS_OF, FactKey, Values, range_of
from zhipo.enforcement.identification.findings import Told, told
from zhipo.kernel.trace import traced
from zhipo.law.data_assets.gate import Outcome
from zhipo.law.triage.rescue import (
    MOST,
    WHY,
    Indicator,
    data_points,
    proposes_rescue,
    rescue_points,
)

K = FactKey
BEYOND_ANY_SCALE = Fraction(1_000)
"""A living business against property worth nothing: no ratio, but the best row."""
MEASURED_BY: dict[Indicator, tuple[FactKey, FactKey]] = {
    Indicator.GOING_CONCERN: (K.GOING_CONCERN_VALUE, K.ESTATE),
    Indicator.ACTIVE_BUYERS: (K.ACTIVE_BUYERS, K.BUYERS),
    Indicator.REPEAT_RATE: (K.REPEAT_BUYERS, K.BUYERS),
    Indicator.SUPPLIERS: (K.SUPPLIERS_WILLING, K.SUPPLIERS_ASKED),
}


@dataclass(frozen=True)
class Row:
    """One indicator: its measure, the points it earns and those it is given, of how many.

    `measure` is a fraction as text, the gate's outcome, or None where a fact is missing.
    """

    indicator: Indicator
    measure: str | None
    earned: int | None
    given: int
    most: int
    why: str
    missing: tuple[FactKey, ...]


@dataclass(frozen=True)
class Points:
    """All rows, their sum, the proposal that they make, and the rules that ran."""

    rows: tuple[Row, ...]
    total: int
    is_proposed: bool
    is_worth_more_alive: bool
    told: tuple[Told, ...]


def points(values: Values) -> Points:
    """The points by indicator; a judge's own points stand in `values` and go first."""
    with_trace = traced(_points, values=values)
    rows, proposal = with_trace.value
    return Points(
        rows=rows,
        total=proposal.points,
        is_proposed=proposal.is_proposed,
        is_worth_more_alive=proposal.is_worth_more_alive,
        told=told(with_trace.steps),
    )


def measure_of(indicator: Indicator, values: Values) -> Fraction | None:
    """The ratio that an indicator measures; None where a fact is missing or counts none."""
    over, under = MEASURED_BY[indicator]
    top, bottom = _number(values, over), _number(values, under)
    if top is None or bottom is None:
        return None
    if bottom == 0:
        is_value = indicator == Indicator.GOING_CONCERN
        return BEYOND_ANY_SCALE if is_value and top else None
    return Fraction(top, bottom)


def _points(*, values: Values) -> tuple[tuple[Row, ...], Any]:
    rows = tuple(_row(key, one, values) for key, one in POINTS_OF.items())
    proposal = proposes_rescue(
        points=sum(row.given for row in rows),
        going_concern_fen=range_of(values, K.GOING_CONCERN_VALUE).likely_fen,
        liquidation_fen=range_of(values, K.ESTATE).likely_fen,
    )
    return rows, proposal


def _row(key: FactKey, indicator: Indicator, values: Values) -> Row:
    measure, earned = _earned(indicator, values)
    own = values.get(key)
    facts = MEASURED_BY.get(indicator, (K.DATA_OUTCOME,))
    lacking = tuple(fact for fact in facts if values.get(fact) is None)
    return Row(
        indicator=indicator,
        measure=measure,
        earned=earned,
        given=own if own is not None else earned or 0,
        most=MOST[indicator],
        why=WHY[indicator],
        missing=lacking if own is None else (),
    )


def _earned(indicator: Indicator, values: Values) -> tuple[str | None, int | None]:
    if indicator == Indicator.DATA_VALUE:
        outcome = values.get(K.DATA_OUTCOME)
        if outcome is None:
            return None, None
        return outcome, data_points(outcome=Outcome(outcome))
    measure = measure_of(indicator, values)
    if measure is None:
        return None, None
    return str(measure), rescue_points(indicator=indicator, measure=measure)


def _number(values: Values, key: FactKey) -> int | None:
    found = values.get(key)
    return found[1] if isinstance(found, list) else found
