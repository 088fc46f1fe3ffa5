"""The same specification on every engine; Spark's half skips where there is no Java."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from csv_rows import read_rows, write_rows
from zhipo.engine.distribute.run import distribute
from zhipo.engine.review.run import Request, review

Row = dict[str, Any]
SPARK_NEEDS_JAVA = 17
JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""For tables of a few rows: what Java would compile well it runs too seldom to win."""

LEDGER_COLUMNS = ("event_id", "holder_id", "at", "kind", "fen")


def _engines() -> Iterator[Any]:
    yield "duckdb"
    reason = "" if _java_version() >= SPARK_NEEDS_JAVA else "Spark needs Java 17 or newer"
    try:
        import pyspark  # noqa: F401  only whether it is installed
    except ImportError:
        reason = "the extra `spark` is not installed"
    skip = pytest.mark.skipif(bool(reason), reason=reason)
    yield pytest.param("spark", marks=[pytest.mark.spark, skip])


def _java_version() -> int:
    """The Java that Spark would start, 0 where there is none."""
    home = os.environ.get("JAVA_HOME")
    java = f"{home}/bin/java" if home else shutil.which("java")
    if java is None or not Path(java).exists():
        return 0
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', told.stderr)
    return int(found[1]) if found else 0


@pytest.fixture(params=list(_engines()), scope="session")
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JDK_JAVA_OPTIONS", JAVA_OPTIONS)
        yield str(request.param)


@pytest.fixture
def reviewed(tmp_path: Path, engine: str) -> Callable[..., dict[str, dict[str, str]]]:
    """Review small tables; decisions by claim_id."""

    def run(
        *,
        ledger: list[Row],
        claims: list[Row],
        holders: list[Row] | None = None,
        **more: Any,
    ) -> dict[str, dict[str, str]]:
        for number, event in enumerate(ledger):
            event.setdefault("event_id", f"E{number}")
            event.setdefault("at", "2025-01-05T10:00:00")
        for claim in claims:
            claim.setdefault("filed_at", "2025-10-01T09:00:00")
        request = Request(
            ledger=write_rows(tmp_path / "ledger.csv", LEDGER_COLUMNS, ledger),
            claims=write_rows(
                tmp_path / "claims.csv",
                (
                    "claim_id",
                    "holder_id",
                    "claimed_fen",
                    "filed_at",
                    "id_no",
                    "payout_account",
                ),
                claims,
            ),
            accepted_on=date(2025, 9, 1),
            holders=None
            if holders is None
            else write_rows(tmp_path / "holders.csv", ("holder_id", "id_no"), holders),
            out=tmp_path / "out",
            engine=engine,
            **more,
        )
        review(request)
        return {
            row["claim_id"]: row for row in read_rows(tmp_path / "out" / "decisions.csv")
        }

    return run


@pytest.fixture
def distributed(tmp_path: Path, engine: str) -> Callable[..., dict[str, dict[str, str]]]:
    """Distribute by a small plan; payments by claim_id, the summary under `None`."""

    def run(claims: list[Row], **plan: Any) -> dict[Any, Any]:
        write_rows(tmp_path / "claims.csv", ("claim_id", "class", "fen", "state"), claims)
        content = {"law_date": "2025-10-22", "claims": "claims.csv", **plan}
        path = tmp_path / "plan.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        summary = distribute(path, tmp_path / "out", engine=engine)
        rows: dict[Any, Any] = {
            row["claim_id"]: row for row in read_rows(tmp_path / "out" / "payments.csv")
        }
        rows[None] = summary
        return rows

    return run
