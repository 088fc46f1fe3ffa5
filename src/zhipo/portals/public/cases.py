"""Cases as the public sees them: found by name or number, with their stage."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from zhipo.cases.clocks import last_filing_day
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.web.words import say

FOUND_AT_MOST = 20
STAGES = (
    Phase.FILING,
    Phase.REVIEW,
    Phase.CHECKING,
    Phase.CONFIRMED,
    Phase.DISTRIBUTION,
    Phase.CLOSED,
)


@dataclass(frozen=True)
class Stage:
    """One stage on the bar: done, now or ahead ("")."""

    name: str
    mark: str


def case_of(slug: str) -> Case:
    """The case at this address. Raises Http404."""
    return _found(Case.objects.filter(slug=slug))


def case_with_offices(slug: str) -> Case:
    """The same with its court and its administrator, for pages that name them."""
    return _found(Case.objects.select_related("court", "administrator").filter(slug=slug))


def _found(cases: QuerySet[Case]) -> Case:
    try:
        return cases.get()  # slugs are unique: no ordering, no limit to compile
    except Case.DoesNotExist:
        raise Http404 from None


def cases_like(query: str) -> list[Case]:
    """Cases whose brand, debtor or number has the words, newest first."""
    rows = Case.objects.exclude(phase=Phase.DISMISSED)
    for word in query.split()[:5]:
        rows = rows.filter(
            Q(brand__icontains=word) | Q(debtor__icontains=word) | Q(number__icontains=word)
        )
    return list(rows.order_by("-accepted_on", "-pk")[:FOUND_AT_MOST])


def stages_of(case: Case) -> list[Stage]:
    """The bar of the case's stages."""
    at = STAGES.index(Phase(case.phase)) if case.phase in STAGES else -1
    marks = ["done" if i < at else "now" if i == at else "" for i in range(len(STAGES))]
    return [
        Stage(say(f"public.stage.{phase}"), mark)
        for phase, mark in zip(STAGES, marks, strict=True)
    ]


def days_left(case: Case, today: date | None = None) -> int | None:
    """Days until filing ends: 0 on the last day, below afterwards, None while unset."""
    until = last_filing_day(case)
    return None if until is None else (until - (today or timezone.localdate())).days
