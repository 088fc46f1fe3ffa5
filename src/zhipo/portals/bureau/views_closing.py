"""One case of the own court: ending it for now, periodic queries, taking it up again."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.enforcement.actions import closing as acts
from zhipo.enforcement.models import ClosingForNow, EnforcementCase, Requery
from zhipo.enforcement.policies.closing import Answers, first_days, known_of, missing_of
from zhipo.enforcement.queries.clues import Due
from zhipo.enforcement.queries.debtors import cases_visible_to
from zhipo.portals.access import person
from zhipo.portals.acting import tried, with_failed
from zhipo.portals.bureau.forms_clues import ClosingForm, RequeryForm, ResumeForm
from zhipo.portals.bureau.surroundings import bureau_page, for_bureau
from zhipo.web.words import say

CONDITIONS = (
    "report", "restricted", "investigated", "three_months", "searched", "signature",
)  # fmt: skip


@for_bureau
@require_GET
def case_page(request: HttpRequest, slug: str, case_id: int) -> HttpResponse:
    """The case, the checklist of ending it for now, what is missing of it."""
    return _page(request, _case(request, slug, case_id))


@for_bureau
@require_POST
def close(request: HttpRequest, slug: str, case_id: int) -> HttpResponse:
    """End enforcement for now; `check` alone only shows what is missing."""
    case = _case(request, slug, case_id)
    form = ClosingForm(request.POST)
    if "check" in request.POST and form.is_valid():
        return _page(request, case, failed=form)

    def act(*, by: Any) -> object:
        return acts.close_for_now(case_id=case.pk, answers=form.answers(), by=by)

    return _act(request, case, form, act, said="closed")


@for_bureau
@require_POST
def resume(request: HttpRequest, slug: str, case_id: int) -> HttpResponse:
    """Take up a case that was closed for now."""
    case = _case(request, slug, case_id)
    form = ResumeForm(request.POST)

    def act(*, by: Any) -> object:
        return acts.take_up_again(case_id=case.pk, **form.cleaned_data, by=by)

    return _act(request, case, form, act, said="resumed")


@for_bureau
@require_POST
def requery(request: HttpRequest, slug: str, case_id: int, requery_id: int) -> HttpResponse:
    """Enter that a periodic query was made."""
    case = _case(request, slug, case_id)
    if not Requery.objects.filter(pk=requery_id, closing__case=case).exists():
        raise Http404
    form = RequeryForm(request.POST)

    def act(*, by: Any) -> object:
        return acts.record_requery(requery_id=requery_id, **form.cleaned_data, by=by)

    return _act(request, case, form, act, said="requeried", requery_id=requery_id)


def _case(request: HttpRequest, slug: str, case_id: int) -> EnforcementCase:
    cases = cases_visible_to(person(request)).select_related("debtor", "court", "judge")
    found = cases.filter(pk=case_id, debtor__slug=slug).first()
    if found is None:
        raise Http404
    return found


def _act(
    request: HttpRequest,
    case: EnforcementCase,
    form: forms.Form,
    act: Callable[..., object],
    *,
    said: str,
    requery_id: int | None = None,
) -> HttpResponse:
    done = tried(form, lambda: act(by=person(request)))
    if not done.is_done:
        return _page(request, case, failed=form, status=done.status, requery_id=requery_id)
    messages.success(request, say(f"bureau.closing.said.{said}"))
    return redirect("bureau:case", slug=case.debtor.slug, case_id=case.pk)


def _page(
    request: HttpRequest,
    case: EnforcementCase,
    *,
    failed: forms.Form | None = None,
    status: int = 200,
    requery_id: int | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    answers = _answers(failed) if isinstance(failed, ClosingForm) else None
    known = known_of(case)
    missing = missing_of(case, known, answers or Answers(closed_on=today))
    closing = case.closings.filter(resumed_on=None).first()
    content: dict[str, Any] = {
        "enforcement_case": case,
        "known": known,
        "conditions": [(name, name not in missing) for name in CONDITIONS],
        "closing": closing,
        "requeries": _rows(closing, today) if closing else [],
        "typed": failed.data if isinstance(failed, RequeryForm) else {},
        "typed_in": requery_id,
        "earlier": case.closings.exclude(resumed_on=None).order_by("-closed_on"),
        **with_failed(_fresh(today.isoformat()), failed),
    }
    return bureau_page(
        request, case.debtor, "bureau/cases_case.html", content, tab="cases", status=status
    )


def _rows(closing: ClosingForNow, today: date) -> list[tuple[Requery, Due, bool]]:
    """Each periodic query with its day, and whether its half-year has begun."""
    return [
        (one, Due(one.due_on, one.done_on, today), since <= today)
        for one, since in first_days(closing)
    ]


def _fresh(today: str) -> dict[str, forms.Form]:
    """The forms of the page, each with today as the browser's field of days reads it."""
    return {
        "closing_form": ClosingForm(initial={"closed_on": today}),
        "requery_form": RequeryForm(initial={"done_on": today}),
        "resume_form": ResumeForm(initial={"resumed_on": today}),
    }


def _answers(form: ClosingForm) -> Answers | None:
    """What a form that comes back says, so that the checklist shows it."""
    given = {name: value for name, value in form.cleaned_data.items() if value is not None}
    return Answers(**given) if "closed_on" in given else None
