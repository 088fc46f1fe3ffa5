"""The workbook of cases: its template is what is read, every fault has row and column."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from factories import make_organisation
from factories_cases import CODE, SHOP_CODE
from zhipo.accounts.models import Organisation
from zhipo.enforcement.case_sheet import COLUMNS, read_cases, write_template
from zhipo.enforcement.entries import BadEntries
from zhipo.enforcement.states import ApplicantKind
from zhipo.law.triage.cause import Entity

pytestmark = pytest.mark.django_db
ROW: dict[str, Any] = {
    "案号": "（2025）湘0302执123号",
    "被执行人": "湘潭鲜享家电子商务有限公司",
    "申请执行人": "湘潭供货商贸有限公司",
    "申请执行人类型": "供应商",
    "执行依据": "（2025）湘0302民初1号民事判决书",
    "标的金额（元）": "120,000.50",
    "立案日期": "2025-03-03",
}


def workbook(path: Path, *rows: dict[str, Any]) -> Path:
    """A workbook with the columns that the rows have, in their order."""
    heads = list(dict.fromkeys(head for row in rows for head in row))
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, heads)
        for line, row in enumerate(rows, start=1):
            for place, head in enumerate(heads):
                value = row.get(head, "")
                is_day = isinstance(value, date)
                sheet.write(line, place, value, *([day] if is_day else []))
    return path


def faults(path: Path, *courts: Organisation) -> list[tuple[int, str, str, str]]:
    with pytest.raises(BadEntries) as refused:
        read_cases(path, courts=courts)
    return [(one.place, one.column, one.value, one.key) for one in refused.value.faults]


def test_the_template_holds_every_column_and_what_it_means() -> None:
    file = io.BytesIO()

    write_template(file)

    book = openpyxl.load_workbook(file)
    cases, notes = book.worksheets
    assert [cell.value for cell in cases[1]][:3] == ["案号", "执行法院", "被执行人"]
    assert cases.max_row == 1
    assert notes.max_row == len(COLUMNS)
    assert all(cell.value for cell in notes["B"])


def test_the_template_filled_in_is_read(court: Organisation, tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    file = io.BytesIO()
    write_template(file)
    book = openpyxl.load_workbook(file)
    heads = [cell.value for cell in book.worksheets[0][1]]
    book.worksheets[0].append([ROW.get(head) for head in heads])
    book.save(path)

    [entry] = read_cases(path, courts=[court])

    assert (entry.court_id, entry.place, entry.amount_fen) == (court.pk, 2, 12_000_050)
    assert entry.applicant.kind is ApplicantKind.SUPPLIER
    assert entry.debtor.entity is Entity.COMPANY
    assert entry.filed_on == date(2025, 3, 3)


@pytest.mark.parametrize(
    "day", ["2025/3/3", "2025.03.03", "2025年3月3日", date(2025, 3, 3)]
)
def test_days_are_read_as_people_write_them(
    court: Organisation, tmp_path: Path, day: Any
) -> None:
    path = workbook(tmp_path / "a.xlsx", {**ROW, "立案日期": day})

    assert read_cases(path, courts=[court])[0].filed_on == date(2025, 3, 3)


@pytest.mark.parametrize(("amount", "fen"), [(120000, 12_000_000), (0.07, 7), (1.5, 150)])
def test_amounts_typed_as_numbers_are_exact(
    court: Organisation, tmp_path: Path, amount: float, fen: int
) -> None:
    path = workbook(tmp_path / "a.xlsx", {**ROW, "标的金额（元）": amount})

    assert read_cases(path, courts=[court])[0].amount_fen == fen


@pytest.mark.parametrize(
    ("code", "word", "entity"),
    [(SHOP_CODE, "", Entity.SOLE_TRADER), (CODE, "", Entity.COMPANY),
     ("", "个体工商户", Entity.SOLE_TRADER), ("", "sole trader", Entity.SOLE_TRADER),
     ("", "natural_person", Entity.NATURAL_PERSON)],
)  # fmt: skip
def test_the_kind_of_entity_is_the_word_or_what_the_code_says(
    court: Organisation, tmp_path: Path, code: str, word: str, entity: Entity
) -> None:
    row = {**ROW, "统一社会信用代码": code, "主体类型": word}

    [entry] = read_cases(workbook(tmp_path / "a.xlsx", row), courts=[court])

    assert entry.debtor.entity is entity


def test_a_csv_with_english_headings_is_read(court: Organisation, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Case number,Debtor,Applicant,Kind of applicant,Title,Amount (yuan),Filed on\n"
        "（2025）湘0302执1号,甲,乙,supplier,判决,1,2025-03-03\n",
        encoding="utf-8",
    )

    [entry] = read_cases(path, courts=[court])

    assert (entry.number, entry.amount_fen) == ("（2025）湘0302执1号", 100)


def test_every_fault_is_told_with_row_column_and_value(
    court: Organisation, tmp_path: Path
) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        ROW,
        {**ROW, "标的金额（元）": "一百", "立案日期": "2025-02-30"},
        {**ROW, "申请执行人类型": "朋友", "被执行人": ""},
    )

    assert faults(path, court) == [
        (3, "amount", "一百", "money"),
        (3, "filed_on", "2025-02-30", "date"),
        (4, "debtor", "", "required"),
        (4, "applicant_kind", "朋友", "choice"),
    ]


def test_the_court_is_named_where_there_are_two(
    court: Organisation, tmp_path: Path
) -> None:
    other, stranger = make_organisation(), make_organisation()
    named = workbook(tmp_path / "a.xlsx", {**ROW, "执行法院": other.name})
    silent = workbook(tmp_path / "b.xlsx", ROW)
    wrong = workbook(tmp_path / "c.xlsx", {**ROW, "执行法院": stranger.name})

    assert read_cases(named, courts=[court, other])[0].court_id == other.pk
    assert faults(silent, court, other) == [(2, "court", "", "required")]
    assert faults(wrong, court, other) == [(2, "court", stranger.name, "court")]


def test_wrong_columns_are_told_before_any_row(court: Organisation, tmp_path: Path) -> None:
    row = {head: value for head, value in ROW.items() if head != "执行依据"}
    path = workbook(tmp_path / "a.xlsx", {**row, "备注": "x", "Debtor": "甲"})

    assert faults(path, court) == [
        (1, "备注", "备注", "column_unknown"),
        (1, "title", "", "column_missing"),
        (1, "debtor", "", "column_twice"),
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b"no workbook"), ("a.csv", b""), ("a.csv", b"\x89PNG\r\n"),
     ("a.csv", "案号\n\"一".encode()), ("a.csv", "案号,被执行人\n".encode("gb18030"))],
)  # fmt: skip
def test_a_file_that_is_none_is_a_fault_of_the_whole(
    court: Organisation, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    found = faults(path, court)

    assert [(place, key) for place, _, _, key in found][:1] == [(0, "file")]


def test_empty_rows_are_no_cases(court: Organisation, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ROW, {}, {**ROW, "案号": "（2025）湘0302执5号"})

    assert [one.place for one in read_cases(path, courts=[court])] == [2, 4]
