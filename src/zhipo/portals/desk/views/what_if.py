"""Terms of a plan tried, and kept as a draft: one form, by GET and by POST."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from zhipo.cases.models import Case
from zhipo.distributions.actions.planning import change_plan, draft_plan
from zhipo.distributions.building import Built, Ground, build, terms_of
from zhipo.distributions.costs import CostKind, collateral_caps_fen, pay_cap_fen
from zhipo.distributions.grounds import kept_ground
from zhipo.distributions.models import Plan
from zhipo.distributions.outcomes import tried as outcome_tried
from zhipo.distributions.queries.plans import next_number, plans_of
from zhipo.distributions.terms import Terms
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.desk.exports import workbook_response
from zhipo.portals.desk.forms_money import title_of
from zhipo.portals.desk.forms_plans import (
    TermsForm,
    asked_of,
    cost_forms,
    first_terms,
    with_more_costs,
)
from zhipo.portals.desk.plan_shown import (
    CREDITOR_COLUMNS,
    class_rows,
    creditors,
    creditors_page,
    told,
)
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.web.words import say

NOT_TERMS = frozenset(
    {"number", "class", "sort", "page", "as", "into", "more_costs", "csrfmiddlewaretoken"}
)
"""What an address or a form may have beside the terms."""


@dataclass(frozen=True)
class Asked:
    """The two forms of an address, the plan they are about, and what they ask."""

    form: TermsForm
    costs: Any
    query: QueryDict
    plan: Plan | None

    @property
    def is_right(self) -> bool:
        """Whether both forms are filled in rightly; checks both."""
        return bool(self.form.is_valid()) and bool(self.costs.is_valid())

    @property
    def shows_costs(self) -> bool:
        """Whether a cost was entered, is wrong, or is about to be."""
        entered = any(one.data.get(one.add_prefix("title")) for one in self.costs)
        return entered or not self.costs.is_valid() or "more_costs" in self.query

    @property
    def terms(self) -> Terms:
        return self.form.terms(self.costs)

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(field, reason) of everything that is wrong."""
        whole = [("", error) for error in self.costs.non_form_errors()]
        return whole + [
            (str(form[name].label) if name in form.fields else "", error)
            for form in (self.form, *self.costs)
            for name, errors in form.errors.items()
            for error in errors
        ]


@for_desk
@require_GET
@vary_on_headers("HX-Request")
def what_if(request: HttpRequest, slug: str) -> HttpResponse:
    """What the terms of the address do; asked by HTMX, the result alone."""
    case = case_of(request, slug)
    asked = _asked(case, request.GET)
    is_tried = "HX-Request" in request.headers
    template = "desk/_what_if_result.html" if is_tried else "desk/what_if.html"
    content = {"trial": asked, **_shown(case, asked)}
    return desk_page(request, case, template, content, stage="plans")


@for_desk
@require_GET
def creditors_of_terms(request: HttpRequest, slug: str) -> HttpResponse:
    """What the terms of the address do to each creditor: searched, paged, exported."""
    case = case_of(request, slug)
    asked = _asked(case, request.GET)
    outcome = outcome_tried(_built(case, asked)[1]) if asked.is_right else None
    if outcome is None:
        return redirect(f"{reverse('desk:what_if', args=[slug])}?{request.GET.urlencode()}")
    if request.GET.get("as") == "xlsx":
        rows = creditors(outcome, request.GET)
        sheet = (say("desk.plans.sheet.creditors"), CREDITOR_COLUMNS, rows)
        return workbook_response([sheet], name=f"{slug}-what-if")
    content = {
        "creditors": creditors_page(outcome, request.GET),
        "classes": outcome.creditors,
        "title": say("desk.plans.what_if"),
        "back": f"{reverse('desk:what_if', args=[slug])}?{_terms_query(request.GET)}",
        "hidden": [(key, one) for key, values in request.GET.lists() for one in values
                   if key not in ("number", "class", "page")],
    }  # fmt: skip
    return desk_page(request, case, "desk/plan_creditors.html", content, stage="plans")


@for_desk
@require_POST
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the terms as a new draft, or in the draft that they are of."""
    case = case_of(request, slug)
    asked = _asked(case, request.POST)
    answer = tried(asked.form, lambda: _kept(case, asked, by=person(request)))
    if answer.result is None:
        content = {"trial": asked, **_shown(case, asked)}
        status = answer.status if asked.costs.is_valid() else HTTPStatus.BAD_REQUEST
        return desk_page(request, case, "desk/what_if.html", content, stage="plans",
                         status=status)  # fmt: skip
    messages.success(request, say("desk.plans.said.drafted", number=answer.result.number))
    return redirect("desk:plan", slug=slug, number=answer.result.number)


def _kept(case: Case, asked: Asked, *, by: Any) -> Plan | None:
    """The plan that was kept; None where a row of costs is wrong."""
    if not asked.costs.is_valid():
        return None
    if asked.plan is not None and asked.query.get("into") == "plan":
        return change_plan(plan_id=asked.plan.pk, terms=asked.terms, by=by)
    return draft_plan(case_id=case.pk, terms=asked.terms, by=by)


def _asked(case: Case, query: QueryDict) -> Asked:
    """The forms of an address: as it says, else as the plan it names, else the order."""
    plan = None
    if query.get("plan", "").isdigit():
        plan = get_object_or_404(plans_of(case), number=query["plan"])
    if "more_costs" in query:
        query = with_more_costs(query)
    elif "law_date" not in query:
        start = terms_of(plan) if plan else first_terms(case, next_number(case))
        query = asked_of(start)
    return Asked(TermsForm(query), cost_forms(case, query), query, plan)


def _built(case: Case, asked: Asked) -> tuple[Ground, Built]:
    terms = asked.terms
    ground = kept_ground(case, terms.law_date)
    return ground, build(ground, terms)


def _shown(case: Case, asked: Asked) -> Mapping[str, Any]:
    """What the result's table and sentences need; little where the form has faults."""
    if not asked.is_right:
        return {"built": None, "outcome": None}
    ground, built = _built(case, asked)
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
        "terms_query": _terms_query(asked.query),
        "kept": [
            (key, one)
            for key, values in asked.query.lists()
            for one in values
            if key not in NOT_TERMS
        ],
    }


def _terms_query(query: QueryDict) -> str:
    """The terms of an address, without what it asks of the creditors."""
    terms = query.copy()
    for key in NOT_TERMS:
        terms.pop(key, None)
    return terms.urlencode()


def _share(part: int, whole: int) -> str:
    tenths = 1_000 * part // whole if whole else 0
    return f"{tenths // 10}.{tenths % 10} %"
