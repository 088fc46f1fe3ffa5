"""Plans: the list of versions, each one, what is done with it, two side by side."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.cases.models import Case
from zhipo.claims.background import TaskKind
from zhipo.distributions.actions import approving, planning, voting
from zhipo.distributions.comparing import compared
from zhipo.distributions.models import Plan
from zhipo.distributions.outcomes import outcome_of
from zhipo.distributions.policies.planning import is_for_the_court, may_go
from zhipo.distributions.queries.plans import plans_of
from zhipo.distributions.states import PlanState
from zhipo.portals.access import person
from zhipo.portals.acting import tried, with_failed
from zhipo.portals.desk import exports
from zhipo.portals.desk.forms_plans import SureForm, VoteForm
from zhipo.portals.desk.plan_content import plan_content
from zhipo.portals.desk.plan_document import plan_document
from zhipo.portals.desk.plan_export import plan_sheets
from zhipo.portals.desk.plan_files import PlanOrder
from zhipo.portals.desk.plan_shown import creditors_page, percent
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.desk.views.background import handed_to_worker
from zhipo.web.words import current_language, say

Done = Callable[..., object]


class ProposeForm(SureForm):
    """That a draft is put to the meeting."""


class SubmitForm(SureForm):
    """That a plan goes to the court, sealed."""


class WithdrawForm(SureForm):
    """That a plan is taken back."""


ACTS: dict[str, tuple[type[forms.Form], Done]] = {
    "propose": (ProposeForm, voting.propose_plan),
    "vote": (VoteForm, voting.record_vote),
    "submit": (SubmitForm, approving.submit_plan),
    "withdraw": (WithdrawForm, planning.withdraw_plan),
}
"""Name in the address -> its form, its act."""


@for_desk
@require_GET
def plans(request: HttpRequest, slug: str) -> HttpResponse:
    """All versions, the newest first."""
    case = case_of(request, slug)
    content = {"plans": plans_of(case)}
    return desk_page(request, case, "desk/plans.html", content, stage="plans")


@for_desk
@require_GET
def plan(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One plan: what it says and does, its votes, its seals, what may be done with it."""
    return _page(request, *_own(request, slug, number))


@for_desk
@require_POST
def act(request: HttpRequest, slug: str, number: int, name: str) -> HttpResponse:
    """Put to the meeting, vote recorded, submitted, withdrawn."""
    case, found = _own(request, slug, number)
    if name not in ACTS:
        raise Http404
    form_class, do = ACTS[name]
    form = form_class(request.POST)

    def done() -> object:
        given = {"counted": form.counted} if isinstance(form, VoteForm) else {}
        return do(plan_id=found.pk, **given, by=person(request))

    answer = tried(form, done)
    if not answer.is_done:
        return _page(request, case, found, failed=form, status=answer.status)
    messages.success(request, say(f"desk.plans.said.{name}", number=number))
    return redirect("desk:plan", slug=slug, number=number)


@for_desk
@require_GET
def creditors(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Each creditor's share in a plan: searched, paged."""
    case, found = _own(request, slug, number)
    outcome = outcome_of(found)
    if outcome is None:
        return redirect("desk:plan", slug=slug, number=number)
    content = {
        "creditors": creditors_page(outcome, request.GET),
        "classes": outcome.creditors,
        "title": found.title,
        "plan": found,
        "hidden": [("sort", request.GET.get("sort", ""))],
    }
    return desk_page(request, case, "desk/plan_creditors.html", content, stage="plans")


@for_desk
@require_GET
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Two versions side by side."""
    case = case_of(request, slug)
    found = list(plans_of(case))
    by_number = {str(one.number): one for one in found}
    first, second = (by_number.get(request.GET.get(key, "")) for key in ("a", "b"))
    content: dict[str, Any] = {"plans": found, "first": first, "second": second}
    if first is not None and second is not None:
        content |= _compared(first, second)
    return desk_page(request, case, "desk/plan_compare.html", content, stage="plans")


@for_desk
@require_POST
def workbook(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The plan with every creditor's share, as XLSX; by a worker where it is long."""
    case, found = _own(request, slug, number)
    outcome = outcome_of(found)
    if outcome is None:
        raise Http404
    if outcome.creditors_count > exports.AT_ONCE:
        return _handed(request, case, TaskKind.WRITE_PLAN_WORKBOOK, found)
    sheets = plan_sheets(found, outcome)
    return exports.workbook_response(sheets, name=f"{slug}-plan-{number}")


@for_desk
@require_POST
def document(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The plan as a document (《企业破产法》第一百一十五条第二款), kept and downloaded."""
    case, found = _own(request, slug, number)
    outcome = outcome_of(found)
    if outcome is None:
        raise Http404
    if outcome.creditors_count > exports.AT_ONCE:
        return _handed(request, case, TaskKind.WRITE_PLAN_DOCUMENT, found)
    return exports.handed_out(plan_document(found, outcome, by=person(request)))


def _handed(request: HttpRequest, case: Case, kind: TaskKind, plan: Plan) -> HttpResponse:
    order = PlanOrder(plan.number, current_language())
    return handed_to_worker(request, case, kind, asdict(order))


def _own(request: HttpRequest, slug: str, number: int) -> tuple[Case, Plan]:
    case = case_of(request, slug)
    return case, get_object_or_404(plans_of(case), number=number)


def _compared(first: Plan, second: Plan) -> Mapping[str, Any]:
    outcomes = outcome_of(first), outcome_of(second)
    if outcomes[0] is None or outcomes[1] is None:
        return {"cannot": True}
    return {
        "pairs": [
            (one, percent(one.first.rate), percent(one.second.rate))
            for one in compared(outcomes[0], outcomes[1])
        ],
        "outcomes": outcomes,
    }


def _page(
    request: HttpRequest, case: Case, found: Plan, *, failed: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    today = timezone.localdate().isoformat()
    shown: dict[str, forms.Form] = {
        "propose_form": ProposeForm(),
        "vote_form": VoteForm(initial={"voted_on": today}),
        "submit_form": SubmitForm(),
        "withdraw_form": WithdrawForm(),
    }
    state = PlanState(found.state)
    content = {
        **with_failed(shown, failed),
        **plan_content(found),
        "failed": type(failed).__name__ if failed else "",
        "may": {to.value: may_go(found, to) for to in PlanState},
        "is_draft": state == PlanState.DRAFT,
        "is_for_the_court": is_for_the_court(found),
        "others": plans_of(case).exclude(pk=found.pk),
    }
    return desk_page(request, case, "desk/plan.html", content, stage="plans",
                     status=status)  # fmt: skip
