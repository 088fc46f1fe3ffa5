"""Costs of approved plans: what each has, what was paid of it, what is still open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet, Sum

from zhipo.cases.models import Case
from zhipo.distributions import files
from zhipo.distributions.costs import Cost, costs_of
from zhipo.distributions.models import CostPayment, Plan
from zhipo.distributions.states import CostPurpose, PlanState
from zhipo.web.refusals import NotInState


@dataclass(frozen=True)
class CostLine:
    """One cost of an approved plan in fen: `cost.fen` is what the plan has for it.

    `entered_fen` waits for a second person and has not left the book yet.
    """

    cost: Cost
    paid_fen: int
    entered_fen: int

    @property
    def open_fen(self) -> int:
        return self.cost.fen - self.paid_fen

    @property
    def left_fen(self) -> int:
        """What may still be entered."""
        return self.open_fen - self.entered_fen


@dataclass(frozen=True)
class PlanCosts:
    """The costs of one approved plan, in the plan's order."""

    plan: Plan
    lines: list[CostLine]

    @property
    def fen(self) -> int:
        return sum(line.cost.fen for line in self.lines)

    @property
    def paid_fen(self) -> int:
        return sum(line.paid_fen for line in self.lines)

    @property
    def entered_fen(self) -> int:
        return sum(line.entered_fen for line in self.lines)

    @property
    def open_fen(self) -> int:
        return self.fen - self.paid_fen

    def line(self, cost_id: str) -> CostLine | None:
        """The cost of this id, None where the plan has none."""
        return next((one for one in self.lines if one.cost.id == cost_id), None)


def costs_by_plan(case: Case) -> list[PlanCosts]:
    """Every approved plan with costs, the latest first."""
    plans = case.plans.filter(state=PlanState.APPROVED).order_by("-number")
    return [one for one in _with_payments(plans) if one.lines]


def costs_of_plan(plan: Plan) -> PlanCosts:
    """The same of one approved plan."""
    return _with_payments([plan])[0]


def open_costs_fen(case: Case) -> int:
    """What approved plans have for costs that has not been paid."""
    return sum(one.open_fen for one in costs_by_plan(case))


def payments_of(case: Case) -> QuerySet[CostPayment]:
    """What was paid or is entered for costs, the newest first."""
    return (
        CostPayment.objects.filter(case=case)
        .select_related("case", "plan", "paper", "entered_by", "checked_by")
        .order_by("-entered_at", "-pk")
    )


def entered_fen(case: Case, *purposes: CostPurpose) -> int:
    """What is entered for these purposes and not checked yet."""
    waiting = CostPayment.objects.filter(case=case, purpose__in=purposes, checked_at=None)
    return int(waiting.aggregate(fen=Sum("fen", default=0))["fen"])


def granted_costs(plan: Plan) -> list[Cost]:
    """The costs that get something, each with the fen that the plan pays on it.

    Where money was short the sealed division says how much (《企业破产法》第四十三条).
    Raises NotInState where its files are not what was submitted.
    """
    costs = [cost for cost in costs_of(plan.costs) if cost.fen]
    classes = plan.summary["classes"]
    if all(_is_whole(classes[cost.class_name]) for cost in costs):
        return costs
    if not files.is_as_sealed(plan):
        raise NotInState("distributions.refused.seal_broken")
    paid = {row["claim_id"]: int(row["paid_fen"]) for row in files.result_of(plan)}
    return [replace(cost, fen=paid[cost.id]) for cost in costs if paid[cost.id]]


def _is_whole(line: Mapping[str, int]) -> bool:
    return line["paid_fen"] == line["fen"]


def _with_payments(plans: Iterable[Plan]) -> list[PlanCosts]:
    found = list(plans)
    is_checked = Q(checked_at__isnull=False)
    rows = (
        CostPayment.objects.filter(plan__in=found)
        .values_list("plan", "cost")
        .annotate(
            paid=Sum("fen", filter=is_checked, default=0),
            entered=Sum("fen", filter=~is_checked, default=0),
        )
    )
    sums = {(plan, cost): (int(paid), int(fen)) for plan, cost, paid, fen in rows}
    return [
        PlanCosts(
            plan,
            [
                CostLine(cost, *sums.get((plan.pk, cost.id), (0, 0)))
                for cost in granted_costs(plan)
            ],
        )
        for plan in found
    ]
