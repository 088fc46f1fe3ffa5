"""The list of users that comes with the books: checked, encrypted, put in by batches."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import connection, transaction

from zhipo.claims.actions.receiving import HOLDERS as STEM
from zhipo.engine import intake
from zhipo.engine.fields import Field, text_kind
from zhipo.engine.tables import HOLDERS
from zhipo.kernel.identifiers import IdentifierError, parse_phone
from zhipo.privacy.columns import encrypt, lookup_hash

FIELDS = (
    *HOLDERS,
    Field("name", text_kind(), required=False),
    Field("phone", text_kind(), required=False),
    Field("payer_account", text_kind(), required=False),
)
BATCH = 5_000
CHECKED = "holders-read.parquet"
COLUMNS = (
    "holder_id", "name", "name_hash", "phone", "phone_hash", "phone_tail_hash", "id_no",
    "id_hash", "id_tail_hash", "payer_account", "payer_hash",
)  # fmt: skip
MAKE_INCOMING = """CREATE TEMP TABLE holders_in (holder_id text, name bytea,
    name_hash text, phone bytea, phone_hash text, phone_tail_hash text, id_no bytea,
    id_hash text, id_tail_hash text, payer_account bytea, payer_hash text) ON COMMIT DROP"""
PUT_IN = """INSERT INTO claims_holder AS known (case_id, {columns})
    SELECT %s, {columns} FROM holders_in ORDER BY holder_id
    ON CONFLICT (case_id, holder_id) DO UPDATE SET {changes}
    WHERE (known.name_hash, known.phone_hash, known.id_hash, known.payer_hash)
        IS DISTINCT FROM (excluded.name_hash, excluded.phone_hash, excluded.id_hash,
            excluded.payer_hash)""".format(
    columns=", ".join(COLUMNS),
    changes=", ".join(f"{one} = excluded.{one}" for one in COLUMNS[1:]),
)
"""No two encryptions are alike: only who changed, by the hashes, is written."""


def check_holders(folder: Path) -> int:
    """How many users a version's list has; 0 without a list. Raises Refused."""
    path = _list_in(folder)
    if path is None:
        return 0
    taken = intake.take_in(path, FIELDS, work=folder, name="holders-taken")
    if not intake.is_strictly_rising(taken, "holder_id"):
        intake.refuse_duplicates(path, "holder_id", _twice(taken))
    if taken == path:
        taken = folder / CHECKED
        pq.write_table(pq.read_table(path, columns=[one.name for one in FIELDS]), taken)
    else:
        taken = taken.replace(folder / CHECKED)
    return int(pq.ParquetFile(taken).metadata.num_rows)


def put_holders_in(
    *, case_id: int, folder: Path, progress: Callable[[int, int], None]
) -> None:
    """Put the list's users into the case, a batch a transaction; again changes nothing."""
    path = folder / CHECKED
    if not path.exists():
        return
    file = pq.ParquetFile(path)
    done, total = 0, file.metadata.num_rows
    for batch in file.iter_batches(BATCH, columns=[one.name for one in FIELDS]):
        _put_in(case_id, batch)
        done += len(batch)
        progress(done, total)


@transaction.atomic
def _put_in(case_id: int, batch: pa.RecordBatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MAKE_INCOMING)
        with cursor.copy(f"COPY holders_in ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in _rows(batch):
                copy.write_row(row)
        cursor.execute(PUT_IN, [case_id])
        cursor.execute("DROP TABLE holders_in")


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[Any, ...]]:
    """Rows of COLUMNS: what is personal encrypted, and found by keyed hashes."""
    names = ("holder_id", "name", "phone", "id_no", "payer_account")
    columns = [batch.column(batch.schema.get_field_index(one)).to_pylist() for one in names]
    for holder_id, *texts in zip(*columns, strict=True):
        name, phone, id_no, payer = ((one or "").strip() for one in texts)
        phone, id_no = _phone(phone), id_no.upper()
        yield (
            holder_id,
            encrypt(name),
            lookup_hash("name", name),
            encrypt(phone),
            lookup_hash("phone", phone),
            lookup_hash("phone_tail", phone[-4:]),
            encrypt(id_no),
            lookup_hash("id_no", id_no),
            lookup_hash("id_tail", id_no[-4:]),
            encrypt(payer),
            lookup_hash("account", payer),
        )


def _phone(text: str) -> str:
    """In E.164 where it is a number, as written where it is not: nobody is left out."""
    try:
        return parse_phone(text) if text else ""
    except IdentifierError:
        return text


def _list_in(folder: Path) -> Path | None:
    return next(iter(sorted(folder.glob(f"{STEM}.*"))), None)


def _twice(path: Path) -> list[str]:
    counts = pc.value_counts(pq.read_table(path, columns=["holder_id"])["holder_id"])
    return [one["values"] for one in counts.to_pylist() if one["counts"] > 1]
