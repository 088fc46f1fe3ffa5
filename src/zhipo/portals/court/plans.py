"""Plans before the court: the same as the administrator sees, approved or not."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.cases.models import Case
from zhipo.distributions.actions.approving import approve_plan, refuse_plan
from zhipo.distributions.actions.publishing import order_publication
from zhipo.distributions.models import Plan
from zhipo.distributions.policies.approving import RegisterChanged
from zhipo.distributions.queries.plans import plans_of
from zhipo.distributions.states import PlanState
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.court.views import for_all_staff, for_court
from zhipo.portals.desk.forms_plans import PlanRulingForm
from zhipo.portals.desk.plan_content import plan_content
from zhipo.portals.desk.surroundings import case_of, desk_page
from zhipo.web.words import say

SEEN = frozenset(PlanState) - {PlanState.DRAFT}
"""A draft is the administrator's own until it is put to the meeting."""

ACTS: dict[str, Callable[..., object]] = {"approve": approve_plan, "refuse": refuse_plan}


@for_all_staff
@require_GET
def plans(request: HttpRequest, slug: str) -> HttpResponse:
    """The plans that were put forward, those before the court first."""
    case = case_of(request, slug)
    found = plans_of(case).filter(state__in=SEEN)
    content = {"plans": sorted(found, key=lambda one: one.state != PlanState.SUBMITTED)}
    return desk_page(request, case, "court/plans.html", content, stage="court")


@for_all_staff
@require_GET
def plan(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One plan with its seals, and the form of the ruling."""
    return _page(request, *_own(request, slug, number))


@for_court
@require_POST
def rule(request: HttpRequest, slug: str, number: int, name: str) -> HttpResponse:
    """Enter the ruling that approves the plan or does not."""
    case, found = _own(request, slug, number)
    if name not in ACTS:
        raise Http404
    form = PlanRulingForm(request.POST)
    changed: list[object] = []

    def act() -> object:
        given = {key: form.cleaned_data[key] for key in ("ruling", "ruled_on")}
        try:
            return ACTS[name](plan_id=found.pk, **given, by=person(request))
        except RegisterChanged as refused:
            changed.extend(refused.changed)
            raise

    answer = tried(form, act)
    if not answer.is_done:
        return _page(request, case, found, failed=form, changed=changed,
                     status=answer.status)  # fmt: skip
    messages.success(request, say(f"court.plans.said.{name}"))
    return redirect("court:plan", slug=slug, number=number)


@for_court
@require_POST
def publish(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Have what checks an approved plan made, where that did not come about."""
    case, found = _own(request, slug, number)
    key = request.POST.get("page_key", "")[:40]
    task = order_publication(plan_id=found.pk, form_key=key, by=person(request))
    return redirect("desk:task", slug=case.slug, task_id=task.pk)


def _own(request: HttpRequest, slug: str, number: int) -> tuple[Case, Plan]:
    case = case_of(request, slug)
    found = plans_of(case).filter(state__in=SEEN)
    return case, get_object_or_404(found, number=number)


def _page(
    request: HttpRequest, case: Case, found: Plan, *, failed: forms.Form | None = None,
    changed: list[object] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    today = timezone.localdate().isoformat()
    content = {
        **plan_content(found),
        "ruling_form": failed or PlanRulingForm(initial={"ruled_on": today}),
        "changed": changed or [],
    }
    return desk_page(request, case, "court/plan.html", content, stage="court",
                     status=status)  # fmt: skip
