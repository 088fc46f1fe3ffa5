"""Money that was distributed once and is the other creditors' again (EBL 117 to 119)."""

from django.db.models import Max, QuerySet, Sum

from zhipo.cases.models import Case
from zhipo.distributions.acts import RELEASING
from zhipo.distributions.chart import GENERAL
from zhipo.distributions.models import Lapse, Plan
from zhipo.distributions.states import PlanState
from zhipo.ledger.models import Entry
from zhipo.ledger.queries import balance_fen


def returned_fen(case: Case) -> int:
    """All that ever came back from deposits into the general pool."""
    return _sum(_returned(case))


def to_give_again_fen(case: Case) -> int:
    """What of it no plan has given to the others yet: it is still in the pool.

    A plan gives what it was made with, so what came back after that waits for the next.
    """
    returned = returned_fen(case)
    return min(returned, balance_fen(case.number, GENERAL)) if returned else 0


def lapses_to_give(case: Case) -> QuerySet[Lapse]:
    """The shares behind it that their creditors did not take in time."""
    return Lapse.objects.filter(
        share__plan__case=case, after_plan=last_approved_number(case)
    )


def last_approved_number(case: Case) -> int:
    """The number of the plan that was approved last, 0 for none."""
    plans = Plan.objects.filter(case=case, state=PlanState.APPROVED)
    return int(plans.aggregate(last=Max("number"))["last"] or 0)


def _returned(case: Case) -> QuerySet[Entry]:
    return Entry.objects.filter(
        account__book=case.number, account__code=GENERAL, transaction__act=RELEASING
    )


def _sum(entries: QuerySet[Entry]) -> int:
    return -int(entries.aggregate(fen=Sum("fen"))["fen"] or 0)
