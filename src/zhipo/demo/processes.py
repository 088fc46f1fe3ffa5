"""The processes beside the demonstration: its web, its worker, the sandboxes' clocks."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

import httpx

from zhipo.demo.words import words
from zhipo.gateways.sandboxes.processes import Sandboxes
from zhipo.kernel.faults import Fault, Refused

HOST = "127.0.0.1"
READY_SECONDS = 90
ENDING_SECONDS = 20
LOG_TAIL = 2_000


@dataclass(frozen=True)
class Running:
    """What is running, and at which address."""

    address: str
    web: "subprocess.Popen[bytes]"
    worker: "subprocess.Popen[bytes]"

    def wait(self) -> None:
        """Return once one of the two has ended by itself."""
        while self.web.poll() is None and self.worker.poll() is None:
            time.sleep(1)


@contextmanager
def running(
    home: Path, *, port: int, processes: int = 2, settings: dict[str, str] | None = None
) -> Iterator[Running]:
    """Web and worker over one home, ready to answer; ended with the block.

    Raises Refused where the web does not answer in READY_SECONDS, with its last words.
    """
    ours = {"ZHIPO_HOME": str(home), "ZHIPO_DEMO": "1"}
    surroundings = {**ours, **(settings or {})}
    started: list[subprocess.Popen[bytes]] = []
    try:
        web = start(
            ["serve", "--port", str(port), "--processes", str(processes)],
            surroundings,
            log=home / "web.log",
        )
        started.append(web)
        address = f"http://{HOST}:{port}"
        _wait_until_ready(address, web, log=home / "web.log")
        worker = start(["worker"], surroundings, log=home / "worker.log")
        started.append(worker)
        yield Running(address, web, worker)
    finally:
        for process in reversed(started):
            end(process)


def put_clocks_on(sandboxes: Sandboxes, now: datetime) -> None:
    """Every sandbox's clock to an instant; one that stands later already stays."""
    for name in sandboxes.processes:
        try:
            sandboxes.set_clock(now, only=name)
        except httpx.HTTPStatusError as refused:
            if refused.response.status_code != HTTPStatus.UNPROCESSABLE_ENTITY:
                raise


def start(
    command: list[str], settings: dict[str, str], *, log: Path
) -> "subprocess.Popen[bytes]":
    """A command of zhipo as a process, with these settings over the environment.

    In a session of its own, so that Ctrl-C reaches us alone and we end it in order.
    """
    with log.open("ab") as sink:
        return subprocess.Popen(
            [sys.executable, "-m", "zhipo.cli", *command],
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )


def _wait_until_ready(address: str, web: "subprocess.Popen[bytes]", *, log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and web.poll() is None:
        try:
            if httpx.get(f"{address}/health", timeout=2, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    said = log.read_text(encoding="utf-8", errors="replace")[-LOG_TAIL:].strip()
    raise Refused([Fault(str(log), 0, "", "", words("web.not_ready", said=said))])


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask a process to end, and see to it after ENDING_SECONDS."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
