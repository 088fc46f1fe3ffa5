"""Columns of text as typed columns: whole columns at once, faults with their place.

Each kind of field has one definition, on one value; the column is converted in one go
where all of it is in the common form, and value by value where it is not. On the common
path no Python value is handed to Arrow: the first one would load pandas, which is a
second of a three-second command.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zhipo.engine.words import words
from zhipo.kernel.money import MAX_FEN

CHINA = timezone(timedelta(hours=8), "+08:00")
INSTANT = pa.timestamp("us", tz="UTC")

_WHOLE = r"^[0-9]{1,18}$"
_FEN = re.compile(r"[+-]?[0-9]{1,30}(\.0+)?")
_LOCAL = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?$"
_OFFSET = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$"


class BadValue(ValueError):
    """This value is not of its field's kind; the message is for people."""


@dataclass(frozen=True)
class Field:
    """A column of a contract: name, kind, whether it must be there and be filled."""

    name: str
    kind: "Kind"
    required: bool = True
    default: str | None = None

    @property
    def least(self) -> int:
        return self.kind.least


@dataclass(frozen=True)
class Kind:
    """A kind of value: Arrow type, one value's reading, whole columns' reading."""

    arrow: pa.DataType
    read: Callable[[str], Any]
    read_column: Callable[[pa.Array], pa.Array | None]
    least: int = 0


Bad = tuple[int, str, str]
"""(index in the column, value, message)"""


def convert(column: pa.Array, field: Field) -> tuple[pa.Array, list[Bad]]:
    """A column of strings (null where empty) as the field's type, and what is not."""
    if field.default is not None and column.null_count:
        column = pc.fill_null(column, field.default)
    bad: list[Bad] = []
    if column.null_count and field.required:
        empty = pc.indices_nonzero(pc.is_null(column)).to_pylist()
        bad = [(index, "", words("fault.required")) for index in empty]
    typed = field.kind.read_column(column)
    if typed is not None:
        return typed, bad
    values, faults = _one_by_one(column.to_pylist(), field.kind)
    return pa.array(values, field.kind.arrow), sorted(bad + faults)


def _one_by_one(column: Sequence[str | None], kind: Kind) -> tuple[list[Any], list[Bad]]:
    values: list[Any] = []
    faults: list[Bad] = []
    for index, text in enumerate(column):
        value = None
        if text is not None:
            try:
                value = kind.read(text)
            except BadValue as error:
                faults.append((index, text, str(error)))
        values.append(value)
    return values, faults


def text_kind() -> Kind:
    """Any text, kept as it is; text of white space alone counts as empty."""

    def column(values: pa.Array) -> pa.Array | None:
        return values.cast(pa.string())

    return Kind(pa.string(), str, column)


def fen_kind(*, minimum: int) -> Kind:
    """Whole fen, from `minimum` (0 or 1) to MAX_FEN."""

    def column(values: pa.Array) -> pa.Array | None:
        if not _all(pc.match_substring_regex(values, _WHOLE)):
            return None
        fen = values.cast(pa.int64())
        span = pc.min_max(fen).as_py()
        if span["min"] is None or minimum <= span["min"] <= span["max"] <= MAX_FEN:
            return fen
        return None

    return Kind(pa.int64(), lambda text: read_fen(text, minimum), column, minimum)


def read_fen(text: str, minimum: int) -> int:
    """One whole amount of fen; `7.0`, as spreadsheets write it, is 7. Raises BadValue."""
    if not _FEN.fullmatch(text.strip()):
        raise BadValue(words("fault.not_fen"))
    fen = int(text.strip().split(".")[0])
    if fen < 0:
        raise BadValue(words("fault.negative"))
    if fen < minimum:
        raise BadValue(words("fault.zero"))
    if fen > MAX_FEN:
        raise BadValue(words("fault.too_large", limit=MAX_FEN))
    return fen


def choice_kind(choices: Sequence[str]) -> Kind:
    """One of a few words, exactly."""

    def read(text: str) -> str:
        if text not in choices:
            raise BadValue(words("fault.choice", choices=", ".join(choices)))
        return text

    def column(values: pa.Array) -> pa.Array | None:
        known = pc.match_substring_regex(values, pattern)
        return values.cast(pa.string()) if _all(known) else None

    pattern = f"^({'|'.join(map(re.escape, choices))})$"

    return Kind(pa.string(), read, column)


def instant_kind() -> Kind:
    """An ISO 8601 time as an instant; +08:00 where it has no offset."""

    def column(values: pa.Array) -> pa.Array | None:
        for shape, read in ((_LOCAL, _local_column), (_OFFSET, _offset_column)):
            if _all(pc.match_substring_regex(values, shape)):
                return read(values)
        return None

    return Kind(INSTANT, read_instant, column)


def read_instant(text: str) -> datetime:
    """One time, as an instant in UTC. Raises BadValue."""
    try:
        at = datetime.fromisoformat(text.strip())
        return (at if at.tzinfo else at.replace(tzinfo=CHINA)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadValue(words("fault.not_time")) from error


def _local_column(values: pa.Array) -> pa.Array | None:
    try:
        local = values.cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None
    return pc.assume_timezone(local, "+08:00").cast(INSTANT)


def _offset_column(values: pa.Array) -> pa.Array | None:
    try:
        return values.cast(INSTANT)
    except pa.ArrowInvalid:
        return None


def _all(mask: pa.Array) -> bool:
    """Whether every value that is there passes (an empty column passes)."""
    return bool(pc.all(mask, min_count=0).as_py())
