"""Review of many claims at once, in columns, by the engine that also works on files."""

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from zhipo.claims.policies.reviewing import Asked, Verdict, verdict
from zhipo.engine.review.run import Request, review
from zhipo.law.review.decision import Decision

CLAIMS = pa.schema(
    [
        ("claim_id", pa.string()),
        ("holder_id", pa.string()),
        ("claimed_fen", pa.int64()),
        ("filed_at", pa.timestamp("us", tz="UTC")),
        ("id_no", pa.string()),
        ("payout_account", pa.string()),
    ]
)
HOLDERS = pa.schema([("holder_id", pa.string()), ("id_no", pa.string())])


def judge_by_engine(
    asked: Sequence[Asked],
    *,
    ledger: Path,
    accepted_on: date,
    tolerance_fen: int,
    work: Path,
) -> Iterator[Verdict]:
    """What `zhipo review` says of all live claims on accounts. Raises Refused.

    Identity numbers and payout accounts go in as keyed hashes: they are only compared,
    and no personal data lies in the work folder.
    """
    _write(asked, work)
    review(
        Request(
            ledger=ledger,
            claims=work / "claims.parquet",
            holders=work / "holders.parquet",
            accepted_on=accepted_on,
            tolerance_fen=tolerance_fen,
            out=work / "review",
        )
    )
    by_id = {_id_text(one.claim_id): one for one in asked}
    with (work / "review" / "decisions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield verdict(
                by_id[row["claim_id"]],
                decision=Decision(row["decision"]),
                admitted_fen=int(row["admitted_fen"]),
                reasons=row["reasons"].split(";"),
            )


def _write(asked: Sequence[Asked], work: Path) -> None:
    claims = {
        "claim_id": [_id_text(one.claim_id) for one in asked],
        "holder_id": [one.holder_id for one in asked],
        "claimed_fen": [one.claimed_fen for one in asked],
        "filed_at": [one.filed_at.astimezone(UTC) for one in asked],
        "id_no": [one.id_hash or None for one in asked],
        "payout_account": [one.payout_hash or None for one in asked],
    }
    known = {one.holder_id: one.known_id_hash or None for one in asked}
    holders = {"holder_id": list(known), "id_no": list(known.values())}
    pq.write_table(pa.table(claims, schema=CLAIMS), work / "claims.parquet")
    pq.write_table(pa.table(holders, schema=HOLDERS), work / "holders.parquet")


def _id_text(claim_id: int) -> str:
    """As the contract orders ids: as text, so with leading zeros."""
    return f"{claim_id:019d}"
