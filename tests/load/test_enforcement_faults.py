"""The fault run of inquiries in small: two seeds, PostgreSQL killed in the first."""

import json
from pathlib import Path

import pytest
from benchmark_runs import run, told

from installations import Kept

pytestmark = pytest.mark.load


def test_court_and_institutions_agree_whoever_was_killed(
    tmp_path: Path, kept: Kept
) -> None:
    done = run(
        "faults_enforcement.py", "--seeds", "2", "--first", "10", "--lanes", "1",
        out=tmp_path, kept=kept,
    )  # fmt: skip

    assert done.returncode == 0, told(done)
    found = json.loads((tmp_path / "faults.json").read_text(encoding="utf-8"))
    assert found["faults"] == {}
    counts = found["counts"]
    assert counts["runs"] == 2
    assert counts["killed_postgresql"] == 1
    assert min(counts["killed_actor"], counts["killed_institution"]) > 0
    assert counts["freezes"] == 2 * 4
    assert counts["referrals"] == 2
    assert counts["bundles"] >= 2
    assert counts["alerts"] > 0
    assert counts["answers_not_believed"] + counts["answers_told_again"] > 0
