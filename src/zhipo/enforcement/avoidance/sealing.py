"""The rows that a search found, sealed as a file by the digest that names it."""

import hashlib
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from zhipo.documents.storing import write_whole
from zhipo.enforcement.avoidance.searching import EVIDENCE
from zhipo.enforcement.histories import HistoryChanged

FOLDER = "avoidance"


def seal_evidence(rows: pa.Table) -> tuple[str, str]:
    """Path below ENVIRONMENT.files and SHA-256; the same rows are the same file."""
    buffer = io.BytesIO()
    pq.write_table(rows.combine_chunks(), buffer)
    content = buffer.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    path = f"{FOLDER}/{digest}.parquet"
    write_whole(Path(settings.ENVIRONMENT.files) / path, content)
    return path, digest


def read_evidence(path: str, sha256: str, *, key: str = "") -> pa.Table:
    """The sealed rows, of one candidate alone if named. Raises HistoryChanged."""
    try:
        content = (Path(settings.ENVIRONMENT.files) / path).read_bytes()
    except OSError as error:
        raise HistoryChanged(path) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise HistoryChanged(path)
    chosen = [("key", "=", key)] if key else None
    return pq.read_table(io.BytesIO(content), filters=chosen).cast(EVIDENCE)
