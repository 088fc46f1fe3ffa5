"""What security yields, and what goes before it (arts. 109-110, 132)."""

from dataclasses import dataclass
from datetime import date

from zhipo.kernel.money import share_out
from zhipo.kernel.rules import rule
from zhipo.law.waterfall import IN_FORCE

EBL_PUBLISHED = date(2006, 8, 27)


@dataclass(frozen=True)
class Collateral:
    """What security yields (fen): to its creditor, to the estate, and the shortfall."""

    net_fen: int
    paid_fen: int
    surplus_fen: int
    shortfall_fen: int


@rule(
    id="cn.ebl.110",
    cite="《企业破产法》第一百一十条；《企业破产法》第一百零九条；《破产法解释二》第三条",
    text=(
        "享有本法第一百零九条规定权利的债权人行使优先受偿权利未能完全受偿的，其未"
        "受偿的债权作为普通债权；放弃优先受偿权利的，其债权作为普通债权。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-01",
)
def from_collateral(
    *, sold_fen: int, sale_cost_fen: int, manager_pay_fen: int, claim_fen: int
) -> Collateral:
    """Security net of its own costs pays its claim; the shortfall is ordinary."""
    net = max(0, sold_fen - sale_cost_fen - manager_pay_fen)
    paid = min(net, claim_fen)
    return Collateral(net, paid, net - paid, claim_fen - paid)


@dataclass(frozen=True)
class Mortgage:
    """One security right over the same thing; `registered_on` None if not registered."""

    claim_id: str
    fen: int
    registered_on: date | None


@rule(
    id="cn.civ.414",
    cite="《民法典》第四百一十四条",
    status="V1",
    since=date(2021, 1, 1),
    sheet="WAT-01",
)
def among_mortgages(*, net_fen: int, mortgages: tuple[Mortgage, ...]) -> dict[str, int]:
    """By time of registration; registered before unregistered; unregistered pro rata."""
    days = sorted({one.registered_on for one in mortgages if one.registered_on})
    groups = [
        [one for one in mortgages if one.registered_on == day] for day in [*days, None]
    ]
    paid: dict[str, int] = {}
    for group in filter(None, groups):
        owed = [one.fen for one in group]
        pot = min(net_fen, sum(owed))
        shares = share_out(pot, owed)
        paid |= {one.claim_id: share for one, share in zip(group, shares, strict=True)}
        net_fen -= pot
    return paid


@rule(
    id="cn.ebl.132",
    cite="《企业破产法》第一百三十二条",
    text=(
        "本法施行后，破产人在本法公布之日前所欠职工的工资和医疗、伤残补助、抚恤费"
        "用，所欠的应当划入职工个人账户的基本养老保险、基本医疗保险费用，以及法律"
        "、行政法规规定应当支付给职工的补偿金，依照本法第一百一十三条的规定清偿后"
        "不足以清偿的部分，以本法第一百零九条规定的特定财产优先于对该特定财产享有"
        "担保权的权利人受偿。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-02",
)
def employees_before_security_fen(*, unpaid_fen: int, arose_on: date) -> int:
    """Arrears from before the law's publication go ahead of security; others never."""
    return unpaid_fen if arose_on < EBL_PUBLISHED else 0
