"""Rows that stand twice: counted, listed, and dropped where the mapping says so.

Two rows are duplicates when every cell is the same. Whether the second is an error
cannot be seen from the row; the mapping decides, the list shows.
"""

import csv
from pathlib import Path
from typing import Any

from zhipo.engine.evidence.mapping import Table

ROWS_A_SLICE = 4_000_000
HEADER = ("file", "row", "first_file", "first_row", "dropped")
DROPPED = {
    "keep": "false",
    "drop": "true",
    "drop_across_files": "nth_here <= most_before",
}
"""Which duplicates are dropped, by the mapping's setting.

Across files: exports of overlapping periods repeat rows, and a row counts as often
as in the file that has it most often.
"""


def list_duplicates(
    con: Any, folder: Path, *, rule: str, rows: int, names: list[str]
) -> Table:
    """Write `duplicates.csv` and the event rows to drop; returns the counts.

    The rows are taken in slices of their key, so that memory does not grow with them.
    """
    con.execute('CREATE OR REPLACE TEMP TABLE dropped (source INTEGER, "row" BIGINT)')
    counts: Table = {"rows": 0, "dropped": 0, "rule": rule}
    slices = 1 + rows // ROWS_A_SLICE
    with (folder / "found.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number in range(slices):
            _keep_slice(con, folder, rule, number, slices)
            counts["rows"] += _write_slice(con, writer, names)
            con.execute(
                'INSERT INTO dropped SELECT source, "row" FROM twice WHERE is_dropped'
            )
    found = con.execute("SELECT count(*) FROM dropped").fetchall()[0]
    counts["dropped"] = found[0]
    _sort(folder)
    return counts


def _keep_slice(con: Any, folder: Path, rule: str, number: int, slices: int) -> None:
    keys = str(folder / "keys.parquet").replace("'", "''")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE twice AS
        WITH part AS (
            SELECT * FROM read_parquet('{keys}') WHERE key1 % {slices} = {number}),
        repeated AS (SELECT key1, key2 FROM part GROUP BY ALL HAVING count(*) > 1),
        several AS (SELECT part.* FROM part JOIN repeated USING (key1, key2)),
        ranked AS (SELECT *,
            row_number() OVER w AS nth,
            first_value(source) OVER w AS source1,
            first_value("row") OVER w AS row1,
            row_number() OVER (PARTITION BY key1, key2, source ORDER BY "row") AS nth_here
            FROM several WINDOW w AS (PARTITION BY key1, key2 ORDER BY source, "row")),
        compared AS (SELECT *, coalesce(max(nth_here) OVER (PARTITION BY key1, key2
            ORDER BY source RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
            AS most_before FROM ranked)
        SELECT source, "row", source1, row1, is_event AND {DROPPED[rule]} AS is_dropped
        FROM compared WHERE nth > 1 ORDER BY source, "row"
    """)


def _write_slice(con: Any, writer: Any, names: list[str]) -> int:
    rows = con.execute(
        'SELECT source, "row", source1, row1, is_dropped FROM twice'
    ).fetchall()
    for source, row, source1, row1, is_dropped in rows:
        listed = (names[source - 1], row, names[source1 - 1], row1, int(is_dropped))
        writer.writerow((f"{source:05d}", *listed))
    return len(rows)


def _sort(folder: Path) -> None:
    """Put the slices' lists into reading order."""
    with (folder / "found.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.reader(file), key=lambda row: (row[0], int(row[2])))
    with (folder / "duplicates.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(row[1:] for row in rows)
