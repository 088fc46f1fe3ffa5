"""The two roads, once each: proceeds of enforcement, and the estate of a bankruptcy."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from zhipo.enforcement.identification.facts import FactKey
from zhipo.enforcement.identification.standing import Asset, Creditor, Sums
from zhipo.kernel.money import pay_up_to, share_out
from zhipo.law.enforcement.payment import (
    Seizure,
    paid_by_order_of_seizure,
    paid_in_participation,
)
from zhipo.law.fees.administrator import (
    collateral_fee_cap_fen,
    fee_cap_fen,
    fee_from_available,
)
from zhipo.law.fees.court import bankruptcy_fee_fen
from zhipo.law.referral.handover import EnforcementCost, class_of_enforcement_cost
from zhipo.law.waterfall.collateral import from_collateral
from zhipo.law.waterfall.order import ClaimClass
from zhipo.law.waterfall.plan import Claim, Pool, allocate

K = FactKey


@dataclass(frozen=True)
class Enforcement:
    """What enforcement brings, in fen: by creditor, and what goes before them."""

    paid: dict[str, int]
    proceeds_fen: int
    cost_fen: int
    priority_fen: int


@dataclass(frozen=True)
class Bankruptcy:
    """What a bankruptcy brings, in fen: by creditor, and what the procedure costs.

    `estate_fen` is free of security, `collateral_fen` what security pays its creditor.
    """

    paid: dict[str, int]
    estate_fen: int
    collateral_fen: int
    court_fee_fen: int
    handling_fen: int
    administrator_fen: int
    left_over_fen: int

    @property
    def cost_fen(self) -> int:
        return self.court_fee_fen + self.handling_fen + self.administrator_fen


def enforcement(
    sums: Sums, assets: Sequence[Asset], creditors: Sequence[Creditor], *, is_company: bool
) -> Enforcement:
    """Pay each thing's proceeds: costs, priority claims, then by order of seizure.

    What those who froze a thing leave goes to the others in the order in which their cases
    were filed: who asks first is taken to seize next (an assumption, stated in the memo).
    Against others than companies all share pro rata (参与分配).
    """
    found = sum(sums.values) if assets else sums.fen[K.ESTATE]
    surplus = max(0, _collateral_net(sums, is_bankruptcy=False) - sums.fen[K.SECURED_OWED])
    proceeds = found + surplus
    cost = min(found, sums.fen[K.ENFORCEMENT_COST])
    priority = min(found - cost, sums.fen[K.PRIORITY_OWED])
    paid: Counter[str] = Counter(_secured(sums, is_bankruptcy=False))
    first = [one for one in creditors if one.goes_first]
    shares = pay_up_to(priority, [one.fen for one in first]) if first else []
    paid.update({one.claim_id: fen for one, fen in zip(first, shares, strict=True)})
    ordinary = _still_owed(creditors, paid)
    if is_company:
        things = _Things(sums.values, assets, cost, priority, proceeds - found)
        if not assets:
            things = replace(things, rest=proceeds - cost - priority)
        paid.update(_by_seizure(things, ordinary))
    else:
        paid.update(_pro_rata(proceeds, cost, priority, ordinary))
    return Enforcement(dict(paid), proceeds, cost, priority)


def bankruptcy(sums: Sums, creditors: Sequence[Creditor]) -> Bankruptcy:
    """Pay the estate by the statutory order: costs, ranks, pro rata inside a rank.

    The administrator's pay is taken at its legal limit on what creditors are paid.
    """
    general = sums.fen[K.ESTATE] + sums.fen[K.RECOVERABLE]
    net = _collateral_net(sums, is_bankruptcy=True)
    surplus = max(0, net - sums.fen[K.SECURED_OWED])
    court_fee = bankruptcy_fee_fen(
        estate_fen=general, collateral_fen=sums.fen[K.COLLATERAL]
    )
    handling = sums.fen[K.HANDLING_COST]
    available = max(0, general + surplus - court_fee - handling)
    claims = _claims(sums, creditors)
    fee = _administrators_fee(available, sum(claim.fen for claim in claims))
    expense = court_fee + handling + fee
    if expense:
        claims.append(Claim("expense", ClaimClass.EXPENSE, expense))
    found = allocate(claims=tuple(claims), pools=_pools(general, net, sums))
    return Bankruptcy(
        paid=dict(found.baseline_fen),
        estate_fen=general + surplus,
        collateral_fen=net - surplus,
        court_fee_fen=court_fee,
        handling_fen=handling,
        administrator_fen=fee,
        left_over_fen=found.left_over_fen,
    )


@dataclass(frozen=True)
class _Things:
    """What is sold: values, costs and priority claims, and `rest` that no freeze covers."""

    values: tuple[int, ...]
    assets: Sequence[Asset]
    cost: int
    priority: int
    rest: int


def _by_seizure(things: _Things, owed: Sequence[Creditor]) -> Counter[str]:
    """Thing by thing to those who froze it, the rest to all others by day of filing."""
    left = {one.claim_id: one.fen for one in owed}
    paid: Counter[str] = Counter()
    rest, priority = things.rest, things.priority
    for asset, worth, cost in zip(
        things.assets, things.values, _costs(things), strict=True
    ):
        first = min(priority, worth - cost)
        priority -= first
        got = paid_by_order_of_seizure(
            proceeds_fen=worth,
            cost_fen=cost,
            priority_fen=first,
            seizures=_seizures(asset, left),
        )
        for claim_id, fen in got.items():
            left[claim_id] -= fen
        paid.update(got)
        rest += worth - cost - first - sum(got.values())
    paid.update(
        paid_by_order_of_seizure(
            proceeds_fen=rest, cost_fen=0, priority_fen=0, seizures=_in_order(owed, left)
        )
    )
    return paid


def _costs(things: _Things) -> list[int]:
    """The costs by thing, in proportion to what each brings."""
    if not sum(things.values):
        return [0] * len(things.values)
    return share_out(things.cost, things.values)


def _seizures(asset: Asset, left: dict[str, int]) -> tuple[Seizure, ...]:
    """Who froze the thing: each with what it is still owed, up to its freeze's ceiling."""
    found: dict[str, Seizure] = {}
    for hold in asset.holds:
        if hold.claim_id in left and hold.claim_id not in found:
            owed = left[hold.claim_id]
            fen = owed if hold.limit_fen is None else min(owed, hold.limit_fen)
            found[hold.claim_id] = Seizure(hold.claim_id, hold.place, fen)
    return tuple(found.values())


def _in_order(owed: Sequence[Creditor], left: dict[str, int]) -> tuple[Seizure, ...]:
    ordered = sorted(owed, key=lambda one: (one.filed_on, one.claim_id))
    return tuple(
        Seizure(one.claim_id, place, left[one.claim_id])
        for place, one in enumerate(ordered, start=1)
    )


def _pro_rata(
    proceeds: int, cost: int, priority: int, owed: Sequence[Creditor]
) -> dict[str, int]:
    shares = paid_in_participation(
        is_enterprise=False,
        proceeds_fen=proceeds,
        cost_fen=cost,
        priority_fen=priority,
        owed=tuple(one.fen for one in owed),
    )
    return {one.claim_id: fen for one, fen in zip(owed, shares, strict=True)}


def _still_owed(creditors: Sequence[Creditor], paid: Counter[str]) -> list[Creditor]:
    return [
        replace(one, fen=one.fen - paid[one.claim_id])
        for one in creditors
        if not one.goes_first
    ]


def _secured(sums: Sums, *, is_bankruptcy: bool) -> dict[str, int]:
    """What security pays its creditor; the same thing, with fewer costs, either way."""
    net = _collateral_net(sums, is_bankruptcy=is_bankruptcy)
    owed = sums.fen[K.SECURED_OWED]
    return {K.SECURED_OWED.value: min(net, owed)} if owed else {}


def _collateral_net(sums: Sums, *, is_bankruptcy: bool) -> int:
    """The collateral less its own sale costs and, in a bankruptcy, the manager's pay."""
    sold = sums.fen[K.COLLATERAL]
    pay = collateral_fee_cap_fen(collateral_fen=sold) if is_bankruptcy else 0
    return from_collateral(
        sold_fen=sold,
        sale_cost_fen=sums.fen[K.COLLATERAL_COST],
        manager_pay_fen=pay,
        claim_fen=sums.fen[K.SECURED_OWED],
    ).net_fen


def _claims(sums: Sums, creditors: Sequence[Creditor]) -> list[Claim]:
    claims = [Claim(one.claim_id, one.claim_class, one.fen) for one in creditors]
    fees = sums.fen[K.ENFORCEMENT_COST]
    if fees:
        standing = class_of_enforcement_cost(cost=EnforcementCost.ENFORCEMENT_FEE)
        claims.append(Claim("enforcement-fees", ClaimClass(standing), fees))
    common = sums.fen[K.COMMON_OWED]
    if common:
        claims.append(Claim("common", ClaimClass.COMMON_BENEFIT, common))
    return claims


def _administrators_fee(available: int, owed: int) -> int:
    """The limit on what is finally paid; an estate that pays everybody pays no more."""
    fee = fee_from_available(available_fen=available)
    return fee_cap_fen(paid_fen=owed) if fee.left_fen > owed else fee.fee_fen


def _pools(general: int, net: int, sums: Sums) -> tuple[Pool, ...]:
    if not sums.fen[K.SECURED_OWED]:
        return (Pool("general", general + net),)
    return (
        Pool("general", general),
        Pool("collateral", net, secures=(K.SECURED_OWED.value,)),
    )
