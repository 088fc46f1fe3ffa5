"""Paying a step of the order to whole columns of claims, to the fen.

The same division as `kernel.money.share_out`: floors, then the fen left over one each to
the largest remainders, ties to the earlier claim in register order (`seq`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from zhipo.engine.backends import Backend
from zhipo.engine.exact import Width, divided, float_of

BUCKETS = 4_096


@dataclass(frozen=True)
class Paid:
    """What one step did, for the explanation: money in, claims weighed, fen paid."""

    step: str
    pot_fen: int
    weight_fen: int
    paid_fen: int


@dataclass
class Allocation:
    """The register while it is being paid: a table with `got`, fen received so far."""

    engine: Backend
    table: ir.Table
    steps: list[Paid] = field(default_factory=list)

    def owed_by_standing(self) -> dict[str, int]:
        """What is still owed to each standing, in fen."""
        table = self.table
        owed = (table.fen - table.got).sum()
        found = self.engine.rows(table.group_by("standing").agg(owed=owed))
        return {row["standing"]: int(row["owed"]) for row in found}

    def pay(self, step: str, pot: int, members: ir.BooleanValue, weight: ir.Value) -> int:
        """Pay `weight` fen to each member, pro rata if `pot` does not suffice.

        Returns what was paid. `members` and `weight` are columns of `self.table`.
        """
        weight = ibis.cases((members, weight), else_=0).cast("int64")
        seen = self.engine.row(self.table.agg(total=weight.sum(), top=weight.max()))
        total, top = int(seen["total"] or 0), int(seen["top"] or 0)
        paid = min(pot, total)
        self.steps.append(Paid(step, pot, total, paid))
        if paid == total:
            self._add(weight)
        elif paid > 0:
            self._share(pot, weight, total, top)
        return paid

    def pay_ranks(self, pot: int, ranks: Sequence[Sequence[str]]) -> int:
        """Pay standings in order, each rank whole before the next; returns what is left.

        Ranks that are paid whole need no division and are paid together.
        """
        owed = self.owed_by_standing()
        whole: list[str] = []
        for rank in ranks:
            total = sum(owed.get(standing, 0) for standing in rank)
            if pot < total:
                self._pay_whole(whole)
                members = self.table.standing.isin(list(rank))
                paid = self.pay(
                    "+".join(rank), pot, members, self.table.fen - self.table.got
                )
                return pot - paid
            if total:
                self.steps.append(Paid("+".join(rank), pot, total, total))
            whole += rank
            pot -= total
        self._pay_whole(whole)
        return pot

    def _pay_whole(self, standings: Sequence[str]) -> None:
        if standings:
            is_whole = self.table.standing.isin(list(standings))
            rest = self.table.fen - self.table.got
            self._add(ibis.cases((is_whole, rest), else_=0))

    def _add(self, fen: ir.Value) -> None:
        self.table = self.table.mutate(got=(self.table.got + fen).cast("int64"))

    def _share(self, pot: int, weight: ir.Value, total: int, top: int) -> None:
        width = Width.for_products_up_to(pot * top)
        product = width.wide(weight) * ibis.literal(pot, "int64").cast(width.dtype)
        floor, remainder = divided(product, total)
        kept = self.engine.keep(self.table.mutate(floor_=floor, remainder_=remainder))
        floors = int(self.engine.row(kept.agg(floors=kept.floor_.sum()))["floors"])
        raised = ibis.cases((self._is_raised(kept, pot - floors, total), 1), else_=0)
        got = (kept.got + kept.floor_ + raised).cast("int64")
        self.table = kept.mutate(got=got).drop("floor_", "remainder_")

    def _is_raised(self, kept: ir.Table, fen: int, total: int) -> ir.BooleanValue:
        """Whether a claim is among the first `fen` by remainder, then register order.

        Sorting a million rows to find one place in them is most of the work, so the
        remainders are first counted in buckets; only the bucket in which the last fen
        falls is put in order.
        """
        if fen == 0:
            return ibis.literal(False)
        bucket = (float_of(kept.remainder_) / float_of(total) * BUCKETS).floor()
        placed = kept.mutate(bucket_=bucket.cast("int64"))
        counted = placed.group_by("bucket_").agg(rows=placed.count())
        rows = self.engine.rows(counted.order_by(counted.bucket_.desc()))
        number, before = _bucket_of(fen, [(r["bucket_"], r["rows"]) for r in rows])
        inside = placed.filter(placed.bucket_ == number).select("remainder_", "seq")
        raised = inside.order_by(inside.remainder_.desc(), inside.seq).limit(fen - before)
        last = self.engine.row(raised.order_by("remainder_", raised.seq.desc()).limit(1))
        least = ibis.literal(last["remainder_"], kept.remainder_.type())
        is_tied = (kept.remainder_ == least) & (kept.seq <= last["seq"])
        return (kept.remainder_ > least) | is_tied


def _bucket_of(place: int, counted: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """(bucket of the `place`-th row, rows before that bucket), largest bucket first."""
    before = 0
    for bucket, rows in counted:
        if place <= before + rows:
            return bucket, before
        before += rows
    raise AssertionError("more fen left over than claims")
