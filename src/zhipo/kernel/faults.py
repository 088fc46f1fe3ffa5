"""Faults in what was handed in: place, value, reason; found and told all together."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

FIELDS = ("file", "row", "column", "value", "message")
SHOWN = 10
LONGEST_VALUE = 200


@dataclass(frozen=True)
class Fault:
    """One fault.

    `row` counts as a spreadsheet does: the header is row 1 (or stands where the
    reader found it), the first record below it the next. 0 = the file as a whole.
    """

    file: str
    row: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        place = ":".join(
            part for part in (self.file, str(self.row or ""), self.column) if part
        )
        shown = f" {self.value!r}" if self.value else ""
        return f"{place}{shown}: {self.message}"


class Refused(Exception):
    """The input was refused; `faults` say why, all of them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(f"{len(self.faults)} faults")


def refuse_if_any(faults: Sequence[Fault]) -> None:
    """Raise Refused if there is any fault."""
    if faults:
        raise Refused(faults)


def write_faults(faults: Iterable[Fault], path: Path) -> None:
    """Write `errors.csv` (file,row,column,value,message), whole or not at all.

    Names of files that are no text are written with escapes.
    """
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        for fault in faults:
            value = fault.value[:LONGEST_VALUE]
            writer.writerow((fault.file, fault.row, fault.column, value, fault.message))
    part.replace(path)
