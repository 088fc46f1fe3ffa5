"""The list of candidates, one candidate, and the acts on them, for either portal.

A portal names its own place: whose debtor, under which addresses, in which frame.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from zhipo.cases.models import Case
from zhipo.enforcement.actions import avoidance as acts
from zhipo.enforcement.finding_states import AvoidableKind, DealingKind
from zhipo.enforcement.histories import HistoryChanged
from zhipo.enforcement.models import AvoidanceSearch, Candidate, Debtor
from zhipo.enforcement.policies.avoidance import accepted_case, may
from zhipo.enforcement.queries.avoidance import (
    ROWS_SHOWN,
    candidates_of,
    dealings_of,
    evidence_of,
    is_listed,
    last_search,
    totals,
)
from zhipo.kernel.money import plain_yuan
from zhipo.kernel.periods import months, subtract, years
from zhipo.kernel.rules import rule_on
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.avoidance.forms import DealingForm, SearchForm, VerdictForm
from zhipo.portals.avoidance.sheets import avoidance_sheets
from zhipo.portals.desk.exports import workbook_response
from zhipo.web.words import say

PER_PAGE = 50
LEAST_FEN = 1_000_00
"""What the form proposes as the least sum of a sign (policy: smaller ones cost more)."""


@dataclass(frozen=True)
class Place:
    """Where the pages stand: the debtor, the portal's name, its slug, its frame.

    `show` renders a template's content with a status in the portal's frame.
    """

    debtor: Debtor
    portal: str
    slug: str
    show: Callable[[str, Mapping[str, Any], int], HttpResponse]

    @cached_property
    def accepted(self) -> Case | None:
        """The debtor's bankruptcy from acceptance on; looked up once for a page."""
        return accepted_case(self.debtor)

    @property
    def addresses(self) -> dict[str, str]:
        names = ("avoidance", "search_avoidable", "enter_dealing", "withdraw_dealing",
                 "candidate", "judge_candidate", "export_avoidable")  # fmt: skip
        return {name: f"{self.portal}:{name}" for name in names}


def list_page(
    request: HttpRequest,
    place: Place,
    *,
    failed: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """Terms, totals, candidates, what was left out, what is entered."""
    debtor, by = place.debtor, person(request)
    found = list(candidates_of(debtor))
    only = request.GET.get("only", "")
    known = only if only in set(AvoidableKind) else ""
    listed = [one for one in found if is_listed(one)]
    chosen = [one for one in listed if one.kind == only] if only else listed
    searched = last_search(debtor)
    content = {
        **_frame(place, by),
        "search": searched,
        "edges": _edges(searched) if searched else None,
        "totals": totals(found, timezone.localdate()),
        "listed_fen": sum(one.fen for one in listed),
        "page": Paginator(chosen, PER_PAGE).get_page(request.GET.get("page")),
        "query": f"only={known}" if known else "",
        "only": known,
        "outdated": sum(not is_listed(one) for one in found),
        "left_out": sorted(searched.left_out.items()) if searched else [],
        "dealings": dealings_of(debtor),
        "has_history": debtor.histories.exists(),
        **_forms(request, place, searched, failed),
    }
    return place.show("avoidance.html", content, status)


def candidate_page(
    request: HttpRequest,
    place: Place,
    candidate: Candidate,
    *,
    failed: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """One candidate: rule, sum, rows, verdict."""
    is_accepted = place.accepted is not None
    try:
        rows, is_changed = evidence_of(candidate), False
    except HistoryChanged:
        rows, is_changed = [], True
    rule = rule_on(timezone.localdate(), candidate.rule)
    initial = {"state": candidate.state, "reason": candidate.reason}
    content = {
        **_frame(place, person(request)),
        "candidate": candidate,
        "cite": rule.cite,
        "law_text": rule.text,
        "search": candidate.search,
        "edges": _edges(candidate.search),
        "evidence": rows,
        "is_evidence_changed": is_changed,
        "more": max(0, candidate.rows - ROWS_SHOWN),
        "has_changed": candidate.judged_fen not in {None, candidate.fen},
        "form": failed or VerdictForm(is_accepted=is_accepted, initial=initial),
    }
    return place.show("candidate.html", content, status)


def search(request: HttpRequest, place: Place) -> HttpResponse:
    """Search; refused, the list comes back with what was typed."""
    case = place.accepted
    initial = {"counted_on": case.accepted_on} if case else {}
    form = SearchForm(request.POST, is_accepted=case is not None, initial=initial)
    act = partial(acts.search_avoidable, debtor_id=place.debtor.pk)
    done = tried(form, lambda: act(**form.cleaned_data, by=person(request)))
    if done.result is None:
        return list_page(request, place, failed=form, status=done.status)
    count = done.result.found
    messages.success(request, say("avoidance.said.searched", count=count))
    return _back(place)


def enter(request: HttpRequest, place: Place) -> HttpResponse:
    """Enter a dealing; refused, the list comes back with the form of its kind."""
    form = DealingForm(request.POST, kind=_kind(request.POST.get("kind", "")))
    act = partial(acts.enter_dealing, debtor_id=place.debtor.pk)
    done = tried(form, lambda: act(**form.cleaned_data, by=person(request)))
    if not done.is_done:
        return list_page(request, place, failed=form, status=done.status)
    messages.success(request, say("avoidance.said.entered"))
    return _back(place)


def withdraw(request: HttpRequest, place: Place, dealing_id: int) -> HttpResponse:
    """Take an entry back."""
    if not place.debtor.dealings.filter(pk=dealing_id).exists():
        raise Http404
    acts.withdraw_dealing(dealing_id=dealing_id, by=person(request))
    messages.success(request, say("avoidance.said.withdrawn"))
    return _back(place)


def judge(request: HttpRequest, place: Place, candidate: Candidate) -> HttpResponse:
    """Enter a verdict; refused, the candidate comes back with what was typed."""
    form = VerdictForm(request.POST, is_accepted=place.accepted is not None)
    act = partial(acts.judge_candidate, candidate_id=candidate.pk)
    done = tried(form, lambda: act(**form.cleaned_data, by=person(request)))
    if not done.is_done:
        return candidate_page(request, place, candidate, failed=form, status=done.status)
    messages.success(request, say("avoidance.said.judged"))
    return redirect(place.addresses["candidate"], place.slug, candidate.pk)


def export(request: HttpRequest, place: Place) -> HttpResponse:
    """Candidates and all their rows as a workbook; that it was handed out is recorded."""
    candidates = list(candidates_of(place.debtor))
    acts.record_export(debtor_id=place.debtor.pk, by=person(request))
    return workbook_response(avoidance_sheets(candidates), name=f"{place.slug}-avoidance")


def candidate_in(place: Place, candidate_id: int) -> Candidate:
    """A candidate of the place's debtor. Raises Http404."""
    found = candidates_of(place.debtor).filter(pk=candidate_id).first()
    if found is None:
        raise Http404
    return found


def _frame(place: Place, by: Any) -> dict[str, Any]:
    """What both pages need around them; `may` is what the reader may do now."""
    return {"at": place.addresses, "slug": place.slug, "may": may(place.debtor, by),
            "is_accepted": place.accepted is not None}  # fmt: skip


def _forms(
    request: HttpRequest,
    place: Place,
    searched: AvoidanceSearch | None,
    failed: forms.Form | None,
) -> dict[str, Any]:
    """A search as the last one was, an entry of the kind that the address names."""
    kind = _kind(request.GET.get("kind", "")) if "kind" in request.GET else None
    shown: dict[str, Any] = {
        "search_form": SearchForm(
            is_accepted=place.accepted is not None, initial=_proposed(place, searched)
        ),
        "kinds": list(DealingKind),
        "kind": kind,
        "dealing_form": DealingForm(kind=kind, initial=_fresh(kind)) if kind else None,
    }
    if isinstance(failed, SearchForm):
        shown["search_form"] = failed
    if isinstance(failed, DealingForm):
        shown |= {"dealing_form": failed, "kind": failed.kind_given}
    return shown


def _proposed(place: Place, searched: AvoidanceSearch | None) -> dict[str, Any]:
    """What the search form says at first: the last search, else what enforcement shows."""
    case = place.accepted
    if searched is not None:
        given = {"counted_on": searched.counted_on, "cause_since": searched.cause_since,
                 "cause_grounds": searched.cause_grounds,
                 "least_fen": plain_yuan(searched.least_fen)}  # fmt: skip
    else:
        first = place.debtor.cases.order_by("filed_on").first()
        given = {"counted_on": timezone.localdate(),
                 "cause_since": first.filed_on if first else None,
                 "cause_grounds": say("avoidance.cause_proposed") if first else "",
                 "least_fen": plain_yuan(LEAST_FEN)}  # fmt: skip
    given |= {"counted_on": case.accepted_on} if case else {}
    return {name: _as_typed(value) for name, value in given.items()}


def _as_typed(value: Any) -> Any:
    """A day as the browser's field of days reads it, whatever the language."""
    return value.isoformat() if isinstance(value, date) else value


def _edges(searched: AvoidanceSearch) -> dict[str, Any]:
    """The first days of both look-backs of a search."""
    day = searched.counted_on
    return {"year": subtract(day, years(1)), "half": subtract(day, months(6))}


def _fresh(kind: DealingKind) -> dict[str, str]:
    return {"form_key": uuid.uuid4().hex, "kind": kind.value}


def _kind(name: str) -> DealingKind:
    try:
        return DealingKind(name)
    except ValueError as error:
        raise Http404 from error


def _back(place: Place) -> HttpResponse:
    return redirect(place.addresses["avoidance"], place.slug)
