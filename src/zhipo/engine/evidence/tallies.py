"""What was read against what the source itself declares; every difference is told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from zhipo.engine.evidence.faults import fault
from zhipo.engine.evidence.headers import cleaned
from zhipo.engine.evidence.mapping import Mapping, Table
from zhipo.engine.evidence.reading import Source
from zhipo.kernel.faults import Fault


@dataclass
class Counted:
    """One tally: rows and exact sum as read."""

    rows: int = 0
    total: Decimal = Decimal(0)

    def add(self, rows: int, total: Decimal | None) -> None:
        self.rows += rows
        self.total += total or Decimal(0)


@dataclass(frozen=True)
class Difference:
    """One thing that is not as declared: what, as declared, as read."""

    file: str
    what: str
    declared: str
    read: str
    row: int = 0


@dataclass
class Tallies:
    """The tallies of one source, or of the whole import, in the mapping's order."""

    mapping: Mapping
    counted: list[Counted] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.counted = self.counted or [Counted() for _ in self.asked]

    @property
    def asked(self) -> list[Table]:
        return list(self.mapping.keys.get("tallies", []))

    def add(self, row: tuple[Any, ...]) -> None:
        """Add the answer of `Query.tallies`: the source, then rows and sum of each."""
        for place, counted in enumerate(self.counted):
            counted.add(int(row[1 + 2 * place]), row[2 + 2 * place])

    def add_all(self, other: "Tallies") -> None:
        for own, more in zip(self.counted, other.counted, strict=True):
            own.add(more.rows, more.total)

    def as_table(self) -> list[Table]:
        """For the manifest: sums as exact decimal text."""
        table = []
        for asked, counted in zip(self.asked, self.counted, strict=True):
            entry: Table = {"name": asked["name"], "rows": counted.rows}
            if "sum" in asked:
                entry["sum"] = decimal_text(counted.total)
            table.append(entry)
        return table

    def against_expected(self) -> Iterator[Difference]:
        """Differences from the totals that the mapping itself states for the whole."""
        for asked, counted in zip(self.asked, self.counted, strict=True):
            if asked.get("expect_rows", counted.rows) != counted.rows:
                yield Difference(
                    "",
                    f"{asked['name']}: rows",
                    str(asked["expect_rows"]),
                    str(counted.rows),
                )
            if Decimal(asked.get("expect_sum", counted.total)) != counted.total:
                read = decimal_text(counted.total)
                yield Difference("", f"{asked['name']}: sum", asked["expect_sum"], read)


def against_declared(
    source: Source, tallies: Tallies
) -> tuple[list[Difference], list[Fault]]:
    """Differences from what the file's own text and total lines declare."""
    differences: list[Difference] = []
    faults: list[Fault] = []
    if _should_have_totals(tallies.mapping) and not source.tail.totals:
        differences.append(Difference(source.name, "total line", "1", "0"))
    for asked, counted in zip(tallies.asked, tallies.counted, strict=True):
        for what, declared in _declared(source, asked):
            read = Decimal(counted.rows) if what == "rows" else counted.total
            number = _number(declared)
            if number is None:
                row = source.tail.row
                faults.append(
                    fault(
                        source.name,
                        "bad_total",
                        row=row,
                        column=asked["name"],
                        value=declared,
                    )
                )
            elif number != read:
                what = f"{asked['name']}: {what}"
                shown = decimal_text(read)
                differences.append(
                    Difference(source.name, what, declared, shown, source.tail.row)
                )
    return differences, faults


def _should_have_totals(mapping: Mapping) -> bool:
    return "total_header" in mapping.keys or "total_line" in mapping.keys


def _declared(source: Source, asked: Table) -> Iterator[tuple[str, str]]:
    if "declared" in asked:
        found = re.search(asked["declared"], "\n".join(source.preamble))
        for what, text in (found.groupdict() if found else {}).items():
            if text is not None:
                yield what, text
    totals = {cleaned(name): value for name, value in source.tail.totals.items()}
    for what in ("rows", "sum"):
        names = asked.get(f"total_{what}", [])
        for name in [names] if isinstance(names, str) else names:
            if cleaned(name) in totals:
                yield what, totals[cleaned(name)]
                break


def _number(text: str) -> Decimal | None:
    plain = text.strip("`¥￥元 ").replace(",", "")
    if not re.fullmatch(r"-?[0-9]{1,25}([.][0-9]{1,9})?", plain):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def decimal_text(number: Decimal) -> str:
    """A decimal without an exponent and without zeros at the end."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
