"""Tables as XLSX: written row by row, so that 32,000 claims need little memory."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO, Any, cast

import xlsxwriter
from django.conf import settings
from django.http import FileResponse, HttpResponse, QueryDict

from zhipo.accounts.models import User
from zhipo.cases.models import Case
from zhipo.claims.policies.papers import TYPES
from zhipo.documents.models import Document
from zhipo.documents.queries import open_document
from zhipo.documents.rendering import DOCX
from zhipo.portals.desk.columns import AMOUNT, Column
from zhipo.portals.desk.lists import Listing
from zhipo.web.words import say

CHUNK = 2_000
AT_ONCE = settings.ENVIRONMENT.rows_at_once
"""Rows that a request may wait for; more are written by a worker."""

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SCANS = {suffixes[0].lstrip("."): kind for kind, suffixes in TYPES.items()}
KINDS = {"docx": DOCX, "xlsx": KIND, "zip": "application/zip", **SCANS}
WIDTH = 18
SPOOLED = 8 * 1024 * 1024
Sheet = tuple[str, Sequence[Column], Iterable[Any]]
"""Title, columns, rows."""


def workbook_response(sheets: Iterable[Sheet], *, name: str) -> HttpResponse:
    """A workbook of (title, columns, rows) sheets as a download."""
    file = tempfile.SpooledTemporaryFile(max_size=SPOOLED)  # noqa: SIM115
    write_workbook(file, sheets)
    file.seek(0)
    return download(file, name=f"{name}.xlsx", kind=KIND)


def download(file: IO[bytes], *, name: str, kind: str) -> HttpResponse:
    """A file that is sent piece by piece; for doors and middleware a response like any."""
    sent = FileResponse(file, as_attachment=True, filename=name, content_type=kind)
    return cast(HttpResponse, sent)


def handed_out(document: Document) -> HttpResponse:
    """The document's file as it was recorded. Raises FileChanged."""
    ending = document.path.rpartition(".")[2]
    name = f"{document.title}-{document.pk}.{ending}"
    return download(open_document(document), name=name, kind=kind_of(ending))


def list_sheets(case: Case, listing: Listing, query: QueryDict, *, by: User) -> list[Sheet]:
    """The one sheet of a list, in the order and with the columns that an address asks."""
    rows, _ = listing.ordered(
        listing.rows(case, query, by), query.get("sort", listing.sort)
    )
    title = say(f"desk.stage.{listing.name}")
    return [(title, listing.chosen(query), rows.iterator(chunk_size=CHUNK))]


def kind_of(ending: str) -> str:
    """The content type of a file that we made or took, by its ending."""
    return KINDS[ending]


def write_workbook(
    file: IO[bytes], sheets: Iterable[Sheet], *, made_at: datetime | None = None
) -> None:
    """Headings that stay in sight, amounts in yuan as numbers, texts never as formulas.

    With `made_at` (aware) the same rows give the same bytes.
    """
    options = {"constant_memory": True, "strings_to_formulas": False,
               "strings_to_urls": False, "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(file, options) as book:
        if made_at is not None:
            book.set_properties({"created": made_at.astimezone(UTC).replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        money = book.add_format({"num_format": "#,##0.00"})
        for title, columns, rows in sheets:
            sheet = book.add_worksheet(title[:31])
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(columns), WIDTH)
            for place, column in enumerate(columns):
                head = column.title
                if column.kind == AMOUNT:
                    head = say("desk.export.in_yuan", column=head)
                sheet.write_string(0, place, head, bold)
            for line, row in enumerate(rows, start=1):
                _write_row(sheet, line, columns, row, money)


def _write_row(
    sheet: Any, line: int, columns: Sequence[Column], row: Any, money: Any
) -> None:
    for place, column in enumerate(columns):
        if column.value is None:
            sheet.write_string(line, place, column.exported(row))
        elif (value := column.value(row)) is not None:
            is_money = column.kind == AMOUNT
            number = Decimal(value) / 100 if is_money else value
            sheet.write_number(line, place, number, money if is_money else None)
