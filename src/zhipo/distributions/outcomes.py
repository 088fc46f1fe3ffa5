"""What a plan does, as people look at it: tried on the ground, or sealed in its files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhipo.distributions import files
from zhipo.distributions.building import Built, rows_over
from zhipo.distributions.chart import COST_CLASSES
from zhipo.distributions.costs import Cost, costs_of
from zhipo.distributions.grounds import kept_ground
from zhipo.distributions.models import Plan
from zhipo.distributions.preview import Line, Preview, due_parts, preview
from zhipo.distributions.terms import BEFORE_ORDINARY
from zhipo.law.waterfall.basis import NoBasis
from zhipo.law.waterfall.order import ClaimClass
from zhipo.law.waterfall.plan import PlanRefused


@dataclass(frozen=True)
class ClaimLine:
    """One claim's share in a plan, in fen; `parts` are paid on the plan's days."""

    number: str
    class_name: str
    fen: int
    baseline_fen: int
    got_fen: int
    reserved_fen: int
    parts: tuple[int, ...]

    @property
    def shift_fen(self) -> int:
        return self.got_fen - self.baseline_fen


@dataclass(frozen=True)
class Outcome:
    """The classes in the order of the law, the costs, what is left over."""

    classes: list[Line]
    costs: list[Cost]
    pools_fen: int
    left_over_fen: int
    source: Preview | Plan
    content: Mapping[str, Any]

    @property
    def costs_fen(self) -> int:
        return sum(line.got_fen for line in self.classes if line.name in COST_CLASSES)

    @property
    def returned_fen(self) -> int:
        """What reaches creditors, reserved shares included."""
        return sum(line.got_fen for line in self.creditors)

    @property
    def reserved_fen(self) -> int:
        return sum(line.reserved_fen for line in self.classes)

    @property
    def creditors(self) -> list[Line]:
        """The classes but for what the procedure itself costs."""
        return [line for line in self.classes if line.name not in COST_CLASSES]

    @property
    def creditors_count(self) -> int:
        """How many claims have a share, nought included."""
        return sum(line.count for line in self.creditors)

    def claims(self) -> Iterator[ClaimLine]:
        """Every claim, in register order; the costs are not among them."""
        if isinstance(self.source, Plan):
            yield from _sealed_claims(self.source)
        else:
            yield from _tried_claims(self.source, self.content)


def tried(built: Built) -> Outcome | None:
    """The outcome of terms on their ground; None where they cannot be carried out."""
    if built.outcome is None:
        return None
    return _previewed(built.outcome, built.costs, built.content)


def outcome_of(plan: Plan) -> Outcome | None:
    """What a plan does: as it was sealed, else over the register as it stands now.

    None where the law refuses the division by now.
    """
    if plan.folder:
        return sealed(plan)
    rows = rows_over(plan, kept_ground(plan.case, plan.law_date).rows)
    try:
        outcome = preview(plan.content, rows)
    except (PlanRefused, NoBasis):
        return None
    return _previewed(outcome, costs_of(plan.costs), plan.content)


def _previewed(outcome: Preview, costs: list[Cost], content: Mapping[str, Any]) -> Outcome:
    return Outcome(outcome.classes, costs, outcome.pools_fen, outcome.left_over_fen,
                   outcome, content)  # fmt: skip


def sealed(plan: Plan) -> Outcome:
    """The outcome that a submitted plan was sealed with."""
    summary, found = plan.summary, plan.summary["classes"]
    classes = [_line(name, found[name]) for name in ClaimClass if name in found]
    return Outcome(classes, costs_of(plan.costs), summary["pools_fen"],
                   summary["left_over_fen"], plan, plan.content)  # fmt: skip


def _line(name: str, row: Mapping[str, int]) -> Line:
    got = row["paid_fen"] + row["reserved_fen"]
    return Line(name, row["count"], row["fen"], row["baseline_fen"], got,
                row["reserved_fen"])  # fmt: skip


def departs_from_the_order(content: Mapping[str, Any]) -> bool:
    """Whether a plan leaves the statutory order anywhere."""
    has_overlay = bool(content.get("overlay", {}).get("consumer"))
    first_to = any(pool.get("first_to") for pool in content["pools"])
    return has_overlay or first_to or content["small_claims"]["mode"] != "none"


def overlay_of(content: Mapping[str, Any]) -> tuple[str, str]:
    """(statutory | before_ordinary | rate, the rate as text)."""
    chosen = content.get("overlay", {}).get("consumer", "")
    if isinstance(chosen, dict):
        return "rate", chosen["rate"]
    return (chosen if chosen == BEFORE_ORDINARY else "statutory"), ""


def _tried_claims(outcome: Preview, content: Mapping[str, Any]) -> Iterator[ClaimLine]:
    for row, line in outcome.claims():
        parts = due_parts(content, line, row.class_name)
        yield ClaimLine(row.claim_id, row.class_name, row.fen, line.baseline_fen,
                        line.got_fen, line.reserved_fen, parts)  # fmt: skip


def _sealed_claims(plan: Plan) -> Iterator[ClaimLine]:
    costs = {cost["id"] for cost in plan.costs}
    for row in files.result_of(plan):
        if row["claim_id"] not in costs:
            reserved = int(row["reserved_fen"])
            yield ClaimLine(
                row["claim_id"], row["class"], int(row["fen"]), int(row["baseline_fen"]),
                int(row["paid_fen"]) + reserved, reserved, tuple(files.parts_fen(row)),
            )  # fmt: skip
