"""The contract's steps once more, by other means: exact fractions, claim by claim.

Nothing here is shared with the engine that made the payments, so that a fault of one is
not a fault of the other. Where a step divides, a payment may differ from the fraction by
less than one fen, so each claim also has the number of steps that divided it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from zhipo.engine.distribute.plan import Plan
from zhipo.engine.proofs.leaves import Leaf

UPPER = (("expense",), ("common_benefit",), ("employee",), ("social_tax",))
THIRD = ("consumer", "ordinary")
LOWER = (("punitive",), ("admin_fine",), ("criminal_fine",))

Amount = int | Fraction


@dataclass
class Division:
    """Claims while they are being paid: what each has, and how often it was divided."""

    leaves: Sequence[Leaf]
    secured: frozenset[str]
    got: list[Amount] = field(default_factory=list)
    divided: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.got = self.got or [0] * len(self.leaves)
        self.divided = self.divided or [0] * len(self.leaves)

    def owed(self, place: int) -> Amount:
        return self.leaves[place].fen - self.got[place]

    def standing(self, place: int) -> str:
        """The class in which a claim is paid: a shortfall of collateral is ordinary."""
        leaf = self.leaves[place]
        is_shortfall = leaf.class_ == "secured" or leaf.claim_id in self.secured
        return "ordinary" if is_shortfall else leaf.class_

    def where(self, is_member: Callable[[int], bool]) -> list[int]:
        return [place for place in range(len(self.leaves)) if is_member(place)]

    def of(self, standings: Sequence[str]) -> list[int]:
        return self.where(lambda place: self.standing(place) in standings)

    def pay(
        self,
        pot: Amount,
        members: Sequence[int],
        weight: Callable[[int], Amount] | None = None,
    ) -> Amount:
        """Pay what is owed (or `weight`), pro rata where `pot` does not suffice."""
        weigh = weight or self.owed
        weights = [max(weigh(place), 0) for place in members]
        total = sum(weights)
        if pot <= 0 or total <= 0:
            return 0
        is_whole = total <= pot
        share = 1 if is_whole else Fraction(pot) / total
        for place, amount in zip(members, weights, strict=True):
            self.got[place] += amount * share
            self.divided[place] += 0 if is_whole else 1
        return min(pot, total)

    def pay_ranks(self, pot: Amount, ranks: Sequence[Sequence[str]]) -> Amount:
        """Pay ranks in order; a rank gets something only when the one above is whole."""
        for rank in ranks:
            pot -= self.pay(pot, self.of(rank))
        return pot


def liens(leaves: Sequence[Leaf], plan: Plan) -> Division:
    """What collateral pays: pool by pool, in the order of the plan."""
    division = Division(leaves, _secured(plan))
    place_of = {leaf.claim_id: place for place, leaf in enumerate(leaves)}
    for pool in plan.pools:
        members = [place_of[claim] for claim in pool.secures if claim in place_of]
        division.pay(pool.fen, members)
    return division


def baseline(leaves: Sequence[Leaf], plan: Plan) -> Division:
    """The statutory order alone (WAT-00..17)."""
    division = _after_liens(leaves, plan)
    pot = _general(leaves, plan) + sum(pool.fen for pool in plan.pools if pool.first_to)
    division.pay_ranks(pot, (*UPPER, THIRD, *LOWER))
    return division


def planned(leaves: Sequence[Leaf], plan: Plan) -> Division:
    """The plan: earmarked pools, statutory order, overlay and small claims."""
    division = _after_liens(leaves, plan)
    pot: Amount = _general(leaves, plan)
    for pool in plan.pools:
        if pool.first_to:
            pot += pool.fen - division.pay(pool.fen, _named(division, pool.first_to))
    if plan.overlay is None:
        division.pay_ranks(pot, (*UPPER, THIRD, *LOWER))
        return division
    pot = division.pay_ranks(pot, UPPER)
    pot -= _pay_consumers(division, _consumers_money(division, pot, plan), plan)
    division.pay_ranks(pot, (("ordinary",), ("consumer",), *LOWER))
    return division


def _secured(plan: Plan) -> frozenset[str]:
    return frozenset(claim for pool in plan.pools for claim in pool.secures)


def _after_liens(leaves: Sequence[Leaf], plan: Plan) -> Division:
    return Division(leaves, _secured(plan), got=[leaf.lien_fen for leaf in leaves])


def _general(leaves: Sequence[Leaf], plan: Plan) -> int:
    pools = sum(pool.fen for pool in plan.pools if not pool.first_to)
    return pools - sum(leaf.lien_fen for leaf in leaves)


def _named(division: Division, classes: Sequence[str]) -> list[int]:
    """Members of an earmark: the classes it names, and shortfalls with the ordinary."""
    return division.where(
        lambda place: (
            division.leaves[place].class_ in classes
            or ("ordinary" in classes and division.standing(place) == "ordinary")
        )
    )


def _consumers_money(division: Division, pot: Amount, plan: Plan) -> Amount:
    """How much of the third-rank money is the consumers' as a group."""
    assert plan.overlay is not None
    consumers = division.of(("consumer",))
    owed = sum(division.owed(place) for place in consumers)
    if plan.overlay.before_ordinary:
        return min(pot, owed)
    if plan.overlay.rate is not None:
        due = _due_at(division, plan.overlay.rate)
        return sum(due(place) for place in consumers)
    trial = Division(division.leaves, division.secured, list(division.got))
    trial.pay_ranks(pot, (THIRD,))
    return owed - sum(trial.owed(place) for place in consumers)


def _due_at(division: Division, rate: Fraction) -> Callable[[int], Amount]:
    """What a claim lacks to floor(fen × rate)."""

    def due(place: int) -> Amount:
        return max(division.leaves[place].fen * rate // 1 - division.got[place], 0)

    return due


def _pay_consumers(division: Division, money: Amount, plan: Plan) -> Amount:
    """Divide the consumers' money by the plan's terms; returns what was paid."""
    assert plan.overlay is not None
    consumers = division.of(("consumer",))
    if plan.mode == "none" and plan.overlay.rate is not None:
        return division.pay(money, consumers, _due_at(division, plan.overlay.rate))
    spent: Amount = 0
    if plan.mode == "flat":
        small = [p for p in consumers if division.leaves[p].fen <= plan.ceiling_fen]
        spent = division.pay(money, small)
    elif plan.mode == "tiered":
        spent = division.pay(money, consumers, _first_tier(division, plan.ceiling_fen))
    return spent + division.pay(money - spent, consumers)


def _first_tier(division: Division, ceiling_fen: int) -> Callable[[int], Amount]:
    return lambda place: min(division.leaves[place].fen, ceiling_fen) - division.got[place]
