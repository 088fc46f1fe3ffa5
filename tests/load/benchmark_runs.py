"""Starting a run of benchmarks/ as its users do, with nothing of this process in it."""

import json
import subprocess
import sys
from pathlib import Path

from installations import Kept
from surroundings import plain_environment
from web_ground import LIKE

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
Run = subprocess.CompletedProcess[str]


def run(program: str, *options: str, out: Path, kept: Kept) -> Run:
    """The program to its end, whatever its exit status, in an installation of its own."""
    return subprocess.run(
        [sys.executable, str(BENCHMARKS / program), *options, "--out", str(out)],
        capture_output=True,
        text=True,
        env=plain_environment() | {LIKE: str(kept.bare_home())},
        check=False,
    )


def told(done: Run) -> str:
    """What a run has said in words, its processes' log lines left out: why it failed."""
    lines = [*done.stdout.splitlines(), *done.stderr.splitlines()]
    return "\n".join(line for line in lines if not _is_log(line))


def _is_log(line: str) -> bool:
    try:
        found = json.loads(line)
    except ValueError:
        return False
    return isinstance(found, dict) and {"event", "level"} <= found.keys()
