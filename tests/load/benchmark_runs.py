"""Starting a run of benchmarks/ as its users do, with nothing of this process in it."""

import subprocess
import sys
from pathlib import Path

from surroundings import plain_environment

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def run(program: str, *options: str, out: Path) -> "subprocess.CompletedProcess[str]":
    """The program to its end, whatever its exit status."""
    return subprocess.run(
        [sys.executable, str(BENCHMARKS / program), *options, "--out", str(out)],
        capture_output=True,
        text=True,
        env=plain_environment(),
        check=False,
    )
