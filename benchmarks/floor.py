"""The floor: DuckDB summing the same file by holder, nothing else.

python benchmarks/floor.py LEDGER.parquet
"""

import sys

import duckdb

duckdb.sql(
    f"""
    SELECT count(*), sum(fen) FROM (
        SELECT holder_id, sum(fen) AS fen FROM '{sys.argv[1]}' GROUP BY holder_id
    )
    """
).fetchall()
