"""Cases as a workbook: the template that courts fill in, and reading what they hand in."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from zhipo.accounts.models import Organisation
from zhipo.claims.policies.books import BookRefused, check_content
from zhipo.enforcement.entries import (
    CODES_OF,
    ApplicantEntry,
    BadEntries,
    CaseEntry,
    DebtorEntry,
    EntryFault,
)
from zhipo.enforcement.states import ApplicantKind
from zhipo.engine.readers import Source, open_source
from zhipo.kernel.faults import Refused
from zhipo.kernel.money import MoneyError, parse_yuan
from zhipo.kernel.phrases import LANGUAGES
from zhipo.law.triage.cause import Entity
from zhipo.web.words import say

COLUMNS = (
    "number", "court", "debtor", "credit_code", "entity", "brand", "address",
    "representative", "founded_on", "applicant", "applicant_kind", "applicant_phone",
    "applicant_address", "title", "amount", "paid", "costs", "filed_on",
)  # fmt: skip
"""Columns in the order of the template; their headings are phrases column.<name>."""

REQUIRED = (
    "number",
    "debtor",
    "applicant",
    "applicant_kind",
    "title",
    "amount",
    "filed_on",
)
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:T00:00:00)?")
TEMPLATE_ROWS = 5_000
WIDTH = 20


class NotRead(ValueError):
    """A cell is not of its column's kind; `key` and `values` say what it should be."""

    def __init__(self, key: str, **values: Any) -> None:
        self.key, self.values = key, values
        super().__init__(key)


@dataclass(frozen=True)
class Row:
    """One row as it stands, by column, and its number in the sheet."""

    place: int
    texts: Mapping[str, str]


def write_template(file: IO[bytes]) -> None:
    """An empty workbook with the columns, and what each of them holds."""
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#EEF3EE"})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(say("enforcement.sheet.cases"))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(COLUMNS) - 1, WIDTH, text)
        for place, name in enumerate(COLUMNS):
            sheet.write_string(0, place, say(f"enforcement.column.{name}"), bold)
        for name, kind in (("entity", Entity), ("applicant_kind", ApplicantKind)):
            column = COLUMNS.index(name)
            choices = {"validate": "list", "source": _words(name, kind)}
            sheet.data_validation(1, column, TEMPLATE_ROWS, column, choices)
        _explain(book.add_worksheet(say("enforcement.sheet.notes")), bold)


def _explain(sheet: Any, bold: Any) -> None:
    sheet.set_column(0, 0, WIDTH)
    sheet.set_column(1, 1, 4 * WIDTH)
    for line, name in enumerate(COLUMNS):
        sheet.write_string(line, 0, say(f"enforcement.column.{name}"), bold)
        sheet.write_string(line, 1, say(f"enforcement.column_note.{name}"))


def read_cases(path: Path, *, courts: Sequence[Organisation]) -> list[CaseEntry]:
    """The cases of a workbook or CSV, every row's number with it.

    `courts` are those of the person who hands it in; with one, the column may stay empty.
    Raises BadEntries with every cell that cannot be read.
    """
    source = _opened(path)
    rows = _rows(source)
    entries, faults = [], []
    for row in rows:
        read, wrong = _read(row, courts)
        faults += wrong
        if not wrong:
            entries.append(_entry(row.place, read))
    if faults:
        raise BadEntries(faults)
    return entries


def _opened(path: Path) -> Source:
    try:
        check_content(path, name=path.name)
        return open_source(path)
    except Refused as refused:
        raise BadEntries([_file_fault(fault.message) for fault in refused.faults]) from None
    except BookRefused as refused:
        raise BadEntries([_file_fault(refused.sentence)]) from None


def _file_fault(reason: str) -> EntryFault:
    return EntryFault(0, "", "", "file", {"reason": reason})


def _rows(source: Source) -> list[Row]:
    """Raises BadEntries for columns that are missing, unknown or there twice."""
    named = _headings()
    header = [text.strip() for text in source.header]
    names = [named.get(text, "") for text in header]
    faults = [
        *(EntryFault(1, text, text, "column_unknown")
          for text, name in zip(header, names, strict=True) if text and not name),
        *(EntryFault(1, name, "", "column_missing") for name in REQUIRED
          if name not in names),
        *(EntryFault(1, name, "", "column_twice") for name in COLUMNS
          if names.count(name) > 1),
    ]  # fmt: skip
    if faults:
        raise BadEntries(faults)
    wanted = {raw: name for raw, name in zip(source.header, names, strict=True) if name}
    try:
        return list(_read_rows(source, wanted))
    except Refused as refused:
        raise BadEntries([_file_fault(fault.message) for fault in refused.faults]) from None


def _read_rows(source: Source, wanted: Mapping[str, str]) -> Iterator[Row]:
    for batch, numbers in source.batches(list(wanted)):
        for number, cells in zip(numbers, batch.to_pylist(), strict=True):
            texts = {wanted[raw]: (text or "").strip() for raw, text in cells.items()}
            yield Row(number, {name: texts.get(name, "") for name in COLUMNS})
    if source.faults:
        raise Refused(source.faults)


def _headings() -> dict[str, str]:
    """Heading, in any language, and the bare name -> column."""
    found = {name: name for name in COLUMNS}
    for lang in LANGUAGES:
        found |= {say(f"enforcement.column.{name}", lang=lang): name for name in COLUMNS}
    return found


def _read(
    row: Row, courts: Sequence[Organisation]
) -> tuple[dict[str, Any], list[EntryFault]]:
    """The cells of a row as values, and those that are none."""
    readers: dict[str, Callable[[str], Any]] = {
        "court": partial(_court, courts),
        "entity": partial(_choice, "entity", Entity),
        "applicant_kind": partial(_choice, "applicant", ApplicantKind),
        "founded_on": _day,
        "filed_on": _day,
        "amount": _fen,
        "paid": _fen,
        "costs": _fen,
    }
    values: dict[str, Any] = {}
    faults = []
    for name, text in row.texts.items():
        try:
            if not text and name in REQUIRED:
                raise NotRead("required")
            values[name] = readers.get(name, str)(text)
        except NotRead as fault:
            faults.append(EntryFault(row.place, name, text, fault.key, fault.values))
    return values, faults


def _entry(place: int, read: Mapping[str, Any]) -> CaseEntry:
    debtor = DebtorEntry(
        name=read["debtor"],
        credit_code=read["credit_code"],
        entity=read["entity"] or entity_of_code(read["credit_code"]),
        brand=read["brand"],
        address=read["address"],
        representative=read["representative"],
        founded_on=read["founded_on"],
    )
    applicant = ApplicantEntry(
        name=read["applicant"],
        kind=read["applicant_kind"],
        phone=read["applicant_phone"],
        address=read["applicant_address"],
    )
    return CaseEntry(
        court_id=read["court"],
        number=read["number"],
        debtor=debtor,
        applicant=applicant,
        title=read["title"],
        filed_on=read["filed_on"],
        amount_fen=read["amount"] or 0,
        paid_fen=read["paid"] or 0,
        costs_fen=read["costs"] or 0,
        place=place,
    )


def entity_of_code(code: str) -> Entity:
    """The kind that a code's beginning says, a company where it says nothing."""
    begins = code.strip()[:2]
    return next((one for one, start in CODES_OF.items() if start == begins), Entity.COMPANY)


def _court(courts: Sequence[Organisation], text: str) -> int:
    if not text and len(courts) == 1:
        return courts[0].pk
    found = next((court.pk for court in courts if court.name == text), None)
    if found is None:
        raise NotRead("court" if text else "required")
    return found


def _choice(words: str, kind: type[StrEnum], text: str) -> StrEnum | None:
    """A member by its value or its word in any language."""
    if not text:
        return None
    for one in kind:
        known = {one.value, *(say(f"enforcement.{words}.{one}", lang=lang)
                              for lang in LANGUAGES)}  # fmt: skip
        if text in known:
            return one
    raise NotRead("choice", choices=say("enforcement.between").join(_words(words, kind)))


def _words(name: str, kind: Iterable[StrEnum]) -> list[str]:
    words = "applicant" if name == "applicant_kind" else name
    return [say(f"enforcement.{words}.{one}") for one in kind]


def _day(text: str) -> date | None:
    if not text:
        return None
    found = DAY.fullmatch(text)
    try:
        if found is not None:
            return date(*map(int, found.groups()))
    except ValueError:
        pass
    raise NotRead("date")


def _fen(text: str) -> int | None:
    if not text:
        return None
    try:
        return parse_yuan(text)
    except MoneyError:
        raise NotRead("money") from None
