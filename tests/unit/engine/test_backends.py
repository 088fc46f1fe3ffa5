"""What goes wrong inside an engine is told as what it is."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhipo.engine.backends import backend
from zhipo.engine.review.run import Request, review
from zhipo.kernel.faults import Refused

ROWS = 20_000


def damaged_ledger(path: Path, column: int) -> Path:
    """A ledger in the contract's own types, one page of one column overwritten."""
    start = datetime(2025, 1, 1, tzinfo=UTC)
    instants = [start + timedelta(seconds=number * 7919 % 99_991) for number in range(ROWS)]
    table = {
        "event_id": [f"E{number:08d}" for number in range(ROWS)],
        "holder_id": [f"H{number % 999}" for number in range(ROWS)],
        "at": pa.array(instants, pa.timestamp("us", tz="UTC")),
        "kind": ["top_up"] * ROWS,
        "fen": [number * 7919 % 100_003 for number in range(ROWS)],
    }
    pq.write_table(pa.table(table), path, compression="zstd")
    group = pq.ParquetFile(path).metadata.row_group(0)
    content = bytearray(path.read_bytes())
    page = group.column(column).data_page_offset
    content[page : page + 60] = b"\xff" * 60
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("column", [0, 1, 3, 4])  # `at` is decided by statistics alone
def test_a_damaged_ledger_is_refused_by_its_name(tmp_path: Path, column: int) -> None:
    ledger = damaged_ledger(tmp_path / "ledger.parquet", column)
    claims = tmp_path / "claims.csv"
    claims.write_text("claim_id,holder_id,claimed_fen,filed_at\nC,H1,1,2025-10-01\n")

    with pytest.raises(Refused) as refused:
        review(Request(ledger, claims, date(2025, 9, 1), tmp_path / "out"))

    assert [fault.file for fault in refused.value.faults] == ["ledger.parquet"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "told",
    [RuntimeError("Query interrupted"), RuntimeError("INTERRUPT Error: Interrupted!")],
)
def test_an_interruption_told_by_the_engine_is_an_interruption(
    tmp_path: Path, told: Exception
) -> None:
    with pytest.raises(KeyboardInterrupt), backend("duckdb", work=tmp_path):
        raise told


def test_a_fault_of_ours_is_not_hidden(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ours"), backend("duckdb", work=tmp_path):
        raise RuntimeError("ours")
