"""Outputs that are whole or absent: written beside, renamed at the end."""

import csv
import io
import json
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv

from zhipo.engine.stopping import begun, go_on, undisturbed
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """A folder to write into; its files move into `out` when all went well.

    On any error, Ctrl-C included, nothing of it is left behind. A full disk or a
    folder that cannot be written is Refused.
    """
    with begun(_beside(out, ".part")) as part:
        _make(part, out)
        try:
            yield part
            go_on()
            with undisturbed():
                _move_into(out, part)
        except OSError as error:
            raise Refused([_unwritten(out, error)]) from error


def _move_into(out: Path, part: Path) -> None:
    out.mkdir(exist_ok=True)
    for made in sorted(part.iterdir()):
        if made.is_dir():
            shutil.rmtree(out / made.name, ignore_errors=True)
        os.replace(made, out / made.name)
    (out / "errors.csv").unlink(missing_ok=True)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file to write beside `path`, which takes its place when all went well."""
    with begun(path.with_name(f".{path.name}.part")) as part:
        yield part
        os.replace(part, path)


@contextmanager
def work_folder(beside: Path) -> Iterator[Path]:
    """A folder for what is only needed on the way, on the disk of the output."""
    with begun(_beside(beside, ".work")) as work:
        _make(work, beside)
        yield work


def write_csv(path: Path, header: Sequence[str], batches: Iterable[pa.RecordBatch]) -> int:
    """Write batches as CSV (UTF-8, LF, quotes only where needed); returns the rows."""
    rows = 0
    with path.open("wb") as file:
        file.write((",".join(header) + "\n").encode())
        for batch in batches:
            rows += batch.num_rows
            file.write(_lines(batch.select(list(header))))
    return rows


def write_json(path: Path, content: dict[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def _lines(batch: pa.RecordBatch) -> bytes:
    sink = io.BytesIO()
    options = pacsv.WriteOptions(include_header=False, quoting_style="none")
    try:
        pacsv.write_csv(batch, sink, options)
    except pa.ArrowInvalid:  # some value holds a comma, a quote or a line break
        text = io.StringIO()
        rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
        csv.writer(text, lineterminator="\n").writerows(rows)
        return text.getvalue().encode()
    return sink.getvalue()


def _beside(out: Path, suffix: str) -> Path:
    """A hidden name of nobody else's, on the disk of the output."""
    return out.parent / f".{out.name}.{uuid.uuid4().hex[:8]}{suffix}"


def _make(folder: Path, out: Path) -> None:
    """Make a folder for `out`. Raises Refused where that cannot be."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise Refused([_unwritten(out, error)]) from error


def _unwritten(out: Path, error: OSError) -> Fault:
    return Fault(out.name, 0, "", "", words("fault.output", reason=error.strerror or error))
