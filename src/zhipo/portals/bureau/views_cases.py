"""Registering cases, the cases of a debtor, and who else it may be."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhipo.enforcement.actions.joining import join_debtors, keep_apart, undo_joining
from zhipo.enforcement.actions.registering import Registered, register_cases
from zhipo.enforcement.case_sheet import read_cases, write_template
from zhipo.enforcement.models import Debtor
from zhipo.enforcement.queries.cases import case_rows, courts_to_register_at
from zhipo.enforcement.queries.debtors import debtors_visible_to
from zhipo.enforcement.queries.joining import (
    joinings_of,
    joinings_visible_to,
    proposals_for,
)
from zhipo.portals.access import person
from zhipo.portals.bureau.acting import entered
from zhipo.portals.bureau.forms_cases import CaseForm, JoiningForm
from zhipo.portals.bureau.surroundings import bureau_page, debtor_of, for_bureau
from zhipo.portals.bureau.uploads import empty_table, read_upload, table_page
from zhipo.web.refusals import Declined
from zhipo.web.words import say


@for_bureau
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register one case by hand."""
    courts = courts_to_register_at(person(request))
    if request.method != "POST":
        return _register_page(request, CaseForm(courts=courts))
    form = CaseForm(request.POST, courts=courts)
    done = entered(form, lambda: register_cases(entries=[form.entry()], by=person(request)))
    if done is None:
        return _register_page(request, form, status=400)
    messages.success(request, _said(done))
    return redirect("bureau:cases", slug=done.cases[0].debtor.slug)


@for_bureau
@require_http_methods(["GET", "HEAD", "POST"])
def register_file(request: HttpRequest) -> HttpResponse:
    """Register the cases of a workbook, all or none; every fault by row and column."""
    enter = partial(_register_file, request)
    return table_page(request, "bureau/cases_file.html", enter=enter,
                      onward="bureau:overview", tab="register")  # fmt: skip


@for_bureau
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in."""
    return empty_table(write_template, name=say("bureau.register.template_name"))


@for_bureau
@require_GET
def cases(request: HttpRequest, slug: str) -> HttpResponse:
    """Every court's cases against a debtor; applicants of the own court's alone."""
    debtor = debtor_of(request, slug)
    content = {
        "rows": case_rows(person(request), debtor),
        "proposals": proposals_for(person(request), debtor),
        "joinings": joinings_of(debtor),
    }
    return bureau_page(request, debtor, "bureau/cases_list.html", content, tab="cases")


@for_bureau
@require_GET
def joinings(request: HttpRequest) -> HttpResponse:
    """Every pair of debtors that may be one, the likeliest first."""
    content = {"proposals": proposals_for(person(request)), "tab": "joinings"}
    return render(request, "bureau/cases_joinings.html", content)


@for_bureau
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Make a pair one debtor."""
    pair = _pair_of(request)
    done = join_debtors(**pair, by=person(request))
    messages.success(request, say("bureau.joining.said.joined", name=done.joined.name))
    return redirect("bureau:cases", slug=done.kept.slug)


@for_bureau
@require_POST
def apart(request: HttpRequest) -> HttpResponse:
    """Say that a pair are two debtors."""
    pair = _pair_of(request)
    keep_apart(**pair, by=person(request))
    messages.success(request, say("bureau.joining.said.kept_apart"))
    return redirect("bureau:joinings")


@for_bureau
@require_POST
def undo(request: HttpRequest, joining_id: int) -> HttpResponse:
    """Take a decision on a pair back."""
    if not joinings_visible_to(person(request)).filter(pk=joining_id).exists():
        raise Http404
    undo_joining(joining_id=joining_id, by=person(request))
    messages.success(request, say("bureau.joining.said.undone"))
    return redirect("bureau:joinings")


class NoReason(Declined):
    """A decision on a pair came without a reason."""

    status = 400


def _pair_of(request: HttpRequest) -> dict[str, Any]:
    """The pair that a form names, one of them the reader's. Raises Http404, NoReason."""
    form = JoiningForm(request.POST)
    if not form.is_valid():
        if set(form.errors) - {"reason"}:
            raise Http404
        raise NoReason("enforcement.refused.reason")
    ids = {form.cleaned_data["kept_id"], form.cleaned_data["joined_id"]}
    mine = debtors_visible_to(person(request)).filter(pk__in=ids)
    if not mine.exists() or Debtor.objects.filter(pk__in=ids).count() != 2:
        raise Http404
    return form.cleaned_data


def _register_page(
    request: HttpRequest, form: CaseForm, *, status: int = 200
) -> HttpResponse:
    content = {"form": form, "tab": "register"}
    return render(request, "bureau/cases_register.html", content, status=status)


def _register_file(request: HttpRequest, file: Any) -> str:
    by = person(request)
    courts = courts_to_register_at(by)
    entries = read_upload(file, lambda path: read_cases(path, courts=courts))
    return _said(register_cases(entries=entries, by=by))


def _said(done: Registered) -> str:
    return say(
        "bureau.register.said",
        count=len(done.cases),
        new_cases=done.new_cases,
        new_debtors=done.new_debtors,
    )
