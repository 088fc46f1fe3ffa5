"""Files as streams of text columns: CSV, XLSX, Parquet, with the rows people see."""

import codecs
import csv
import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused

CHUNK = 1 << 23
BATCH_ROWS = 1 << 18
EXACT_UP_TO = 1 << 53
"""Up to here a float of a spreadsheet or a data frame is the whole number it shows."""
FIRST_DATA_ROW = 2
"""The header is row 1, as a spreadsheet shows it."""
Batch = tuple[pa.RecordBatch, Sequence[int]]


@dataclass
class Source:
    """One file: its header, its faults of form, its batches of string columns."""

    path: Path
    header: list[str]
    batches: Callable[[Sequence[str]], Iterator[Batch]]
    faults: list[Fault] = field(default_factory=list)


def open_source(path: Path) -> Source:
    """Open by ending. Raises Refused where the file as a whole cannot be read."""
    if path.is_dir():
        raise Refused([whole(path, "fault.not_a_file")])
    if not _is_text(str(path)):
        raise Refused([whole(path, "fault.file_name")])
    if not path.exists():
        raise Refused([whole(path, "fault.missing_file")])
    opener = OPENERS.get(path.suffix.lower())
    if opener is None:
        raise Refused([whole(path, "fault.ending")])
    if path.stat().st_size == 0:
        raise Refused([whole(path, "fault.empty")])
    return opener(path)


def _is_text(name: str) -> bool:
    """Whether a name is UTF-8: the engines cannot open others."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def whole(
    path: Path, key: str, *, column: str = "", value: str = "", **values: Any
) -> Fault:
    """A fault of the file as a whole."""
    return Fault(path.name or str(path), 0, column, value, words(key, **values))


def _open_csv(path: Path) -> Source:
    _check_text(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            header = next(csv.reader(file, strict=True), [])
        except csv.Error as error:
            raise Refused([whole(path, "fault.unreadable", reason=error)]) from error
    source = Source(path, header, batches=lambda names: _csv_batches(source, names))
    return source


def _csv_batches(source: Source, names: Sequence[str]) -> Iterator[Batch]:
    bad_rows: set[int] = set()

    def on_bad_row(row: Any) -> str:
        width, expected = row.actual_columns, len(source.header)
        message = words("fault.row_width", found=width, expected=expected)
        source.faults.append(Fault(source.path.name, row.number, "", row.text, message))
        bad_rows.add(row.number)
        return "skip"

    try:
        with _csv_stream(source, names, on_bad_row) as reader:
            row = FIRST_DATA_ROW
            for batch in reader:
                numbers = _numbers(row, batch.num_rows, bad_rows)
                row = numbers[-1] + 1 if len(numbers) else row
                batch, numbers = _without_blank_rows(batch, numbers)
                yield batch.select(list(names)), numbers
    except pa.ArrowInvalid as error:
        raise Refused([whole(source.path, "fault.unreadable", reason=error)]) from error


def _csv_stream(
    source: Source, names: Sequence[str], on_bad_row: Callable[[Any], str]
) -> Any:
    is_plain = len(set(source.header)) == len(source.header)
    wanted = source.header if is_plain else list(names)
    return pacsv.open_csv(
        source.path,
        read_options=pacsv.ReadOptions(block_size=CHUNK, use_threads=False),
        parse_options=pacsv.ParseOptions(
            newlines_in_values=True,
            invalid_row_handler=on_bad_row,
            ignore_empty_lines=False,
        ),
        convert_options=pacsv.ConvertOptions(
            column_types={name: pa.string() for name in wanted},
            include_columns=wanted,
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        ),
    )


def _numbers(first: int, count: int, bad_rows: set[int]) -> Sequence[int]:
    """The row numbers of `count` rows from `first` on, leaving out the bad ones."""
    if not any(number >= first for number in bad_rows):
        return range(first, first + count)
    numbers = (number for number in itertools.count(first) if number not in bad_rows)
    return list(itertools.islice(numbers, count))


def _without_blank_rows(batch: pa.RecordBatch, numbers: Sequence[int]) -> Batch:
    """Leave out records in which nothing at all stands, as spreadsheets append them."""
    if not all(column.null_count for column in batch.columns):
        return batch, numbers
    is_blank = functools.reduce(pc.and_, (pc.is_null(column) for column in batch.columns))
    kept = pc.indices_nonzero(pc.invert(is_blank))
    return batch.take(kept), [numbers[i] for i in kept.to_pylist()]


def _check_text(path: Path) -> None:
    """UTF-8 without NUL, quotes in pairs; raises Refused with the line of the fault."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, quotes = 1, 0
    with path.open("rb") as file:
        for chunk in itertools.chain(iter(lambda: file.read(CHUNK), b""), [b""]):
            nul = chunk.find(b"\0")
            if nul >= 0:
                row = line + chunk[:nul].count(b"\n")
                raise Refused([Fault(path.name, row, "", "\\0", words("fault.nul"))])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                row = line + chunk[: error.start].count(b"\n")
                shown = chunk[error.start : error.start + 8].hex(" ")
                fault = Fault(path.name, row, "", shown, words("fault.utf8"))
                raise Refused([fault]) from error
            line += chunk.count(b"\n")
            quotes += chunk.count(b'"')
    if quotes % 2:
        raise Refused([whole(path, "fault.quote")])


def _open_xlsx(path: Path) -> Source:
    from python_calamine import CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            rows = book.get_sheet_by_index(0).to_python()
    except Exception as error:  # the library's errors have no common base
        raise Refused([whole(path, "fault.unreadable", reason=error)]) from error
    if not rows:
        raise Refused([whole(path, "fault.empty")])
    header = [_cell_text(cell) for cell in rows[0]]
    return Source(path, header, batches=lambda names: _row_batches(header, rows[1:], names))


def _row_batches(
    header: Sequence[str], rows: Sequence[Sequence[Any]], names: Sequence[str]
) -> Iterator[Batch]:
    filled = [
        (i, row)
        for i, row in enumerate(rows, FIRST_DATA_ROW)
        if any(_cell_text(c) for c in row)
    ]
    if not filled:
        return
    columns = [
        pa.array(
            [_cell_text(row[header.index(name)]) or None for _, row in filled], pa.string()
        )
        for name in names
    ]
    yield pa.record_batch(columns, names=list(names)), [i for i, _ in filled]


def _cell_text(cell: Any) -> str:
    """A spreadsheet's cell as text: whole numbers without `.0`, times as ISO 8601."""
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat())
    text = str(cell)
    return text.removesuffix(".0") if not isinstance(cell, str) else text


def _open_parquet(path: Path) -> Source:
    try:
        names = pq.ParquetFile(path).schema_arrow.names
    except (pa.ArrowException, OSError) as error:
        raise Refused([whole(path, "fault.unreadable", reason=error)]) from error
    return Source(path, names, batches=lambda wanted: _parquet_batches(path, wanted))


def _parquet_batches(path: Path, names: Sequence[str]) -> Iterator[Batch]:
    row = FIRST_DATA_ROW
    try:
        for batch in pq.ParquetFile(path).iter_batches(BATCH_ROWS, columns=list(names)):
            columns = [_text_of(path, name, batch.column(name)) for name in names]
            yield (
                pa.record_batch(columns, names=list(names)),
                range(row, row + batch.num_rows),
            )
            row += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        fault = whole(path, "fault.unreadable", reason=_first_line(error))
        raise Refused([fault]) from error


def parquet_damage(path: Path) -> Fault | None:
    """What is wrong with a Parquet file when every page of it is read; None if nothing."""
    try:
        for _ in pq.ParquetFile(path).iter_batches(BATCH_ROWS):
            pass
    except (pa.ArrowException, OSError) as error:
        return whole(path, "fault.unreadable", reason=_first_line(error))
    return None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _text_of(path: Path, name: str, column: pa.Array) -> pa.Array:
    try:
        return _as_text(column)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        fault = whole(path, "fault.column_type", column=name, type=column.type)
        raise Refused([fault]) from error


def _as_text(column: pa.Array) -> pa.Array:
    """Any column as the text that a CSV of it would hold."""
    if pa.types.is_timestamp(column.type):
        # Arrow prints an instant with tz as UTC and `Z`, one without as it stands.
        unit = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
        return unit.cast(pa.string())
    if pa.types.is_floating(column.type):
        is_whole = pc.and_(pc.equal(pc.floor(column), column), _fits(column))
        if pc.all(is_whole, min_count=0).as_py():
            return column.cast(pa.int64()).cast(pa.string())
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return _null_where_empty(column.cast(pa.string()))


def _fits(numbers: pa.Array) -> pa.Array:
    """Which floats lie in the whole numbers that they hold exactly (infinities do not)."""
    return pc.less_equal(pc.abs(numbers), EXACT_UP_TO)


def _null_where_empty(column: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(column, ""), None, column)


OPENERS: dict[str, Callable[[Path], Source]] = {
    ".csv": _open_csv,
    ".xlsx": _open_xlsx,
    ".parquet": _open_parquet,
}
