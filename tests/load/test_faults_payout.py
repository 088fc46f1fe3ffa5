"""The fault run of payments in small: everybody is killed once, and both books agree."""

import json
from pathlib import Path

import pytest
from benchmark_runs import run, told

from installations import Kept
from ports import free_ports

pytestmark = pytest.mark.load
ORDERS = 60


def test_nobody_is_paid_twice_and_nobody_is_forgotten(tmp_path: Path, kept: Kept) -> None:
    done = run(
        "faults_payout.py", "--first", "2", "--seeds", "1", "--orders", str(ORDERS),
        "--kills", "4", "--port-base", str(free_ports(4)), out=tmp_path, kept=kept,
    )  # fmt: skip

    assert done.returncode == 0, told(done)
    found = json.loads((tmp_path / "payout.json").read_text(encoding="utf-8"))
    (one,) = found["runs"]
    assert one["is_over"]
    assert one["differences"] == {}
    assert sum(one["killed"].values()) == 4
    assert one["states"]["paid"] > ORDERS / 2
    assert one["turns"] > one["orders"]  # somebody was asked about more than once
    assert one["paid_fen"] > 0
