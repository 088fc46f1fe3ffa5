"""Reading: any table as batches of text cells, each with the row it stood in.

A clean table goes through Arrow in blocks; from the first block that is not clean
(a short row, a quote that stays open, a line of totals) the rest is read line by
line. Both give the same cells, so where the change happens does not matter.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from zhipo.engine.evidence.faults import fault
from zhipo.engine.evidence.headers import (
    Header,
    find_header,
    header_faults,
    no_header,
    trimmed,
)
from zhipo.engine.evidence.mapping import Mapping
from zhipo.engine.evidence.sealing import Seal
from zhipo.engine.evidence.sheets import rows_digest, sheet_names, sheet_rows
from zhipo.engine.evidence.tails import Tail
from zhipo.kernel.faults import Fault, Refused

LINES_SEARCHED = 200
BLOCK = 1 << 24
ROWS_A_BATCH = 200_000
LONGEST_LINE = 1 << 20
DELIMITERS = (",", "\t", ";", "|")
Row = tuple[int, list[str]]


@dataclass
class Source:
    """One table of one file: its header, what stood above it, and its batches."""

    seal: Seal
    part: str
    header: Header
    preamble: list[str]
    delimiter: str = ""
    copies: list[str] = field(default_factory=list)
    tail: Tail = field(default_factory=Tail)
    rows: int = 0
    expected_rows: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file's name, with the sheet's where a workbook has several."""
        return f"{self.seal.name}[{self.part}]" if self.part else self.seal.name


def open_sources(seal: Seal, mapping: Mapping) -> list[Source]:
    """Find the header of every table in the file; Refused where there is none."""
    if seal.content == "parquet":
        return [_open_parquet(seal, mapping)]
    if seal.content == "sheet":
        return _open_sheets(seal, mapping)
    return [_open_text(seal, mapping)]


def batches(source: Source, mapping: Mapping) -> Iterator[pa.RecordBatch]:
    """The rows below the header as text: columns `row`, `c0`, `c1`, …"""
    if source.seal.content == "parquet":
        yield from _parquet_batches(source)
    elif source.seal.content == "sheet":
        rows = sheet_rows(source.seal.path, source.part or None)
        below = islice(rows, source.header.row, None)
        yield from _in_batches(source, mapping, below)
    else:
        yield from _text_batches(source, mapping)


def _checked(source: Source, mapping: Mapping) -> Source:
    faults = header_faults(source.header, source.name, mapping)
    if faults:
        raise Refused(faults)
    return source


def _open_parquet(seal: Seal, mapping: Mapping) -> Source:
    try:
        names = pq.read_schema(seal.path).names
        rows = pq.read_metadata(seal.path).num_rows
    except (pa.ArrowException, OSError) as error:
        raise Refused([fault(seal.name, "not_parquet", reason=error)]) from error
    header = find_header([(1, names)], mapping)
    if header is None:
        raise no_header([(1, names)], seal.name, mapping, "")
    return _checked(Source(seal, "", header, [], expected_rows=rows), mapping)


def _parquet_batches(source: Source) -> Iterator[pa.RecordBatch]:
    row = source.header.row
    with pq.ParquetFile(source.seal.path) as file:
        for batch in file.iter_batches(batch_size=ROWS_A_BATCH):
            columns = [_as_text(column, source.name) for column in batch.columns]
            yield _batch(range(row + 1, row + 1 + len(batch)), columns)
            row += len(batch)
            source.rows += len(batch)


def _as_text(column: pa.Array, name: str) -> pa.Array:
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        utc = column.cast(pa.timestamp("us", "UTC"))
        return pc.strftime(utc, format="%Y-%m-%dT%H:%M:%S+00:00")
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    try:
        return pc.fill_null(column.cast(pa.string()), "")
    except pa.ArrowException as error:
        raise Refused([fault(name, "not_a_table", reason=error)]) from error


def _open_sheets(seal: Seal, mapping: Mapping) -> list[Source]:
    parts = sheet_names(seal.path, seal.name)
    found: list[Source] = []
    first_lines: list[Row] = []
    for part in parts:
        name = part if len(parts) > 1 else ""
        head = list(islice(sheet_rows(seal.path, part), LINES_SEARCHED))
        numbered = list(enumerate(head, start=1))
        first_lines += numbered
        header = find_header(numbered, mapping)
        if header is not None:
            above = [" ".join(trimmed(line)) for line in head[: header.row - 1]]
            found.append(_checked(Source(seal, name, header, above), mapping))
    if not found:
        raise no_header(first_lines, seal.name, mapping, "")
    return _without_copies(found)


def _without_copies(found: list[Source]) -> list[Source]:
    """One source for sheets of a workbook that hold the same rows; the first says so."""
    kept: dict[str, Source] = {}
    for source in found:
        digest = rows_digest(source.seal.path, source.part, source.header.row)
        if digest in kept:
            kept[digest].copies.append(source.part)
        else:
            kept[digest] = source
    return list(kept.values())


def _open_text(seal: Seal, mapping: Mapping) -> Source:
    head = list(islice(text_lines(seal), LINES_SEARCHED))
    if "header" in mapping.keys:
        return _headerless(seal, mapping)
    asked = mapping.keys.get("delimiter", "auto")
    delimiters = DELIMITERS if asked == "auto" else (asked,)
    tried = []
    for delimiter in delimiters:
        lines = [(n, _plain_cells(line, delimiter)) for n, line in enumerate(head, start=1)]
        tried += lines
        header = find_header(lines, mapping)
        if header is not None:
            above = [line.strip() for line in head[: header.row - 1]]
            rows = seal.lines - header.row
            found = Source(seal, "", header, above, delimiter, expected_rows=rows)
            return _checked(found, mapping)
    raise no_header(tried, seal.name, mapping, seal.encoding)


def _headerless(seal: Seal, mapping: Mapping) -> Source:
    """A file without a header, whose mapping names its columns."""
    header = find_header([(0, mapping.keys["header"])], mapping)
    if header is None:
        raise no_header([(0, mapping.keys["header"])], seal.name, mapping, "")
    asked = mapping.keys.get("delimiter", "auto")
    return Source(seal, "", header, [], "," if asked == "auto" else asked)


def text_lines(seal: Seal) -> Iterator[str]:
    """The lines of a text, with their ends; `\\r`, `\\n` and `\\r\\n` all end a line."""
    with seal.path.open(encoding=seal.encoding, newline=None) as file:
        row = 0
        while line := file.readline(LONGEST_LINE):
            row += 1
            if len(line) >= LONGEST_LINE:
                raise Refused([fault(seal.name, "line_too_long", row=row)])
            yield line


def _plain_cells(line: str, delimiter: str) -> list[str]:
    if delimiter == "white_space":
        return line.split()
    try:
        return next(csv.reader([line.rstrip("\n")], delimiter=delimiter), [])
    except csv.Error:
        return line.rstrip("\n").split(delimiter)


def _text_batches(source: Source, mapping: Mapping) -> Iterator[pa.RecordBatch]:
    row = source.header.row
    for batch in _fast_batches(source, mapping):
        yield batch
        row += len(batch)
        source.rows += len(batch)
    if row < source.seal.lines or source.seal.has_odd_line_ends:
        lines = enumerate(islice(text_lines(source.seal), row, None), start=row + 1)
        yield from _in_batches(source, mapping, _split(source, mapping, lines))


def _fast_batches(source: Source, mapping: Mapping) -> Iterator[pa.RecordBatch]:
    """Blocks read by Arrow, up to the first that is not clean."""
    seal, width = source.seal, len(source.header.cells)
    slow = seal.has_odd_line_ends or mapping.keys.get("newlines_in_values", False)
    if slow or len(source.delimiter) != 1 or seal.encoding.startswith("utf-16"):
        return
    names = [f"c{place}" for place in range(width)]
    row = source.header.row
    try:
        reader = pacsv.open_csv(
            seal.path,
            pacsv.ReadOptions(
                skip_rows=row,
                column_names=names,
                block_size=BLOCK,
                encoding="utf-8" if seal.encoding == "utf-8-sig" else seal.encoding,
            ),
            pacsv.ParseOptions(delimiter=source.delimiter, ignore_empty_lines=False),
            pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
        for batch in reader:
            if any(_has_line_end(column) for column in batch.columns) or _has_tail(
                batch, mapping
            ):
                return
            yield _batch(range(row + 1, row + 1 + len(batch)), batch.columns)
            row += len(batch)
    except pa.ArrowInvalid:
        return


def _has_line_end(column: pa.Array) -> bool:
    return bool(pc.any(pc.match_substring(column, "\n")).as_py())


def _has_tail(batch: pa.RecordBatch, mapping: Mapping) -> bool:
    """Whether a line may be blank, a total or a note: only the careful path knows them."""
    patterns = [
        mapping.keys[key] for key in ("total_header", "total_line") if key in mapping.keys
    ]
    patterns += mapping.keys.get("notes", [])
    either = "|".join(f"(?:{pattern})" for pattern in ("$", *patterns))
    found = pc.match_substring_regex(batch.column(0), f"^[ \t`\u3000\u00a0]*(?:{either})")
    return bool(pc.any(found).as_py())


def _batch(rows: range, columns: list[pa.Array]) -> pa.RecordBatch:
    numbers = pa.array(np.arange(rows.start, rows.stop, dtype=np.int64))
    names = ["row", *(f"c{place}" for place in range(len(columns)))]
    return pa.RecordBatch.from_arrays([numbers, *columns], names)


def _split(
    source: Source, mapping: Mapping, lines: Iterator[tuple[int, str]]
) -> Iterator[list[str]]:
    """Cells of each line; a record that spans lines only where the mapping allows it."""
    if mapping.keys.get("newlines_in_values", False):
        yield from _spanning(source, (line for _, line in lines))
        return
    width = len(source.header.cells)
    for row, line in lines:
        if source.delimiter == "white_space":
            yield line.split()
            continue
        cells = _quoted_cells(line, source.delimiter)
        if cells is None:
            cells = line.rstrip("\n").split(source.delimiter)
            if len(trimmed(cells)) > width or len(cells) < width:
                source.faults.append(
                    fault(source.name, "open_quote", row=row, value=line[:200])
                )
                cells = []
        yield cells


def _quoted_cells(line: str, delimiter: str) -> list[str] | None:
    """The cells of a line, quotes taken off as Arrow does; None where one stays open."""
    try:
        cells = next(csv.reader([line.rstrip("\n") + "\n"], delimiter=delimiter), [])
    except csv.Error:
        return None
    return None if cells and cells[-1].endswith("\n") else cells


def _spanning(source: Source, lines: Iterator[str]) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_LINE)
    try:
        yield from csv.reader(lines, delimiter=source.delimiter, strict=True)
    except csv.Error as error:
        row = source.header.row + source.rows + 1
        raise Refused([fault(source.name, "not_csv", row=row, reason=error)]) from error


def _in_batches(
    source: Source, mapping: Mapping, records: Iterator[list[str]]
) -> Iterator[pa.RecordBatch]:
    """Records as batches; notes and totals go to the tail, crooked rows to the faults."""
    first = source.header.row + source.rows + 1
    kept: list[Row] = []
    for row, cells in enumerate(records, start=first):
        if _is_record(source, mapping, row, cells):
            kept.append((row, cells))
        if len(kept) >= ROWS_A_BATCH:
            yield _from_rows(source, kept)
            kept = []
    if kept:
        yield _from_rows(source, kept)


def _is_record(source: Source, mapping: Mapping, row: int, cells: list[str]) -> bool:
    filled = trimmed(cells)
    if not filled or source.tail.take(row, filled, mapping, source.header):
        return False
    width = len(source.header.cells)
    if len(filled) > width or len(cells) < width:
        text = (
            source.delimiter.join(cells) if len(source.delimiter) == 1 else " ".join(cells)
        )
        source.faults.append(
            fault(
                source.name,
                "crooked_row",
                row=row,
                value=text,
                found=len(cells),
                wanted=width,
            )
        )
        return False
    return True


def _from_rows(source: Source, rows: list[Row]) -> pa.RecordBatch:
    width = len(source.header.cells)
    source.rows += len(rows)
    columns = [pa.array([cells[place] for _, cells in rows]) for place in range(width)]
    numbers = pa.array([row for row, _ in rows], pa.int64())
    names = ["row", *(f"c{place}" for place in range(width))]
    return pa.RecordBatch.from_arrays([numbers, *columns], names)
