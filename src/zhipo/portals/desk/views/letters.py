"""The administrator's letters as DOCX: the reply, one reminder, all of a round."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from zhipo.claims.actions import letters as acts
from zhipo.claims.actions.reminding import Channel
from zhipo.claims.models import ReminderRound
from zhipo.claims.queries import desk
from zhipo.documents.models import Document
from zhipo.documents.queries import open_document
from zhipo.portals.access import person
from zhipo.portals.desk.exports import download, kind_of
from zhipo.portals.desk.surroundings import case_of, for_desk


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
    return handed_out(acts.make_letters(round_id=found.pk, by=person(request)))


def handed_out(document: Document) -> HttpResponse:
    """The document's file as it was recorded. Raises FileChanged."""
    ending = document.path.rpartition(".")[2]
    name = f"{document.title}-{document.pk}.{ending}"
    return download(open_document(document), name=name, kind=kind_of(ending))
