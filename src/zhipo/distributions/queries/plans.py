"""A case's plans as its people read them."""

from django.db.models import QuerySet

from zhipo.cases.models import Case
from zhipo.distributions.models import Plan
from zhipo.distributions.states import PlanState


def plans_of(case: Case) -> QuerySet[Plan]:
    """All of them, the newest first."""
    plans = Plan.objects.filter(case=case).select_related("made_by", "ruled_by", "case")
    return plans.order_by("-number")


def next_number(case: Case) -> int:
    """The number that the next plan will have."""
    last = plans_of(case).values_list("number", flat=True).first()
    return (last or 0) + 1


def before_the_court(cases: QuerySet[Case]) -> QuerySet[Plan]:
    """The plans that wait for a ruling, the one that waits longest first."""
    waiting = Plan.objects.filter(case__in=cases, state=PlanState.SUBMITTED)
    return waiting.select_related("case").order_by("submitted_at")
