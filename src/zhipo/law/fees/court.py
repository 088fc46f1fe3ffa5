"""Court fees (诉讼费用交纳办法), in fen."""

from datetime import date
from fractions import Fraction

from zhipo.kernel.money import FEN_PER_YUAN, by_bracket, round_half_up
from zhipo.kernel.options import option
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note

SINCE = date(2007, 4, 1)
YUAN = FEN_PER_YUAN
WAN = 10_000 * YUAN
Brackets = tuple[tuple[int | None, Fraction], ...]


def brackets(*rows: tuple[int | None, str]) -> Brackets:
    """(upper limit in 10,000 yuan, rate) rows as fen and Fractions."""
    return tuple((None if top is None else top * WAN, Fraction(rate)) for top, rate in rows)


PROPERTY: Brackets = brackets(
    (1, "0"),
    (10, "0.025"),
    (20, "0.02"),
    (50, "0.015"),
    (100, "0.01"),
    (200, "0.009"),
    (500, "0.008"),
    (1000, "0.007"),
    (2000, "0.006"),
    (None, "0.005"),
)
PROPERTY_LEAST_FEN = 50 * YUAN
BANKRUPTCY_CAP_FEN = 300_000 * YUAN
ENFORCEMENT: Brackets = brackets(
    (1, "0"), (50, "0.015"), (500, "0.01"), (1000, "0.005"), (None, "0.001")
)
PRESERVATION: Brackets = (
    (1_000 * YUAN, Fraction(0)),
    (10 * WAN, Fraction("0.01")),
    (None, Fraction("0.005")),
)
PRESERVATION_LEAST_FEN = 30 * YUAN
PRESERVATION_CAP_FEN = 5_000 * YUAN

COLLATERAL_IN_BASE = option(
    "option.court_fee.collateral_in_base",
    default=True,
    choices=(False, True),
    status="I",
    reason="the fee is computed on 破产财产总额 and encumbered property is estate "
    "(破产法解释二 art. 3)",
    sheet="FEE-01",
)


@rule(
    id="cn.fee.13.1",
    cite="《诉讼费用交纳办法》第十三条",
    text="财产案件根据诉讼请求的金额或者价额，按照下列比例分段累计交纳",
    status="V1",
    since=SINCE,
    sheet="FEE-02",
)
def property_fee_fen(*, base_fen: int) -> int:
    """The property-case fee, cumulative by bracket, at least 50 yuan."""
    return PROPERTY_LEAST_FEN + round_half_up(by_bracket(base_fen, PROPERTY))


@rule(
    id="cn.fee.14.6",
    cite="《诉讼费用交纳办法》第十四条",
    text=(
        "破产案件依据破产财产总额计算，按照财产案件受理费标准减半交纳，但是，最高不"
        "超过30万元。"
    ),
    status="V1",
    since=SINCE,
    sheet="FEE-01",
)
def bankruptcy_fee_fen(
    *,
    estate_fen: int,
    collateral_fen: int = 0,
    is_collateral_in_base: bool = COLLATERAL_IN_BASE.default,
) -> int:
    """Half the property-case fee on the whole estate, at most 300,000 yuan.

    `estate_fen` is without collateral; not prepaid, a 破产费用.
    """
    base = estate_fen + (collateral_fen if is_collateral_in_base else 0)
    note(base_fen=base)
    half = round_half_up(Fraction(property_fee_fen(base_fen=base), 2))
    return min(BANKRUPTCY_CAP_FEN, half)


@rule(
    id="cn.fee.14.1",
    cite="《诉讼费用交纳办法》第十四条",
    text="执行金额或者价额不超过1万元的，每件交纳50元",
    status="V1",
    since=SINCE,
    sheet="FEE-07",
)
def enforcement_fee_fen(*, amount_fen: int) -> int:
    """The enforcement application fee, paid by the debtor after enforcement."""
    return PROPERTY_LEAST_FEN + round_half_up(by_bracket(amount_fen, ENFORCEMENT))


@rule(
    id="cn.fee.14.2",
    cite="《诉讼费用交纳办法》第十四条",
    text="最多不超过5000元",
    status="V1",
    since=SINCE,
    sheet="FEE-07",
)
def preservation_fee_fen(*, amount_fen: int) -> int:
    """The preservation application fee, at most 5,000 yuan."""
    fee = PRESERVATION_LEAST_FEN + round_half_up(by_bracket(amount_fen, PRESERVATION))
    return min(PRESERVATION_CAP_FEN, fee)
