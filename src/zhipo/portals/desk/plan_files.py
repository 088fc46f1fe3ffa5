"""A plan's files: at once where it is small, else written by a worker and kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.http import QueryDict
from django.utils import translation

from zhipo.claims.actions.background import finish_task
from zhipo.claims.actions.progress import Progress
from zhipo.claims.background import BackgroundTask
from zhipo.distributions.models import Plan
from zhipo.distributions.outcomes import Outcome, outcome_of
from zhipo.portals.desk.exports import Sheet
from zhipo.portals.desk.long_exports import LANGUAGES, counted, keep_workbook
from zhipo.portals.desk.plan_document import plan_document
from zhipo.portals.desk.plan_export import creditors_sheet, plan_sheets
from zhipo.portals.desk.terms_asked import outcome_asked
from zhipo.web.refusals import NotInState
from zhipo.web.words import say


@dataclass(frozen=True)
class PlanOrder:
    """Which plan of the case, in whose language."""

    number: int
    lang: str


@dataclass(frozen=True)
class TermsOrder:
    """Terms that are tried, as an address says them, in whose language."""

    query: str
    lang: str


def write_plan_workbook(task: BackgroundTask, told: Progress) -> None:
    """A plan with every creditor's share, as XLSX."""
    order = PlanOrder(**task.arguments)
    plan, outcome = _found(task, order)
    with translation.override(LANGUAGES[order.lang]):
        title = say("desk.plans.plan", number=plan.number)
        _keep(task, order.lang, title, plan_sheets(plan, outcome), outcome, told)


def write_plan_document(task: BackgroundTask, told: Progress) -> None:
    """A plan as the document that meeting and court are given."""
    plan, outcome = _found(task, PlanOrder(**task.arguments))
    with transaction.atomic():
        document = plan_document(plan, outcome, by=task.ordered_by)
        finish_task(task_id=task.pk, document=document)


def write_what_if(task: BackgroundTask, told: Progress) -> None:
    """What terms that are tried do to each creditor, on the ground of today."""
    order = TermsOrder(**task.arguments)
    query = QueryDict(order.query)
    outcome = outcome_asked(task.case, query)
    if outcome is None:
        raise NotInState("desk.plans.no_outcome")
    with translation.override(LANGUAGES[order.lang]):
        sheets = [creditors_sheet(outcome, query)]
        _keep(task, order.lang, say("desk.plans.what_if"), sheets, outcome, told)


def _found(task: BackgroundTask, order: PlanOrder) -> tuple[Plan, Outcome]:
    """Raises NotInState where the law refuses the division by now."""
    plan = Plan.objects.select_related("case").get(case=task.case, number=order.number)
    outcome = outcome_of(plan)
    if outcome is None:
        raise NotInState("desk.plans.no_outcome")
    return plan, outcome


def _keep(
    task: BackgroundTask, lang: str, title: str, sheets: Iterable[Sheet],
    outcome: Outcome, told: Progress,
) -> None:  # fmt: skip
    total = outcome.creditors_count
    keep_workbook(task, title, counted(sheets, total, told), lang=lang, count=total)
