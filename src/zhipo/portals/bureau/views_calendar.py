"""The court's calendar, what waits for a signature, and the table of courts."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhipo.enforcement.actions.decisions import approve_referral
from zhipo.enforcement.actions.referrals import rank_court
from zhipo.enforcement.calendar_file import calendar_file
from zhipo.enforcement.queries.calendar import Due, dues_of
from zhipo.enforcement.queries.choices import courts, ranks
from zhipo.enforcement.queries.petitions import missed_petition_clocks
from zhipo.enforcement.queries.referrals import (
    missed_clocks,
    waiting_for_approval,
    waiting_for_signature,
)
from zhipo.kernel.working_days import is_working_day
from zhipo.portals.access import person
from zhipo.portals.bureau.acting import do
from zhipo.portals.bureau.forms_referral import RankForm, SignForm
from zhipo.portals.bureau.surroundings import for_bureau

FILE_BACK, FILE_AHEAD = timedelta(days=31), timedelta(days=366)
"""How far a calendar file reaches."""


@dataclass(frozen=True)
class Day:
    """One cell of the month."""

    day: date
    dues: list[Due]
    is_of_month: bool
    is_working: bool
    is_today: bool


@for_bureau
@require_GET
def calendar_page(request: HttpRequest) -> HttpResponse:
    """A month of last days, as a grid and as a list."""
    today = timezone.localdate()
    month = _month(request.GET.get("month", ""), today)
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    dues = dues_of(person(request), weeks[0][0], weeks[-1][-1])
    content = {
        "month": month,
        "before": (month - timedelta(days=1)).replace(day=1),
        "after": (month + timedelta(days=31)).replace(day=1),
        "weeks": [[_day(one, dues, month, today) for one in week] for week in weeks],
        "dues": [one for one in dues if one.day.month == month.month],
        "missed": missed_clocks(person(request), today),
        "missed_petitions": missed_petition_clocks(person(request), today),
        "weekdays": [f"bureau.weekday.{one}" for one in range(1, 8)],
        "today": today,
        "tab": "calendar",
    }
    return render(request, "bureau/calendar.html", content)


@for_bureau
@require_GET
def calendar_download(request: HttpRequest) -> HttpResponse:
    """The last days of a month back and a year ahead, for a calendar program."""
    today = timezone.localdate()
    dues = dues_of(person(request), today - FILE_BACK, today + FILE_AHEAD)
    file = calendar_file(dues, made_at=datetime.now(UTC))
    answer = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="deadlines.ics"'
    return answer


@for_bureau
@require_GET
def signing(request: HttpRequest) -> HttpResponse:
    """Referrals that wait for one's signature or approval."""
    return _signing(request)


@for_bureau
@require_POST
def approve(request: HttpRequest, referral_id: int) -> HttpResponse:
    """Approve a referral elsewhere, or not."""
    waiting = waiting_for_approval(person(request))
    if not waiting.filter(pk=referral_id).exists():
        raise Http404
    act = partial(approve_referral, referral_id=referral_id)
    return do(request, SignForm(request.POST), act, said="referral.said.approved",
              onward=reverse("bureau:signing"),
              again=partial(_signing, request, referral_id=referral_id))  # fmt: skip


@for_bureau
@require_http_methods(["GET", "HEAD", "POST"])
def court_table(request: HttpRequest) -> HttpResponse:
    """Where each court stands; a president keeps it."""

    def page(form: forms.Form) -> HttpResponse:
        content = {"form": form, "ranks": ranks(), "tab": "courts"}
        status = 400 if form.is_bound else 200
        return render(request, "bureau/courts.html", content, status=status)

    known = list(courts())
    if request.method != "POST":
        return page(RankForm(courts=known))
    form = RankForm(request.POST, courts=known)
    return do(request, form, rank_court, said="courts.said",
              onward=reverse("bureau:courts"), again=page)  # fmt: skip


def _signing(
    request: HttpRequest, failed: forms.Form | None = None, referral_id: int = 0
) -> HttpResponse:
    by = person(request)
    content = {
        "to_sign": waiting_for_signature(by),
        "to_approve": waiting_for_approval(by),
        "missed": missed_clocks(by, timezone.localdate()),
        "form": SignForm(auto_id=False),
        "failed": failed,
        "failed_id": referral_id,
        "tab": "signing",
    }
    status = 400 if failed is not None else 200
    return render(request, "bureau/signing.html", content, status=status)


def _month(asked: str, today: date) -> date:
    """The first of the month that is asked for (2025-09), else of this one."""
    try:
        return datetime.strptime(asked, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        return today.replace(day=1)


def _day(day: date, dues: list[Due], month: date, today: date) -> Day:
    return Day(
        day=day,
        dues=[one for one in dues if one.day == day],
        is_of_month=day.month == month.month,
        is_working=is_working_day(day),
        is_today=day == today,
    )
