"""One release: what it will do, who lets it go, how far it is, the bank's files."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.cases.models import Case
from zhipo.cases.powers import open_acts
from zhipo.gateways.payouts.bank.layout import FileFormat
from zhipo.payouts.actions.bank_files import content_of, read_bank_return
from zhipo.payouts.actions.scheduling import Leg, forecast
from zhipo.payouts.channels import SPOKEN
from zhipo.payouts.fees import fees_known
from zhipo.payouts.models import BankFile, Release
from zhipo.payouts.queries.orders import releases_visible_to
from zhipo.payouts.queries.releases import (
    at_the_desk,
    bank_files_of,
    legs_of,
    purses,
    waits_for_bank,
    without_way,
)
from zhipo.payouts.states import ReleaseState
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.desk.acts_payouts import RELEASE_ACTS, Failed, attempted, offered
from zhipo.portals.desk.exports import KIND
from zhipo.portals.desk.forms_payouts import ReturnForm
from zhipo.portals.desk.fresh import with_fresh_code
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.desk.views.background import STOP_POLLING
from zhipo.web.words import say

STAGE = "payouts"
SHOWN = 50
KINDS = {FileFormat.CSV: "text/csv; charset=utf-8", FileFormat.XLSX: KIND}
RUNNING = frozenset({ReleaseState.RELEASED, ReleaseState.PAUSED})


@for_desk
@require_GET
def release(request: HttpRequest, slug: str, release_id: int) -> HttpResponse:
    """Everything of one release; the court sees the same."""
    case = case_of(request, slug)
    return _page(request, case, _own(request, case, release_id))


@for_desk
@require_GET
def progress(request: HttpRequest, slug: str, release_id: int) -> HttpResponse:
    """How far it is, alone, asked for again and again; at the end the page is loaded."""
    case = case_of(request, slug)
    found = _own(request, case, release_id)
    if found.state not in RUNNING:
        return HttpResponse(status=STOP_POLLING, headers={"HX-Refresh": "true"})
    content = {"release": found, "case": case, **_progress(found)}
    return render(request, "desk/_release_progress.html", content)


@for_desk
@require_POST
@with_fresh_code("pause", "stop", "discard")
def act(request: HttpRequest, slug: str, release_id: int, name: str) -> HttpResponse:
    """One act on it; a refusal comes back with what was typed."""
    case = case_of(request, slug)
    found = _own(request, case, release_id)
    form, done = attempted(RELEASE_ACTS, name, request, release_id=found.pk)
    if not done.is_done:
        return _page(request, case, found, failed=(name, form), status=done.status)
    messages.success(request, say(f"payouts.desk.said.{name}"))
    return redirect("desk:release", slug=slug, release_id=release_id)


@for_desk
@require_GET
def bank_file(request: HttpRequest, slug: str, file_id: int) -> HttpResponse:
    """A payment file byte for byte, as CSV or (`?as=xlsx`) as a workbook."""
    made = _bank_file(request, case_of(request, slug), file_id)
    is_workbook = request.GET.get("as") == FileFormat.XLSX
    kind = FileFormat.XLSX if is_workbook else FileFormat.CSV
    written = content_of(made, kind=kind)
    name = f"{made.number}.{kind}"
    answer = HttpResponse(written.content, content_type=KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@for_desk
@require_POST
@with_fresh_code()
def bank_return(
    request: HttpRequest, slug: str, release_id: int, file_id: int
) -> HttpResponse:
    """Read what the bank says of each row."""
    case = case_of(request, slug)
    found = _own(request, case, release_id)
    made = _bank_file(request, case, file_id)
    if made.release_id != found.pk:
        raise Http404
    form = ReturnForm(request.POST, request.FILES, auto_id=f"return{file_id}_%s")
    done = tried(
        form,
        lambda: read_bank_return(
            bank_file_id=made.pk, content=form.cleaned_data["returned"].read(),
            by=person(request),
        ),
        field="returned",
    )  # fmt: skip
    if done.result is None:
        return _page(request, case, found, failed_return=(made.pk, form),
                     status=done.status)  # fmt: skip
    faults = len(done.result.faults)
    messages.success(request, say("payouts.desk.said.returned", faults=faults))
    return redirect("desk:release", slug=slug, release_id=found.pk)


def _own(request: HttpRequest, case: Case, release_id: int) -> Release:
    return get_object_or_404(releases_visible_to(person(request), case), pk=release_id)


def _bank_file(request: HttpRequest, case: Case, file_id: int) -> BankFile:
    releases = releases_visible_to(person(request), case).order_by()
    files = BankFile.objects.filter(release__in=releases.values("pk"))
    return get_object_or_404(files.select_related("release__plan__case"), pk=file_id)


def _page(
    request: HttpRequest,
    case: Case,
    found: Release,
    *,
    failed: Failed = None,
    failed_return: tuple[int, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    frame = _frame(request, case, found, failed)
    content: dict[str, Any] = {
        "release": found,
        **_progress(found),
        "files": [
            (made, _return_form(made, failed_return)) for made in bank_files_of(found)
        ],
        "waits_for_bank": waits_for_bank(found),
        "desk_orders": at_the_desk(found)[:SHOWN],
        "desk_count": at_the_desk(found).count(),
        "bank_errors": _bank_errors(failed),
    }
    if found.state == ReleaseState.PREPARED:
        content |= _before(case, found)
    return desk_page(
        request, case, "desk/release.html", {**frame, **content}, stage=STAGE, status=status
    )


def _frame(
    request: HttpRequest, case: Case, found: Release, failed: Failed
) -> dict[str, Any]:
    """The acts that are offered, and whether the reader prepared it: then not by them."""
    by = person(request)
    acts = offered(RELEASE_ACTS, found, open_acts(case, by), failed=failed)
    is_own = found.prepared_by_id == by.pk
    if is_own:
        acts = [one for one in acts if one["name"] != "release"]
    return {"acts": acts, "is_own": is_own}


def _progress(found: Release) -> dict[str, Any]:
    legs = legs_of(found)
    count = sum(leg.count for leg in legs)
    return {
        "legs": legs, "all": count, "done": count - sum(leg.open_count for leg in legs),
    }  # fmt: skip


def _bank_errors(failed: Failed) -> list[str]:
    """Why no file was made: the button has no form of its own to say it."""
    is_bank = failed is not None and failed[0] == "bank_file"
    return [f"{one}" for one in failed[1].non_field_errors()] if failed and is_bank else []


def _before(case: Case, found: Release) -> dict[str, Any]:
    """What the release would do if it went now, and what stands in its way."""
    told = forecast(found, now=timezone.now())
    out = list(without_way(found.plan, timezone.localdate()))
    return {
        "forecast": told,
        "forecast_legs": [(leg, _cost(leg)) for leg in told.legs],
        "spoken": SPOKEN,
        "short": [one for one in purses(case) if one.missing_fen],
        "without_way": [
            (part.claim, part.creditor.number, part.fen) for part in out[:SHOWN]
        ],
        "without_way_count": len(out),
    }


def _cost(leg: Leg) -> int | None:
    """The channel's fees for it in fen, None where nobody has said what one costs."""
    fee = fees_known().get(leg.channel)
    return None if fee is None else fee.cost_fen(leg.count, leg.fen)


def _return_form(made: BankFile, failed: tuple[int, forms.Form] | None) -> forms.Form:
    is_failed = failed is not None and failed[0] == made.pk
    if failed is not None and is_failed:
        return failed[1]
    return ReturnForm(auto_id=f"return{made.pk}_%s")
