"""What others have advanced for the procedure: spent, given back, repaid by plans."""

from dataclasses import dataclass

from django.db.models import Sum

from zhipo.cases.models import Case
from zhipo.distributions.acts import (
    COST_PAID,
    MONEY_IN,
    SPENT_ADVANCE,
    TAKEN_BACK,
    UNUSED_BACK,
)
from zhipo.distributions.chart import COSTS, FUND
from zhipo.distributions.costs import CostKind
from zhipo.distributions.models import Plan
from zhipo.distributions.states import PlanState
from zhipo.ledger.models import Entry


@dataclass(frozen=True)
class Advance:
    """The advances of a case in fen, as its book and its approved plans have them.

    What was spent of them is owed back as a cost of the procedure, at any time
    (《管理人报酬规定》第十二条第三款); what was not needed just goes back.
    """

    received_fen: int
    spent_fen: int
    unused_back_fen: int
    repaid_fen: int
    planned_fen: int

    @property
    def left_fen(self) -> int:
        """Neither spent nor given back."""
        return self.received_fen - self.spent_fen - self.unused_back_fen

    @property
    def owed_fen(self) -> int:
        """What its givers still have to have: the balance of their account."""
        return self.received_fen - self.unused_back_fen - self.repaid_fen

    @property
    def to_plan_fen(self) -> int:
        """What was spent and no approved plan repays: the next plan's cost."""
        return self.spent_fen - self.planned_fen


def advance_of(case: Case) -> Advance:
    """Read from the book what was received, spent and given back; from plans the rest."""
    rows = (
        Entry.objects.filter(
            account__book=case.number,
            account__code__in=[FUND, COSTS],
            transaction__act__in=[MONEY_IN, TAKEN_BACK, SPENT_ADVANCE, UNUSED_BACK,
                                  COST_PAID],
        )
        .values_list("account__code", "transaction__act")
        .annotate(fen=Sum("fen"))
    )  # fmt: skip
    fen = {(code, act): int(found) for code, act, found in rows}

    return Advance(
        received_fen=-fen.get((FUND, MONEY_IN), 0) - fen.get((FUND, TAKEN_BACK), 0),
        spent_fen=fen.get((COSTS, SPENT_ADVANCE), 0),
        unused_back_fen=fen.get((FUND, UNUSED_BACK), 0),
        repaid_fen=fen.get((FUND, COST_PAID), 0),
        planned_fen=_planned_fen(case),
    )


def _planned_fen(case: Case) -> int:
    plans = Plan.objects.filter(case=case, state=PlanState.APPROVED)
    return sum(
        cost["fen"]
        for costs in plans.values_list("costs", flat=True)
        for cost in costs
        if cost["kind"] == CostKind.ADVANCE
    )
