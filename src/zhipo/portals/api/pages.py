"""Pages by cursor: rows that come or go meanwhile neither repeat nor skip another."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Any

from django.db.models import QuerySet
from ninja import Query

from zhipo.portals.api.problems import FaultBody, Problem
from zhipo.web.words import say

NUMBER = re.compile(r"[A-Z]-[0-9/-]{1,18}")
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str, Query(pattern=r"^[A-Za-z0-9_=-]{0,60}$")]


def page_of(
    claims: QuerySet[Any], *, cursor: str, limit: int
) -> tuple[list[Any], str | None]:
    """Claims after the cursor in the order of their numbers, and the next cursor.

    Raises Problem for a cursor that is not one of ours.
    """
    ordered = claims.order_by("number")
    if cursor:
        ordered = ordered.filter(number__gt=_number_of(cursor))
    found = list(ordered[: limit + 1])
    page = found[:limit]
    return page, _cursor_of(page[-1].number) if len(found) > limit else None


def _cursor_of(number: str) -> str:
    return urlsafe_b64encode(number.encode()).decode()


def _number_of(cursor: str) -> str:
    try:
        number = urlsafe_b64decode(cursor).decode()
    except ValueError:
        number = ""
    if not NUMBER.fullmatch(number):
        fault = FaultBody(at="query/cursor", detail=say("api.fault.cursor"))
        raise Problem("invalid", faults=[fault])
    return number
