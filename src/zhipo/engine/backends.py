"""Engines for the same Ibis expressions: DuckDB in-process, Spark for a cluster."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from zhipo.engine.readers import parquet_damage
from zhipo.engine.stopping import go_on
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused, refuse_if_any

ENGINES = ("duckdb", "spark")
MEMORY_LIMIT = "8GB"
"""What DuckDB may hold before it spills to the work folder (policy: fits a laptop)."""


DUCKDB_SETTINGS = (
    "TimeZone = 'UTC'",
    "enable_progress_bar = true",  # lets share_done ask
    "enable_progress_bar_print = false",
)


class EngineMissing(RuntimeError):
    """Spark cannot start: it is not installed, or Java is not."""


@dataclass
class Backend:
    """One engine at work. Tables are kept in `work` or in the engine's own memory."""

    name: str
    connection: Any
    work: Path
    _kept: int = 0
    _handed_in: set[Path] = field(default_factory=set)

    def read(self, path: Path) -> ir.Table:
        if path.parent != self.work:
            self._handed_in.add(path)
        return self.connection.read_parquet(str(path))

    def keep(self, table: ir.Table) -> ir.Table:
        """Compute a table once, so that what follows does not compute it again."""
        go_on()
        self._kept += 1
        name = f"kept_{self._kept}"
        if self.name == "duckdb":
            self.connection.raw_sql(
                f"CREATE TEMP TABLE {name} AS {ibis.to_sql(table, 'duckdb')}"
            )
            return ibis.table(table.schema(), name=name)
        path = self.work / name
        self.connection.to_parquet(table, str(path))
        return self.connection.read_parquet(str(path))

    def rows(self, table: ir.Table) -> list[dict[str, Any]]:
        """A small result as plain dicts."""
        return [row for batch in self.batches(table) for row in batch.to_pylist()]

    def row(self, table: ir.Table) -> dict[str, Any]:
        """The only row of a result."""
        return self.rows(table)[0]

    def batches(self, table: ir.Table) -> Iterator[pa.RecordBatch]:
        """A result in its order, a batch at a time."""
        schema = table.schema().to_pyarrow()
        if self.name == "duckdb":
            found = self.connection.con.sql(ibis.to_sql(table, "duckdb"))
            for batch in found.to_arrow_reader(1 << 17):
                yield batch.cast(schema)
            return
        yield from self.connection.to_pyarrow_batches(table)

    def table_of(self, rows: pa.Table, name: str) -> ir.Table:
        """A small table of ours as a table of the engine's."""
        import pyarrow.parquet as pq

        path = self.work / f"{name}.parquet"
        pq.write_table(rows, path)
        return self.read(path)

    def share_done(self) -> float:
        """How far the statement at work is, 0 to 1, where the engine can tell."""
        if self.name != "duckdb":
            return 0.0
        percent = self.connection.con.query_progress()
        return max(0.0, float(percent)) / 100

    def damage(self) -> list[Fault]:
        """Faults of the files handed in that went to the engine without being staged."""
        found = (parquet_damage(path) for path in sorted(self._handed_in))
        return [fault for fault in found if fault is not None]


@contextmanager
def backend(engine: str, *, work: Path) -> Iterator[Backend]:
    """An engine that keeps what it must in `work`, and is closed in the end.

    Where it stops on a damaged file, that file is Refused; where somebody interrupts it,
    it is a KeyboardInterrupt whatever the engine calls it.
    """
    open_engine, close = _OPENERS[engine]
    connection = open_engine(work)
    at_work = Backend(engine, connection, work)
    try:
        yield at_work
    except Refused:
        raise
    except Exception as error:
        if _is_interrupted(error):
            raise KeyboardInterrupt from error
        refuse_if_any(at_work.damage())
        raise
    finally:
        close(connection)


def _is_interrupted(error: Exception) -> bool:
    """DuckDB tells of Ctrl-C in two ways, neither of them a KeyboardInterrupt."""
    return str(error).startswith(("Query interrupted", "INTERRUPT Error"))


def _duckdb(work: Path) -> Any:
    spill = str(work / "spill")
    connection = ibis.duckdb.connect(memory_limit=MEMORY_LIMIT, temp_directory=spill)
    for setting in DUCKDB_SETTINGS:
        connection.con.execute(f"SET {setting}")
    return connection


def _spark(work: Path) -> Any:
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineMissing(words("cli.no_spark")) from error
    session = (
        SparkSession.builder.appName("zhipo")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.log.level", "ERROR")
        .config("spark.sql.warehouse.dir", str(work / "warehouse"))
    )
    if "spark.master" not in _configured(session):
        session = session.config("spark.master", "local[2]")
        session = session.config("spark.sql.shuffle.partitions", "2")
    try:
        return ibis.pyspark.connect(session.getOrCreate())
    except PySparkRuntimeError as error:
        if error.getCondition() != "JAVA_GATEWAY_EXITED":
            raise
        raise EngineMissing(words("cli.no_java")) from error


def _configured(builder: Any) -> dict[str, Any]:
    return dict(getattr(builder, "_options", {}))


def _leave(_: Any) -> None:
    """A Spark session outlives one job: the next one in this process uses it again."""


_OPENERS: dict[str, tuple[Callable[[Path], Any], Callable[[Any], None]]] = {
    "duckdb": (_duckdb, lambda connection: connection.disconnect()),
    "spark": (_spark, _leave),
}
