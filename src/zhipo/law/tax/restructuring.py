"""Debt restructuring: when its gain is taxed (财税〔2009〕59号)."""

from datetime import date

from zhipo.kernel.money import equal_parts
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.tax import CIT

CITE = "财税〔2009〕59号第六条第一项"
SPREAD_YEARS = 5


@rule(
    id="cn.cs59.6.1",
    cite=CITE + "；国家税务总局公告2010年第19号第一条",
    status="V2",
    since=CIT,
    sheet="TAX-05",
)
def gain_by_year_fen(
    *, gain_fen: int, taxable_income_fen: int, is_chosen: bool = True
) -> tuple[int, ...]:
    """A gain of half the year's taxable income or more may be spread over five years.

    `taxable_income_fen` is the year's, the gain included. Below one half, or where it
    is not chosen, all of it falls into the first year. The parts are equal; the last
    takes the fen left over. Whether the treatment is open at all, see cn.cs59.5.
    """
    note(gain_fen=gain_fen, taxable_income_fen=taxable_income_fen)
    is_half = 0 < taxable_income_fen <= 2 * gain_fen
    if is_half and is_chosen:
        return tuple(equal_parts(gain_fen, SPREAD_YEARS))
    return (gain_fen,)


@rule(
    id="cn.cs59.5",
    cite="财税〔2009〕59号第五条（未核）",
    status="U",
    since=CIT,
    sheet="TAX-05",
)
def is_special_treatment_open(
    *, has_commercial_purpose: bool, is_filed: bool, needs_lawyer_check: bool = False
) -> bool:
    """The special treatment takes a reasonable commercial purpose and a filing."""
    note(needs_lawyer_check=needs_lawyer_check)
    return has_commercial_purpose and is_filed


@rule(
    id="cn.cs59.6.1.equity",
    cite=CITE,
    status="V2",
    since=CIT,
    sheet="TAX-05",
)
def debt_to_equity_gain_now_fen(*, gain_fen: int, swapped_on: date) -> int:
    """Under the special treatment a debt-to-equity swap shows no gain for now."""
    note(gain_deferred_fen=gain_fen, swapped_on=swapped_on)
    return 0
