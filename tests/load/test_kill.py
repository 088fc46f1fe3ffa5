"""The fault run in small: one `kill -9` each of a web process, the worker, PostgreSQL."""

import json
from pathlib import Path

import pytest
from benchmark_runs import run, told

from installations import Kept

pytestmark = pytest.mark.load


def test_what_was_acknowledged_is_there_once_after_each_kill(
    tmp_path: Path, kept: Kept
) -> None:
    done = run(
        "faults_web.py", "--consumers", "2000", "--rounds", "1", "--without-review",
        out=tmp_path, kept=kept,
    )  # fmt: skip

    assert done.returncode == 0, told(done)
    found = json.loads((tmp_path / "faults.json").read_text(encoding="utf-8"))
    assert sorted(found["killed"]) == ["postgresql", "web", "worker"]
    assert found["faults"] == {
        "gave_up": [],
        "acknowledged_but_missing": [],
        "filed_but_never_acknowledged": [],
        "filed_twice": [],
        "broken_chains": [],
    }
    assert found["acknowledged"] > 0
    assert found["requests_broken"] > 0  # somebody was in the middle of something
