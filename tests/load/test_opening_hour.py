"""The load run in small: real processes, everybody gets a receipt, figures that add up."""

import json
from pathlib import Path

import pytest
from benchmark_runs import run, told

from installations import Kept

CONSUMERS = 100
WARM_UP = 16

pytestmark = pytest.mark.load


def test_everybody_gets_a_receipt_and_the_figures_add_up(
    tmp_path: Path, kept: Kept
) -> None:
    done = run(
        "load.py", "--consumers", str(CONSUMERS), "--pgbench-seconds", "1",
        out=tmp_path, kept=kept,
    )  # fmt: skip

    assert done.returncode == 0, told(done)
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    fast, paced = result["fast"], result["paced"]
    assert fast["failures"] == paced["failures"] == []
    assert fast["filings"] + paced["filings"] == result["consumers"] - WARM_UP
    assert result["consumers"] == CONSUMERS
    assert paced["asked_a_second"] == pytest.approx(0.75 * fast["filings_a_second"])
    assert list(fast["pages_ms"]) == ["case", "code", "money", "receipt"]
    for phase in (fast, paced):
        used = phase["cpu_seconds"]
        assert min(used["generator"], used["web"], used["postgresql"]) > 0
        assert 0 < phase["generator_share"] < 0.5
    assert result["filings_per_pgbench"] == pytest.approx(
        fast["filings_a_second"] / result["pgbench"]["tps"]
    )
