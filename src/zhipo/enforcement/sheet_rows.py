"""A filled-in workbook or CSV as rows of texts by column, with every fault of its form."""

from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, TypeVar

import xlsxwriter

from zhipo.claims.policies.books import BookRefused, check_content
from zhipo.enforcement.entries import BadEntries, EntryFault
from zhipo.engine.readers import Source, open_source
from zhipo.kernel.faults import Refused
from zhipo.kernel.phrases import LANGUAGES
from zhipo.web.words import say

TEMPLATE_ROWS = 5_000
WIDTH = 20
Reader = Callable[[str], Any]
Entry = TypeVar("Entry")


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

    def read(
        self, readers: Mapping[str, Reader], *, required: Collection[str]
    ) -> tuple[dict[str, Any], list[EntryFault]]:
        """The cells as values, each by its column's reader, and those that are none."""
        values: dict[str, Any] = {}
        faults = []
        for name, text in self.texts.items():
            try:
                if not text and name in required:
                    raise NotRead("required")
                values[name] = readers.get(name, str)(text)
            except NotRead as fault:
                faults.append(EntryFault(self.place, name, text, fault.key, fault.values))
        return values, faults


def write_columns(
    file: IO[bytes],
    columns: tuple[str, ...],
    *,
    title: str,
    choices: Mapping[str, list[str]],
    rows: Iterable[Sequence[str]] = (),
) -> None:
    """A workbook with the columns, what each holds, and the words to choose from; empty but
    for what is known of the `rows` already.
    """
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#EEF3EE"})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, WIDTH, text)
        for place, name in enumerate(columns):
            sheet.write_string(0, place, say(f"enforcement.column.{name}"), bold)
        for line, row in enumerate(rows, start=1):
            sheet.write_row(line, 0, row, text)
        for name, words in choices.items():
            place = columns.index(name)
            one_of = {"validate": "list", "source": words}
            sheet.data_validation(1, place, TEMPLATE_ROWS, place, one_of)
        _explain(book.add_worksheet(say("enforcement.sheet.notes")), columns, bold)


def read_entries(
    path: Path,
    columns: tuple[str, ...],
    *,
    required: Collection[str],
    readers: Mapping[str, Reader],
    entry: Callable[[int, Mapping[str, Any]], Entry],
) -> list[Entry]:
    """What the rows of a file say, each made by `entry` of its place and its values.

    Raises BadEntries with every cell that cannot be read.
    """
    entries: list[Entry] = []
    faults: list[EntryFault] = []
    for row in _rows(path, columns, required=required):
        values, wrong = row.read(readers, required=required)
        faults += wrong
        if not wrong:
            entries.append(entry(row.place, values))
    if faults:
        raise BadEntries(faults)
    return entries


def _rows(path: Path, columns: tuple[str, ...], *, required: Collection[str]) -> list[Row]:
    """The rows of a file, by the columns that it may and must have.

    Raises BadEntries for a file that cannot be read, and for columns that are missing,
    unknown or there twice.
    """
    source = _opened(path)
    named = _headings(columns)
    header = [text.strip() for text in source.header]
    names = [named.get(text, "") for text in header]
    faults = [
        *(EntryFault(1, text, text, "column_unknown")
          for text, name in zip(header, names, strict=True) if text and not name),
        *(EntryFault(1, name, "", "column_missing") for name in required
          if name not in names),
        *(EntryFault(1, name, "", "column_twice") for name in columns
          if names.count(name) > 1),
    ]  # fmt: skip
    if faults:
        raise BadEntries(faults)
    wanted = {raw: name for raw, name in zip(source.header, names, strict=True) if name}
    try:
        return list(_read_rows(source, wanted, columns))
    except Refused as refused:
        raise BadEntries([_file_fault(fault.message) for fault in refused.faults]) from None


def member_of(kind: type[StrEnum], text: str, *, words: str) -> StrEnum | None:
    """A member by its value or its word `<words>.<value>` in any language; None for none.

    Raises NotRead with what there is to choose from.
    """
    if not text:
        return None
    for one in kind:
        known = {one.value, *(say(f"{words}.{one}", lang=lang) for lang in LANGUAGES)}
        if text in known:
            return one
    raise NotRead("choice", choices=say("enforcement.between").join(words_of(kind, words)))


def words_of(kind: type[StrEnum], words: str) -> list[str]:
    """What the members are called in the language of the request."""
    return [say(f"{words}.{one}") for one in kind]


def _explain(sheet: Any, columns: tuple[str, ...], bold: Any) -> None:
    sheet.set_column(0, 0, WIDTH)
    sheet.set_column(1, 1, 4 * WIDTH)
    for line, name in enumerate(columns):
        sheet.write_string(line, 0, say(f"enforcement.column.{name}"), bold)
        sheet.write_string(line, 1, say(f"enforcement.column_note.{name}"))


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


def _read_rows(
    source: Source, wanted: Mapping[str, str], columns: tuple[str, ...]
) -> Iterator[Row]:
    for batch, numbers in source.batches(list(wanted)):
        for number, cells in zip(numbers, batch.to_pylist(), strict=True):
            texts = {wanted[raw]: (text or "").strip() for raw, text in cells.items()}
            yield Row(number, {name: texts.get(name, "") for name in columns})
    if source.faults:
        raise Refused(source.faults)


def _headings(columns: tuple[str, ...]) -> dict[str, str]:
    """Heading, in any language, and the bare name -> column."""
    found = {name: name for name in columns}
    for lang in LANGUAGES:
        found |= {say(f"enforcement.column.{name}", lang=lang): name for name in columns}
    return found
