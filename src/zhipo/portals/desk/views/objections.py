"""Objections and their answers, on the clock for a suit."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from zhipo.claims.actions.answering import answer_objection
from zhipo.claims.queries import desk
from zhipo.claims.queries.creditor import suit_until
from zhipo.claims.states import ObjectionState
from zhipo.portals.access import person
from zhipo.portals.desk.forms import AnswerForm
from zhipo.portals.desk.lists import LISTS
from zhipo.portals.desk.people import masked
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.desk.tables import table_view
from zhipo.web.words import say


@for_desk
@require_safe
def objections(request: HttpRequest, slug: str) -> HttpResponse:
    """All objections, open ones first."""
    case = case_of(request, slug)
    table = table_view(request, case, LISTS["objections"])
    content = {"table": table, "suit_until": suit_until(case)}
    return desk_page(request, case, "desk/objections.html", content, stage="objections")


@for_desk
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, slug: str, objection_id: int) -> HttpResponse:
    """One objection with its claim; the answer, or the form for it."""
    case = case_of(request, slug)
    found = get_object_or_404(desk.open_objections(case), pk=objection_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        answer_objection(
            objection_id=found.pk,
            upheld_fen=given["admitted"] if given["is_upheld"] == "yes" else None,
            text=given["text"],
            by=person(request),
        )
        messages.success(request, say("desk.objection.answered"))
        return redirect("desk:objections", slug=slug)
    content = {
        "objection": found,
        "claim": found.claim,
        "creditor": masked(found.claim),
        "form": form,
        "is_open": found.state == ObjectionState.OPEN,
        "suit_until": suit_until(case),
    }
    status = 422 if form.errors else 200
    return desk_page(
        request, case, "desk/objection.html", content, stage="objections", status=status
    )
