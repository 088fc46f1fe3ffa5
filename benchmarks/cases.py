"""Cases of any size for the benchmarks: the same bytes every time, in bounded memory.

Events in the order of their ids, as exports come; 18 months of top-ups with bonus,
deliveries and refunds; 98 % of holders file, most of them the right sum.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb

ACCEPTED_ON = "2025-09-01"

EVENTS = """
    COPY (
        SELECT
            format('E{{:010d}}', i) AS event_id,
            format('H{{:08d}}', hash(i) % {holders}) AS holder_id,
            make_timestamptz(2024, 3, 1, 0, 0, 0, 'Asia/Shanghai')
                + to_seconds(CAST(i * (47500000.0 / {events}) AS BIGINT)) AS "at",
            CASE WHEN draw < 12 THEN 'top_up' WHEN draw < 20 THEN 'bonus'
                 WHEN draw < 97 THEN 'consume' ELSE 'refund' END AS kind,
            CAST(CASE WHEN draw < 12 THEN 10000 + (hash(i, 2) % 20) * 5000
                 WHEN draw < 20 THEN 500 + hash(i, 3) % 3000
                 WHEN draw < 97 THEN 100 + hash(i, 4) % 6000
                 ELSE 100 + hash(i, 5) % 2000 END AS BIGINT) AS fen
        FROM (SELECT i, hash(i, 1) % 100 AS draw FROM range({events}) AS t (i))
    ) TO '{out}/ledger.parquet' (ROW_GROUP_SIZE 500000)
"""

HOLDERS = """
    COPY (
        SELECT format('H{{:08d}}', i) AS holder_id, format('ID{{:08d}}', i) AS id_no
        FROM range({holders}) AS t (i)
    ) TO '{out}/holders.csv' (HEADER)
"""

CLAIMS = """
    COPY (
        WITH sums AS (
            SELECT
                holder_id,
                CAST(sum(fen) FILTER (kind = 'top_up') AS BIGINT) AS paid,
                CAST(coalesce(sum(fen) FILTER (kind = 'bonus'), 0) AS BIGINT) AS bonus,
                CAST(coalesce(sum(fen) FILTER (kind = 'consume'), 0) AS BIGINT) AS used,
                CAST(coalesce(sum(fen) FILTER (kind = 'refund'), 0) AS BIGINT) AS back
            FROM '{out}/ledger.parquet' GROUP BY holder_id
        ),
        owed AS (
            SELECT holder_id, hash(holder_id) % 100 AS draw, greatest(
                (2 * paid * greatest(paid + bonus - used, 0) + paid + bonus)
                    // (2 * (paid + bonus)) - back, 100) AS fen
            FROM sums WHERE paid IS NOT NULL
        )
        SELECT
            'C' || substr(holder_id, 2) AS claim_id,
            holder_id,
            CASE WHEN draw < 90 THEN fen WHEN draw < 95 THEN fen + 2000
                 ELSE greatest(fen - 2000, 1) END AS claimed_fen,
            '2025-10-' || lpad(CAST(1 + draw % 28 AS VARCHAR), 2, '0') AS filed_at,
            'ID' || substr(holder_id, 2) AS id_no,
            'P' || substr(holder_id, 2) AS payout_account
        FROM owed WHERE draw < 98 ORDER BY claim_id
    ) TO '{out}/claims.csv' (HEADER)
"""

REGISTER = """
    COPY (
        SELECT claim_id, 'consumer' AS class, admitted_fen AS fen
        FROM read_csv('{decisions}', all_varchar = false) WHERE admitted_fen > 0
        UNION ALL
        SELECT format('S{{:03d}}', i), 'ordinary', 7000000 + i * 1000
        FROM range(89) AS t (i)
        UNION ALL
        SELECT format('W{{:03d}}', i), 'employee', 900000 + i * 1000
        FROM range(40) AS t (i)
    ) TO '{out}/register.csv' (HEADER)
"""


@dataclass(frozen=True)
class Case:
    """One size: how many holders and events, and where its files are."""

    holders: int
    events: int
    folder: Path

    @property
    def name(self) -> str:
        return f"{self.holders:,} holders, {self.events:,} events"

    def make(self) -> None:
        """Write ledger, holders and claims, unless they are there."""
        if (self.folder / "claims.csv").exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        spill = self.folder / "spill"
        with duckdb.connect(
            config={"memory_limit": "6GB", "temp_directory": str(spill)}
        ) as db:
            for statement in (EVENTS, HOLDERS, CLAIMS):
                db.execute(
                    statement.format(
                        holders=self.holders, events=self.events, out=self.folder
                    )
                )

    def make_plan(self, decisions: Path) -> Path:
        """Write the register from the review's decisions, and a plan of 31 %."""
        with duckdb.connect() as db:
            db.execute(REGISTER.format(decisions=decisions, out=self.folder))
            register = f"'{self.folder}/register.csv'"
            query = f"SELECT CAST(sum(fen) AS BIGINT) FROM {register}"
            total = db.execute(query).fetchone()
        assert total is not None
        plan = {
            "law_date": "2025-10-22",
            "claims": "register.csv",
            "pools": [{"id": "general", "fen": total[0] * 31 // 100}],
            "overlay": {
                "basis": "PLAN_SMALL_CLASS",
                "evidence": "benchmark",
                "consumer": "before_ordinary",
            },
            "small_claims": {"mode": "tiered", "ceiling_fen": 50_000},
            "instalments": 3,
        }
        path = self.folder / "plan.json"
        path.write_text(json.dumps(plan), encoding="utf-8")
        return path
