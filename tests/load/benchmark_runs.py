"""Starting a run of benchmarks/ as its users do, with nothing of this process in it."""

import os
import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
ONES_OWN = ("ZHIPO_", "DJANGO_", "DATABASE_")


def run(program: str, *options: str, out: Path) -> "subprocess.CompletedProcess[str]":
    """The program to its end, whatever its exit status."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(ONES_OWN)
    }
    return subprocess.run(
        [sys.executable, str(BENCHMARKS / program), *options, "--out", str(out)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
