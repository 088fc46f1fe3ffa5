"""What stands below and between the records: totals that a source declares, and notes."""

import re
from dataclasses import dataclass, field

from zhipo.engine.evidence.headers import Header, cleaned
from zhipo.engine.evidence.mapping import Mapping

STRIPPED = " \t`\u3000\u00a0"


@dataclass
class Tail:
    """Totals by the name of their column, and the notes, as they were found."""

    totals: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    row: int = 0
    header: list[str] = field(default_factory=list)

    def take(self, row: int, cells: list[str], mapping: Mapping, header: Header) -> bool:
        """Take the row if it is no record: a totals line, or a note the mapping knows."""
        if self.header and not self.totals:
            self.row = row
            self.totals = _pairs(self.header, cells)
            return True
        first = cells[0].strip(STRIPPED)
        if _starts(mapping, "total_header", first):
            self.header = [cleaned(cell) for cell in cells]
            return True
        if _starts(mapping, "total_line", first):
            self.row = row
            self.totals = _pairs(list(header.cells), cells)
            return True
        if any(re.match(note, first) for note in mapping.keys.get("notes", [])):
            self.notes.append(" ".join(cells))
            return True
        return False


def _starts(mapping: Mapping, key: str, first: str) -> bool:
    pattern = mapping.keys.get(key)
    return pattern is not None and re.match(pattern, first) is not None


def _pairs(names: list[str], cells: list[str]) -> dict[str, str]:
    values = [cell.strip(STRIPPED) for cell in cells]
    return {name: value for name, value in zip(names, values, strict=False) if value}
