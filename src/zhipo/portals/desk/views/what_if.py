"""Terms of a plan tried, and kept as a draft: one form, by GET and by POST."""

from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from zhipo.cases.models import Case
from zhipo.claims.background import TaskKind
from zhipo.distributions.actions.planning import change_plan, draft_plan
from zhipo.distributions.costs import CostKind, collateral_caps_fen, pay_cap_fen
from zhipo.distributions.models import Plan
from zhipo.distributions.outcomes import tried as outcome_tried
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.desk import exports
from zhipo.portals.desk.forms_money import title_of
from zhipo.portals.desk.plan_export import creditors_sheet
from zhipo.portals.desk.plan_files import TermsOrder
from zhipo.portals.desk.plan_shown import class_rows, creditors_page, told
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.desk.terms_asked import (
    NOT_TERMS,
    Asked,
    asked_in,
    built_of,
    outcome_asked,
    terms_query,
)
from zhipo.portals.desk.views.background import handed_to_worker
from zhipo.web.words import current_language, say


@for_desk
@require_GET
@vary_on_headers("HX-Request")
def what_if(request: HttpRequest, slug: str) -> HttpResponse:
    """What the terms of the address do; asked by HTMX, the result alone."""
    case = case_of(request, slug)
    asked = asked_in(case, request.GET)
    is_tried = "HX-Request" in request.headers
    template = "desk/_what_if_result.html" if is_tried else "desk/what_if.html"
    content = {"trial": asked, **_shown(case, asked)}
    return desk_page(request, case, template, content, stage="plans")


@for_desk
@require_GET
def creditors_of_terms(request: HttpRequest, slug: str) -> HttpResponse:
    """What the terms of the address do to each creditor: searched, paged, exported."""
    case = case_of(request, slug)
    outcome = outcome_asked(case, request.GET)
    if outcome is None:
        return _to_terms(request, slug)
    content = {
        "creditors": creditors_page(outcome, request.GET),
        "classes": outcome.creditors,
        "title": say("desk.plans.what_if"),
        "back": f"{reverse('desk:what_if', args=[slug])}?{terms_query(request.GET)}",
        "hidden": [(key, one) for key, values in request.GET.lists() for one in values
                   if key not in ("number", "class", "page")],
    }  # fmt: skip
    return desk_page(request, case, "desk/plan_creditors.html", content, stage="plans")


@for_desk
@require_POST
def export_terms(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as XLSX, all pages of it; many creditors' shares are a worker's to write."""
    case = case_of(request, slug)
    outcome = outcome_asked(case, request.GET)
    if outcome is None:
        return _to_terms(request, slug)
    if outcome.creditors_count > exports.AT_ONCE:
        order = TermsOrder(request.GET.urlencode(), current_language())
        return handed_to_worker(request, case, TaskKind.WRITE_WHAT_IF, asdict(order))
    sheets = [creditors_sheet(outcome, request.GET)]
    return exports.workbook_response(sheets, name=f"{slug}-what-if")


@for_desk
@require_POST
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the terms as a new draft, or in the draft that they are of."""
    case = case_of(request, slug)
    asked = asked_in(case, request.POST)
    answer = tried(asked.form, lambda: _kept(case, asked, by=person(request)))
    if answer.result is None:
        content = {"trial": asked, **_shown(case, asked)}
        status = answer.status if asked.costs.is_valid() else HTTPStatus.BAD_REQUEST
        return desk_page(request, case, "desk/what_if.html", content, stage="plans",
                         status=status)  # fmt: skip
    messages.success(request, say("desk.plans.said.drafted", number=answer.result.number))
    return redirect("desk:plan", slug=slug, number=answer.result.number)


def _to_terms(request: HttpRequest, slug: str) -> HttpResponse:
    """Back to the terms, where something is wrong with them."""
    return redirect(f"{reverse('desk:what_if', args=[slug])}?{request.GET.urlencode()}")


def _kept(case: Case, asked: Asked, *, by: Any) -> Plan | None:
    """The plan that was kept; None where a row of costs is wrong."""
    if not asked.costs.is_valid():
        return None
    if asked.plan is not None and asked.query.get("into") == "plan":
        return change_plan(plan_id=asked.plan.pk, terms=asked.terms, by=by)
    return draft_plan(case_id=case.pk, terms=asked.terms, by=by)


def _shown(case: Case, asked: Asked) -> Mapping[str, Any]:
    """What the result's table and sentences need; little where the form has faults."""
    if not asked.is_right:
        return {"built": None, "outcome": None}
    ground, built = built_of(case, asked)
    outcome = outcome_tried(built)
    computed = {CostKind.CASE_FEE, CostKind.ADMINISTRATOR}
    entered = [one for one in built.costs if one.kind not in computed]
    fee = next(one.fen for one in built.costs if one.kind == CostKind.CASE_FEE)
    caps_fen = collateral_caps_fen(ground.estate)
    return {
        "built": built,
        "findings": told(built.findings),
        "fatal": bool(built.fatal),
        "outcome": outcome,
        "classes": class_rows(outcome) if outcome else [],
        "cliff": built.outcome.cliff if built.outcome else None,
        "opt_down": built.outcome.opt_down if built.outcome else None,
        "costs": built.costs,
        "pay_cap_fen": pay_cap_fen(ground.estate, entered, fee),
        "collateral_caps": [
            (title_of(pool.code, pool.title), caps_fen[pool.code])
            for pool in ground.pools
            if pool.is_collateral
        ],
        "money_fen": sum(pool.fen for pool in ground.pools),
        "cost_share": _share(outcome.costs_fen, outcome.pools_fen) if outcome else "–",
        "terms_query": terms_query(asked.query),
        "kept": [
            (key, one)
            for key, values in asked.query.lists()
            for one in values
            if key not in NOT_TERMS
        ],
    }


def _share(part: int, whole: int) -> str:
    tenths = 1_000 * part // whole if whole else 0
    return f"{tenths // 10}.{tenths % 10} %"
