"""What waits for the court in its cases, nearest first, and their papers, latest first."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from zhipo.cases.models import Case, Clock, Question
from zhipo.cases.phases import Phase
from zhipo.claims.actions.confirming import is_ready_for_ruling
from zhipo.distributions.queries.plans import before_the_court
from zhipo.documents.models import Document
from zhipo.documents.queries import latest_documents

PAPERS_SHOWN = 20


@dataclass(frozen=True)
class Need:
    """One thing to do: in which case, what, until when (None: no day is set)."""

    case: Case
    words: str
    last_day: date | None
    detail: str = ""

    @property
    def days(self) -> int | None:
        if self.last_day is None:
            return None
        return (self.last_day - timezone.localdate()).days

    @property
    def overdue(self) -> int:
        return -(self.days or 0)


def needs(cases: QuerySet[Case]) -> list[Need]:
    """Everything that waits in these cases, the nearest day first."""
    found = [
        *_clocks(cases),
        *_questions(cases),
        *(Need(case, "court.need.publish", None) for case in cases if _is_new(case)),
        *(Need(case, "court.need.ruling", None) for case in cases if _waits(case)),
        *(Need(one.case, "court.need.plan", None, one.title)
          for one in before_the_court(cases)),
    ]  # fmt: skip
    return sorted(found, key=lambda need: (need.last_day is None, need.last_day))


def latest_papers(cases: QuerySet[Case]) -> list[tuple[Case, Document]]:
    """The latest papers of these cases, each with its case."""
    by_number = {case.number: case for case in cases}
    papers = latest_documents(by_number, most=PAPERS_SHOWN)
    return [(by_number[paper.chain], paper) for paper in papers]


def open_questions(case: Case) -> QuerySet[Question]:
    """All questions of a case, the open ones first."""
    return case.questions.order_by("answered_at", "-asked_at")


def _clocks(cases: QuerySet[Case]) -> list[Need]:
    running = Clock.objects.select_related("case").filter(case__in=cases, done_at=None)
    return [
        Need(clock.case, f"cases.deadline.{clock.deadline}", clock.last_day, clock.deadline)
        for clock in running
    ]


def _questions(cases: QuerySet[Case]) -> list[Need]:
    asked = Question.objects.select_related("case").filter(case__in=cases, answered_at=None)
    return [Need(one.case, "court.need.answer", one.due_on, one.text) for one in asked]


def _is_new(case: Case) -> bool:
    return case.phase == Phase.ACCEPTED


def _waits(case: Any) -> bool:
    return is_ready_for_ruling(case)
