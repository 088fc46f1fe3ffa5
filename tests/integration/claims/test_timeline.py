"""The evidence beside a claim: its holder's events, those after acceptance marked."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from factories import make_case, make_claim, make_evidence, make_holder
from zhipo.claims.queries import timeline

pytestmark = pytest.mark.django_db
BEFORE = datetime(2025, 8, 31, 15, 59, 59, tzinfo=UTC)
AT_CUTOFF = datetime(2025, 8, 31, 16, tzinfo=UTC)  # 2025-09-01 00:00 at +08:00


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(type(timeline.settings.ENVIRONMENT), "files", tmp_path)
    folder = tmp_path / "books"
    folder.mkdir()
    return folder / timeline.LEDGER


def write(ledger: Path, rows: list[tuple[str, str, datetime, str, int]]) -> None:
    names = ("event_id", "holder_id", "at", "kind", "fen")
    columns: dict[str, Any] = dict(zip(names, zip(*rows, strict=True), strict=True))
    columns["at"] = pa.array(columns["at"], pa.timestamp("us", tz="UTC"))
    pq.write_table(pa.table({name: columns[name] for name in names}), ledger)


def test_events_are_the_holders_own_in_order(ledger: Path) -> None:
    case = make_case()
    holder = make_holder(case)
    make_evidence(case, folder="books")
    claim = make_claim(case, holder)
    write(ledger, [
        ("E2", holder.holder_id, AT_CUTOFF, "consume", 300),
        ("E1", holder.holder_id, BEFORE, "top_up", 50_000),
        ("E3", "SOMEBODY", BEFORE, "top_up", 1),
    ])  # fmt: skip

    events = timeline.events_of(claim)

    assert [(one.event_id, one.fen, one.is_after) for one in events] == [
        ("E1", 50_000, False), ("E2", 300, True)]  # fmt: skip


def test_without_sealed_books_there_are_no_events(ledger: Path) -> None:
    case = make_case()

    assert timeline.events_of(make_claim(case, make_holder(case))) == []
    make_evidence(case, folder="elsewhere")
    assert timeline.events_of(make_claim(case, make_holder(case))) == []
    assert timeline.events_of(make_claim(case, state="filed")) == []
