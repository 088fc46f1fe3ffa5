"""A published bundle, read strictly: a value that is not plain is refused, never mended."""

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from zhipo.engine.distribute.plan import read_plan
from zhipo.engine.proofs.checks import FIRST_ROW, Published
from zhipo.engine.proofs.leaves import COLUMNS, Leaf
from zhipo.engine.proofs.publishing import PLAN, STATEMENT, TABLE
from zhipo.engine.proofs.statement import DIGEST, read_json, statement_from
from zhipo.engine.tables import CLASSES, STATES
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused, refuse_if_any

WHOLE = re.compile(r"0|[1-9][0-9]{0,18}")
PARTS = re.compile(r"(0|[1-9][0-9]{0,18})(;(0|[1-9][0-9]{0,18}))*")
SHAPES = {
    "claim_id": DIGEST,
    "class": re.compile("|".join(CLASSES)),
    "state": re.compile("|".join(STATES)),
    "parts": PARTS,
}


def read_bundle(folder: Path) -> Published:
    """Statement, plan and table of a bundle. Raises Refused with every fault of form."""
    statement = statement_from(read_json(folder / STATEMENT), STATEMENT)
    plan_file = folder / PLAN
    plan = read_plan(plan_file)
    digest = hashlib.sha256(plan_file.read_bytes()).hexdigest()
    return Published(statement, plan, digest, _read_table(folder / TABLE))


def leaf_of(cells: dict[str, str]) -> Leaf:
    """A line of the table, its cells already in their shapes."""
    parts = tuple(int(part) for part in cells["parts"].split(";"))
    numbers = {name: int(cells[name]) for name in COLUMNS if name.endswith("fen")}
    return Leaf(cells["claim_id"], cells["class"], cells["state"], parts=parts, **numbers)


def misshapen(cells: Mapping[str, object]) -> list[str]:
    """The columns whose cell is not text in the shape of the format."""
    return [name for name in COLUMNS if not _is_in_shape(name, cells.get(name))]


def _is_in_shape(column: str, cell: object) -> bool:
    shape = SHAPES.get(column, WHOLE)
    return isinstance(cell, str) and shape.fullmatch(cell) is not None


def _read_table(path: Path) -> list[Leaf]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(_lines(path, csv.reader(file, strict=True)))
    except (OSError, ValueError, csv.Error) as error:
        message = words("fault.unreadable", reason=error)
        raise Refused([Fault(path.name, 0, "", "", message)]) from error


def _lines(path: Path, rows: Iterator[list[str]]) -> Iterator[Leaf]:
    header = next(rows, [])
    if tuple(header) != COLUMNS:
        message = words("proof.header", wanted=",".join(COLUMNS))
        raise Refused([Fault(path.name, 1, "", ",".join(header), message)])
    count = 0
    for number, row in enumerate(rows, FIRST_ROW):
        cells = dict(zip(COLUMNS, row, strict=False))
        bad = misshapen(cells) if len(row) == len(COLUMNS) else [""]
        refuse_if_any(
            [
                Fault(path.name, number, name, cells.get(name, ""), words("proof.field"))
                for name in bad
            ]
        )
        count += 1
        yield leaf_of(cells)
    if not count:
        raise Refused([Fault(path.name, 0, "", "", words("fault.no_rows"))])
