"""The books: hand in, watch, report, seal, what changed for whom."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from zhipo.cases.models import Case
from zhipo.claims.actions.evidence import ERRORS, folder_of, seal_evidence, upload_evidence
from zhipo.claims.models import Evidence
from zhipo.claims.policies.books import LARGEST_UPLOAD, MEGABYTE, BookRefused
from zhipo.claims.queries.books import FIGURES, KINDS, changes_of, evidence_visible_to
from zhipo.claims.states import EvidenceState
from zhipo.portals.access import person
from zhipo.portals.desk.forms_evidence import UploadForm
from zhipo.portals.desk.lists import LISTS
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.desk.tables import table_view
from zhipo.web.refusals import Declined
from zhipo.web.words import current_language, say

SHOWN = 50
UNDER_WAY = frozenset({EvidenceState.UPLOADED, EvidenceState.READING})
STOP_POLLING = 286
"""HTMX's status for "no need to ask again"; with HX-Refresh the page shows the result."""


@for_desk
@require_GET
def evidence(request: HttpRequest, slug: str) -> HttpResponse:
    """All versions, and the form for a new one."""
    case = case_of(request, slug)
    last = evidence_visible_to(person(request)).filter(case=case).order_by("-version")
    read_as = last.values_list("read_as", flat=True).first()
    return _versions(request, case, UploadForm(initial={"read_as": read_as}))


@csrf_exempt
@for_desk
@require_POST
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Take in a new version; the size is looked at before any byte of it is read.

    Checking the form's token reads the whole body, so that check comes after this one.
    """
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if size > LARGEST_UPLOAD + MEGABYTE:
        most = LARGEST_UPLOAD // MEGABYTE
        raise BookRefused(
            "claims.evidence.too_large", name=f"{size // MEGABYTE} MB", most=most
        )
    return _upload(request, slug)


@csrf_protect
def _upload(request: HttpRequest, slug: str) -> HttpResponse:
    case, form = case_of(request, slug), UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _versions(request, case, form, status=422)
    try:
        made = upload_evidence(
            case_id=case.pk,
            handed=form.handed(),
            read_as=form.cleaned_data["read_as"],
            form_key=str(form.cleaned_data["form_key"]),
            by=person(request),
        )
    except BookRefused as refused:
        form.add_error(None, refused.sentence)
        return _versions(request, case, form, status=refused.status)
    messages.success(request, say("claims.evidence.taken", version=made.version))
    return redirect("desk:evidence_version", slug=slug, version=made.version)


@for_desk
@require_GET
def version(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """One version: under way, refused with its faults, or read with its report."""
    case = case_of(request, slug)
    found = _version(request, case, version)
    content = {
        "evidence": found,
        "is_under_way": is_under_way(found),
        "report": report(found),
        "changes": change_rows(found),
        "shown": SHOWN,
    }
    return desk_page(request, case, "desk/evidence_version.html", content, stage="evidence")


@for_desk
@require_GET
def progress(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """The bar alone, asked for again and again; at the end the page is loaded anew."""
    case = case_of(request, slug)
    found = _version(request, case, version)
    if not is_under_way(found):
        return HttpResponse(status=STOP_POLLING, headers={"HX-Refresh": "true"})
    content = {"evidence": found, "case": case}
    return render(request, "desk/_evidence_progress.html", content)


@for_desk
@require_GET
def errors(request: HttpRequest, slug: str, version: int) -> FileResponse:
    """Every fault as a file that a spreadsheet opens."""
    found = _version(request, case_of(request, slug), version)
    path = folder_of(found) / ERRORS
    if found.state != EvidenceState.REFUSED or not path.exists():
        raise Http404
    name = f"errors-{slug}-{version}.csv"
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name)
    patch_cache_control(response, private=True, no_store=True)
    return response


@for_desk
@require_POST
def seal(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Seal, once the box is ticked."""
    found = _version(request, case_of(request, slug), version)
    if request.POST.get("confirmed") != "yes":
        messages.error(request, say("claims.evidence.seal.unconfirmed"))
    else:
        try:
            seal_evidence(evidence_id=found.pk, by=person(request))
            messages.success(request, say("claims.evidence.sealed_now", version=version))
        except Declined as declined:
            if declined.status != Declined.status:
                raise
            messages.error(request, declined.sentence)
    return redirect("desk:evidence_version", slug=slug, version=version)


@for_desk
@require_GET
def changes(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """For whom this version says something else than the one before."""
    case = case_of(request, slug)
    found = _version(request, case, version)
    kind = request.GET.get("kind", "")
    page = request.GET.get("page", "1")
    if kind not in ("", *KINDS) or not page.isdigit() or not 0 < int(page) < 100_000:
        raise Http404
    offset = (int(page) - 1) * SHOWN
    rows = changes_of(found, kind=kind, limit=SHOWN + 1, offset=offset)
    content = {
        "evidence": found,
        "rows": rows[:SHOWN],
        "kind": kind,
        "kinds": KINDS,
        "page": int(page),
        "previous": int(page) - 1,
        "next": int(page) + 1 if len(rows) > SHOWN else 0,
    }
    return desk_page(request, case, "desk/evidence_changes.html", content, stage="evidence")


def is_under_way(evidence: Evidence) -> bool:
    """Whether a job is at work on a version, or waits to be."""
    is_unfilled = evidence.state == EvidenceState.SEALED and not evidence.changes
    return evidence.state in UNDER_WAY or bool(evidence.progress) or (
        is_unfilled and not evidence.faults
    )  # fmt: skip


def report(evidence: Evidence) -> dict[str, Any]:
    """What the manifest says, in the order in which it is read; empty before."""
    manifest, lang = evidence.manifest, current_language()
    if "kinds" not in manifest:
        return {}
    return {
        "rows": manifest["rows"],
        "events": manifest["events"],
        "inputs": manifest["inputs"],
        "kinds": [{"kind": kind, **sums} for kind, sums in manifest["kinds"].items()],
        "left_out": [{**one, "words": one[lang]} for one in manifest["left_out"]],
        "differences": manifest["differences"],
        "duplicates": manifest["duplicates"],
        "holders": manifest["holders"],
        "sha256": manifest["ledger"]["sha256"],
    }


def change_rows(evidence: Evidence) -> list[dict[str, Any]]:
    """Counts and sums by kind of change; none for a first version."""
    counts = evidence.changes
    if not counts or counts["against"] is None:
        return []
    rows = [{"kind": kind, **{one: counts[kind][one] for one in FIGURES}} for kind in KINDS]
    return [row for row in rows if row["count"]]


def _version(request: HttpRequest, case: Case, version: int) -> Evidence:
    found = evidence_visible_to(person(request)).filter(case=case, version=version).first()
    if found is None:
        raise Http404
    return found


def _versions(
    request: HttpRequest, case: Case, form: UploadForm, *, status: int = 200
) -> HttpResponse:
    table = table_view(request, case, LISTS["evidence"])
    content = {"table": table, "form": form, "most": LARGEST_UPLOAD // MEGABYTE}
    return desk_page(
        request, case, "desk/evidence.html", content, stage="evidence", status=status
    )
