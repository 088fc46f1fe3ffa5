"""Staging: events and row keys written batch by batch, beside where they will stand."""

import csv
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhipo.engine.evidence.expressions import Query
from zhipo.engine.evidence.faults import FaultList
from zhipo.engine.evidence.mapping import Mapping
from zhipo.engine.evidence.misreadings import flaws
from zhipo.engine.evidence.tallies import Tallies, decimal_text

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
EVENTS = "FROM judged WHERE left_out IS NULL AND flaw = ''"
KEYS = """SELECT source, "row", left_out IS NULL AS is_event, key1, key2,
    CAST(CASE WHEN balance IS NOT NULL THEN value END AS DECIMAL(38,9)) AS value,
    CAST(balance AS DECIMAL(38,9)) AS balance FROM judged"""


FEN = "try_cast(round(fen, 0) AS BIGINT)"
STRIPPED = " \t`\u3000\u00a0\ufeff"


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


@dataclass
class Part:
    """What is read of one source, while it is read."""

    name: str
    tallies: Tallies
    sums: Sums = field(default_factory=Sums)


class Stage:
    """Open files of one import; `take` judges a batch and writes what it yields."""

    def __init__(self, folder: Path, faults: FaultList) -> None:
        self.folder, self.faults = folder, faults
        self.con = duckdb.connect(config={"temp_directory": str(folder)})
        self.con.execute("SET memory_limit = '3GB'")
        self.con.execute("SET enable_progress_bar = false")
        self.events = pq.ParquetWriter(
            folder / "events.parquet", LEDGER, compression="zstd"
        )
        self.keys = pq.ParquetWriter(folder / "keys.parquet", ROW_KEYS, compression="none")
        self.left_out_file = (folder / "left_out.csv").open(
            "w", encoding="utf-8", newline=""
        )
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

    def take(self, batch: pa.Table, query: Query, parts: dict[int, Part]) -> None:
        """Judge rows of sources alike, write what they yield, add to each one's sums."""
        self.con.register("batch", _trimmed(batch, query.mapping))
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {query.sql}")
        self._write_events(query)
        self.keys.write_table(self.con.sql(KEYS).to_arrow_table().cast(ROW_KEYS))
        self._list_left_out(query, parts)
        names = {number: part.name for number, part in parts.items()}
        flaws(self.con, query, names, self.faults)
        self._add_sums(parts)
        for row in self.con.execute(query.tallies).fetchall():
            parts[row[0]].tallies.add(row)

    def _write_events(self, query: Query) -> None:
        table = self.con.sql(query.events).to_arrow_table()
        local = pc.assume_timezone(
            table["at_local"],
            query.mapping.zone,
            ambiguous="earliest",
            nonexistent="latest",
        ).cast(pa.timestamp("us", "UTC"))
        instant = table["at_instant"].cast(pa.timestamp("us", "UTC"))
        columns = [table[name] for name in LEDGER.names if name != "at"]
        columns.insert(2, pc.coalesce(instant, local))
        events = pa.Table.from_arrays(columns, schema=LEDGER)
        self.events.write_table(_in_order(events))

    def _list_left_out(self, query: Query, parts: dict[int, Part]) -> None:
        rows = self.con.execute(
            'SELECT source, "row", left_out, CAST(amount AS VARCHAR),'
            f" {query.amount_text()}"
            ' FROM judged WHERE left_out IS NOT NULL ORDER BY source, "row"'
        ).fetchall()
        for source, row, reason, amount, text in rows:
            shown = decimal_text(Decimal(amount)) if amount is not None else text
            self.left_out.writerow((parts[source].name, row, reason, shown))

    def _add_sums(self, parts: dict[int, Part]) -> None:
        kinds = self.con.execute(
            f"SELECT source, kind, count(*), sum({FEN}), sum(fen) {EVENTS} GROUP BY ALL"
        ).fetchall()
        for source, kind, rows, fen, exact in kinds:
            parts[source].sums.add_kind(kind, rows, int(fen))
            parts[source].sums.exact_fen += Decimal(exact)
        reasons = self.con.execute(
            "SELECT source, left_out, count(*), coalesce(sum(value), 0)"
            " FROM judged WHERE left_out IS NOT NULL GROUP BY ALL"
        ).fetchall()
        for source, reason, rows, total in reasons:
            parts[source].sums.add_reason(reason, rows, Decimal(total))


def _in_order(events: pa.Table) -> pa.Table:
    """The events as read; DuckDB keeps the order of rows, and this makes sure of it."""
    ids = events["event_id"].combine_chunks()
    if len(ids) > 1 and not pc.all(pc.less(ids[:-1], ids[1:])).as_py():
        return events.sort_by("event_id")
    return events


def _trimmed(batch: pa.Table, mapping: Mapping) -> pa.Table:
    """The batch without padding; Arrow does this ten times faster than a query."""
    stripped = STRIPPED + mapping.keys.get("strip", "")
    cells = [pc.utf8_trim(column, stripped) for column in batch.columns[2:]]
    return pa.Table.from_arrays([*batch.columns[:2], *cells], batch.schema.names)
