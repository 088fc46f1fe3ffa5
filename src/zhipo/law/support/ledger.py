"""The fund's ledger as arithmetic: advances, recoveries, what is at risk, the cap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from zhipo.kernel.money import pay_up_to
from zhipo.kernel.options import option
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.support import EBL
from zhipo.law.support.payable import FundItem
from zhipo.law.waterfall.deposits import is_distributed_later

CAP_SHARE = option(
    "option.fund.cap_share",
    default=Fraction(1, 4),
    status="P",
    reason="a fund that one case can empty helps no second case; a quarter of what was "
    "paid in is at risk in one case at most, a fund's own statute may say otherwise",
    sheet="FUND-02",
)


class FundRefused(ValueError):
    """The fund may not pay this, or was not owed that."""


@dataclass(frozen=True)
class Advance:
    """Money paid out for one item of one case; `voucher` names the bill it pays."""

    case_id: str
    item: FundItem
    voucher: str
    fen: int
    paid_on: date
    approval: str


@dataclass(frozen=True)
class Recovery:
    """Money that came back from one case."""

    case_id: str
    fen: int
    received_on: date


@rule(
    id="policy.fund.exposure",
    cite="本系统规则",
    status="P",
    since=EBL,
    sheet="FUND-02",
    reason="what was advanced and has not come back, per case: the number the cap is on",
)
def exposure_fen(
    *, case_id: str, advances: tuple[Advance, ...], recoveries: tuple[Recovery, ...]
) -> int:
    """What the fund has at risk in one case, in fen; never negative. Raises FundRefused."""
    out = sum(one.fen for one in advances if one.case_id == case_id)
    back = sum(one.fen for one in recoveries if one.case_id == case_id)
    if back > out:
        raise FundRefused(f"{case_id} has paid back {back - out} fen too much")
    return out - back


@rule(
    id="policy.fund.cap",
    cite="本系统规则",
    status="P",
    since=EBL,
    sheet="FUND-02",
    reason=CAP_SHARE.reason,
)
def cap_per_case_fen(
    *, contributions_fen: int, cap_share: Fraction = CAP_SHARE.default
) -> int:
    """The most that may be at risk in one case: a share of all contributions, floored."""
    return contributions_fen * cap_share.numerator // cap_share.denominator


@rule(
    id="policy.fund.advance",
    cite="本系统规则",
    status="P",
    since=EBL,
    sheet="FUND-02",
    reason="no bill is paid twice, none without an approval, none beyond the cap or the "
    "money that is there",
)
def checked_advance(
    *,
    new: Advance,
    advances: tuple[Advance, ...],
    recoveries: tuple[Recovery, ...],
    contributions_fen: int,
    cap_fen: int,
    paid_by_others: frozenset[str] = frozenset(),
) -> int:
    """The case's exposure once `new` is paid, in fen. Raises FundRefused.

    `paid_by_others` are vouchers that the estate or another payer has settled.
    """
    exposure = exposure_fen(case_id=new.case_id, advances=advances, recoveries=recoveries)
    paid = paid_by_others | {one.voucher for one in advances if one.case_id == new.case_id}
    at_hand = (
        contributions_fen
        - sum(one.fen for one in advances)
        + sum(one.fen for one in recoveries)
    )
    faults = {
        "an advance is more than nothing": new.fen <= 0,
        "nobody has approved it": not new.approval.strip(),
        f"{new.voucher} is paid already": new.voucher in paid,
        f"{exposure + new.fen} fen at risk, the cap is {cap_fen}": exposure + new.fen
        > cap_fen,
        f"the fund has {at_hand} fen": new.fen > at_hand,
    }
    _refuse([fault for fault, holds in faults.items() if holds])
    return exposure + new.fen


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        raise FundRefused("; ".join(faults))


@dataclass(frozen=True)
class Repaid:
    """What came in, divided, in fen: to the fund, to other costs, to the next step."""

    fund_fen: int
    other_costs_fen: int
    goes_on_fen: int


@rule(
    id="cn.ebl.43.fund",
    cite="《企业破产法》第四十三条；《管理人报酬规定》第十二条第三款",
    text="债务人财产不足以清偿所有破产费用或者共益债务的，按照比例清偿。",
    status="V1",
    since=EBL,
    sheet=("FUND-02", "FUND-07"),
)
def repaid(*, estate_fen: int, exposure_fen: int, other_costs_fen: int) -> Repaid:
    """The advance is repaid among the costs: whole, or pro rata with the other costs.

    Art. 43 gives the fund no place ahead of other costs, so it has none here.
    """
    fund, others = pay_up_to(estate_fen, (exposure_fen, other_costs_fen))
    return Repaid(fund, others, estate_fen - fund - others)


@rule(
    id="cn.ebl.123.fund",
    cite="《企业破产法》第一百二十三条",
    text=(
        "自破产程序依照本法第四十三条第四款或者第一百二十条的规定终结之日起二年内"
        "，有下列情形之一的，债权人可以请求人民法院按照破产财产分配方案进行追加分"
        "配：……（一）发现有依照本法第三十一条、第三十二条、第三十三条、第三十六"
        "条规定应当追回的财产的；……（二）发现破产人有应当供分配的其他财产的。…"
        "…有前款规定情形，但财产数量不足以支付分配费用的，不再进行追加分配，由人"
        "民法院将其上交国库。"
    ),
    status="V1",
    since=EBL,
    sheet=("FUND-07", "WAT-14"),
)
def repaid_later(
    *,
    found_fen: int,
    distribution_cost_fen: int,
    exposure_fen: int,
    other_costs_fen: int,
    ended_on: date,
    found_on: date,
) -> Repaid:
    """Of money found within two years, less the cost of dividing it, costs come first.

    Found too late, or not worth the cost of dividing, it repays nothing.
    """
    if not is_distributed_later(
        ended_on=ended_on,
        found_on=found_on,
        found_fen=found_fen,
        distribution_cost_fen=distribution_cost_fen,
    ):
        return Repaid(0, 0, 0)
    note(distribution_cost_fen=distribution_cost_fen)
    return repaid(
        estate_fen=found_fen - distribution_cost_fen,
        exposure_fen=exposure_fen,
        other_costs_fen=other_costs_fen,
    )
