"""What anybody may see of money: approved plans, their proofs, how far paying has come."""

from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhipo.cases.models import Case
from zhipo.distributions.models import Plan
from zhipo.distributions.queries.published import (
    PUBLISHED_FILES,
    published_file,
    published_plans,
)
from zhipo.payouts.queries.effect import effect_for_all
from zhipo.portals.access import open_to_all
from zhipo.portals.effect.curve import curve_of, lines_of
from zhipo.portals.effect.shown import channels_of, rows_of
from zhipo.portals.percent import percent
from zhipo.portals.public.cases import case_of

KEPT_BY_BROWSERS = 3_600


@open_to_all
@require_safe
def distributions(request: HttpRequest, slug: str) -> HttpResponse:
    """The approved plans of a case, and what paying has come to, in sums alone."""
    case = case_of(slug)
    effect = effect_for_all(case)
    page: dict[str, Any] = {"case": case, "plans": published_plans(case), "effect": effect}
    if effect is not None:
        page |= {
            "curve": curve_of(effect, timezone.localdate()),
            "reached": percent(effect.reached, effect.people),
            "lines": lines_of(effect),
            "rows": rows_of(effect),
            "channels": channels_of(effect),
        }
    return render(request, "public/distributions.html", page)


@open_to_all
@require_safe
def distribution(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One plan: its root, totals by class, files to fetch, how to check them."""
    case = case_of(slug)
    plan = _plan(case, number)
    statement = plan.statement
    page = {
        "case": case,
        "plan": plan,
        "statement": statement,
        "lines": _lines(statement),
        "received_fen": statement["pools_fen"] - statement["left_over_fen"],
        "overlay": plan.content.get("overlay") or {},
        "small": plan.content.get("small_claims") or {},
    }
    return render(request, "public/distribution.html", page)


@open_to_all
@require_safe
def published(request: HttpRequest, slug: str, number: int, name: str) -> FileResponse:
    """A file of the publication, streamed as it lies there."""
    if name not in PUBLISHED_FILES:
        raise Http404
    path = published_file(_plan(case_of(slug), number), name)
    return _streamed(path, f"{slug}-{number}-{name}", PUBLISHED_FILES[name])


def _plan(case: Case, number: int) -> Plan:
    """An approved plan of the case. Raises Http404."""
    return get_object_or_404(published_plans(case), number=number)


def _lines(statement: Any) -> list[dict[str, Any]]:
    """The statement's classes in the order of the law, each with both rates."""
    return [
        {
            "name": name,
            **line,
            "got_fen": line["paid_fen"] + line["reserved_fen"],
            "got": percent(line["paid_fen"] + line["reserved_fen"], line["fen"]),
            "baseline": percent(line["baseline_fen"], line["fen"]),
        }
        for name, line in statement["classes"].items()
    ]


def _streamed(path: Path, name: str, content_type: str) -> FileResponse:
    answer = FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type=content_type
    )
    answer["Cache-Control"] = f"public, max-age={KEPT_BY_BROWSERS}"
    return answer
