"""What every page of the workbench shows around its content: case, clock, who I am."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from zhipo.accounts.roles import ADMINISTRATOR, BANKRUPTCY_COURT
from zhipo.cases.clocks import runs_until
from zhipo.cases.models import Case, Clock
from zhipo.cases.powers import open_acts
from zhipo.cases.queries import cases_visible_to, role_in
from zhipo.portals.access import for_roles, person
from zhipo.portals.navigation import addresses
from zhipo.web.words import has, say

for_desk = for_roles(*ADMINISTRATOR, *BANKRUPTCY_COURT)
"""The administrator works here; the bankruptcy court looks on (EBL 23)."""

STAGES = (
    "dashboard", "estate", "avoidance", "evidence", "silent", "entering", "queue", "bulk",
    "claims", "late", "objections", "register", "money", "plans", "payouts", "deposits",
    "effect", "tasks",
)  # fmt: skip
"""The navigation, in the order of a case."""


def case_of(request: HttpRequest, slug: str) -> Case:
    """The case, if the reader may see it. Raises Http404."""
    found = cases_visible_to(person(request)).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def desk_page(
    request: HttpRequest,
    case: Case,
    template: str,
    content: Mapping[str, Any],
    *,
    stage: str,
    status: int = 200,
) -> HttpResponse:
    """A page of the workbench with its frame."""
    by = person(request)
    frame = {
        "case": case,
        "stage": stage,
        "stages": stages(case),
        "clock": nearest_clock(case),
        "roles": sorted(role_in(by, case)),
        "powers": open_acts(case, by),
        "today": timezone.localdate(),
        "page_key": uuid.uuid4().hex,
    }
    return render(request, template, {**frame, **content}, status=status)


def stages(case: Case) -> list[dict[str, str]]:
    """The navigation: those stages that have a page."""
    found = addresses("desk", STAGES, case.slug)
    return [{**one, "words": f"desk.stage.{one['name']}"} for one in found]


def nearest_clock(case: Case) -> dict[str, Any] | None:
    """The next deadline and the days left; the filing period where no clock runs."""
    today = timezone.localdate()
    clock = Clock.objects.filter(case=case, done_at=None).order_by("last_day").first()
    if clock is not None:
        return {"name": _deadline_words(clock.deadline), "last_day": clock.last_day,
                "days": (clock.last_day - today).days,
                "overdue": (today - clock.last_day).days}  # fmt: skip
    until = runs_until(case, today)
    if until is not None:
        return {"name": say("desk.deadline.filing"), "last_day": until,
                "days": (until - today).days}  # fmt: skip
    return None


def _deadline_words(deadline: str) -> str:
    """What the deadline is for, in words where there are any."""
    key = f"cases.deadline.{deadline}"
    return say(key) if has(key) else deadline
