"""Staging: events and row keys written batch by batch, beside where they will stand."""

import csv
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhipo.engine.evidence.expressions import Query
from zhipo.engine.evidence.faults import FaultList
from zhipo.engine.evidence.mapping import Mapping
from zhipo.engine.evidence.misreadings import flaws
from zhipo.engine.evidence.reading import Source
from zhipo.engine.evidence.tallies import decimal_text

LEDGER = pa.schema(
    [
        pa.field("event_id", pa.string(), nullable=False),
        pa.field("holder_id", pa.string(), nullable=False),
        pa.field("at", pa.timestamp("us", "UTC"), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("fen", pa.int64(), nullable=False),
        pa.field("ref", pa.string()),
        pa.field("channel", pa.string()),
        pa.field("payer_account", pa.string()),
    ]
)
ROW_KEYS = pa.schema(
    [
        *(("source", pa.int32()), ("row", pa.int64()), ("is_event", pa.bool_())),
        *(("key1", pa.uint64()), ("key2", pa.uint64())),
        *(("value", pa.decimal128(38, 9)), ("balance", pa.decimal128(38, 9))),
    ]
)
EVENTS = 'SELECT * FROM judged WHERE left_out IS NULL AND flaw = \'\' ORDER BY "row"'
KEYS = """SELECT CAST({number} AS INTEGER) AS source, "row", left_out IS NULL AS is_event,
    key1, key2, CAST(CASE WHEN balance IS NOT NULL THEN value END AS DECIMAL(38,9)) AS value,
    CAST(balance AS DECIMAL(38,9)) AS balance FROM judged ORDER BY "row" """


@dataclass
class Sums:
    """Rows and fen by kind, rows and exact sum by reason left out, of one source."""

    kinds: dict[str, list[int]] = field(default_factory=dict)
    reasons: dict[str, tuple[int, Decimal]] = field(default_factory=dict)
    exact_fen: Decimal = Decimal(0)

    def add_kind(self, kind: str, rows: int, fen: int) -> None:
        own = self.kinds.setdefault(kind, [0, 0])
        own[0] += rows
        own[1] += fen

    def add_reason(self, reason: str, rows: int, total: Decimal) -> None:
        own = self.reasons.get(reason, (0, Decimal(0)))
        self.reasons[reason] = (own[0] + rows, own[1] + total)

    def add_all(self, other: "Sums") -> None:
        for kind, (rows, fen) in other.kinds.items():
            self.add_kind(kind, rows, fen)
        for reason, (rows, total) in other.reasons.items():
            self.add_reason(reason, rows, total)
        self.exact_fen += other.exact_fen


class Stage:
    """Open files of one import; `take` judges a batch and writes what it yields."""

    def __init__(self, folder: Path, faults: FaultList) -> None:
        self.folder, self.faults = folder, faults
        self.con = duckdb.connect(config={"temp_directory": str(folder)})
        self.con.execute("SET memory_limit = '3GB'")
        self.con.execute("SET enable_progress_bar = false")
        self.events = pq.ParquetWriter(folder / "events.parquet", LEDGER, compression="zstd")
        self.keys = pq.ParquetWriter(folder / "keys.parquet", ROW_KEYS, compression="none")
        self.left_out_file = (folder / "left_out.csv").open("w", encoding="utf-8", newline="")
        self.left_out = csv.writer(self.left_out_file, lineterminator="\n")
        self.left_out.writerow(("file", "row", "reason", "value"))

    def close(self) -> None:
        """Finish the files; raises OSError where the disk is full."""
        self.events.close()
        self.keys.close()
        self.left_out_file.close()

    def abandon(self) -> None:
        """Let go of the files whatever their state; the folder is deleted next."""
        for part in (self.events, self.keys, self.left_out_file, self.con):
            try:
                part.close()
            except (OSError, pa.ArrowException, duckdb.Error):
                continue

    def take(self, batch: pa.RecordBatch, query: Query, source: Source) -> tuple[Sums, Any]:
        """Judge one batch; returns its sums and the row of its tallies."""
        self.con.register("batch", pa.table(batch))
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {query.sql}")
        self._write_events(query.mapping)
        rows = self.con.sql(KEYS.format(number=query.number)).to_arrow_table()
        self.keys.write_table(rows.cast(ROW_KEYS))
        self._list_left_out(source, query)
        flaws(self.con, query, source.name, self.faults)
        return self._sums(), self.con.execute(query.tallies).fetchall()[0]

    def _write_events(self, mapping: Mapping) -> None:
        table = self.con.sql(
            f"SELECT event_id, holder_id, at_instant, at_local, kind,"
            f" try_cast(round(fen, 0) AS BIGINT) AS fen, ref, channel, payer_account FROM ({EVENTS})"
        ).to_arrow_table()
        local = pc.assume_timezone(
            table["at_local"], mapping.zone, ambiguous="earliest", nonexistent="latest"
        ).cast(pa.timestamp("us", "UTC"))
        instant = table["at_instant"].cast(pa.timestamp("us", "UTC"))
        columns = [table[name] for name in LEDGER.names if name != "at"]
        columns.insert(2, pc.coalesce(instant, local))
        self.events.write_table(pa.Table.from_arrays(columns, schema=LEDGER))

    def _list_left_out(self, source: Source, query: Query) -> None:
        rows = self.con.execute(
            f'SELECT "row", left_out, CAST(amount AS VARCHAR), {query.amount_text()}'
            ' FROM judged WHERE left_out IS NOT NULL ORDER BY "row"'
        ).fetchall()
        for row, reason, amount, text in rows:
            shown = decimal_text(Decimal(amount)) if amount is not None else text
            self.left_out.writerow((source.name, row, reason, shown))

    def _sums(self) -> Sums:
        sums = Sums()
        kinds = self.con.execute(
            "SELECT kind, count(*), sum(try_cast(round(fen, 0) AS BIGINT)), sum(fen)"
            " FROM judged WHERE left_out IS NULL AND flaw = '' GROUP BY kind ORDER BY kind"
        ).fetchall()
        for kind, rows, fen, exact in kinds:
            sums.add_kind(kind, rows, int(fen))
            sums.exact_fen += Decimal(exact)
        reasons = self.con.execute(
            "SELECT left_out, count(*), coalesce(sum(value), 0)"
            " FROM judged WHERE left_out IS NOT NULL GROUP BY left_out ORDER BY left_out"
        ).fetchall()
        for reason, rows, total in reasons:
            sums.add_reason(reason, rows, Decimal(total))
        return sums


