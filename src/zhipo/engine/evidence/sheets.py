"""Workbooks (XLSX, XLS): cells as the text a person sees, never as floating numbers."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine as calamine

from zhipo.engine.evidence.faults import fault
from zhipo.kernel.faults import Refused

DIGITS_KEPT = 15
"""A spreadsheet keeps 15 digits of a number; the rest is noise of its arithmetic."""


def sheet_names(path: Path, name: str) -> list[str]:
    """The sheets that hold anything; Refused where this is no workbook."""
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        return [part for part in book.sheet_names if book.get_sheet_by_name(part).height]
    except Exception as error:  # the reader has a class of error for each kind of damage
        raise Refused([fault(name, "not_a_workbook", reason=error)]) from error


def sheet_rows(path: Path, part: str | None) -> Iterator[list[str]]:
    """The rows of a sheet from row 1, empty ones included, so that each keeps its place."""
    book = calamine.CalamineWorkbook.from_path(str(path))
    sheet = book.get_sheet_by_name(part or book.sheet_names[0])
    for row in sheet.to_python(skip_empty_area=False):
        yield [cell_text(cell) for cell in row]


def cell_text(cell: Any) -> str:
    """A cell as text.

    A number longer than a spreadsheet keeps comes out in scientific notation, which
    is no amount and no identifier: the reader then refuses it at its place.
    """
    if isinstance(cell, bool) or cell is None:
        return "" if cell is None else str(cell).upper()
    if isinstance(cell, int | float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell).replace("\r", " ").replace("\n", " ")


def _number_text(number: float) -> str:
    shown = format(number, f".{DIGITS_KEPT}g")
    if abs(number) >= 10**DIGITS_KEPT:
        return shown if "e" in shown else f"{Decimal(shown):.14E}"
    return format(Decimal(shown), "f")


def rows_digest(path: Path, part: str, below: int) -> str:
    """A digest of the rows below a header, the same for `¥28.10` as for 28.1."""
    digest = hashlib.sha256()
    for row in list(sheet_rows(path, part or None))[below:]:
        cells = [_plain(cell) for cell in row]
        if any(cells):
            digest.update("\x1f".join(cells).encode() + b"\n")
    return digest.hexdigest()


def _plain(cell: str) -> str:
    text = cell.strip(" \t`¥￥")
    return text.rstrip("0").rstrip(".") if re.fullmatch(r"-?\d+\.\d+", text) else text
