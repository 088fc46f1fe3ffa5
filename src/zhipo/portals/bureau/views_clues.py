"""Clues from applicants and reports of the debtor, each with its clock."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.enforcement.actions import clues as acts
from zhipo.enforcement.actions import reports
from zhipo.enforcement.models import Clue, PropertyReport, ReportedItem
from zhipo.enforcement.queries.clues import (
    clue_rows,
    clues_visible_to,
    own_cases,
    report_rows,
    reports_visible_to,
)
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.bureau.forms_clues import (
    ClueForm,
    CompleteForm,
    FindingForm,
    ItemForm,
    JudgeReportForm,
    ReceiptForm,
    ReportedForm,
    ReportOrderForm,
)
from zhipo.portals.bureau.surroundings import bureau_page, debtor_of, for_bureau
from zhipo.web.words import say


@for_bureau
@require_GET
def clues(request: HttpRequest, slug: str) -> HttpResponse:
    """Clues that wait first, then reports with their lines."""
    return _page(request, slug)


@for_bureau
@require_POST
def take(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter a clue."""
    form = ClueForm(request.POST, cases=_cases(request, slug))
    return _act(request, slug, form, acts.take_clue)


@for_bureau
@require_POST
def complete(request: HttpRequest, slug: str, clue_id: int) -> HttpResponse:
    """Make a vague clue concrete."""
    clue = _clue(request, slug, clue_id)
    form = CompleteForm(request.POST)
    return _act(request, slug, form, acts.complete_clue, thing=clue, clue_id=clue.pk)


@for_bureau
@require_POST
def check(request: HttpRequest, slug: str, clue_id: int) -> HttpResponse:
    """Enter what became of a clue."""
    clue = _clue(request, slug, clue_id)
    form = FindingForm(request.POST)
    return _act(request, slug, form, acts.check_clue, thing=clue, clue_id=clue.pk)


@for_bureau
@require_POST
def order(request: HttpRequest, slug: str) -> HttpResponse:
    """Order a property report."""
    form = ReportOrderForm(request.POST, cases=_cases(request, slug))
    return _act(request, slug, form, reports.order_report)


@for_bureau
@require_POST
def receive(request: HttpRequest, slug: str, report_id: int) -> HttpResponse:
    """Enter that a report came."""
    report = _report(request, slug, report_id)
    form = ReceiptForm(request.POST)
    return _act(
        request, slug, form, reports.receive_report, thing=report, report_id=report.pk
    )


@for_bureau
@require_POST
def enter(request: HttpRequest, slug: str, report_id: int) -> HttpResponse:
    """Enter a line of a report, or a later change."""
    report = _report(request, slug, report_id)
    form = ItemForm(request.POST)
    return _act(request, slug, form, reports.enter_item, thing=report, report_id=report.pk)


@for_bureau
@require_POST
def judge(request: HttpRequest, slug: str, report_id: int) -> HttpResponse:
    """Enter whether a report was found to be true."""
    report = _report(request, slug, report_id)
    form = JudgeReportForm(request.POST)
    return _act(
        request, slug, form, reports.judge_report, thing=report, report_id=report.pk
    )


@for_bureau
@require_POST
def reported(request: HttpRequest, slug: str, item_id: int) -> HttpResponse:
    """Enter the day on which a change was reported."""
    visible = reports_visible_to(person(request)).filter(debtor__slug=slug)
    item = ReportedItem.objects.filter(pk=item_id, report__in=visible).first()
    if item is None:
        raise Http404
    form = ReportedForm(request.POST)
    return _act(request, slug, form, reports.report_change, thing=item, item_id=item.pk)


def _cases(request: HttpRequest, slug: str) -> Any:
    return own_cases(person(request), debtor_of(request, slug))


def _clue(request: HttpRequest, slug: str, clue_id: int) -> Clue:
    found = clues_visible_to(person(request)).filter(pk=clue_id, debtor__slug=slug).first()
    if found is None:
        raise Http404
    return found


def _report(request: HttpRequest, slug: str, report_id: int) -> PropertyReport:
    visible = reports_visible_to(person(request))
    found = visible.filter(pk=report_id, debtor__slug=slug).first()
    if found is None:
        raise Http404
    return found


def _act(
    request: HttpRequest,
    slug: str,
    form: forms.Form,
    act: Callable[..., object],
    *,
    thing: object = None,
    **named: int,
) -> HttpResponse:
    """Do one act of the page; a refusal comes back on its form with what was typed."""
    done = tried(form, lambda: act(**named, **form.cleaned_data, by=person(request)))
    if not done.is_done:
        return _page(request, slug, failed=form, of=thing, status=done.status)
    messages.success(request, say("bureau.clue.said"))
    return redirect("bureau:clues", slug=slug)


def _page(
    request: HttpRequest,
    slug: str,
    *,
    failed: forms.Form | None = None,
    of: object = None,
    status: int = 200,
) -> HttpResponse:
    debtor, by = debtor_of(request, slug), person(request)
    cases, today = own_cases(by, debtor), timezone.localdate()
    key, day = {"form_key": uuid.uuid4().hex}, today.isoformat()
    fresh: dict[str, forms.Form] = {
        "clue_form": ClueForm(cases=cases),
        "order_form": ReportOrderForm(cases=cases),
        "complete_form": CompleteForm(initial={"completed_on": day}),
        "finding_form": FindingForm(initial={"checked_on": day}),
        "receipt_form": ReceiptForm(initial={"received_on": day}),
        "item_form": ItemForm(initial=key),
        "judge_form": JudgeReportForm(),
        "reported_form": ReportedForm(initial={"reported_on": day}),
    }
    fresh["clue_form"].initial = {**key, "is_concrete": True, "received_on": day}
    failed_name = next(
        (name for name, form in fresh.items() if type(form) is type(failed)), ""
    )
    if failed is not None and of is None:
        fresh[failed_name] = failed
    content = {
        **fresh,
        "failed": failed,
        "failed_name": failed_name,
        "failed_of": of,
        "clues": clue_rows(by, debtor, today),
        "reports": report_rows(by, debtor, today),
        "has_cases": cases.exists(),
    }
    return bureau_page(
        request, debtor, "bureau/clues_list.html", content, tab="clues", status=status
    )
