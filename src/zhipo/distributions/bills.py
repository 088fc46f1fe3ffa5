"""A bank's or payment institution's statement, read by the engine's importers as lines."""

import tempfile
from datetime import timedelta, timezone
from pathlib import Path

import pyarrow.parquet as pq

from zhipo.engine.evidence.importing import import_ledger
from zhipo.engine.evidence.mapping import Mapping, formats, read_mapping
from zhipo.engine.evidence.stances import PERSPECTIVES, Asking
from zhipo.ledger.reconciling import Moved

CHINA = timezone(timedelta(hours=8))
OWN_ACCOUNT = "own_account"
NAMED_BY_NUMBER = frozenset({"wechat-fundflow", "wechat-trade"})
"""Whose `ref` is a number of the payment; a bank's is a word that many lines share."""

INFLOWS = frozenset({"top_up", "bonus"})
"""Of the account's owner: what the importers call paid in came in, the rest went out."""


def bill_formats() -> dict[str, dict[str, str]]:
    """The formats in which an account's owner is told, with their names by language."""
    found = {name: read_mapping(path) for name, path in formats().items()}
    return {
        name: mapping.keys["name"]
        for name, mapping in found.items()
        if "debtor" in mapping.keys.get("perspectives", PERSPECTIVES)
        and not mapping.keys.get("files")
    }


def read_bill(path: Path, *, read_as: str) -> list[Moved]:
    """The lines of a statement, oldest first. Raises Refused with every fault."""
    mapping = read_mapping(formats()[read_as])
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "bill.parquet"
        import_ledger([path], read_as=read_as, out=out, asking=_asking(mapping))
        rows = pq.read_table(out, columns=["at", "kind", "fen", "ref"]).to_pylist()
    lines = [
        Moved(
            reference=row["ref"] or "" if read_as in NAMED_BY_NUMBER else "",
            fen=row["fen"] if row["kind"] in INFLOWS else -row["fen"],
            on=row["at"].astimezone(CHINA).date(),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.on)


def _asking(mapping: Mapping) -> Asking:
    """The whole file is of one account; who paid is not asked here."""
    names_payers = any(layout.keys.get("holder") for layout in mapping.layouts)
    holder = None if names_payers or mapping.keys.get("no_holder") else OWN_ACCOUNT
    return Asking(holder=holder, perspective="debtor")
