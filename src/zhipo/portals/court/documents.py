"""The court's papers: notices of acceptance, the ruling's draft, each to download."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from zhipo.cases.documents import Announcement, acceptance_fields, make_case_document
from zhipo.claims.queries.ruling import ruling_fields
from zhipo.documents.kinds import DocumentKind
from zhipo.documents.queries import documents_of, open_document
from zhipo.documents.rendering import DOCX
from zhipo.portals.court.forms import NoticeForm, RulingDraftForm
from zhipo.portals.court.views import act_of_form, for_all_staff, for_court
from zhipo.portals.desk.exports import download
from zhipo.portals.desk.surroundings import case_of


@for_court
@require_POST
def notice(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the public notice or the notice to known creditors (《企业破产法》第十四条)."""
    case = case_of(request, slug)

    def make(*, case_id: int, kind: str, lang: str, by: Any, **announced: Any) -> object:
        return make_case_document(
            case_id=case_id,
            kind=DocumentKind(kind),
            fields=acceptance_fields(case, Announcement(**announced)),
            by=by,
            lang=lang,
        )

    return act_of_form(request, case, NoticeForm, make, "document")


@for_court
@require_POST
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Draft the ruling on undisputed claims, for the judges to sign."""
    case = case_of(request, slug)

    def make(*, case_id: int, ruling_number: str, lang: str, by: Any) -> object:
        return make_case_document(
            case_id=case_id,
            kind=DocumentKind.CONFIRMING_RULING,
            fields=ruling_fields(case, ruling_number=ruling_number),
            by=by,
            lang=lang,
        )

    return act_of_form(request, case, RulingDraftForm, make, "document")


@for_all_staff
@require_GET
def whole(request: HttpRequest, slug: str, document_id: int) -> HttpResponse:
    """A paper of this case, as it was recorded. Raises FileChanged."""
    case = case_of(request, slug)
    document = documents_of(case.number).filter(pk=document_id).first()
    if document is None:
        raise Http404
    name = f"{document.title}-{document.pk}.docx"
    return download(open_document(document), name=name, kind=DOCX)
