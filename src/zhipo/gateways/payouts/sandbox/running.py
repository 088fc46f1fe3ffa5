"""The channels as processes: started, killed, started again, asked about."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from zhipo.gateways.payouts.sandbox.behaviour import Behaviour
from zhipo.gateways.payouts.sandbox.plan import CHANNELS, Plan, lay_out, settings
from zhipo.gateways.payouts.sandbox.process import HOST

COMMAND = (sys.executable, "-m", f"{__package__}.process")
READY_SECONDS = 60
ENDING_SECONDS = 10
TIMEOUT_SECONDS = 60


class NotReady(RuntimeError):
    """A channel's process does not answer; the message has its last words."""


@dataclass
class PayoutSandboxes:
    """What is running over a folder, by channel: `wechat`, `alipay`, `bank`."""

    home: Path
    plan: Plan
    seed: int
    port_base: int
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def address(self, channel: str) -> str:
        return f"http://{HOST}:{self.port_base + CHANNELS.index(channel)}"

    def settings(self) -> dict[str, str]:
        """The environment with which `read_account` finds its channel."""
        addresses = {channel: self.address(channel) for channel in CHANNELS}
        return settings(self.home, self.plan, addresses=addresses)

    def start(self, *channels: str) -> None:
        """Start these and return once they answer. Raises NotReady."""
        for channel in channels:
            port = self.port_base + CHANNELS.index(channel)
            with (self.home / f"{channel}.log").open("ab") as log:
                self.processes[channel] = subprocess.Popen(
                    [*COMMAND, str(self.home), channel, str(self.seed), str(port)],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        for channel in channels:
            self._wait_until_ready(channel)

    def kill(self, channel: str) -> None:
        """kill -9: whatever it was doing is not finished."""
        process = self.processes.pop(channel)
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

    def set_clock(self, now: datetime | None = None, *, hours: float = 0) -> None:
        """Set the clock of every channel that runs: to `now`, then `hours` on."""
        content = {"now": None if now is None else now.isoformat(), "hours": hours}
        for channel in list(self.processes):
            self.control(channel, "clock", content)

    def set_behaviour(
        self, channel: str, behaviour: Behaviour, *, reference: str | None = None
    ) -> None:
        """How a transfer (or a bank's batch) is met, or the next one that arrives."""
        content = {**behaviour.model_dump(mode="json"), "reference": reference}
        self.control(channel, "behaviour", content)

    def confirm(self, reference: str) -> dict[str, Any]:
        """The payee takes a WeChat transfer. Raises httpx.HTTPStatusError if too late."""
        return self.control("wechat", "confirm", {"reference": reference})

    def book(self, channel: str) -> dict[str, Any]:
        """A channel's book as it is now: `paid` is what really left."""
        return self.control(channel, "book", None)

    def control(
        self, channel: str, name: str, content: dict[str, Any] | None
    ) -> dict[str, Any]:
        """Use one of the controls under /sandbox/. Raises httpx.HTTPError."""
        method = "GET" if content is None else "POST"
        with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as http:
            address = f"{self.address(channel)}/sandbox/{name}"
            response = http.request(method, address, json=content)
        response.raise_for_status()
        answered: dict[str, Any] = response.json()
        return answered

    def _wait_until_ready(self, channel: str) -> None:
        until = time.monotonic() + READY_SECONDS
        process = self.processes[channel]
        while time.monotonic() < until and process.poll() is None:
            try:
                self.book(channel)
                return
            except httpx.HTTPError:
                time.sleep(0.05)
        said = (self.home / f"{channel}.log").read_text("utf-8", errors="replace")
        raise NotReady(f"{channel}: {said[-1000:].strip()}")


@contextmanager
def running_payouts(
    home: Path, *, port_base: int, seed: int = 0, plan: Plan | None = None
) -> Iterator[PayoutSandboxes]:
    """Every channel on its port, until the block ends. Raises NotReady.

    Started again over the same `home`, they go on with the books they had.
    """
    chosen = plan or Plan()
    lay_out(chosen, home)
    running = PayoutSandboxes(home, chosen, seed, port_base)
    try:
        running.start(*CHANNELS)
        yield running
    finally:
        running.end()


def _close_input(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        process.stdin.close()
