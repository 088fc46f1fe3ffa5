"""Running balances: does each row's balance follow from the row beside it?"""

from pathlib import Path
from typing import Any

from zhipo.engine.evidence.mapping import Table

LISTED = 1000


def balance_breaks(con: Any, folder: Path, number: int) -> Table | None:
    """Where the running balance of one source does not follow; None where none stands.

    Statements run oldest or newest first: the direction with fewer breaks is taken.
    A break may be a missing row, a changed amount, or a masked sample.
    """
    keys = str(folder / "keys.parquet").replace("'", "''")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE steps AS
        SELECT "row", balance - lag(balance) OVER w AS step,
            value AS own, lag(value) OVER w AS above
        FROM read_parquet('{keys}') WHERE source = {number} AND balance IS NOT NULL
        WINDOW w AS (ORDER BY "row")
    """)
    tests = {"oldest_first": "step <> own", "newest_first": "step <> -above"}
    if not con.execute("SELECT count(*) FROM steps WHERE step IS NOT NULL").fetchall()[0][
        0
    ]:
        return None
    counts = {
        order: con.execute(f"SELECT count(*) FROM steps WHERE {test}").fetchall()[0][0]
        for order, test in tests.items()
    }
    order = min(counts, key=lambda name: counts[name])
    rows = con.execute(
        f'SELECT "row" FROM steps WHERE {tests[order]} ORDER BY "row" LIMIT {LISTED}'
    ).fetchall()
    return {"order": order, "breaks": counts[order], "rows": [row for (row,) in rows]}
