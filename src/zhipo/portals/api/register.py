"""The register 债权表, masked, as JSON pages and as one CSV."""

import csv
import io
from collections.abc import Iterator
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

router = Router()
readers = Token(Scope.REGISTER_READ)
COLUMNS = tuple(RegisterRow.model_fields)
SHOWN = frozenset(COLUMNS) - {"claimant", "id_no"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
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
    sent = StreamingHttpResponse(_lines(case), content_type="text/csv; charset=utf-8")
    sent["Content-Disposition"] = f'attachment; filename="register-{case.slug}.csv"'
    return sent


def _exportable(request: HttpRequest, slug: str) -> Case:
    case = case_of(request, slug)
    check_power(case, Act.EXPORT_REGISTER, person_of(request))
    return case


def _lines(case: Case) -> Iterator[str]:
    """With a byte order mark, because Excel takes a file without one for GBK."""
    yield "\ufeff" + ",".join(COLUMNS) + "\r\n"
    for claim in register(case).order_by("number").iterator(chunk_size=CHUNK):
        line = io.StringIO()
        row = _shown(claim).model_dump()
        csv.writer(line).writerow(_cell(row[name]) for name in COLUMNS)
        yield line.getvalue()


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is made a text."""
    is_formula = isinstance(value, str) and value.startswith(FORMULA)
    return f"'{value}" if is_formula else value


def _shown(claim: Any) -> RegisterRow:
    claimant, id_no = masked(claim)
    values = {name: getattr(claim, name) for name in SHOWN}
    return RegisterRow(claimant=claimant, id_no=id_no, **values)
