"""The case at a glance, live."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from zhipo.cases.queries import cases_visible_to
from zhipo.claims.queries.desk import Figures, figures
from zhipo.kernel.money import MoneyError, parse_yuan, yuan_text
from zhipo.law.fees.administrator import fee_from_available
from zhipo.law.fees.court import bankruptcy_fee_fen
from zhipo.portals.access import person
from zhipo.portals.desk.doubts import doubt_words
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.percent import percent
from zhipo.web.words import say


@for_desk
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """The cases at this person's desk; with one alone, that one."""
    found = list(cases_visible_to(person(request)).order_by("-accepted_on", "pk"))
    if len(found) == 1:
        return redirect("desk:dashboard", slug=found[0].slug)
    return render(request, "desk/cases.html", {"cases": found})


@for_desk
@require_GET
@vary_on_headers("HX-Request")
def dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    """Filed, decided, waiting, amounts, clock, cost; polled as a partial."""
    case = case_of(request, slug)
    now = figures(case)
    content = {"figures": now, "shares": shares(now), "charts": charts(now),
               **cost_meter(request, now)}  # fmt: skip
    is_polled = "HX-Request" in request.headers
    template = "desk/_figures.html" if is_polled else "desk/dashboard.html"
    return desk_page(request, case, template, content, stage="dashboard")


def shares(now: Figures) -> dict[str, str]:
    """Shares in percent, one decimal, rounded down."""
    return {
        "filed": percent(now.filed, now.known),
        "automatic": percent(now.automatic, now.decided),
        "decided": percent(now.decided, now.filed),
    }


def charts(now: Figures) -> list[dict[str, Any]]:
    """Four charts of one message each: what the script draws and the table shows."""
    total = 0
    filed = []
    for day, count in now.by_day:
        total += count
        filed.append((f"{day:%m-%d}", total, str(total)))
    waiting = sorted(now.by_doubt.items(), key=lambda one: -one[1])
    return [
        _chart("filed", "line", filed, share=percent(now.filed, now.known)),
        _chart("decided", "bar",
               [(say(f"claims.decision.{key}"), count, str(count))
                for key, count in now.by_decision.items()],
               share=percent(now.automatic, now.decided)),
        _chart("classes", "money",
               [(say(f"desk.class.{key}"), fen, yuan_text(fen))
                for key, fen in now.by_class.items()],
               sum=yuan_text(now.admitted_fen)),
        _chart("waiting", "bar",
               [(doubt_words(key), count, str(count)) for key, count in waiting],
               count=now.waiting),
    ]  # fmt: skip


def cost_meter(request: HttpRequest, now: Figures) -> dict[str, Any]:
    """What the procedure costs by law against what comes back, for an estate figure.

    The figure is the reader's (`?estate=` in yuan): the court fee and the highest
    administrator's pay follow from it, and what is left over the admitted claims.
    """
    text = request.GET.get("estate", "")
    if not text:
        return {"estate": "", "cost": None}
    try:
        estate_fen = parse_yuan(text)
    except MoneyError:
        return {"estate": text, "cost": None, "estate_error": say("desk.cost.not_money")}
    court = min(estate_fen, bankruptcy_fee_fen(estate_fen=max(0, estate_fen)))
    pay = fee_from_available(available_fen=max(0, estate_fen - court))
    rate = min(now.admitted_fen, pay.left_fen)
    return {
        "estate": text,
        "cost": {
            "court": court,
            "administrator": pay.fee_fen,
            "left": pay.left_fen,
            "rate": percent(rate, now.admitted_fen),
        },
    }


def _chart(
    key: str, kind: str, rows: list[tuple[str, int, str]], **values: Any
) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind,
        "title": say(f"desk.chart.{key}", **values),
        "unit": say(f"desk.unit.{'yuan' if kind == 'money' else 'people'}"),
        "rows": rows,
    }
