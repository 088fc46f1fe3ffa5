"""Headers: which line names the columns, and which column is which field.

Always by name. A header that is nearly one of ours is refused with what it has and
what it lacks; a second column of money that nobody explained is refused, because it
may be the one that was meant.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhipo.engine.evidence.faults import fault
from zhipo.engine.evidence.mapping import Layout, Mapping, amount_fields, named_fields
from zhipo.kernel.faults import Fault, Refused

UNITS = {
    **dict.fromkeys(("元", "人民币", "人民币元", "CNY", "RMB", "yuan", "¥"), 100),
    **dict.fromkeys(("分", "fen", "cents"), 1),
    **dict.fromkeys(("角",), 10),
    **dict.fromkeys(("千元",), 100_000),
    **dict.fromkeys(("万元", "万"), 1_000_000),
    **dict.fromkeys(
        ("美元", "USD", "US$", "$", "港元", "HKD", "欧元", "EUR", "日元", "JPY"), 0
    ),
}
"""Fen in one unit, by what stands in a header's brackets; 0 = not CNY."""

_BRACKETS = re.compile(r"^(?P<name>.*?)[(\[](?P<unit>[^()\[\]]*)[)\]]$")
_MONEY_WORDS = re.compile(
    r"金额|款额|价款|收入|支出|借方|贷方|发生额|amount|debit|credit", re.I
)
_DECISIVE = re.compile(
    r"币种|币别|货币|currency|借贷|收支|收/支|方向|状态|status|direction|dr/cr", re.I
)
"""Columns that decide what an amount means; one that nobody explained is refused."""
_NOT_MONEY = re.compile(
    r"类型|方式|时间|日期|笔数|备注|状态|单号|type|date|time|note", re.I
)


@dataclass(frozen=True)
class Header:
    """The header found: its row (from 1), its cells, and the place of each field."""

    row: int
    cells: tuple[str, ...]
    layout: Layout
    places: dict[str, int]


def cleaned(cell: str) -> str:
    """A header cell as compared: one width, no padding, no backtick or quote."""
    text = unicodedata.normalize("NFKC", cell).strip(" \t`'\"\ufeff")
    return re.sub(r"\s+", " ", text)


def split_unit(cell: str) -> tuple[str, int | None]:
    """A header cell without its unit, and fen in that unit (None where none stands)."""
    found = _BRACKETS.match(cell)
    if found is None or found["unit"].strip() not in UNITS:
        return cell, None
    return found["name"].strip(), UNITS[found["unit"].strip()]


def trimmed(cells: Sequence[str]) -> list[str]:
    """The cells without empty ones at the end, where a line ends in commas."""
    kept = list(cells)
    while kept and not kept[-1].strip(" \t"):
        kept.pop()
    return kept


def find_header(
    lines: Iterable[tuple[int, Sequence[str]]], mapping: Mapping
) -> Header | None:
    """The first line that has every column of a layout; of these the fullest layout."""
    for row, line in lines:
        cells = [cleaned(cell) for cell in trimmed(line)]
        known = [(layout, _places(cells, layout)) for layout in mapping.layouts]
        whole = [(p, k) for k, p in known if set(k.columns) <= set(p)]
        if whole:
            places, layout = max(whole, key=lambda entry: len(entry[0]))
            return Header(row, tuple(cells), layout, places)
    return None


def _places(cells: Sequence[str], layout: Layout) -> dict[str, int]:
    """Where each field stands; an exact name wins over a name with a unit behind it."""
    places = {}
    bare = [split_unit(cell)[0] for cell in cells]
    for name, aliases in layout.fields.items():
        for alias in map(cleaned, aliases):
            found = alias in cells or alias in bare
            if found:
                exact = alias in cells
                places[name] = (list(cells) if exact else bare).index(alias)
                break
    return places


def header_faults(header: Header, file: str, mapping: Mapping) -> list[Fault]:
    """What makes a complete header still unsafe to read by."""
    faults = [*_doubled(header, file), *_wrong_units(header, file, mapping)]
    return [*faults, *_unexplained_money(header, file)]


def _doubled(header: Header, file: str) -> Iterable[Fault]:
    counts = Counter(cell for cell in header.cells if cell)
    for cell, count in counts.items():
        if count > 1:
            yield fault(file, "column_twice", row=header.row, column=cell, count=count)
    for place, count in Counter(header.places.values()).items():
        if count > 1:
            column = header.cells[place]
            yield fault(file, "column_two_fields", row=header.row, column=column)
    bare = [split_unit(cell)[0] for cell in header.cells]
    for name, place in header.places.items():
        names = {cleaned(alias) for alias in header.layout.fields[name]}
        rivals = [
            c for c, b in zip(header.cells, bare, strict=True) if c in names or b in names
        ]
        for rival in rivals:
            if rival != header.cells[place] and counts[rival] == 1:
                yield fault(
                    file,
                    "column_rival",
                    row=header.row,
                    column=rival,
                    other=header.cells[place],
                )


def _wrong_units(header: Header, file: str, mapping: Mapping) -> Iterable[Fault]:
    for name in money_fields(header.layout):
        if name not in header.places or is_product(header.layout, name):
            continue
        cell = header.cells[header.places[name]]
        unit = split_unit(cell)[1]
        if unit is not None and unit != mapping.fen_per_unit:
            yield fault(file, "wrong_unit", row=header.row, column=cell)
        bracket = _BRACKETS.match(cell)
        listed = {cleaned(alias) for alias in header.layout.fields[name]}
        if unit is None and bracket is not None and cell not in listed:
            yield fault(file, "wrong_unit", row=header.row, column=cell)


def _unexplained_money(header: Header, file: str) -> Iterable[Fault]:
    known = {cleaned(name) for name in header.layout.keys.get("ignored", [])}
    for place, cell in enumerate(header.cells):
        if place in header.places.values() or cell in known or split_unit(cell)[0] in known:
            continue
        if _MONEY_WORDS.search(cell) and not _NOT_MONEY.search(cell):
            yield fault(file, "unexplained_money", row=header.row, column=cell)
        elif _DECISIVE.search(cell):
            yield fault(file, "unexplained_column", row=header.row, column=cell)


def money_fields(layout: Layout) -> list[str]:
    """The fields that hold amounts."""
    fields = amount_fields(layout.keys.get("amount"))
    for rule in layout.keys.get("rows", []):
        fields += named_fields(rule.get("amount"))
    return list(dict.fromkeys([*fields, *named_fields(layout.keys.get("balance"))]))


def is_product(layout: Layout, name: str) -> bool:
    amount = layout.keys.get("amount")
    return isinstance(amount, dict) and name in amount.get("multiply", [])


@dataclass(frozen=True)
class _Nearest:
    """The line that is most like a header, and the layout it is like."""

    score: int
    row: int
    cells: list[str]
    layout: Layout | None


def no_header(
    lines: Iterable[tuple[int, Sequence[str]]], file: str, mapping: Mapping, encoding: str
) -> Refused:
    """The refusal that shows the likeliest header found and the columns it misses."""
    best = _Nearest(0, 0, [], None)
    for row, line in lines:
        cells = [cleaned(cell) for cell in trimmed(line)]
        for layout in mapping.layouts:
            score = len(_places(cells, layout))
            if score > best.score:
                best = _Nearest(score, row, cells, layout)
    row, cells, nearest = best.row, best.cells, best.layout
    if nearest is None:
        wanted = " | ".join(map(_names, mapping.layouts))
        key = "header_absent"
        return Refused([fault(file, key, wanted=wanted, encoding=encoding or "-")])
    missing = [n for n in nearest.columns if n not in _places(cells, nearest)]
    lacking = "、".join(nearest.columns[name][0] for name in missing)
    found = ",".join(cells)[:500]
    return Refused(
        [
            fault(
                file,
                "header_lacks",
                row=row,
                column=lacking,
                value=found,
                layout=nearest.name,
            )
        ]
    )


def _names(layout: Layout) -> str:
    return "、".join(names[0] for names in layout.columns.values())
