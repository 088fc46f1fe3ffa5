"""Pages for anybody."""

from django.conf import settings as configured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from zhipo.accounts.creditors import set_large_type
from zhipo.cases.clocks import last_filing_day
from zhipo.cases.phases import OPEN_FOR_FILING
from zhipo.claims.queries.creditor import filing_counts, message_of_code, receipt_of_code
from zhipo.payouts.queries.creditor import payment_of_reference
from zhipo.portals.access import open_to_all, person
from zhipo.portals.creditor.wechat import wechat_link
from zhipo.portals.public.cases import (
    case_of,
    case_with_offices,
    cases_like,
    days_left,
    stages_of,
)

YEAR_SECONDS = 31_536_000
TOPICS = ("phone", "account", "heir", "minor", "paper", "payment")
"""Everything that may keep somebody from filing alone: each page ends with a person."""


@open_to_all
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Find my case."""
    query = request.GET.get("q", "").strip()[:60]
    page = {"query": query, "cases": cases_like(query)}
    return render(request, "public/home.html", page)


@open_to_all
@require_safe
def case_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One case: stage, how many have filed, days left, the way in."""
    case = case_with_offices(slug)
    counts = filing_counts(case)
    page = {
        "case": case,
        "stages": stages_of(case),
        "counts": counts,
        "filed": f"{counts.filed:,}",
        "days_left": days_left(case),
        "until": last_filing_day(case),
        "is_open": case.phase in OPEN_FOR_FILING,
        "wechat": wechat_link(slug),
    }
    return render(request, "public/case.html", page)


@open_to_all
@require_safe
def real(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether a message or a receipt comes from this case: asked by its code."""
    case, code = case_of(slug), request.GET.get("code", "").strip()[:40]
    page = {
        "case": case,
        "code": code,
        "message": message_of_code(case, code),
        "receipt": receipt_of_code(case, code),
        "payment": payment_of_reference(case, code),
    }
    return render(request, "public/real.html", page)


@open_to_all
@require_safe
def privacy(request: HttpRequest, slug: str) -> HttpResponse:
    """What is kept of whom, why, how long, and whom to ask."""
    return render(request, "public/privacy.html", {"case": case_with_offices(slug)})


@open_to_all
@require_safe
def help_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The ways for those who cannot file alone by phone."""
    return render(
        request, "public/help.html", {"case": case_with_offices(slug), "topics": TOPICS}
    )


@open_to_all
@require_safe
def help_topic(request: HttpRequest, slug: str, topic: str) -> HttpResponse:
    """One way, which ends with a person."""
    if topic not in TOPICS:
        raise Http404
    return render(
        request, "public/help_topic.html", {"case": case_with_offices(slug), "topic": topic}
    )


@open_to_all
@require_safe
def printable_form(request: HttpRequest, slug: str) -> HttpResponse:
    """The form to fill in by hand and to bring or send."""
    return render(request, "public/form.html", {"case": case_with_offices(slug)})


@open_to_all
@require_POST
def settings(request: HttpRequest) -> HttpResponse:
    """Language and type size: a cookie for strangers, a column for people."""
    wanted = request.POST.get("next", "/")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None
    )
    response = redirect(wanted if is_ours else "/")
    lang, large = request.POST.get("lang"), request.POST.get("large")
    if lang in dict(configured.LANGUAGES):
        response.set_cookie(
            configured.LANGUAGE_COOKIE_NAME, lang, max_age=YEAR_SECONDS, samesite="Lax",
            secure=configured.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    if large in ("0", "1"):
        response.set_cookie(
            "zhipo_large", large, max_age=YEAR_SECONDS, samesite="Lax",
            secure=configured.SESSION_COOKIE_SECURE,
        )  # fmt: skip
        if request.user.is_authenticated:
            set_large_type(is_large=large == "1", by=person(request))
    return response
