"""Lines of CSV that a spreadsheet reads: told to be Unicode, and never run as formulas."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a spreadsheet tells a formula: a cell that begins so gets a mark before it."""


class _Line:
    """A file of one line: what is written comes back as the value of the call."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """With a byte order mark, because Excel takes a file without one for GBK."""
    writer = csv.writer(_Line())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow(_cell(value) for value in row)


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is made a text."""
    is_formula = isinstance(value, str) and value.startswith(FORMULA)
    return f"'{value}" if is_formula else value
