"""After the procedure: a failed plan is levelled, guarantors still owe (arts. 93, 124)."""

from fractions import Fraction
from itertools import pairwise
from math import lcm

from zhipo.kernel.money import round_half_up, share_out
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.waterfall import IN_FORCE


@rule(
    id="cn.ebl.93",
    cite="《企业破产法》第九十三条；《企业破产法》第一百零四条",
    text=(
        "债务人不能执行或者不执行重整计划的，人民法院经管理人或者利害关系人请求，"
        "应当裁定终止重整计划的执行，并宣告债务人破产。……人民法院裁定终止重整计"
        "划执行的，债权人在重整计划中作出的债权调整的承诺失去效力。债权人因执行重"
        "整计划所受的清偿仍然有效，债权未受清偿的部分作为破产债权。……前款规定的"
        "债权人，只有在其他同顺位债权人同自己所受的清偿达到同一比例时，才能继续接"
        "受分配。……有本条第一款规定情形的，为重整计划的执行提供的担保继续有效。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-15",
)
def levelled(
    *, pot_fen: int, claims_fen: tuple[int, ...], received_fen: tuple[int, ...]
) -> tuple[int, ...]:
    """After a failed plan: those behind first, until all of a rank stand at one ratio.

    Water-filling: the lowest ratios received / claim are raised together.
    """
    ratios = [Fraction(r, c) for r, c in zip(received_fen, claims_fen, strict=True)]
    level = _level(pot_fen, claims_fen, ratios)
    note(level=level)
    lacking = [
        max(Fraction(0), level * claim - received)
        for claim, received in zip(claims_fen, received_fen, strict=True)
    ]
    if not any(lacking):
        return (0,) * len(claims_fen)
    scale = lcm(*(lack.denominator for lack in lacking))
    weights = [int(lack * scale) for lack in lacking]
    pot = min(pot_fen, round_half_up(sum(lacking, Fraction(0))))
    return tuple(share_out(pot, weights))


def _level(pot: int, claims: tuple[int, ...], ratios: list[Fraction]) -> Fraction:
    """The ratio to which `pot` lifts everybody who is below it, at most 1."""
    left = Fraction(pot)
    steps = [*sorted(set(ratios)), Fraction(1)]
    for low, high in pairwise(steps):
        below = sum(
            claim for claim, ratio in zip(claims, ratios, strict=True) if ratio <= low
        )
        if (high - low) * below >= left:
            return low + left / below
        left -= (high - low) * below
    return Fraction(1)


@rule(
    id="cn.ebl.124",
    cite="《企业破产法》第一百二十四条；《企业破产法》第九十二条第三款；"
    "《企业破产法》第一百零一条",
    text=(
        "破产人的保证人和其他连带债务人，在破产程序终结后，对债权人依照破产清算程"
        "序未受清偿的债权，依法继续承担清偿责任。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-16",
)
def guarantor_still_owes_fen(*, claim_fen: int, paid_fen: int) -> int:
    """Guarantors and co-debtors stay liable for what the procedure did not pay."""
    return max(0, claim_fen - paid_fen)
