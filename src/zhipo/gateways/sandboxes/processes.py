"""Sandboxes as processes over one folder: started, killed, started again, asked about."""

import os
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import httpx

HOST = "127.0.0.1"
READY_SECONDS = 60
ENDING_SECONDS = 10


class NotReady(RuntimeError):
    """A sandbox's process does not answer; the message has its last words."""


@dataclass
class Sandboxes(ABC):
    """What is running over a folder, by name; each kind says how one is started."""

    home: Path
    seed: int
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    timeout_seconds: ClassVar[int] = 30

    @abstractmethod
    def command(self, name: str) -> Sequence[str]:
        """The module and the arguments of one sandbox, for this Python."""

    @abstractmethod
    def address(self, name: str) -> str:
        """Where it listens."""

    def start(self, *names: str) -> None:
        """Start these and return once they answer. Raises NotReady."""
        for name in names:
            with (self.home / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [sys.executable, "-m", *self.command(name)],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        for name in names:
            self._wait_until_ready(name)

    def kill(self, name: str) -> None:
        """kill -9: whatever it was doing is not finished."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()
        _close_input(process)

    def end(self) -> None:
        """Ask all that run to end, and see to it."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(ENDING_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _close_input(process)
        self.processes.clear()

    def set_clock(
        self, now: datetime | None = None, *, hours: float = 0, only: str | None = None
    ) -> None:
        """Set the clock of all that run (or of one): to `now`, then `hours` on."""
        content = {"now": None if now is None else now.isoformat(), "hours": hours}
        for name in [only] if only else list(self.processes):
            self.control(name, "clock", content)

    def book(self, name: str) -> dict[str, Any]:
        """A sandbox's book as it is now."""
        return self.control(name, "book", None)

    def control(
        self, name: str, control: str, content: dict[str, Any] | None
    ) -> dict[str, Any]:
        """Use one of the controls under /sandbox/. Raises httpx.HTTPError."""
        address = f"{self.address(name)}/sandbox/{control}"
        method = "GET" if content is None else "POST"
        # Plain HTTP on loopback: loading all authorities would take longer than the call.
        with httpx.Client(
            timeout=self.timeout_seconds, trust_env=False, verify=False
        ) as http:
            response = http.request(method, address, json=content)
        response.raise_for_status()
        answered: dict[str, Any] = response.json()
        return answered

    def _wait_until_ready(self, name: str) -> None:
        until = time.monotonic() + READY_SECONDS
        process = self.processes[name]
        while time.monotonic() < until and process.poll() is None:
            try:
                self.book(name)
                return
            except httpx.HTTPError:
                time.sleep(0.05)
        said = (self.home / f"{name}.log").read_text("utf-8", errors="replace")
        raise NotReady(f"{name}: {said[-1000:].strip()}")


def end_with_our_starter() -> None:
    """End this process when its standard input does: it does not outlive its starter."""
    threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    while sys.stdin.buffer.read(1024):
        pass
    os._exit(0)


def _close_input(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        process.stdin.close()
