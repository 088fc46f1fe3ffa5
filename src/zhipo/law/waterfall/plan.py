"""A distribution plan on rows: the exact, slow reference of `zhipo distribute`.

It follows the contract sentence by sentence. Where the contract is silent:

- pools pay in the order of the plan: first those that secure claims, then `first_to`;
- a claim named by several liens is paid by each on what it is still owed;
- any claim named by a lien, and every `secured` claim, stands as ordinary for its rest;
- `first_to: ["ordinary"]` reaches those shortfalls too, since they stand as ordinary;
- the first tier of a claim is what it lacks to the ceiling, receipts counted in;
- under `rate`, consumers who already have more keep it; what the other ordinary claims
  leave goes to the consumers before anything goes to a lower rank (art. 113).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import merge

from zhipo.kernel.money import pay_up_to
from zhipo.kernel.rules import rule
from zhipo.law.waterfall import IN_FORCE
from zhipo.law.waterfall.basis import checked_basis
from zhipo.law.waterfall.order import (
    COSTS,
    FIRST_AND_SECOND,
    STATUTORY_ORDER,
    SUBORDINATED,
    ClaimClass,
    Rank,
)


class PlanRefused(ValueError):
    """The plan cannot be carried out as it stands."""


@dataclass(frozen=True)
class Claim:
    """One row of the register; `fen` > 0, the register order is that of `claim_id`."""

    claim_id: str
    claim_class: ClaimClass
    fen: int
    is_provisional: bool = False


@dataclass(frozen=True)
class Pool:
    """Money with its earmark."""

    id: str
    fen: int
    secures: tuple[str, ...] = ()
    first_to: tuple[ClaimClass, ...] = ()
    basis: str | None = None
    evidence: str | None = None


@dataclass(frozen=True)
class Terms:
    """A plan's departures from the order: ground, overlay, small claims."""

    basis: str | None
    evidence: str | None
    is_before_ordinary: bool = False
    rate: Fraction | None = None
    mode: str = "none"
    ceiling_fen: int = 50_000


@dataclass
class Register:
    """Claims in register order and what each has got so far, in fen."""

    claims: list[Claim]
    secured_ids: frozenset[str]
    got: dict[str, int] = field(default_factory=dict)
    by_standing: dict[ClaimClass, list[Claim]] = field(init=False)

    def __post_init__(self) -> None:
        self.claims = sorted(self.claims, key=lambda claim: claim.claim_id)
        self.got = self.got or dict.fromkeys((claim.claim_id for claim in self.claims), 0)
        self.by_standing = {}
        for claim in self.claims:
            self.by_standing.setdefault(self.standing(claim), []).append(claim)

    def standing(self, claim: Claim) -> ClaimClass:
        """Where the rest of a claim stands: shortfalls of security are ordinary."""
        is_shortfall = claim.claim_id in self.secured_ids
        if is_shortfall or claim.claim_class == ClaimClass.SECURED:
            return ClaimClass.ORDINARY
        return claim.claim_class

    def owed(self, claim: Claim) -> int:
        return claim.fen - self.got[claim.claim_id]

    def of(self, rank: Iterable[ClaimClass]) -> list[Claim]:
        """Those who stand in a rank, in register order."""
        found = [self.by_standing.get(standing, []) for standing in rank]
        return list(merge(*found, key=lambda claim: claim.claim_id))

    def pay(
        self, pot: int, claims: Sequence[Claim], weigh: Callable[[Claim], int] | None = None
    ) -> int:
        """Pay `claims` up to what each weighs (what it is owed); returns what was paid."""
        weights = [(weigh or self.owed)(claim) for claim in claims]
        shares = pay_up_to(pot, weights)
        for claim, share in zip(claims, shares, strict=True):
            self.got[claim.claim_id] += share
        return sum(shares)

    def pay_ranks(self, pot: int, ranks: Iterable[Rank]) -> int:
        """Pay ranks one after the other; returns what is left."""
        for rank in ranks:
            pot -= self.pay(pot, self.of(rank))
        return pot


@dataclass(frozen=True)
class Allocation:
    """What each claim gets, by claim_id, and what nobody was owed; all in fen."""

    baseline_fen: Mapping[str, int]
    got_fen: Mapping[str, int]
    left_over_fen: int


@rule(
    id="cn.ebl.113.2",
    cite="《企业破产法》第一百一十三条第二款；《企业破产法》第一百零九条；"
    "《企业破产法》第一百一十条",
    text="破产财产不足以清偿同一顺序的清偿要求的，按照比例分配。",
    status="V1",
    since=IN_FORCE,
    sheet=("WAT-00", "WAT-10", "WAT-17"),
)
def allocate(
    *, claims: tuple[Claim, ...], pools: tuple[Pool, ...], terms: Terms | None = None
) -> Allocation:
    """Divide all pools among all claims, and beside it by the statutory order alone.

    Raises PlanRefused or NoBasis. Always: pools = got + left over, to the fen.
    """
    _check(claims, pools, terms)
    liens = frozenset(claim_id for pool in pools for claim_id in pool.secures)
    register = Register(list(claims), liens)
    general = _pay_liens(register, pools)

    base = Register(list(claims), liens, dict(register.got))
    earmarked = sum(pool.fen for pool in pools if pool.first_to)
    base.pay_ranks(general + earmarked, STATUTORY_ORDER)

    left_over = _pay_plan(register, general, pools, terms)
    assert sum(register.got.values()) + left_over == sum(pool.fen for pool in pools)
    return Allocation(base.got, register.got, left_over)


def _check(claims: Sequence[Claim], pools: Sequence[Pool], terms: Terms | None) -> None:
    ids = {claim.claim_id for claim in claims}
    if len(ids) != len(claims):
        raise PlanRefused("a claim_id stands there twice")
    if any(claim.fen <= 0 for claim in claims) or any(pool.fen < 0 for pool in pools):
        raise PlanRefused("an amount is negative or a claim is zero")
    unknown = [
        claim_id for pool in pools for claim_id in pool.secures if claim_id not in ids
    ]
    if unknown:
        raise PlanRefused(f"not in the register: {', '.join(unknown)}")
    for pool in pools:
        if pool.first_to:
            checked_basis(basis=pool.basis, evidence=pool.evidence)
    if terms is not None:
        checked_basis(basis=terms.basis, evidence=terms.evidence)


def _pay_liens(register: Register, pools: Sequence[Pool]) -> int:
    """Each lien pool pays its own; returns the general money, surpluses included."""
    general = 0
    for pool in pools:
        if not pool.first_to:
            secured = [claim for claim in register.claims if claim.claim_id in pool.secures]
            general += pool.fen - register.pay(pool.fen, secured)
    return general


def _pay_plan(
    register: Register, pot: int, pools: Sequence[Pool], terms: Terms | None
) -> int:
    for pool in pools:
        if pool.first_to:
            named = [
                claim
                for claim in register.claims
                if claim.claim_class in pool.first_to
                or register.standing(claim) in pool.first_to
            ]
            pot += pool.fen - register.pay(pool.fen, named)
    if terms is None:
        return register.pay_ranks(pot, STATUTORY_ORDER)
    pot = register.pay_ranks(pot, (*COSTS, *FIRST_AND_SECOND))
    pot -= _pay_consumers(register, _consumers_money(register, pot, terms), terms)
    third = ((ClaimClass.ORDINARY,), (ClaimClass.CONSUMER,))
    return register.pay_ranks(pot, (*third, *SUBORDINATED))


def _consumers_money(register: Register, pot: int, terms: Terms) -> int:
    """The consumers' part of the third-rank money, as a group."""
    consumers = register.of((ClaimClass.CONSUMER,))
    if terms.is_before_ordinary:
        return min(pot, sum(map(register.owed, consumers)))
    if terms.rate is not None:
        needed = sum(_lack(register, claim, terms.rate) for claim in consumers)
        if needed > pot:
            raise PlanRefused(f"the rate needs {needed} fen, {pot} are there")
        return needed
    trial = Register(register.claims, register.secured_ids, dict(register.got))
    trial.pay_ranks(pot, ((ClaimClass.CONSUMER, ClaimClass.ORDINARY),))
    return sum(trial.got[one.claim_id] - register.got[one.claim_id] for one in consumers)


def _lack(register: Register, claim: Claim, rate: Fraction) -> int:
    """What a claim lacks to floor(fen × rate)."""
    target = claim.fen * rate.numerator // rate.denominator
    return max(0, target - register.got[claim.claim_id])


def _pay_consumers(register: Register, money: int, terms: Terms) -> int:
    consumers = register.of((ClaimClass.CONSUMER,))
    if terms.mode == "flat":
        return _pay_flat(register, money, consumers, terms.ceiling_fen)
    if terms.mode == "tiered":

        def tier(claim: Claim) -> int:
            top = min(claim.fen, terms.ceiling_fen)
            return max(0, top - register.got[claim.claim_id])

        spent = register.pay(money, consumers, tier)
        return spent + register.pay(money - spent, consumers)
    if terms.rate is not None:
        rate = terms.rate
        return register.pay(money, consumers, lambda claim: _lack(register, claim, rate))
    return register.pay(money, consumers)


def _pay_flat(
    register: Register, money: int, consumers: Sequence[Claim], ceiling_fen: int
) -> int:
    small = [claim for claim in consumers if claim.fen <= ceiling_fen]
    needed = sum(map(register.owed, small))
    if needed > money:
        raise PlanRefused(f"the small claims need {needed} fen, {money} are there")
    spent = register.pay(money, small)
    return spent + register.pay(money - spent, consumers)
