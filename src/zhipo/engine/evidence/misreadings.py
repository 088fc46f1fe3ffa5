"""Rows that cannot be read, each as faults with file, row, column, value and reason."""

from typing import Any

from zhipo.engine.evidence.expressions import Query
from zhipo.engine.evidence.faults import FaultList, fault
from zhipo.engine.evidence.mapping import amount_fields, named_fields

FLAWS = {
    "a": "bad_amount",
    "r": "no_rule",
    "n": "negative_amount",
    "l": "amount_too_large",
    "p": "part_of_a_fen",
    "t": "bad_time",
    "i": "spreadsheet_number",
}


def flaws(con: Any, query: Query, names: dict[int, str], faults: FaultList) -> None:
    """Tell every flaw of the batch just judged."""
    count = con.execute("SELECT count(*) FROM judged WHERE flaw <> ''").fetchall()[0][0]
    if not count:
        return
    ruling = query.ruling_fields()
    shown = (
        "concat_ws(' ', " + ", ".join(f"f_{name}" for name in ruling) + ")"
        if ruling
        else "''"
    )
    found = con.execute(
        f'SELECT source, "row", flaw, {query.amount_text()}, {shown}, at_text,'
        f" {_ids(query)}"
        f" FROM judged WHERE flaw <> '' ORDER BY source, \"row\" LIMIT {faults.room}"
    ).fetchall()
    columns = _columns(query, ruling)
    for source, row, letters, amount, ruled, at, ids in found:
        values = {"r": ruled, "t": at, "i": ids}
        for letter in dict.fromkeys(letters):
            value = values.get(letter, amount) or ""
            column = columns.get(letter, columns["a"])
            place = {"row": row, "column": column, "value": value}
            faults.add(fault(names[source], FLAWS[letter], **place))
    faults.count_more(count - len(found))


def _ids(query: Query) -> str:
    fields = _id_fields(query)
    return (
        "concat_ws(' ', " + ", ".join(f"f_{name}" for name in fields) + ")"
        if fields
        else "''"
    )


def _id_fields(query: Query) -> list[str]:
    keys = ("holder", "account", "ref", "payer_account")
    return list(dict.fromkeys(n for key in keys for n in named_fields(query.keys.get(key))))


def _columns(query: Query, ruling: list[str]) -> dict[str, str]:
    return {
        "a": _cells(query, amount_fields(query.keys["amount"])),
        "r": _cells(query, ruling),
        "t": _cells(query, named_fields(query.keys["at"])),
        "i": _cells(query, _id_fields(query)),
    }


def _cells(query: Query, fields: list[str]) -> str:
    """The columns as the file calls them."""
    places = query.header.places
    return "、".join(query.header.cells[places[name]] for name in fields if name in places)
