"""The way of one claim through the steps of a distribution, recomputed from the steps."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from zhipo.engine.distribute.plan import Plan, read_plan
from zhipo.engine.explain.evidence import Row
from zhipo.engine.inputs import input_file, read_inputs
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused


@dataclass(frozen=True)
class Taken:
    """One step that weighed the claim; amounts in fen, `exact` before the last fen."""

    step: str
    pot_fen: int
    owed_fen: int
    weight_fen: int
    exact: Fraction

    @property
    def floor_fen(self) -> int:
        return int(self.exact)

    @property
    def is_whole(self) -> bool:
        return self.exact.denominator == 1

    @property
    def rate(self) -> Fraction:
        return min(Fraction(1), Fraction(self.pot_fen, self.owed_fen))


@dataclass(frozen=True)
class Way:
    """The steps that paid a claim and how many last fen it got on top of the floors."""

    taken: list[Taken]
    last_fen: int

    @property
    def total_fen(self) -> int:
        return sum(one.floor_fen for one in self.taken) + self.last_fen

    @property
    def told(self) -> list[Taken]:
        """The steps worth telling: not a rank's later step that had no money any more."""
        ranks = [one.step.partition(":")[0] for one in self.taken]
        return [
            one
            for i, one in enumerate(self.taken)
            if one.pot_fen or ranks[i] not in ranks[:i]
        ]


def plan_of(folder: Path) -> Plan:
    """The plan that a payments folder was made from, unchanged since."""
    return read_plan(input_file(folder, read_inputs(folder), "plan"))


def way_of(row: Row, steps: list[dict[str, Any]], plan: Plan, total_fen: int) -> Way:
    """Recompute a claim's steps. Raises Refused where they do not give `total_fen`.

    Floors are exact; which claims got a last fen is known from the total alone.
    """
    taken: list[Taken] = []
    got = 0
    for step in steps:
        weight = _weight(row, step["step"], plan, got)
        if weight:
            exact = Fraction(
                weight * min(step["pot_fen"], step["owed_fen"]), step["owed_fen"]
            )
            one = Taken(step["step"], step["pot_fen"], step["owed_fen"], weight, exact)
            taken.append(one)
            got += one.floor_fen
    last_fen = total_fen - got
    if not 0 <= last_fen <= sum(not one.is_whole for one in taken):
        message = words("explain.mismatch", found=got, told=total_fen)
        raise Refused([Fault("payments.csv", 0, "claim_id", row["claim_id"], message)])
    return Way(taken, last_fen)


def _weight(row: Row, step: str, plan: Plan, got: int) -> int:
    """What the claim weighs in a step: 0 where the step is not for it."""
    fen = int(row["fen"])
    pool = next((pool for pool in plan.pools if pool.id == step), None)
    if pool is not None:
        is_named = row["claim_id"] in pool.secures or row["class"] in pool.first_to
        return fen - got if is_named or _is_named_shortfall(row, pool.first_to, plan) else 0
    name, _, part = step.partition(":")
    if _standing(row, plan) not in name.split("+"):
        return 0
    return _part_weight(fen, part, plan, got)


def _part_weight(fen: int, part: str, plan: Plan, got: int) -> int:
    """A part of the consumers' step: small claims, first tier, what the rate lacks."""
    if part == "small":
        return fen - got if fen <= plan.ceiling_fen else 0
    if part == "first_tier":
        return max(0, min(fen, plan.ceiling_fen) - got)
    if part == "rate":
        assert plan.overlay is not None
        assert plan.overlay.rate is not None
        rate = plan.overlay.rate
        return max(0, fen * rate.numerator // rate.denominator - got)
    return fen - got


def _standing(row: Row, plan: Plan) -> str:
    secured = {claim for pool in plan.pools for claim in pool.secures}
    if row["claim_id"] in secured or row["class"] == "secured":
        return "ordinary"
    return str(row["class"])


def _is_named_shortfall(row: Row, first_to: tuple[str, ...], plan: Plan) -> bool:
    return "ordinary" in first_to and _standing(row, plan) == "ordinary"
