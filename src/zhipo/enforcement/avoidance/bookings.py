"""The debtor's sealed histories as one table of bookings, each booking once."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

THREADS = 2

GATHERED = """
CREATE TEMP TABLE gathered AS
SELECT history, account, CAST(timezone('Asia/Shanghai', "at") AS DATE) AS day,
       kind, fen, trim(counterparty) AS counterparty, note, institution, reference
FROM source
"""
"""Days are at +08:00, as the law counts them."""

DOUBLES = """
DELETE FROM gathered USING (
    SELECT account, reference, kind, max(history) AS newest
    FROM gathered GROUP BY ALL HAVING count(DISTINCT history) > 1
) AS again
WHERE gathered.account = again.account AND gathered.reference = again.reference
  AND gathered.kind = again.kind AND gathered.history < again.newest
"""
"""Two orders may ask for the same days: the institution's number of a booking tells, and
the newest history is believed."""


@dataclass(frozen=True)
class Account:
    """One sealed history: its number, the account it is of, its movements."""

    history: int
    account: int
    rows: pa.Table


def load_bookings(engine: duckdb.DuckDBPyConnection, accounts: Sequence[Account]) -> int:
    """Make the table `gathered`; how many bookings were in two histories at once."""
    source = pa.concat_tables([_named(one) for one in accounts])
    engine.register("source", source)
    engine.execute(GATHERED)
    engine.unregister("source")
    before: int = source.num_rows
    if len({one.account for one in accounts}) < len(accounts):
        engine.execute(DOUBLES)
    ((after,),) = engine.sql("SELECT count(*) FROM gathered").fetchall()
    return before - int(after)


def open_engine() -> duckdb.DuckDBPyConnection:
    """An engine in memory, with as many threads as a request may have."""
    engine = duckdb.connect(config={"threads": THREADS})
    engine.execute("SET TimeZone = 'UTC'")
    return engine


def _named(one: Account) -> pa.Table:
    size = one.rows.num_rows
    return one.rows.append_column(
        "history", pa.array([one.history] * size, pa.int64())
    ).append_column("account", pa.array([one.account] * size, pa.int64()))
