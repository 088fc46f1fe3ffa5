"""费用: what approved plans have for costs, what was paid of it, what of an advance."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.distributions.actions.entering_costs import (
    enter_cost_payment,
    enter_outlay,
    enter_unused_back,
)
from zhipo.distributions.models import Plan
from zhipo.distributions.queries.advances import advance_of
from zhipo.distributions.queries.costs import (
    CostLine,
    costs_by_plan,
    costs_of_plan,
    entered_fen,
    payments_of,
)
from zhipo.distributions.states import CostPurpose, PlanState
from zhipo.kernel.money import plain_yuan
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.desk.costs_shown import (
    KIND_NOTES,
    cost_sheets,
    cost_words,
    payment_words,
)
from zhipo.portals.desk.exports import workbook_response
from zhipo.portals.desk.forms_costs import OutlayForm, SlipForm
from zhipo.portals.desk.fresh import with_fresh_code
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.web.words import say

STAGE = "payouts"
OF_ADVANCES = (CostPurpose.OUTLAY, CostPurpose.UNUSED)


@for_desk
@require_GET
def costs(request: HttpRequest, slug: str) -> HttpResponse:
    """Every approved plan's costs, the advances, all payments; the court sees the same."""
    case = case_of(request, slug)
    plans = costs_by_plan(case)
    content = {
        "plans": [(one, [(line, _named(line)) for line in one.lines]) for one in plans],
        "advance": advance_of(case),
        "payments": _with_words(payments_of(case)),
        "open_fen": sum(one.open_fen for one in plans),
        "is_closed": case.phase == Phase.CLOSED,
    }
    return desk_page(request, case, "desk/costs.html", content, stage=STAGE)


@for_desk
@require_GET
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a workbook: costs, payments."""
    case = case_of(request, slug)
    sheets = cost_sheets(costs_by_plan(case), payments_of(case))
    return workbook_response(sheets, name=f"{slug}-costs")


@for_desk
@require_GET
def cost(request: HttpRequest, slug: str, plan_id: int, cost_id: str) -> HttpResponse:
    """One cost of a plan: what it has, what was paid, what the law asks before."""
    case = case_of(request, slug)
    return _cost_page(request, case, *_own(case, plan_id, cost_id))


@for_desk
@require_POST
@with_fresh_code()
def enter(request: HttpRequest, slug: str, plan_id: int, cost_id: str) -> HttpResponse:
    """Enter what was paid of it; a refusal comes back with what was typed."""
    case = case_of(request, slug)
    plan, line = _own(case, plan_id, cost_id)
    form = SlipForm(case, request.POST, request.FILES, kind=line.cost.kind)
    done = tried(
        form,
        lambda: enter_cost_payment(
            plan_id=plan.pk, cost_id=cost_id, slip=form.slip,
            form_key=form.cleaned_data["form_key"], by=person(request),
        ),
    )  # fmt: skip
    if done.result is None:
        return _cost_page(request, case, plan, line, failed=form, status=done.status)
    messages.success(request, say("desk.costs.said.entered"))
    return redirect("desk:cost_payment", slug=slug, payment_id=done.result.pk)


@for_desk
@require_GET
def advance(request: HttpRequest, slug: str) -> HttpResponse:
    """What was advanced for the procedure, on what it was spent, what goes back."""
    return _advance_page(request, case_of(request, slug))


@for_desk
@require_POST
@with_fresh_code()
def advance_act(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Enter what an advance was spent on, or what of it went back unused."""
    case = case_of(request, slug)
    if name not in ("spend", "give_back"):
        raise Http404
    kind = OutlayForm if name == "spend" else SlipForm
    form = kind(case, request.POST, request.FILES, auto_id=f"{name}_%s")

    def act() -> Any:
        given = {"case_id": case.pk, "slip": form.slip, "by": person(request),
                 "form_key": form.cleaned_data["form_key"]}  # fmt: skip
        if name == "give_back":
            return enter_unused_back(**given)
        return enter_outlay(title=form.cleaned_data["title"], **given)

    done = tried(form, act)
    if done.result is None:
        return _advance_page(request, case, failed=(name, form), status=done.status)
    messages.success(request, say("desk.costs.said.entered"))
    return redirect("desk:cost_payment", slug=slug, payment_id=done.result.pk)


def _own(case: Case, plan_id: int, cost_id: str) -> tuple[Plan, CostLine]:
    plan = get_object_or_404(
        Plan.objects.select_related("case"), pk=plan_id, case=case,
        state=PlanState.APPROVED,
    )  # fmt: skip
    line = costs_of_plan(plan).line(cost_id)
    if line is None:
        raise Http404
    return plan, line


def _named(line: CostLine) -> str:
    return cost_words(line.cost.kind, line.cost.title)


def _with_words(payments: Any) -> list[tuple[Any, str]]:
    return [(one, payment_words(one)) for one in payments]


def _cost_page(
    request: HttpRequest, case: Case, plan: Plan, line: CostLine, *,
    failed: SlipForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    today = timezone.localdate().isoformat()
    first = {"fen": plain_yuan(line.left_fen), "paid_on": today}
    payments = payments_of(case).filter(plan=plan, cost=line.cost.id)
    content = {
        "plan": plan,
        "line": line,
        "title": _named(line),
        "note": line.cost.kind if line.cost.kind in KIND_NOTES else "",
        "form": failed or SlipForm(case, kind=line.cost.kind, initial=first),
        "payments": _with_words(payments),
    }
    return desk_page(request, case, "desk/cost.html", content, stage=STAGE, status=status)


def _advance_page(
    request: HttpRequest, case: Case, *, failed: tuple[str, SlipForm] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    today = {"paid_on": timezone.localdate().isoformat()}
    forms = {
        "spend": OutlayForm(case, auto_id="spend_%s", initial=today),
        "give_back": SlipForm(case, auto_id="give_back_%s", initial=today),
        **(dict([failed]) if failed else {}),
    }
    content = {
        "advance": advance_of(case),
        "waiting_fen": entered_fen(case, *OF_ADVANCES),
        "forms": forms.items(),
        "failed": failed[0] if failed else "",
        "payments": _with_words(payments_of(case).filter(purpose__in=OF_ADVANCES)),
    }
    return desk_page(
        request, case, "desk/advance.html", content, stage=STAGE, status=status
    )
