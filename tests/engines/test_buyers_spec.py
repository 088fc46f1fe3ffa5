"""Buyers of an order book, the same on every engine: days at +08:00, both thresholds."""

from datetime import date
from pathlib import Path

import pytest

from csv_rows import write_rows
from zhipo.engine.buyers import Buyers, count_buyers
from zhipo.kernel.faults import Refused

COLUMNS = ("order_id", "buyer_id", "at", "fen")


def counted(tmp_path: Path, engine: str, orders: list[tuple[str, str]]) -> Buyers:
    rows = [
        {"order_id": f"O{i}", "buyer_id": buyer, "at": at, "fen": 100}
        for i, (buyer, at) in enumerate(orders)
    ]
    path = write_rows(tmp_path / "orders.csv", COLUMNS, rows)
    return count_buyers(path, work=tmp_path, engine=engine)


def test_buyers_of_a_year(tmp_path: Path, engine: str) -> None:
    """The last order is on 2025-10-22: the year begins on 10-23, ninety days on 07-25."""
    found = counted(
        tmp_path,
        engine,
        [
            ("LAST", "2025-10-22T12:00:00"),
            ("TOO_OLD", "2024-10-22T23:59:59"),
            ("JUST_IN", "2024-10-23T00:00:00"),
            ("NOT_ACTIVE", "2025-07-24T23:59:59"),
            ("ACTIVE", "2025-07-25T00:00:00"),
            ("SAME_DAY", "2025-09-01T08:00:00"),
            ("SAME_DAY", "2025-09-01T20:00:00"),
            ("BACK", "2025-01-01T08:00:00"),
            ("BACK", "2025-01-02T08:00:00"),
            ("BACK_TOO_LATE", "2024-01-01T08:00:00"),
            ("BACK_TOO_LATE", "2025-02-02T08:00:00"),
        ],
    )

    assert found == Buyers(
        rows=11,
        first_on=date(2024, 1, 1),
        last_on=date(2025, 10, 22),
        buyers=7,
        active=3,
        repeat=1,
    )


def test_days_are_chinas(tmp_path: Path, engine: str) -> None:
    found = counted(
        tmp_path, engine, [("A", "2025-08-31T15:59:59Z"), ("A", "2025-08-31T16:00:00Z")]
    )

    assert (found.first_on, found.last_on) == (date(2025, 8, 31), date(2025, 9, 1))
    assert found.repeat == 1


def test_a_faulty_order_book_is_refused_whole(tmp_path: Path, engine: str) -> None:
    with pytest.raises(Refused) as refused:
        counted(tmp_path, engine, [("A", "yesterday"), ("B", "2025-08-31T10:00:00")])

    assert [(one.row, one.column) for one in refused.value.faults] == [(2, "at")]
