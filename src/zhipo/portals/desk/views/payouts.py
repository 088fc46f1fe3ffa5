"""兑付: what is due, which releases there are, which accounts the money leaves from."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.cases.models import Case
from zhipo.distributions.models import Plan
from zhipo.distributions.queries.costs import costs_by_plan
from zhipo.payouts.actions.filling import fill_paying_account
from zhipo.payouts.actions.preparing import prepare_release
from zhipo.payouts.queries.finding import deposits_visible
from zhipo.payouts.queries.orders import (
    in_need,
    orders_visible_to,
    reasons_of,
    releases_visible_to,
)
from zhipo.payouts.queries.releases import due_by_plan, in_transit_fen, purses
from zhipo.payouts.states import OrderState, ReleaseState
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.desk.forms_payouts import FillForm, PrepareForm
from zhipo.portals.desk.fresh import with_fresh_code
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.web.words import say

STAGE = "payouts"
ENDED = (ReleaseState.DONE, ReleaseState.STOPPED)


@for_desk
@require_GET
def payouts(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything of paying out on one page; the court sees the same."""
    return _page(request, case_of(request, slug))


@for_desk
@require_POST
def prepare(request: HttpRequest, slug: str, plan_id: int) -> HttpResponse:
    """Orders for all of a plan that is due by a day: nothing leaves before a release."""
    case = case_of(request, slug)
    plan = get_object_or_404(Plan, pk=plan_id, case=case)
    form = PrepareForm(request.POST)
    done = tried(
        form,
        lambda: prepare_release(
            plan_id=plan.pk, until=form.cleaned_data["until"], by=person(request)
        ),
    )
    if done.result is None:
        return _page(request, case, prepare_form=form, failed=plan.pk, status=done.status)
    messages.success(request, say("payouts.desk.said.prepared"))
    return redirect("desk:release", slug=slug, release_id=done.result.pk)


@for_desk
@require_POST
@with_fresh_code()
def fill(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter what was moved from the bank to an account that pays out."""
    case = case_of(request, slug)
    form = FillForm(request.POST)
    done = tried(
        form,
        lambda: fill_paying_account(
            case_id=case.pk, filling=form.filling,
            form_key=form.cleaned_data["form_key"], by=person(request),
        ),
    )  # fmt: skip
    if done.result is None:
        return _page(request, case, fill_form=form, status=done.status)
    messages.success(request, say("payouts.desk.said.filled"))
    return redirect("desk:payouts", slug=slug)


def _page(
    request: HttpRequest,
    case: Case,
    *,
    prepare_form: PrepareForm | None = None,
    fill_form: FillForm | None = None,
    failed: int | None = None,
    status: int = 200,
) -> HttpResponse:
    by = person(request)
    orders = orders_visible_to(by, case)
    reasons = reasons_of(in_need(orders))
    due = due_by_plan(case, timezone.localdate())
    releases = list(releases_visible_to(by, case))
    is_done = all(one.state in ENDED for one in releases)
    plans = costs_by_plan(case)
    content: dict[str, Any] = {
        "due": due,
        "releases": releases,
        "costs": plans,
        "open_costs_fen": sum(one.open_fen for one in plans),
        "is_paid_out": bool(releases) and is_done and not any(one.count for one in due),
        "purses": purses(case),
        "figures": _figures(case, orders, reasons),
        "reasons": reasons,
        "prepare_form": prepare_form or PrepareForm(),
        "fill_form": fill_form or FillForm(auto_id="fill_%s"),
        "failed_plan": failed,
        "is_fill_failed": fill_form is not None,
    }
    return desk_page(
        request, case, "desk/payouts.html", content, stage=STAGE, status=status
    )


def _figures(case: Case, orders: Any, reasons: list[dict[str, Any]]) -> dict[str, int]:
    paid_count, paid_fen = total_of(orders.filter(state=OrderState.PAID))
    kept_count, kept_fen = total_of(deposits_visible(case, is_open=True))
    return {
        "paid_count": paid_count,
        "paid_fen": paid_fen,
        "in_transit_fen": in_transit_fen(case),
        "kept_count": kept_count,
        "kept_fen": kept_fen,
        "need_count": sum(one["count"] for one in reasons),
    }


def total_of(rows: QuerySet[Any]) -> tuple[int, int]:
    """How many rows and how many fen, asked at once."""
    told = rows.order_by().aggregate(count=Count("pk"), fen=Sum("fen", default=0))
    return told["count"], int(told["fen"])
