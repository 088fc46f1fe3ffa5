"""Objections, their answers, and the suit over an entry, on the clock of BI3 art. 8."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhipo.cases.models import Case
from zhipo.claims.actions.answering import answer_objection
from zhipo.claims.actions.suing import Judgment, enter_judgment, is_late, record_suit
from zhipo.claims.models import Objection
from zhipo.claims.policies.suing import BEFORE_SUIT
from zhipo.claims.queries import desk
from zhipo.claims.queries.creditor import suit_until
from zhipo.claims.states import ObjectionState
from zhipo.law.register.states import ClaimState
from zhipo.portals.access import person
from zhipo.portals.acting import tried, with_failed
from zhipo.portals.desk.forms import AnswerForm
from zhipo.portals.desk.forms_suits import JudgmentForm, SuitForm
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
    case, found = _found(request, slug, objection_id)
    if request.method != "POST":
        return _page(request, case, found)
    form = AnswerForm(request.POST)

    def answer() -> object:
        given = form.cleaned_data
        return answer_objection(
            objection_id=found.pk,
            upheld_fen=given["admitted"] if given["is_upheld"] == "yes" else None,
            text=given["text"],
            by=person(request),
        )

    return _done(request, case, found, form=form, act=answer, said="answered")


@for_desk
@require_POST
def sue(request: HttpRequest, slug: str, objection_id: int) -> HttpResponse:
    """Enter that the objector has sued."""
    case, found = _found(request, slug, objection_id)
    form = SuitForm(request.POST)

    def enter() -> object:
        given = form.cleaned_data
        return record_suit(
            objection_id=found.pk,
            number=given["suit_number"],
            sued_on=given["sued_on"],
            by=person(request),
        )

    return _done(request, case, found, form=form, act=enter, said="sued")


@for_desk
@require_POST
def judge(request: HttpRequest, slug: str, objection_id: int) -> HttpResponse:
    """Enter the judgment on the entry that was objected to."""
    case, found = _found(request, slug, objection_id)
    form = JudgmentForm(request.POST)

    def enter() -> object:
        given = form.cleaned_data
        judgment = Judgment(
            given["judgment_number"], given["judged_on"], given["judged_fen"]
        )
        return enter_judgment(
            claim_id=found.claim_id, judgment=judgment, by=person(request)
        )

    return _done(request, case, found, form=form, act=enter, said="judged")


def _found(request: HttpRequest, slug: str, objection_id: int) -> tuple[Case, Objection]:
    case = case_of(request, slug)
    return case, get_object_or_404(desk.open_objections(case), pk=objection_id)


def _done(
    request: HttpRequest,
    case: Case,
    found: Objection,
    *,
    form: forms.Form,
    act: Callable[[], object],
    said: str,
) -> HttpResponse:
    """Do it, or show the page again with what was typed and why it is refused."""
    outcome = tried(form, act)
    if not outcome.is_done:
        return _page(request, case, found, failed=form, status=outcome.status)
    messages.success(request, say(f"desk.objection.{said}"))
    return redirect("desk:objection", slug=case.slug, objection_id=found.pk)


def _page(
    request: HttpRequest,
    case: Case,
    found: Objection,
    *,
    failed: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "form": AnswerForm(),
        "suit_form": SuitForm(),
        "judgment_form": JudgmentForm(),
    }
    is_checked = case.checked_on is not None
    content = {
        **with_failed(shown, failed),
        "objection": found,
        "claim": found.claim,
        "creditor": masked(found.claim),
        "is_open": found.state == ObjectionState.OPEN,
        "is_late": is_late(found),
        "may_sue": is_checked and found.state in BEFORE_SUIT,
        "is_disputed": found.claim.state == ClaimState.DISPUTED,
        "suit_until": found.suit_until or suit_until(case),
    }
    return desk_page(
        request, case, "desk/objection.html", content, stage="objections", status=status
    )
