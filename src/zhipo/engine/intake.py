"""From a file as handed in to a checked Parquet file that every engine reads alike.

A Parquet file that is already in the contract's types goes to the engine as it is;
everything else is read once, by one reader whatever the engine, and staged.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhipo.engine.fields import INSTANT, Field, convert
from zhipo.engine.readers import Source, open_source, whole
from zhipo.engine.stopping import go_on
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused, refuse_if_any
from zhipo.kernel.money import MAX_FEN

MOST_FAULTS = 100_000
DELIMITERS = {";": ";", "\t": "TAB", "|": "|"}


def take_in(path: Path, fields: Sequence[Field], *, work: Path, name: str) -> Path:
    """The path of a Parquet file with `fields`, all checked. Raises Refused.

    Optional columns that the file lacks are there, empty.
    """
    source = open_source(path)
    _check_header(source, fields)
    if path.suffix.lower() == ".parquet" and is_clean(path, fields):
        return path
    staged = work / f"{name}.parquet"
    _stage(source, fields, staged)
    return staged


def is_clean(path: Path, fields: Sequence[Field]) -> bool:
    """Whether the file's own types and statistics prove every field right.

    Fields with a list of choices are not in the statistics; the engine counts them.
    """
    file = pq.ParquetFile(path)
    schema = file.schema_arrow
    for field in fields:
        if field.name not in schema.names:
            return False
        if not _is_typed(schema.field(field.name).type, field):
            return False
        if not _is_proven(file.metadata, field):
            return False
    return bool(file.metadata.num_rows > 0)


def _is_typed(type_: pa.DataType, field: Field) -> bool:
    if field.kind.arrow == INSTANT:
        return bool(
            pa.types.is_timestamp(type_) and type_.tz and type_.unit in ("us", "ms")
        )
    if field.kind.arrow == pa.string():
        return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))
    return bool(type_ == field.kind.arrow)


def _is_proven(metadata: pq.FileMetaData, field: Field) -> bool:
    """No nulls, no empty text, no amount out of bounds, by the row groups' statistics."""
    names = [metadata.schema.column(i).path for i in range(metadata.num_columns)]
    place = names.index(field.name)
    groups = range(metadata.num_row_groups)
    return all(
        _is_group_proven(metadata.row_group(group).column(place).statistics, field)
        for group in groups
    )


def _is_group_proven(known: pq.Statistics | None, field: Field) -> bool:
    if known is None or not known.has_null_count or not known.has_min_max:
        return False
    if known.null_count and (field.required or field.default is not None):
        return False
    if field.kind.arrow == pa.string():
        return bool(known.min)
    if field.kind.arrow == pa.int64():
        return bool(field.least <= known.min and known.max <= MAX_FEN)
    return True


def _check_header(source: Source, fields: Sequence[Field]) -> None:
    wanted = [field.name for field in fields]
    faults = [
        whole(source.path, "fault.double_column", column=name)
        for name in wanted
        if source.header.count(name) > 1
    ]
    missing = [
        field.name for field in fields if field.required and field.name not in source.header
    ]
    shown = ", ".join(source.header)
    for sign, called in DELIMITERS.items():
        if missing and len(source.header) == 1 and set(missing) & set(shown.split(sign)):
            faults.append(whole(source.path, "fault.delimiter", value=shown, found=called))
    faults += [
        whole(source.path, "fault.missing_column", column=name, header=shown)
        for name in missing
    ]
    refuse_if_any(faults)


def _stage(source: Source, fields: Sequence[Field], target: Path) -> None:
    """Write the checked columns; raises Refused with every fault of the file."""
    present = [field for field in fields if field.name in source.header]
    schema = pa.schema([(field.name, field.kind.arrow) for field in fields])
    faults: list[Fault] = []
    rows = 0
    # Nearly every value is another one: a dictionary would be tried and thrown away.
    with pq.ParquetWriter(
        target, schema, compression="lz4", use_dictionary=False
    ) as writer:
        for batch, numbers in source.batches([field.name for field in present]):
            go_on()
            rows += batch.num_rows
            columns = {}
            for field in present:
                typed, bad = convert(batch.column(field.name), field)
                columns[field.name] = typed
                faults += [
                    Fault(source.path.name, numbers[i], field.name, value, message)
                    for i, value, message in bad
                ]
            if not faults:
                writer.write_batch(_batch(columns, fields, batch.num_rows, schema))
    faults = sorted(faults + source.faults, key=lambda fault: (fault.row, fault.column))
    if not rows and not faults:
        faults = [whole(source.path, "fault.no_rows")]
    if len(faults) > MOST_FAULTS:
        more = words("fault.more", count=len(faults) - MOST_FAULTS)
        faults = [*faults[:MOST_FAULTS], Fault(source.path.name, 0, "", "", more)]
    refuse_if_any(faults)


def _batch(
    columns: dict[str, pa.Array], fields: Sequence[Field], rows: int, schema: pa.Schema
) -> pa.RecordBatch:
    arrays = []
    for field in fields:
        array = columns.get(field.name)
        if array is None:
            array = pa.nulls(rows, field.kind.arrow)
            if field.default is not None:
                array = pa.array([field.default] * rows, field.kind.arrow)
        arrays.append(array)
    return pa.record_batch(arrays, schema=schema)


def refuse_by_value(path: Path, fields: Sequence[Field]) -> None:
    """Read a file value by value to name what the engine has only counted."""
    with TemporaryDirectory() as scratch:
        _stage(open_source(path), fields, Path(scratch) / "checked.parquet")


def rows_with(path: Path, column: str, values: set[str]) -> list[tuple[int, str]]:
    """(row, value) of every row whose `column` is one of `values`: to name faults."""
    source = open_source(path)
    return [
        (numbers[i], value)
        for batch, numbers in source.batches([column])
        for i, value in enumerate(batch.column(0).to_pylist())
        if value in values
    ]


def refuse_duplicates(path: Path, column: str, values: Sequence[str]) -> None:
    """Raise Refused naming each row of each id that stands there twice."""
    if not values:
        return
    message = words("fault.duplicate")
    raise Refused(
        [
            Fault(path.name, row, column, value, message)
            for row, value in rows_with(path, column, set(values))
        ]
    )


def is_strictly_rising(path: Path, column: str) -> bool:
    """Whether the file's rows rise in `column`: then its values are unique.

    The row groups are read by two threads; each tells its first and last value.
    """
    file = pq.ParquetFile(path)
    with ThreadPoolExecutor(max_workers=2) as pool:
        groups = range(file.metadata.num_row_groups)
        ends = pool.map(lambda group: _ends_if_rising(path, column, group), groups)
        last: str | None = None
        for pair in ends:
            if pair is None or (last is not None and pair[0] <= last):
                pool.shutdown(wait=False, cancel_futures=True)
                return False
            last = pair[1]
    return True


def _ends_if_rising(path: Path, column: str, group: int) -> tuple[str, str] | None:
    """(first, last) of one row group, None where it does not rise."""
    go_on()
    values = pq.ParquetFile(path).read_row_group(group, columns=[column]).column(0)
    values = values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)
    if not len(values) or not pc.all(pc.less(values[:-1], values[1:]), min_count=0).as_py():
        return None
    return values[0].as_py(), values[-1].as_py()
