"""Money that was distributed once and is the other creditors' again (EBL 117 to 119)."""

from django.db.models import Max, QuerySet, Sum

from zhipo.cases.models import Case
from zhipo.distributions.acts import APPROVAL, RELEASING
from zhipo.distributions.chart import GENERAL
from zhipo.distributions.models import Lapse, Plan
from zhipo.distributions.states import PlanState
from zhipo.ledger.models import Entry, Transaction


def returned_fen(case: Case) -> int:
    """All that ever came back from deposits into the general pool."""
    return _sum(_returned(case))


def to_give_again_fen(case: Case) -> int:
    """What of it no plan has given to the others yet: it came after the last approval."""
    approvals = Transaction.objects.filter(book=case.number, act=APPROVAL)
    last = approvals.aggregate(last=Max("pk"))["last"] or 0
    return _sum(_returned(case).filter(transaction__gt=last))


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
