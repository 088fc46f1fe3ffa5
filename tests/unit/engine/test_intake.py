"""What may be handed in, and how each fault is named: file, row, column, value."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhipo.engine.intake import is_strictly_rising, refuse_duplicates, take_in
from zhipo.engine.tables import CLAIMS, LEDGER
from zhipo.kernel.faults import Fault, Refused

HEADER = "claim_id,holder_id,claimed_fen,filed_at,name\n"


def taken(path: Path) -> list[dict[str, object]]:
    work = path.parent / "work"
    work.mkdir(exist_ok=True)
    return pq.read_table(take_in(path, CLAIMS, work=work, name="claims")).to_pylist()


def faults_of(path: Path) -> list[Fault]:
    with pytest.raises(Refused) as refused:
        taken(path)
    return refused.value.faults


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_csv_with_bom_and_quoted_line_break(tmp_path: Path) -> None:
    content = "\ufeff" + HEADER + 'C1,U1,5,2025-10-01,"王\n小明"\nC2,U2,6,2025-10-01,\n'

    rows = taken(write(tmp_path / "c.csv", content))

    assert [row["claim_id"] for row in rows] == ["C1", "C2"]


def test_every_fault_has_its_row_and_column(tmp_path: Path) -> None:
    content = HEADER + "C1,U1,0,2025-10-01,a\n,U2,-5,2025-13-01,b\nC3,U3,1.5,2025-10-01,c\n"

    faults = faults_of(write(tmp_path / "c.csv", content))

    assert [(fault.row, fault.column, fault.value) for fault in faults] == [
        (2, "claimed_fen", "0"),
        (3, "claim_id", ""),
        (3, "claimed_fen", "-5"),
        (3, "filed_at", "2025-13-01"),
        (4, "claimed_fen", "1.5"),
    ]


def test_a_row_of_other_width_is_named_and_those_below_keep_their_number(
    tmp_path: Path,
) -> None:
    content = HEADER + "C1,U1,5,2025-10-01,a\nC2,U2,5\n\nC3,U3,x,2025-10-01,c\n"

    faults = faults_of(write(tmp_path / "c.csv", content))

    assert [(fault.row, fault.column) for fault in faults] == [(3, ""), (5, "claimed_fen")]


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (b"", 0),
        (HEADER.encode(), 0),
        (HEADER.encode() + b"C1,U1,5,2025-10-01,\xcd\xf5\xd0\xa1\xc3\xf7\n", 2),
        (HEADER.encode() + b"C1,U1,5,2025-10-01,a\nC2,U\0,5,2025-10-01,a\n", 3),
        (HEADER.replace(",", ";").encode() + b"C1;U1;5;2025-10-01;a\n", 0),
        (HEADER.encode() + b'C1,U1,5,2025-10-01,"a\n', 0),
    ],
    ids=["empty", "header only", "GB18030", "NUL", "semicolons", "open quote"],
)
def test_a_file_that_is_no_table_is_refused(
    tmp_path: Path, content: bytes, row: int
) -> None:
    faults = faults_of(write(tmp_path / "c.csv", content))

    assert faults[0].row == row


def test_missing_and_double_columns_are_named_with_the_header(tmp_path: Path) -> None:
    faults = faults_of(write(tmp_path / "c.csv", "claim_id,claim_id,holder\n1,2,3\n"))

    assert [fault.column for fault in faults] == [
        "claim_id",
        "holder_id",
        "claimed_fen",
        "filed_at",
    ]
    assert "holder" in faults[1].message


@pytest.mark.parametrize("name", ["none.csv", "folder", "claims.txt"])
def test_a_path_that_is_no_table_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "claims.txt").write_text("x")

    assert faults_of(tmp_path / name)[0].row == 0


def test_xlsx_numbers_and_times_are_read_as_they_are_meant(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADER.strip().split(","))
    sheet.append(["C1", 17, 27188, datetime(2025, 10, 1, 9), "王"])
    book.save(tmp_path / "c.xlsx")

    row = taken(tmp_path / "c.xlsx")[0]

    assert (row["holder_id"], row["claimed_fen"]) == ("17", 27188)
    assert row["filed_at"].isoformat() == "2025-10-01T01:00:00+00:00"


def test_a_lying_xlsx_is_refused(tmp_path: Path) -> None:
    assert faults_of(write(tmp_path / "c.xlsx", b"PK\x03\x04 not a workbook"))


def test_parquet_of_other_types_is_converted(tmp_path: Path) -> None:
    table = pa.table(
        {
            "claim_id": [1, 2],
            "holder_id": ["U1", "U2"],
            "claimed_fen": [5.0, 6.0],
            "filed_at": ["2025-10-01T00:00:00", "2025-10-01T00:00:00"],
        }
    )
    pq.write_table(table, tmp_path / "c.parquet")

    assert [row["claimed_fen"] for row in taken(tmp_path / "c.parquet")] == [5, 6]


def test_parquet_faults_have_their_row(tmp_path: Path) -> None:
    table = pa.table(
        {
            "claim_id": ["C1", "C2"],
            "holder_id": ["U1", None],
            "claimed_fen": [5, 0],
            "filed_at": [datetime(2025, 10, 1)] * 2,
        }
    )
    pq.write_table(table, tmp_path / "c.parquet")

    assert [(fault.row, fault.column) for fault in faults_of(tmp_path / "c.parquet")] == [
        (3, "claimed_fen"),
        (3, "holder_id"),
    ]


def test_duplicates_are_named_row_by_row(tmp_path: Path) -> None:
    path = write(tmp_path / "c.csv", HEADER + "A,U,1,2025-10-01,\nB,U,1,2025-10-01,\n" * 2)

    with pytest.raises(Refused) as refused:
        refuse_duplicates(path, "claim_id", ["A"])

    rows = [fault.row for fault in refused.value.faults]
    assert len(rows) == 2


@pytest.mark.parametrize(
    ("ids", "rises"),
    [(["1", "2", "3"], True), (["1", "3", "2"], False), (["1", "1"], False)],
)
def test_is_strictly_rising(tmp_path: Path, ids: list[str], rises: bool) -> None:
    pq.write_table(pa.table({"event_id": ids}), tmp_path / "l.parquet", row_group_size=2)

    assert is_strictly_rising(tmp_path / "l.parquet", "event_id") is rises


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=st.binary(max_size=300), ending=st.sampled_from(["csv", "xlsx", "parquet"]))
def test_any_bytes_are_refused_or_read(tmp_path: Path, content: bytes, ending: str) -> None:
    path = write(tmp_path / f"any.{ending}", content)

    with pytest.raises(Refused) as refused:
        take_in(path, LEDGER, work=tmp_path, name="staged")

    assert refused.value.faults


@pytest.mark.parametrize(
    "odd",
    [
        pa.array([1.0, float("inf")]),
        pa.array([1.0, 1e300]),
        pa.array([1.0, float("nan")]),
        pa.array([[1], [2]]),
        pa.array([{"a": 1}, {"a": 2}]),
        pa.array([b"1", b"\xff"]),
        pa.array([True, False]),
        pa.array([1, 2**64 - 1], pa.uint64()),
    ],
)
def test_a_parquet_column_that_is_no_amount_is_named(tmp_path: Path, odd: pa.Array) -> None:
    table = {
        "claim_id": ["A", "B"],
        "holder_id": ["U", "V"],
        "filed_at": ["2025-10-01"] * 2,
    }
    pq.write_table(pa.table({**table, "claimed_fen": odd}), tmp_path / "c.parquet")

    faults = faults_of(tmp_path / "c.parquet")

    assert {fault.column for fault in faults} == {"claimed_fen"}
    assert {fault.file for fault in faults} == {"c.parquet"}
