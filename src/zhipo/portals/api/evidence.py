"""The books of the debtor, handed in by a machine."""

import hashlib
from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from ninja import File, Form, Path, Router
from ninja.files import UploadedFile

from zhipo.accounts.scopes import Scope
from zhipo.claims.actions.evidence import upload_evidence
from zhipo.claims.actions.receiving import Handed
from zhipo.claims.models import Evidence
from zhipo.claims.queries.books import evidence_visible_to
from zhipo.portals.api.schemas import PRINTABLE, EvidenceOut, EvidencePage
from zhipo.portals.api.tokens import FORM, Token, case_of, person_of, token_of
from zhipo.portals.api.writing import key_of, write

router = Router()
readers = Token(Scope.EVIDENCE_WRITE, Scope.CLAIMS_READ)
SHOWN = ("version", "state", "read_as", "uploaded_at", "sealed_at", "ledger_sha256",
         "progress", "faults")  # fmt: skip
Format = Annotated[str, Form(max_length=80, pattern=PRINTABLE)]


@router.post(
    "/cases/{slug:slug}/evidence",
    response={202: EvidenceOut},
    auth=Token(Scope.EVIDENCE_WRITE, takes=FORM),
)
def upload(
    request: HttpRequest,
    slug: Path[str],
    books: File[list[UploadedFile]],
    holders: File[UploadedFile | None] = None,
    mapping: File[UploadedFile | None] = None,
    read_as: Format = "",
) -> HttpResponse:
    case, person = case_of(request, slug), person_of(request)
    form_key = hashlib.sha256(
        f"{token_of(request).pk}:{key_of(request)}".encode()
    ).hexdigest()

    def act() -> EvidenceOut:
        handed = Handed(books, holders, mapping)
        evidence = upload_evidence(
            case_id=case.pk, handed=handed, read_as=read_as, form_key=form_key[:40],
            by=person,
        )  # fmt: skip
        return _shown(evidence)

    return write(request, act, status=202)


@router.get("/cases/{slug:slug}/evidence", response=EvidencePage, auth=readers)
def list_evidence(request: HttpRequest, slug: Path[str]) -> EvidencePage:
    versions = evidence_visible_to(person_of(request)).filter(case=case_of(request, slug))
    return EvidencePage(items=[_shown(one) for one in versions.order_by("-version")])


@router.get("/cases/{slug:slug}/evidence/{int:version}", response=EvidenceOut, auth=readers)
def get_evidence(request: HttpRequest, slug: Path[str], version: Path[int]) -> EvidenceOut:
    versions = evidence_visible_to(person_of(request)).filter(case=case_of(request, slug))
    found = versions.filter(version=version).first()
    if found is None:
        raise Http404
    return _shown(found)


def _shown(evidence: Evidence) -> EvidenceOut:
    return EvidenceOut(id=evidence.pk, **{name: getattr(evidence, name) for name in SHOWN})
