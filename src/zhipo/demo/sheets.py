"""XLSX files that courts and administrators open: the register and each plan."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from zhipo.demo.plans import rows_of
from zhipo.demo.words import words
from zhipo.kernel.phrases import LANGUAGES

REGISTER = ("claim_id", "class", "fen", "state")
PLAN = (
    "claim_id",
    "class",
    "fen",
    "baseline_fen",
    "paid_fen",
    "reserved_fen",
    "unpaid_fen",
    "parts",
)
TITLE_WIDTH = 22


def write_register_sheet(out: Path) -> Path:
    """债权表: every claim with its class and state."""
    path = out / "register.xlsx"
    _write(path, words("sheet.register"), REGISTER, rows_of(out / "plans" / "claims.csv"))
    return path


def write_plan_sheet(out: Path, variant: str) -> Path:
    """分配方案: every claim with its payment, beside the statutory baseline."""
    path = out / f"plan-{variant}.xlsx"
    rows = rows_of(out / variant / "payments.csv")
    _write(path, words(f"variant.{variant}")[:31], PLAN, rows)
    return path


def _write(
    path: Path, title: str, columns: Sequence[str], rows: Iterable[dict[str, str]]
) -> None:
    """One sheet: header in both languages, ids as text, amounts in yuan, totals on top."""
    part = path.with_suffix(".part.xlsx")
    with xlsxwriter.Workbook(str(part), {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#EEF3EE"})
        money = book.add_format({"num_format": "¥#,##0.00"})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(columns) - 1, TITLE_WIDTH)
        for place, name in enumerate(columns):
            header = "\n".join(words(f"column.{name}", lang=lang) for lang in LANGUAGES)
            sheet.write_string(0, place, header, bold)
        count = 0
        for count, row in enumerate(rows, 1):
            _write_row(sheet, count, [row[name] for name in columns], columns, money, text)
        sheet.autofilter(0, 0, count, len(columns) - 1)
    part.replace(path)


def _write_row(
    sheet: Any,
    place: int,
    cells: Sequence[str],
    columns: Sequence[str],
    money: Any,
    text: Any,
) -> None:
    for column, (name, cell) in enumerate(zip(columns, cells, strict=True)):
        if name.endswith("fen"):
            # A spreadsheet holds 15 digits: an amount of up to 10^13 yuan is exact in it.
            sheet.write_number(place, column, int(cell) / 100, money)
        elif name in ("class", "state"):
            sheet.write_string(place, column, words(f"{name}.{cell}", lang="zh"), text)
        else:
            sheet.write_string(place, column, cell, text)
