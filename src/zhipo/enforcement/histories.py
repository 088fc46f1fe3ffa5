"""Transaction histories as files: the columns, sealed by the digest that names them."""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from zhipo.documents.storing import write_whole
from zhipo.gateways.institutions.answers import Direction, Transaction
from zhipo.privacy.columns import lookup_hash

FOLDER = "histories"
COLUMNS = pa.schema(
    [
        ("at", pa.timestamp("us", tz="Asia/Shanghai")),
        ("kind", pa.string()),  # in, out
        ("fen", pa.int64()),
        ("counterparty", pa.string()),
        ("counterparty_account_hash", pa.string()),
        ("counterparty_hash", pa.string()),
        ("note", pa.string()),
        ("institution", pa.string()),
        ("reference", pa.string()),  # the institution's own number of the booking
        ("balance_fen", pa.int64()),
    ]
)
"""`counterparty_account_hash` is empty where the institution names no account; the other
hash is of the name, as everywhere (privacy.columns.lookup_hash)."""

KINDS = {Direction.INCOMING: "in", Direction.OUTGOING: "out"}


class HistoryChanged(RuntimeError):
    """The file is gone, or is not what was sealed."""


@dataclass(frozen=True)
class SealedFile:
    """Where sealed rows are below ENVIRONMENT.files, their SHA-256, how many they are."""

    path: str
    sha256: str
    rows: int


def seal_history(transactions: Iterable[Transaction], *, institution: str) -> SealedFile:
    """Write the movements as Parquet, whole or not at all; the same ones, the same file."""
    rows = [_row(one, institution) for one in transactions]
    return seal_table(pa.Table.from_pylist(rows, schema=COLUMNS), folder=FOLDER)


def read_history(path: str, sha256: str) -> pa.Table:
    """A sealed history as it was written. Raises HistoryChanged."""
    return pq.read_table(sealed_content(path, sha256))


def seal_table(rows: pa.Table, *, folder: str) -> SealedFile:
    """Write rows as Parquet, whole or not at all; the same rows are the same file."""
    buffer = io.BytesIO()
    pq.write_table(rows, buffer)
    content = buffer.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    path = f"{folder}/{digest}.parquet"
    write_whole(Path(settings.ENVIRONMENT.files) / path, content)
    return SealedFile(path, digest, rows.num_rows)


def sealed_content(path: str, sha256: str) -> io.BytesIO:
    """A sealed file's bytes, as they were sealed. Raises HistoryChanged."""
    try:
        content = (Path(settings.ENVIRONMENT.files) / path).read_bytes()
    except OSError as error:
        raise HistoryChanged(path) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise HistoryChanged(path)
    return io.BytesIO(content)


def _row(one: Transaction, institution: str) -> dict[str, object]:
    return {
        "at": one.at,
        "kind": KINDS[one.direction],
        "fen": one.amount.value,
        "counterparty": one.counterparty,
        "counterparty_account_hash": "",
        "counterparty_hash": lookup_hash("name", one.counterparty),
        "note": one.memo,
        "institution": institution,
        "reference": one.booking,
        "balance_fen": one.balance_after.value,
    }
