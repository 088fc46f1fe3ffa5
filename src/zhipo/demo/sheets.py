"""XLSX files that courts and administrators open: the register and each plan."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import xlsxwriter

from zhipo.demo.plans import rows_of
from zhipo.demo.words import words
from zhipo.engine.outputs import whole_file
from zhipo.engine.tables import CLASSES
from zhipo.kernel.money import yuan_text
from zhipo.kernel.phrases import LANGUAGES

REGISTER = ("claim_id", "name", "class", "fen", "state")
PLAN = (
    "claim_id",
    "name",
    "class",
    "fen",
    "baseline_fen",
    "paid_fen",
    "reserved_fen",
    "unpaid_fen",
    "parts",
)
TITLE_WIDTH = 22
ROWS_ON_A_SHEET = 1_000_000
"""A sheet ends at row 1,048,576, and what is written below it is lost without a word."""
Row = dict[str, str]


@dataclass(frozen=True)
class _Formats:
    head: Any
    money: Any
    text: Any
    share: Any


def write_register_sheet(out: Path) -> Path:
    """债权表: every claim with its creditor, class and state, after the totals by class."""
    path = out / "register.xlsx"
    _write(path, words("sheet.register"), REGISTER, rows_of(out / "plans" / "claims.csv"))
    return path


def write_plan_sheet(out: Path, variant: str) -> Path:
    """分配方案: every claim with its payment, beside the statutory baseline."""
    path = out / f"plan-{variant}.xlsx"
    register = rows_of(out / "plans" / "claims.csv")
    names = {row["claim_id"]: row["name"] for row in register}
    payments = rows_of(out / variant / "payments.csv")
    rows = [{**row, "name": names[row["claim_id"]]} for row in payments]
    _write(path, words(f"variant.{variant}"), PLAN, rows)
    return path


def _write(path: Path, title: str, columns: Sequence[str], rows: list[Row]) -> None:
    """Totals by class first, then the claims, on as many sheets as they need."""
    with (
        whole_file(path) as part,
        xlsxwriter.Workbook(str(part), {"constant_memory": True}) as book,
    ):
        formats = _Formats(
            head=book.add_format({"bold": True, "text_wrap": True, "bg_color": "#EEF3EE"}),
            money=book.add_format({"num_format": "¥#,##0.00"}),
            text=book.add_format({"num_format": "@"}),
            share=book.add_format({"num_format": "0.00%"}),
        )
        _write_totals(book.add_worksheet(words("sheet.totals")), columns, rows, formats)
        for number, some in enumerate(_pages(rows), 1):
            name = title if number == 1 else f"{title} {number}"
            _write_claims(book.add_worksheet(name[:31]), columns, some, formats)


def _pages(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while page := list(islice(left, ROWS_ON_A_SHEET)):
        yield page


def _write_totals(
    sheet: Any, columns: Sequence[str], rows: list[Row], formats: _Formats
) -> None:
    """A line for each class and one for all; the rate where there are payments."""
    sums = [name for name in columns if name.endswith("fen")]
    has_rate = "paid_fen" in sums
    _write_head(sheet, ["class", "count", *sums, *(["rate"] if has_rate else [])], formats)
    found = {name: [row for row in rows if row["class"] == name] for name in CLASSES}
    lines = [(words(f"class.{name}"), some) for name, some in found.items() if some]
    for place, (label, some) in enumerate([*lines, (words("sheet.all"), rows)], 1):
        sheet.write_string(place, 0, label, formats.text)
        sheet.write_number(place, 1, len(some))
        fen = {name: sum(int(row[name]) for row in some) for name in sums}
        for column, name in enumerate(sums, 2):
            sheet.write_number(place, column, fen[name] / 100, formats.money)
        if has_rate:
            received = fen["paid_fen"] + fen["reserved_fen"]
            share = received * 10_000 // fen["fen"] / 10_000
            sheet.write_number(place, len(sums) + 2, share, formats.share)


def _write_claims(
    sheet: Any, columns: Sequence[str], rows: list[Row], formats: _Formats
) -> None:
    _write_head(sheet, columns, formats)
    for place, row in enumerate(rows, 1):
        for column, name in enumerate(columns):
            _write_cell(sheet, (place, column), name, row[name], formats)
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _write_head(sheet: Any, columns: Sequence[str], formats: _Formats) -> None:
    """Each column's name in both languages; the head and the ids stay in sight."""
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(columns) - 1, TITLE_WIDTH)
    for place, name in enumerate(columns):
        header = "\n".join(words(f"column.{name}", lang=lang) for lang in LANGUAGES)
        sheet.write_string(0, place, header, formats.head)


def _write_cell(
    sheet: Any, place: tuple[int, int], name: str, cell: str, formats: _Formats
) -> None:
    if name.endswith("fen"):
        # A spreadsheet holds 15 digits: an amount of up to 10^13 yuan is exact in it.
        sheet.write_number(*place, int(cell) / 100, formats.money)
    elif name in ("class", "state"):
        sheet.write_string(*place, words(f"{name}.{cell}", lang="zh"), formats.text)
    elif name == "parts":
        yuan = (yuan_text(int(part), sign="") for part in cell.split(";"))
        sheet.write_string(*place, "; ".join(yuan), formats.text)
    else:
        sheet.write_string(*place, cell, formats.text)
