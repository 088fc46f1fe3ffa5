"""What happened in a case, entry by entry of its audit chain."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router

from zhipo.accounts.scopes import Scope
from zhipo.audit.feed import entries_after
from zhipo.portals.api.pages import Limit
from zhipo.portals.api.schemas import EventOut, EventPage
from zhipo.portals.api.tokens import Token, case_of

router = Router()
Position = Annotated[int, Query(ge=0, le=2**62)]


@router.get("/cases/{slug:slug}/events", response=EventPage, auth=Token(Scope.EVENTS_READ))
def list_events(
    request: HttpRequest, slug: Path[str], after: Position = 0, limit: Limit = 100
) -> EventPage:
    case = case_of(request, slug)
    entries = entries_after(case.number, position=after, limit=limit)
    names = EventOut.model_fields
    items = [EventOut(**{name: getattr(one, name) for name in names}) for one in entries]
    return EventPage(items=items, next=items[-1].position if items else after)
