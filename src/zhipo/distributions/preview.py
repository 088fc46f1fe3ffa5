"""What a plan does to every class and every creditor, beside the statutory order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from zhipo.distributions.register import Row
from zhipo.kernel.rules import rule_on
from zhipo.law.instalments.parts import is_small, parts_fen
from zhipo.law.waterfall.order import ClaimClass
from zhipo.law.waterfall.plan import Allocation, Claim, Pool, Terms

RULE = "cn.ebl.113.2"


@dataclass(frozen=True)
class Line:
    """One class, or one claim, of a plan: sums in fen."""

    name: str
    count: int
    fen: int
    baseline_fen: int
    got_fen: int
    reserved_fen: int

    @property
    def shift_fen(self) -> int:
        """What the plan gives beyond the statutory order; below 0: who pays for it."""
        return self.got_fen - self.baseline_fen

    @property
    def rate(self) -> Fraction:
        return Fraction(self.got_fen, self.fen) if self.fen else Fraction(0)

    @property
    def baseline_rate(self) -> Fraction:
        return Fraction(self.baseline_fen, self.fen) if self.fen else Fraction(0)


@dataclass(frozen=True)
class Cliff:
    """What a claim at the ceiling gets, and one that is a fen larger."""

    ceiling_fen: int
    at_fen: int
    above_fen: int

    @property
    def drop_fen(self) -> int:
        return self.at_fen - self.above_fen


@dataclass(frozen=True)
class OptDown:
    """Who would get more by coming down to the ceiling, where small claims are whole.

    At the rate that the larger claims get before anybody does: up to `until_fen` (the
    largest such claim), `count` claims, to whom `fen` more would have to go.
    """

    until_fen: int
    count: int
    fen: int


@dataclass(frozen=True)
class Preview:
    """A plan's outcome: classes in the order of the law, and all claims behind them."""

    rows: Sequence[Row]
    outcome: Allocation
    classes: list[Line]
    pools_fen: int
    cliff: Cliff | None
    opt_down: OptDown | None

    @property
    def left_over_fen(self) -> int:
        return self.outcome.left_over_fen

    @property
    def bearers(self) -> list[Line]:
        """The classes that pay for the shift, the one that pays most first."""
        return sorted(
            (c for c in self.classes if c.shift_fen < 0), key=lambda c: c.shift_fen
        )

    def claims(self) -> Iterator[tuple[Row, Line]]:
        """Each claim with its line, in register order."""
        return ((row, self._line(row)) for row in self.rows if row.claim_pk is not None)

    def _line(self, row: Row) -> Line:
        got = self.outcome.got_fen[row.claim_id]
        return Line(row.claim_id, 1, row.fen, self.outcome.baseline_fen[row.claim_id], got,
                    got if row.is_provisional else 0)  # fmt: skip


def preview(content: Mapping[str, Any], rows: Sequence[Row]) -> Preview:
    """The outcome of PLAN.json over a register, by the law's own exact rule.

    Raises PlanRefused, NoBasis where the plan cannot be carried out.
    """
    pools = tuple(_pool(pool) for pool in content["pools"])
    terms = _terms(content)
    claims = tuple(
        Claim(row.claim_id, ClaimClass(row.class_name), row.fen, row.is_provisional)
        for row in rows
    )
    allocate = rule_on(date.fromisoformat(content["law_date"]), RULE)
    outcome: Allocation = allocate(claims=claims, pools=pools, terms=terms)
    small = content["small_claims"]
    # No other mode parts the consumers at the ceiling.
    large = over_ceiling(rows, small["ceiling_fen"]) if small["mode"] == "flat" else []
    return Preview(rows, outcome, _classes(rows, outcome), sum(pool.fen for pool in pools),
                   _cliff(large, outcome, content), _opt_down(large, outcome, content)
                   )  # fmt: skip


def over_ceiling(rows: Sequence[Row], ceiling_fen: int) -> list[Row]:
    """The consumers whose claims are not small ones."""
    return [
        row
        for row in rows
        if row.class_name == ClaimClass.CONSUMER
        and not is_small(fen=row.fen, ceiling_fen=ceiling_fen)
    ]


def due_parts(content: Mapping[str, Any], line: Line, class_name: str) -> tuple[int, ...]:
    """How one creditor's payment is cut, in fen."""
    paid = line.got_fen - line.reserved_fen
    if class_name != ClaimClass.CONSUMER:
        return (paid,)
    return parts_fen(
        paid_fen=paid, claim_fen=line.fen, parts=content["instalments"],
        ceiling_fen=content["small_claims"]["ceiling_fen"],
    )  # fmt: skip


def _pool(pool: Mapping[str, Any]) -> Pool:
    return Pool(
        pool["id"],
        pool["fen"],
        tuple(pool.get("secures", ())),
        tuple(ClaimClass(name) for name in pool.get("first_to", ())),
        pool.get("basis"),
        pool.get("evidence"),
    )


def _terms(content: Mapping[str, Any]) -> Terms | None:
    overlay = content.get("overlay")
    if overlay is None:
        return None
    consumer = overlay.get("consumer")
    rate = Fraction(consumer["rate"]) if isinstance(consumer, dict) else None
    small = content["small_claims"]
    return Terms(
        basis=overlay["basis"],
        evidence=overlay["evidence"],
        is_before_ordinary=consumer == "before_ordinary",
        rate=rate,
        mode=small["mode"],
        ceiling_fen=small["ceiling_fen"],
    )


def _classes(rows: Sequence[Row], outcome: Allocation) -> list[Line]:
    sums: dict[str, list[int]] = {}
    for row in rows:
        got = outcome.got_fen[row.claim_id]
        line = sums.setdefault(row.class_name, [0, 0, 0, 0, 0])
        line[0] += 1
        line[1] += row.fen
        line[2] += outcome.baseline_fen[row.claim_id]
        line[3] += got
        line[4] += got if row.is_provisional else 0
    return [Line(name, *sums[name]) for name in ClaimClass if name in sums]


def _opt_down(
    large: Sequence[Row], outcome: Allocation, content: Mapping[str, Any]
) -> OptDown | None:
    ceiling = content["small_claims"]["ceiling_fen"]
    better = [row for row in large if outcome.got_fen[row.claim_id] < ceiling]
    if not better:
        return None
    more = sum(ceiling - outcome.got_fen[row.claim_id] for row in better)
    return OptDown(max(row.fen for row in better), len(better), more)


def _cliff(
    large: Sequence[Row], outcome: Allocation, content: Mapping[str, Any]
) -> Cliff | None:
    """The step at the ceiling under `flat`; no other mode has one."""
    small = content["small_claims"]
    if small["mode"] != "flat":
        return None
    ceiling = small["ceiling_fen"]
    owed = sum(row.fen for row in large)
    got = sum(outcome.got_fen[row.claim_id] for row in large)
    above = (ceiling + 1) * got // owed if owed else ceiling + 1
    return Cliff(ceiling, ceiling, above)
