"""The board of a debtor's inquiries, each order with its answers, objections, notices."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from zhipo.enforcement.actions.inquiring import inquire_everywhere
from zhipo.enforcement.actions.objecting import reply_to_objection
from zhipo.enforcement.actions.telling import see_notice
from zhipo.enforcement.models import BureauNotice, Debtor, InquiryObjection
from zhipo.enforcement.queries.inquiries import (
    COLUMNS,
    board_of,
    notices_for,
    objections_visible_to,
    orders_visible_to,
)
from zhipo.enforcement.queries.properties import cases_to_act_in
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.bureau.forms_inquiries import OwnCaseForm, ReplyForm
from zhipo.portals.bureau.surroundings import bureau_page, debtor_of, for_bureau
from zhipo.web.words import say

LATEST = 30


@for_bureau
@require_GET
@vary_on_headers("HX-Request")
def inquiries(request: HttpRequest, slug: str) -> HttpResponse:
    """Who was asked, has answered, is overdue; what is frozen; the clock."""
    debtor = debtor_of(request, slug)
    if "HX-Request" in request.headers:
        content = {"debtor": debtor, **_board(request, debtor)}
        return render(request, "bureau/_inquiries_board.html", content)
    return _inquiries_page(request, debtor)


@for_bureau
@require_POST
def inquire(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask every institution at once."""
    debtor = debtor_of(request, slug)
    form = OwnCaseForm(request.POST, cases=_cases(request, debtor))
    asked = tried(form, lambda: inquire_everywhere(**form.cleaned_data, by=person(request)))
    if asked.result is None:
        return _inquiries_page(request, debtor, form=form, status=400)
    messages.success(request, say("bureau.said.inquired", count=len(asked.result)))
    return redirect("bureau:inquiries", slug=slug)


@for_bureau
@require_GET
def inquiry(request: HttpRequest, slug: str, inquiry_id: int) -> HttpResponse:
    """One order: what was asked, every answer as it came, the bad ones with why."""
    debtor = debtor_of(request, slug)
    found = (
        orders_visible_to(person(request))
        .filter(pk=inquiry_id, case__debtor=debtor)
        .select_related("institution", "case", "target", "ordered_by")
        .first()
    )
    if found is None:
        raise Http404
    content = {
        "order": found,
        "answers": found.answers.order_by("came_at", "pk"),
        "objections": found.objections.order_by("part"),
    }
    return bureau_page(request, debtor, "bureau/inquiries_order.html", content,
                       tab="inquiries")  # fmt: skip


@for_bureau
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, slug: str, objection_id: int) -> HttpResponse:
    """An objection with the days the court has, and the court's reply."""
    debtor = debtor_of(request, slug)
    found = _objection(request, debtor, objection_id)
    form = ReplyForm(request.POST if request.method == "POST" else None)

    def reply() -> object:
        given = {name: form.cleaned_data[name] for name in ("decision", "grounds")}
        return reply_to_objection(objection_id=found.pk, **given, by=person(request))

    if request.method == "POST" and tried(form, reply).is_done:
        messages.success(request, say("bureau.said.replied"))
        return redirect("bureau:inquiries", slug=slug)
    status = 400 if form.errors else 200
    return bureau_page(
        request, debtor, "bureau/inquiries_objection.html",
        {"objection": found, "form": form}, tab="inquiries", status=status,
    )  # fmt: skip


@for_bureau
@require_POST
def seen(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark a notice as seen, and go back to where it was read."""
    if not BureauNotice.objects.filter(pk=notice_id).exists():
        raise Http404
    see_notice(notice_id=notice_id, by=person(request))
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("bureau:overview")
    return redirect(back)


def _cases(request: HttpRequest, debtor: Debtor) -> Any:
    return cases_to_act_in(person(request), debtor)


def _objection(request: HttpRequest, debtor: Debtor, pk: int) -> InquiryObjection:
    """Raises Http404 for one of another debtor or court."""
    visible = objections_visible_to(person(request))
    found = visible.filter(pk=pk, order__case__debtor=debtor).first()
    if found is None:
        raise Http404
    return found


def _board(request: HttpRequest, debtor: Debtor) -> dict[str, Any]:
    by = person(request)
    return {
        "board": board_of(by, debtor),
        "columns": COLUMNS,
        "notices": notices_for(by, debtor),
        "objections": objections_visible_to(by).filter(order__case__debtor=debtor),
        "latest": orders_visible_to(by)
        .filter(case__debtor=debtor)
        .select_related("institution", "target")
        .order_by("-ordered_at", "-pk")[:LATEST],
    }


def _inquiries_page(
    request: HttpRequest,
    debtor: Debtor,
    *,
    form: OwnCaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = form or OwnCaseForm(cases=_cases(request, debtor))
    content = {"form": shown, **_board(request, debtor)}
    return bureau_page(
        request, debtor, "bureau/inquiries_board.html", content, tab="inquiries",
        status=status,
    )  # fmt: skip
