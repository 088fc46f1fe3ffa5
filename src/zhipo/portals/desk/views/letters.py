"""The administrator's letters as DOCX: the reply, one reminder, all of a round."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from zhipo.claims.actions import letters as acts
from zhipo.claims.actions.reminding import Channel
from zhipo.claims.background import TaskKind
from zhipo.claims.models import ReminderRound
from zhipo.claims.queries import desk
from zhipo.portals.access import person
from zhipo.portals.desk import exports
from zhipo.portals.desk.exports import handed_out
from zhipo.portals.desk.surroundings import case_of, for_desk
from zhipo.portals.desk.views.background import handed_to_worker


@for_desk
@require_POST
def reply(request: HttpRequest, slug: str, objection_id: int) -> HttpResponse:
    """The written reply to an objection that has its answer."""
    case = case_of(request, slug)
    found = get_object_or_404(desk.open_objections(case), pk=objection_id)
    return handed_out(acts.make_reply(objection_id=found.pk, by=person(request)))


@for_desk
@require_POST
def letter(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """The letter to one person who has not filed."""
    case = case_of(request, slug)
    claim = get_object_or_404(desk.claims_in(case), pk=claim_id)
    return handed_out(acts.make_letter(claim_id=claim.pk, by=person(request)))


@for_desk
@require_POST
def letters(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """A round's letters, one a page; names are whole, so it is on record."""
    case = case_of(request, slug)
    found = get_object_or_404(ReminderRound, pk=round_id, case=case, channel=Channel.LETTER)
    if found.reminders.count() > exports.AT_ONCE:
        arguments = {"round_id": found.pk}
        return handed_to_worker(request, case, TaskKind.WRITE_LETTERS, arguments)
    return handed_out(acts.make_letters(round_id=found.pk, by=person(request)))
