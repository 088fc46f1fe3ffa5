"""The rows that a search found, sealed as a file by the digest that names it."""

import pyarrow as pa
import pyarrow.parquet as pq

from zhipo.enforcement.avoidance.searching import EVIDENCE
from zhipo.enforcement.histories import SealedFile, seal_table, sealed_content

FOLDER = "avoidance"


def seal_evidence(rows: pa.Table) -> SealedFile:
    """Seal the evidence of a search; the same rows are the same file."""
    return seal_table(rows.combine_chunks(), folder=FOLDER)


def read_evidence(path: str, sha256: str, *, key: str = "") -> pa.Table:
    """The sealed rows, of one candidate alone if named. Raises HistoryChanged."""
    chosen = [("key", "=", key)] if key else None
    return pq.read_table(sealed_content(path, sha256), filters=chosen).cast(EVIDENCE)
