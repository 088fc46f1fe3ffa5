"""The register of one distribution: who takes part with how much, as the contract's CSV."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

HEADER = ("claim_id", "class", "fen", "state")
STATES = {False: "confirmed", True: "provisional"}


@dataclass(frozen=True)
class Row:
    """One claim, or one cost, with what is still to be distributed on it in fen.

    `claim_pk` is None for what the procedure adds: costs and common-benefit debts.
    """

    claim_id: str
    class_name: str
    fen: int
    is_provisional: bool = False
    claim_pk: int | None = None


@dataclass(frozen=True)
class Changed:
    """What two registers say of a claim; None where it is not there."""

    claim_id: str
    before: tuple[str, int, str] | None
    after: tuple[str, int, str] | None


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Register order: that of `claim_id` as text."""
    return sorted(rows, key=lambda row: row.claim_id)


def opted_down(rows: Iterable[Row], numbers: Iterable[str], ceiling_fen: int) -> list[Row]:
    """The same rows; those of `numbers` weigh no more than the ceiling."""
    waived = frozenset(numbers)
    return [
        replace(row, fen=min(row.fen, ceiling_fen)) if row.claim_id in waived else row
        for row in rows
    ]


def as_csv(rows: Sequence[Row]) -> bytes:
    """The contract's register; the same rows give the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(
        (row.claim_id, row.class_name, row.fen, STATES[row.is_provisional]) for row in rows
    )
    return text.getvalue().encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def changes(before: bytes, after: bytes) -> list[Changed]:
    """The claims of which two registers say different things, in register order."""
    old, new = _lines(before), _lines(after)
    return [
        Changed(number, old.get(number), new.get(number))
        for number in sorted(old.keys() | new.keys())
        if old.get(number) != new.get(number)
    ]


def _lines(content: bytes) -> Mapping[str, tuple[str, int, str]]:
    rows = csv.DictReader(io.StringIO(content.decode()))
    return {r["claim_id"]: (r["class"], int(r["fen"]), r["state"]) for r in rows}
