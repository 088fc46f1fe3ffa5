"""How creditors on paper are paid: entered from the paper, checked by another person."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from zhipo.cases.models import Case
from zhipo.cases.powers import Act
from zhipo.claims.actions.papers import digest_of
from zhipo.claims.models import Claim
from zhipo.claims.queries import desk
from zhipo.enforcement.entries import BadEntries, EntryFault
from zhipo.payouts.actions.way_letters import make_way_letter
from zhipo.payouts.actions.ways import check_ways, enter_way, enter_ways, take_back_ways
from zhipo.payouts.models import EnteredWay
from zhipo.payouts.policies.ways import check_can_enter, way_fault
from zhipo.payouts.queries.ways import (
    current_ways,
    entered_ways,
    on_paper,
    waiting_ways,
    way_lists,
    ways_of_list,
    without_way,
)
from zhipo.payouts.states import WayState
from zhipo.payouts.way_sheet import read_ways, write_template
from zhipo.portals.access import person
from zhipo.portals.acting import Tried, tried, with_failed
from zhipo.portals.bureau.uploads import empty_table, faults_shown, read_upload
from zhipo.portals.desk.acts_payouts import ThingAct, attempted
from zhipo.portals.desk.exports import handed_out
from zhipo.portals.desk.forms_ways import (
    CheckWaysForm,
    TakeBackWaysForm,
    WayFileForm,
    WayForm,
)
from zhipo.portals.desk.fresh import with_fresh_code
from zhipo.portals.desk.people import masked
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.desk.ways_shown import current_rows, way_rows
from zhipo.web.words import say

STAGE = "entering"
PER_PAGE = 100
FREE = "take_back"
"""Taking an entry back moves no money anywhere: it needs no fresh code."""


def _waits(way: Any) -> bool:
    return bool(way.state == WayState.ENTERED)


WAY_ACTS = {
    "check": ThingAct(CheckWaysForm, check_ways, Act.CHECK_PAYOUT_WAY, _waits),
    "take_back": ThingAct(TakeBackWaysForm, take_back_ways, Act.ENTER_PAYOUT_WAY, _waits),
}


@for_desk
@require_GET
def ways(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for another person, the lists handed in, and the form for one."""
    return _page(request, case_of(request, slug))


@for_desk
@require_POST
@with_fresh_code()
def hand_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Read a list: every row is entered, or none and each fault is told."""
    case = case_of(request, slug)
    form = WayFileForm(request.POST, request.FILES)
    faults: list[EntryFault] = []

    def act() -> list[EnteredWay]:
        try:
            return _read(request, case, form)
        except BadEntries as refused:
            faults.extend(refused.faults)
            raise

    done = tried(form, act)
    if done.result is None:
        told = faults_shown(faults)
        return _page(request, case, failed=form, status=done.status, **told)
    messages.success(request, say("payouts.ways.said.hand_in", count=len(done.result)))
    return redirect("desk:way_list", slug=slug, batch=done.result[0].batch)


@for_desk
@require_GET
def template(request: HttpRequest, slug: str) -> HttpResponse:
    """The workbook to fill in."""
    case = case_of(request, slug)
    write = partial(write_template, case=case)
    return empty_table(write, name=say("payouts.ways.sheet"))


@for_desk
@require_GET
def way_list(request: HttpRequest, slug: str, batch: str) -> HttpResponse:
    """A list as it was entered, to be held against the papers before it counts."""
    return _list_page(request, case_of(request, slug), batch)


@for_desk
@require_POST
@with_fresh_code(FREE)
def act_on_list(request: HttpRequest, slug: str, batch: str, name: str) -> HttpResponse:
    """Check what waits of a list, or take it back."""
    case = case_of(request, slug)
    every = ways_of_list(case, batch)
    found = _ids(every.filter(state=WayState.ENTERED)) or _ids(every)
    form, done = _attempted(request, case, name, found)
    if not done.is_done:
        return _list_page(request, case, batch, failed=form, status=done.status)
    messages.success(request, say(f"payouts.ways.said.{name}", count=len(found)))
    return redirect("desk:way_list", slug=slug, batch=batch)


@for_desk
@require_GET
def claim_ways(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """How one creditor is paid, what was entered for them, and the form."""
    case = case_of(request, slug)
    return _claim_page(request, case, _claim_in(case, claim_id))


@for_desk
@require_POST
@with_fresh_code(FREE)
def act_on_claim(request: HttpRequest, slug: str, claim_id: int, name: str) -> HttpResponse:
    """Enter a way, check one, take one back; a refusal comes back with what was typed."""
    case = case_of(request, slug)
    claim = _claim_in(case, claim_id)
    done: Tried[Any]
    if name == "enter":
        form: Any = WayForm(claim, request.POST, request.FILES)
        done = tried(form, lambda: enter_way(**form.arguments, by=person(request)))
    else:
        chosen = request.POST.get("way", "")
        is_number = chosen.isdecimal() and len(chosen) < 19
        found = _ids(entered_ways(claim).filter(pk=int(chosen) if is_number else 0))
        form, done = _attempted(request, case, name, found)
    if not done.is_done:
        return _claim_page(request, case, claim, failed=form, status=done.status)
    messages.success(request, say(f"payouts.ways.said.{name}", count=1))
    return redirect("desk:claim_ways", slug=slug, claim_id=claim_id)


@for_desk
@require_POST
def letter(request: HttpRequest, slug: str, way_id: int) -> HttpResponse:
    """The letter that tells the creditor; the name is whole, so it is on record."""
    case = case_of(request, slug)
    found = get_object_or_404(EnteredWay, pk=way_id, claim__case=case)
    return handed_out(make_way_letter(way_id=found.pk, by=person(request)))


def _read(request: HttpRequest, case: Case, form: forms.Form) -> list[EnteredWay]:
    """Raises BadEntries, NotAllowed, NotInState."""
    by, file = person(request), form.cleaned_data["file"]
    check_can_enter(by, case)
    stated = read_upload(file, partial(read_ways, case=case))
    batch = digest_of(file)
    return enter_ways(case_id=case.pk, stated=stated, batch=batch, by=by)


def _attempted(
    request: HttpRequest, case: Case, name: str, found: Sequence[int]
) -> tuple[forms.Form, Tried[object]]:
    """One act on entered ways. Raises Http404 where there are none, or no such act."""
    if not found:
        raise Http404
    return attempted(WAY_ACTS, name, request, case_id=case.pk, ways=found)


def _ids(rows: Any) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def _claim_in(case: Case, claim_id: int) -> Claim:
    return get_object_or_404(desk.claims_in(case), pk=claim_id)


def _forms(failed: forms.Form | None) -> dict[str, forms.Form]:
    shown: dict[str, forms.Form] = {
        "check_form": CheckWaysForm(auto_id="check_%s"),
        "take_back_form": TakeBackWaysForm(auto_id="take_back_%s"),
        "file_form": WayFileForm(auto_id="file_%s"),
    }
    return with_failed(shown, failed)


def _page(
    request: HttpRequest, case: Case, *, failed: forms.Form | None = None,
    status: int = 200, **given: Any,
) -> HttpResponse:  # fmt: skip
    content = {
        "waiting": way_rows(waiting_ways(case), person(request).pk),
        "lists": way_lists(case),
        "on_paper_count": on_paper(case).count(),
        "missing_count": without_way(case).count(),
        **_forms(failed),
        **given,
    }
    return desk_page(request, case, "desk/ways.html", content, stage=STAGE, status=status)


def _list_page(
    request: HttpRequest, case: Case, batch: str, *, failed: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    by = person(request)
    found = next((one for one in way_lists(case) if one.batch == batch), None)
    if found is None:
        raise Http404
    page = Paginator(ways_of_list(case, batch), PER_PAGE).get_page(request.GET.get("page"))
    content = {
        "list": found,
        "page": page,
        "rows": way_rows(page, by.pk),
        "is_own": found.entered_by_id == by.pk,
        **_forms(failed),
    }
    return desk_page(
        request, case, "desk/way_list.html", content, stage=STAGE, status=status
    )


def _claim_page(
    request: HttpRequest, case: Case, claim: Claim, *,
    failed: forms.Form | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    rows = way_rows(entered_ways(claim), person(request).pk)
    fault = way_fault(claim)
    content = {
        "claim": claim,
        "creditor": masked(claim),
        "current": current_rows(current_ways(claim)),
        "waiting": [row for row in rows if row.way.state == WayState.ENTERED],
        "ended": [row for row in rows if row.way.state != WayState.ENTERED],
        "fault": say(f"payouts.refused.{fault}", number=claim.number) if fault else "",
        "way_form": failed if isinstance(failed, WayForm) else WayForm(claim),
        "failed_way": request.POST.get("way", ""),
        **_forms(failed),
    }
    return desk_page(
        request, case, "desk/claim_ways.html", content, stage=STAGE, status=status
    )
