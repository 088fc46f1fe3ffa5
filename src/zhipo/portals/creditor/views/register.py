"""The register as creditors may consult it, masked, and objecting to another's entry."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from zhipo.claims.actions.objecting import raise_objection
from zhipo.claims.policies.filing import is_own
from zhipo.claims.policies.objecting import (
    can_object,
    check_can_object,
    last_day_to_sue,
)
from zhipo.claims.policies.papers import PaperRefused
from zhipo.claims.queries.register import (
    HEADINGS,
    filed_by,
    in_heading,
    register_shown_to,
    shown_name,
)
from zhipo.claims.states import ObjectionState
from zhipo.portals.access import for_creditors, person
from zhipo.portals.creditor.forms import EntryObjectionForm
from zhipo.portals.creditor.pages import shown, with_uploads
from zhipo.portals.creditor.reasons import rules_of
from zhipo.portals.public.cases import case_of

PER_PAGE = 50
LONGEST_NUMBER = 20


@for_creditors
@require_safe
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """All that was put before the meeting, by number and class, page by page."""
    case, user = case_of(slug), person(request)
    number = request.GET.get("number", "").strip().upper()[:LONGEST_NUMBER]
    heading = request.GET.get("class", "")
    heading = heading if heading in HEADINGS else ""
    entries = in_heading(register_shown_to(user, case), heading)
    if number:
        entries = entries.filter(number__startswith=number)
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    content = {
        "case": case,
        "page": page,
        "rows": [(one, shown_name(one), one.creditor_id == user.pk) for one in page],
        "sum_fen": entries.order_by().aggregate(fen=Sum("listed_fen", default=0))["fen"],
        "number": number,
        "heading": heading,
        "headings": HEADINGS,
        "is_creditor": filed_by(user, case.pk).exists(),
        "rules": rules_of(["cn.ebl.57.2", "cn.ebl.58"]),
    }
    return render(request, "creditor/register.html", content)


@with_uploads
@for_creditors
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """One entry: what one has objected to it so far, and the form to object."""
    case, user = case_of(slug), person(request)
    found = register_shown_to(user, case).filter(pk=claim_id).first()
    if found is None:
        raise Http404
    if is_own(user, found, set()):
        return redirect("creditor:money", slug=slug)
    mine = list(found.objections.filter(by=user).prefetch_related("papers").order_by("-at"))
    is_waiting = any(one.state == ObjectionState.OPEN for one in mine)
    form = EntryObjectionForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if is_waiting:
            return redirect("creditor:entry", slug=slug, claim_id=claim_id)
        check_can_object(user, found)
        if form.is_valid() and _is_raised(form, claim_id, by=user):
            return redirect("creditor:entry", slug=slug, claim_id=claim_id)
    content = {
        "case": case,
        "entry": found,
        "name": shown_name(found),
        "objections": mine,
        "form": form if not is_waiting and can_object(user, found) else None,
        "suit_until": last_day_to_sue(found),
        "rules": rules_of(["cn.ebl.58", "cn.bi3.8"]),
    }
    return shown(request, "creditor/entry.html", content, refused=form.errors)


def _is_raised(form: EntryObjectionForm, claim_id: int, *, by: Any) -> bool:
    """Whether the objection stands; a paper that is not taken is told at its field."""
    try:
        raise_objection(claim_id=claim_id, **form.cleaned_data, by=by)
    except PaperRefused as refused:
        form.add_error("uploads", refused.sentence)
    return not form.errors
