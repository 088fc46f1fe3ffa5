"""提存: what is kept for whom, why, since when and until when, and whose it becomes."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.cases.models import Case
from zhipo.cases.powers import open_acts
from zhipo.distributions.models import Plan
from zhipo.payouts.actions.depositing import deposit_unclaimed, notice_of
from zhipo.payouts.actions.lapsing import unclaimed_over, unsettled_over
from zhipo.payouts.models import Deposit
from zhipo.payouts.queries.finding import deposits_visible
from zhipo.payouts.queries.releases import uncollected_by_plan
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.desk.acts_payouts import (
    DEPOSIT_ACTS,
    SHARE_OUTS,
    Failed,
    attempted,
    offered,
)
from zhipo.portals.desk.columns_payouts import deposit_choices
from zhipo.portals.desk.forms_payouts import ActForm, UnclaimedForm
from zhipo.portals.desk.fresh import with_fresh_code
from zhipo.portals.desk.lists import LISTS
from zhipo.portals.desk.people import masked
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.desk.tables import table_view
from zhipo.portals.desk.views.payouts import total_of
from zhipo.web.words import say

STAGE = "deposits"
OVER = {"unclaimed": unclaimed_over, "unsettled": unsettled_over}
"""Name of the act that gives it to the others -> what it would give."""


@for_desk
@require_GET
def deposits(request: HttpRequest, slug: str) -> HttpResponse:
    """Every deposit of the case, and what is to be deposited or distributed now."""
    return _list(request, case_of(request, slug))


@for_desk
@require_POST
@with_fresh_code()
def unclaimed(request: HttpRequest, slug: str, plan_id: int) -> HttpResponse:
    """Deposit what nobody came for and what no way reaches."""
    case = case_of(request, slug)
    plan = get_object_or_404(Plan, pk=plan_id, case=case)
    form = UnclaimedForm(request.POST, auto_id="unclaimed_%s")
    done = tried(form, lambda: deposit_unclaimed(plan_id=plan.pk, by=person(request)))
    if done.result is None:
        return _list(request, case, form, failed_plan=plan.pk, status=done.status)
    messages.success(request, say("payouts.desk.said.unclaimed", count=len(done.result)))
    return redirect("desk:deposits", slug=slug)


@for_desk
@require_POST
@with_fresh_code()
def share_out(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Give what its creditors did not take in time back to the general pool."""
    case = case_of(request, slug)
    form, done = attempted(SHARE_OUTS, name, request, case_id=case.pk)
    if not done.is_done:
        return _list(request, case, failed_share_out=(name, form), status=done.status)
    messages.success(request, say("payouts.desk.said.redistribute"))
    return redirect("desk:deposits", slug=slug)


@for_desk
@require_GET
def deposit(request: HttpRequest, slug: str, deposit_id: int) -> HttpResponse:
    """One deposit with its reason, its period and its acts."""
    case = case_of(request, slug)
    return _page(request, case, _own(case, deposit_id))


@for_desk
@require_POST
@with_fresh_code()
def act(request: HttpRequest, slug: str, deposit_id: int, name: str) -> HttpResponse:
    """One act on it; a refusal comes back with what was typed."""
    case = case_of(request, slug)
    found = _own(case, deposit_id)
    form, done = attempted(DEPOSIT_ACTS, name, request, deposit_id=found.pk)
    if not done.is_done:
        return _page(request, case, found, failed=(name, form), status=done.status)
    messages.success(request, say(f"payouts.desk.said.{name}"))
    return redirect("desk:deposit", slug=slug, deposit_id=deposit_id)


def _own(case: Case, deposit_id: int) -> Deposit:
    return get_object_or_404(deposits_visible(case), pk=deposit_id)


def _list(
    request: HttpRequest,
    case: Case,
    failed: ActForm | None = None,
    *,
    failed_plan: int | None = None,
    failed_share_out: Failed = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    content: dict[str, Any] = {
        "table": table_view(request, case, LISTS["deposits"]),
        "choices": deposit_choices(request.GET),
        "uncollected": uncollected_by_plan(case, today),
        "over": _over(request, case, today, failed_share_out),
        "notice_on": notice_of(case),
        "failed_plan": failed_plan,
        "unclaimed_form": failed if failed_plan else UnclaimedForm(auto_id="unclaimed_%s"),
    }  # fmt: skip
    return desk_page(
        request, case, "desk/deposits.html", content, stage=STAGE, status=status
    )


def _over(
    request: HttpRequest, case: Case, today: date, failed: Failed
) -> list[dict[str, Any]]:
    """What is to be given to the others: by which article, how much, the form of it."""
    powers = open_acts(case, person(request))
    found = []
    for name, rows in OVER.items():
        count, fen = total_of(rows(case, today))
        acts = offered({name: SHARE_OUTS[name]}, case, powers, failed=failed)
        if count or (failed is not None and failed[0] == name):
            found.append({"name": name, "count": count, "fen": fen, "acts": acts})
    return found


def _page(
    request: HttpRequest,
    case: Case,
    found: Deposit,
    *,
    failed: Failed = None,
    status: int = 200,
) -> HttpResponse:
    powers = open_acts(case, person(request))
    content = {
        "deposit": found,
        "claim": found.share.claim,
        "person": masked(found.share.claim),
        "notice_on": notice_of(case),
        "acts": offered(DEPOSIT_ACTS, found, powers, failed=failed),
        "is_over": found.until is not None and found.until < timezone.localdate(),
    }
    return desk_page(
        request, case, "desk/deposit.html", content, stage=STAGE, status=status
    )
