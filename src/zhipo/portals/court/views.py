"""One page for all cases, one page for each: figures, clocks, questions, the ruling."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from zhipo.accounts.roles import ADMINISTRATOR, BANKRUPTCY_COURT
from zhipo.cases import actions
from zhipo.cases.clocks import runs_until
from zhipo.cases.models import Case, Clock, Question
from zhipo.cases.phases import MOVES, Phase
from zhipo.cases.queries import cases_visible_to
from zhipo.claims.actions.confirming import confirm_register, confirming, record_checking
from zhipo.claims.queries.desk import figures
from zhipo.claims.queries.register import headings
from zhipo.claims.queries.sampling import sample
from zhipo.distributions.queries.costs import open_costs_fen
from zhipo.documents.queries import documents_of
from zhipo.enforcement.queries.bundles import waiting_to_be_received
from zhipo.enforcement.queries.estates import owes_papers, petitioner_of
from zhipo.portals.access import for_roles, person
from zhipo.portals.acting import tried, with_failed
from zhipo.portals.court.forms import (
    AnswerForm,
    CheckedForm,
    NoticeForm,
    PhaseForm,
    PublicationForm,
    QuestionForm,
    RulingDraftForm,
    RulingForm,
    ServedForm,
)
from zhipo.portals.court.needs import latest_papers, needs, open_questions
from zhipo.portals.desk.surroundings import case_of, desk_page
from zhipo.web.words import say

for_court = for_roles(*BANKRUPTCY_COURT)
for_all_staff = for_roles(*BANKRUPTCY_COURT, *ADMINISTRATOR)
ENDING = (Phase.DISTRIBUTION, Phase.CLOSED)
"""Where the court is told what of the costs is not paid."""

Respond = Callable[..., HttpResponse]


@for_court
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What needs the court, until when, over all its cases."""
    cases = cases_visible_to(person(request)).order_by("-accepted_on")
    content = {
        "needs": needs(cases),
        "papers": latest_papers(cases),
        "cases": cases,
        "referred": waiting_to_be_received(person(request)).count(),
    }
    return render(request, "court/home.html", content)


@for_all_staff
@require_GET
def case_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A case before the court: the administrator sees the same page."""
    return _case_page(request, case_of(request, slug))


@for_court
@require_POST
def served(request: HttpRequest, slug: str) -> HttpResponse:
    """Record that the acceptance ruling reached applicant and debtor."""
    case = case_of(request, slug)
    serve = partial(actions.serve_ruling, owes_papers=owes_papers(case))
    return act_of_form(request, case, ServedForm, serve, "served")


@for_court
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Fix the filing period and the first meeting."""
    case = case_of(request, slug)
    return act_of_form(request, case, PublicationForm, actions.set_publication, "published")


@for_all_staff
@require_POST
def move(request: HttpRequest, slug: str) -> HttpResponse:
    """Move the case to its next phase."""
    case = case_of(request, slug)
    return act_of_form(request, case, PhaseForm, actions.change_phase, "moved")


@for_court
@require_POST
def checked(request: HttpRequest, slug: str) -> HttpResponse:
    """Record that the meeting has checked the register."""
    case = case_of(request, slug)
    return act_of_form(request, case, CheckedForm, record_checking, "checked")


@for_court
@require_POST
def ruling(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm what nobody disputes."""

    def confirm(*, is_read: bool, **given: Any) -> object:
        return confirm_register(**given)

    case = case_of(request, slug)
    return act_of_form(request, case, RulingForm, confirm, "confirmed")


@for_court
@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the administrator."""
    case = case_of(request, slug)
    return act_of_form(request, case, QuestionForm, actions.ask_question, "asked")


@for_all_staff
@require_POST
def answer(request: HttpRequest, slug: str, question_id: int) -> HttpResponse:
    """Answer the court."""
    case = case_of(request, slug)
    if not Question.objects.filter(pk=question_id, case=case).exists():
        raise Http404

    def reply(*, case_id: int, **given: Any) -> object:
        return actions.answer_question(question_id=question_id, **given)

    return act_of_form(request, case, AnswerForm, reply, "answered")


@for_all_staff
@require_POST
def done(request: HttpRequest, slug: str, clock_id: int) -> HttpResponse:
    """Record that what a deadline asks for was done."""
    case = case_of(request, slug)
    if not Clock.objects.filter(pk=clock_id, case=case).exists():
        raise Http404
    actions.stop_clock(clock_id=clock_id, by=person(request))
    return redirect("court:case", slug=slug)


def act_of_form(
    request: HttpRequest,
    case: Case,
    form_class: type[forms.Form],
    act: Callable[..., object],
    said: str,
) -> HttpResponse:
    """Do one act of a form on the case page; a refusal comes back with what was typed."""
    form = form_class(request.POST)

    def done() -> object:
        return act(case_id=case.pk, **form.cleaned_data, by=person(request))

    if not tried(form, done).is_done:
        return _case_page(request, case, failed=form)
    messages.success(request, say(f"court.said.{said}"))
    return redirect("court:case", slug=case.slug)


def _moves(case: Case) -> list[Phase]:
    """Where the phase may go by a button now: what has an act of its own is left out."""
    own = {Phase.FILING, Phase.DISMISSED}
    if case.phase == Phase.FILING and runs_until(case) is not None:
        own.add(Phase.REVIEW)
    if case.confirmed_on is None:
        own.add(Phase.CONFIRMED)
    return sorted(MOVES[Phase(case.phase)] - own)


def _case_page(
    request: HttpRequest, case: Case, *, failed: forms.Form | None = None
) -> HttpResponse:
    forms_shown: dict[str, forms.Form] = {
        "served_form": ServedForm(),
        "publication_form": PublicationForm(),
        "checked_form": CheckedForm(),
        "ruling_form": RulingForm(),
        "question_form": QuestionForm(),
        "answer_form": AnswerForm(),
        "notice_form": NoticeForm(petitioner=petitioner_of(case)),
        "draft_form": RulingDraftForm(),
    }
    clocks = list(case.clocks.order_by("done_at", "last_day"))
    content = {
        **with_failed(forms_shown, failed),
        "failed": failed,
        "figures": figures(case),
        "headings": headings(case),
        "confirming": confirming(case),
        "sample": sample(case),
        "clocks": clocks,
        "is_served": any(one.deadline == actions.PAPERS for one in clocks),
        "questions": open_questions(case),
        "documents": documents_of(case.number),
        "moves": _moves(case),
        "open_costs_fen": open_costs_fen(case) if case.phase in ENDING else 0,
        "filing_runs": case.phase == Phase.FILING and runs_until(case),
    }
    status = 400 if failed is not None else 200
    return desk_page(
        request, case, "court/case.html", content, stage="court", status=status
    )
