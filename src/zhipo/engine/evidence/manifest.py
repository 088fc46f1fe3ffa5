"""The manifest: what was handed in, what was read, what was left out, what differs."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from zhipo.engine.evidence.expressions import Stance
from zhipo.engine.evidence.faults import SAY
from zhipo.engine.evidence.mapping import Mapping, Table
from zhipo.engine.evidence.reading import Source
from zhipo.engine.evidence.staging import Part, Sums
from zhipo.engine.evidence.tallies import Difference, Tallies, decimal_text
from zhipo.kernel.phrases import LANGUAGES

VERSION = 1


@dataclass
class Manifest:
    """The seal of one ledger; written as JSON beside it."""

    mapping: Mapping
    ledger: str
    inputs: list[Table] = field(default_factory=list)
    sums: Sums = field(default_factory=Sums)
    tallies: Tallies | None = None
    differences: list[Difference] = field(default_factory=list)
    duplicates: Table = field(default_factory=dict)
    dropped: Sums = field(default_factory=Sums)
    ledger_sha256: str = ""

    @property
    def events(self) -> int:
        return sum(rows for rows, _ in self.kinds.values())

    @property
    def rows(self) -> int:
        return sum(entry["rows"] for entry in self.inputs)

    @property
    def kinds(self) -> dict[str, tuple[int, int]]:
        """Events and fen by kind, as they stand in the ledger."""
        less = self.dropped.kinds
        return {
            kind: (rows - less.get(kind, [0, 0])[0], fen - less.get(kind, [0, 0])[1])
            for kind, (rows, fen) in sorted(self.sums.kinds.items())
        }

    def as_table(self) -> Table:
        """For JSON; sums of fen are integers, exact sums decimal text."""
        return {
            "version": VERSION,
            "ledger": {
                "name": self.ledger,
                "sha256": self.ledger_sha256,
                "rows": self.events,
            },
            "mapping": self._mapping(),
            "rows": self.rows,
            "events": self.events,
            "kinds": {k: {"rows": r, "fen": f} for k, (r, f) in self.kinds.items()},
            "rounding": self._rounding(),
            "left_out": left_out_table(self.sums, self.mapping),
            "duplicates": self.duplicates,
            "tallies": self.tallies.as_table() if self.tallies else [],
            "differences": [vars(difference) for difference in self.differences],
            "inputs": self.inputs,
        }

    def write(self, path: Path) -> None:
        text = json.dumps(self.as_table(), ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")

    def _mapping(self) -> Table:
        keys = self.mapping.keys
        shown = {
            "file": self.mapping.path,
            "sha256": self.mapping.sha256,
            "name": keys["name"],
        }
        shown["round"] = keys.get("round", "refuse")
        return {
            **shown,
            "zone": self.mapping.zone,
            "fen_per_unit": self.mapping.fen_per_unit,
        }

    def _rounding(self) -> Table:
        """What rounding each row to whole fen changed, in fen, before duplicates went."""
        read = sum(fen for _, fen in self.sums.kinds.values())
        exact = self.sums.exact_fen
        return {
            "exact_fen": decimal_text(exact),
            "difference_fen": decimal_text(read - exact),
        }


def input_table(source: Source, part: Part, stance: Stance) -> Table:
    """The manifest's entry of one table: sealed bytes, header found, rows and sums."""
    seal, header, sums, tallies = source.seal, source.header, part.sums, part.tallies
    return {
        "name": source.name,
        "sha256": seal.sha256,
        "size": seal.size,
        "content": seal.content,
        "encoding": seal.encoding,
        "delimiter": source.delimiter,
        "header_row": header.row,
        "header": list(header.cells),
        "layout": header.layout.name,
        "read_as": {name: header.cells[place] for name, place in header.places.items()},
        "perspective": stance.perspective,
        "holder": stance.holder,
        "counterparties": list(stance.counterparties),
        "rows": source.rows,
        "kinds": {k: {"rows": r, "fen": f} for k, (r, f) in sorted(sums.kinds.items())},
        "left_out": left_out_table(sums, tallies.mapping),
        "tallies": tallies.as_table(),
        "totals_declared": source.tail.totals,
        "notes": source.tail.notes,
        "has_balance": header.layout.keys.get("balance") in header.places,
        "copies_of_this_sheet": source.copies,
    }


def left_out_table(sums: Sums, mapping: Mapping) -> list[Table]:
    """Rows left out by reason: how many, their exact sum in the source's unit, and why."""
    return [
        {
            "reason": reason,
            "rows": rows,
            "sum": decimal_text(total),
            **reason_words(reason, mapping),
        }
        for reason, (rows, total) in sorted(sums.reasons.items())
    ]


def reason_words(reason: str, mapping: Mapping) -> dict[str, str]:
    """A reason in both languages, from the mapping or from the reader's own table."""
    own = mapping.keys.get("reasons", {})
    if reason in own:
        return dict(own[reason])
    return {lang: SAY(f"left_out_{reason}", lang=lang) for lang in LANGUAGES}
