"""The papers of a referral: made from its rows, downloaded as they were recorded."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from zhipo.enforcement.actions.papers import PAPERS, make_paper
from zhipo.enforcement.queries.papers import letters_after_petition, papers_of
from zhipo.portals.access import person
from zhipo.portals.bureau.surroundings import debtor_of, for_bureau
from zhipo.portals.bureau.views_referral import referral_of
from zhipo.portals.desk.exports import handed_out
from zhipo.web.words import say


@for_bureau
@require_POST
def make(request: HttpRequest, slug: str, paper: str) -> HttpResponse:
    """Make one of the papers of the referral."""
    debtor = debtor_of(request, slug)
    referral = referral_of(request, debtor)
    if referral is None or paper not in PAPERS:
        raise Http404
    make_paper(referral_id=referral.pk, paper=paper, by=person(request))
    messages.success(request, say("bureau.referral.said.paper"))
    return redirect("bureau:referral", slug=slug)


@for_bureau
@require_GET
def download(request: HttpRequest, slug: str, document_id: int) -> HttpResponse:
    """A paper of the referral or the stay, as it was recorded. Raises FileChanged."""
    debtor = debtor_of(request, slug)
    referral = referral_of(request, debtor)
    shown = letters_after_petition(debtor, person(request))
    if referral is not None:
        shown = shown | papers_of(referral)
    document = shown.filter(pk=document_id).first()
    if document is None:
        raise Http404
    return handed_out(document)
