"""A command as a fresh process: wall time and peak memory, several times."""

import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

KIB = 1024


class Failed(RuntimeError):
    """A measured command did not end with status 0."""


@dataclass(frozen=True)
class Measured:
    """Runs of one command: seconds of each, the largest peak of resident memory."""

    name: str
    seconds: tuple[float, ...]
    peak_bytes: int

    @property
    def best(self) -> float:
        return min(self.seconds)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "best": self.best, "median": self.median}


def measure(name: str, command: Sequence[str], *, times: int) -> Measured:
    """Run `command` `times` times, its output thrown away. Raises Failed."""
    runs = [_run(command) for _ in range(times)]
    return Measured(name, tuple(run[0] for run in runs), max(run[1] for run in runs))


def _run(command: Sequence[str]) -> tuple[float, int]:
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failed(f"{' '.join(command)}\n{said.decode(errors='replace')[-2000:]}")
    return seconds, usage.ru_maxrss * KIB
