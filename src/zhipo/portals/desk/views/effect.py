"""What paying has come to, in sums alone: for the administrator and for the court."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from zhipo.payouts.queries.effect import effect_of
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.effect.curve import lines_of
from zhipo.portals.effect.shown import channels_of, charts_of, figures_of, rows_of


@for_desk
@require_GET
def effect(request: HttpRequest, slug: str) -> HttpResponse:
    """Figures, charts with their tables, beside the paper and published cases."""
    case = case_of(request, slug)
    found = effect_of(case)
    content: dict[str, Any] = {"effect": found, "as_of": timezone.now()}
    if found is not None:
        content |= {
            "figures": figures_of(found),
            "charts": charts_of(found),
            "rows": rows_of(found),
            "channels": channels_of(found),
            "lines": lines_of(found),
        }
    return desk_page(request, case, "desk/effect.html", content, stage="effect")
