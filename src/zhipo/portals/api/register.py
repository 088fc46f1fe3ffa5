"""The register 债权表, masked, as JSON pages and as one CSV."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Path, Router

from zhipo.accounts.scopes import Scope
from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.claims.queries.register import register
from zhipo.portals.api.masking import masked
from zhipo.portals.api.pages import Cursor, Limit, page_of
from zhipo.portals.api.schemas import RegisterPage, RegisterRow
from zhipo.portals.api.tokens import Token, case_of, person_of
from zhipo.portals.csv_lines import csv_lines

router = Router()
readers = Token(Scope.REGISTER_READ)
COLUMNS = tuple(RegisterRow.model_fields)
SHOWN = frozenset(COLUMNS) - {"claimant", "id_no"}
CHUNK = 2_000
CSV = {"content": {"text/csv": {"schema": {"type": "string"}}}}


@router.get("/cases/{slug:slug}/register", response=RegisterPage, auth=readers)
def get_register(
    request: HttpRequest, slug: Path[str], cursor: Cursor = "", limit: Limit = 100
) -> RegisterPage:
    case = _exportable(request, slug)
    page, following = page_of(register(case), cursor=cursor, limit=limit)
    return RegisterPage(items=[_shown(claim) for claim in page], next=following)


@router.get(
    "/cases/{slug:slug}/register.csv",
    auth=readers,
    openapi_extra={"responses": {200: CSV}},
)
def get_register_csv(request: HttpRequest, slug: Path[str]) -> StreamingHttpResponse:
    case = _exportable(request, slug)
    sent = StreamingHttpResponse(
        csv_lines(_rows(case)), content_type="text/csv; charset=utf-8"
    )
    sent["Content-Disposition"] = f'attachment; filename="register-{case.slug}.csv"'
    return sent


def _exportable(request: HttpRequest, slug: str) -> Case:
    case = case_of(request, slug)
    check_power(case, Act.EXPORT_REGISTER, person_of(request))
    return case


def _rows(case: Case) -> Iterator[Sequence[Any]]:
    yield COLUMNS
    for claim in register(case).order_by("number").iterator(chunk_size=CHUNK):
        row = _shown(claim).model_dump()
        yield [row[name] for name in COLUMNS]


def _shown(claim: Any) -> RegisterRow:
    claimant, id_no = masked(claim)
    values = {name: getattr(claim, name) for name in SHOWN}
    return RegisterRow(claimant=claimant, id_no=id_no, **values)
