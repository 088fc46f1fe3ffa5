"""The first process of `zhipo serve` killed: its processes end, a new one takes over."""

import json
from pathlib import Path

import pytest
from benchmark_runs import run, told

from installations import Kept

pytestmark = pytest.mark.load
PROGRAM = Path(__file__).with_name("kill_keeper.py")


def test_killed_keeper_loses_nothing_and_makes_room_for_the_next(
    tmp_path: Path, kept: Kept
) -> None:
    done = run(str(PROGRAM), out=tmp_path, kept=kept)

    assert done.returncode == 0, told(done)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["children_left"] == []
    assert found["children_gone_after_seconds"] < 15
    assert found["port_answers_without_keeper"] is False
    assert not any(found["faults"].values()), found["faults"]
    assert 0 < found["acknowledged_before"] < found["acknowledged"]
    assert found["requests_broken"] > 0  # somebody was in the middle of something
