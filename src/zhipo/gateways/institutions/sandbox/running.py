"""The institutions as six processes: started, killed, started again, asked about."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from zhipo.gateways.institutions.keys import (
    DIRECTORY,
    PRIVATE_FILE,
    Directory,
    PrivateKey,
    read_private_key,
)
from zhipo.gateways.institutions.sandbox import plan as plans
from zhipo.gateways.institutions.sandbox.behaviour import Behaviour

COMMAND = (sys.executable, "-m", f"{__package__}.process")
READY_SECONDS = 60
ENDING_SECONDS = 10
TIMEOUT_SECONDS = 30


class NotReady(RuntimeError):
    """An institution's process does not answer; the message has its last words."""


@dataclass
class Institutions:
    """What is running over a folder, by party."""

    home: Path
    directory: Directory
    seed: int
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def settings(self) -> Mapping[str, str]:
        """The environment with which a court's side finds directory and keys."""
        return {
            DIRECTORY: str(self.home / plans.DIRECTORY),
            PRIVATE_FILE: str(self.home / plans.COURTS),
        }

    def court_key(self, court: str) -> PrivateKey:
        return read_private_key(court, self.settings())

    def start(self, *parties: str) -> None:
        """Start these and return once they answer. Raises NotReady."""
        for party in parties:
            with (self.home / f"{party}.log").open("ab") as log:
                self.processes[party] = subprocess.Popen(
                    [*COMMAND, str(self.home), party, str(self.seed)],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        for party in parties:
            self._wait_until_ready(party)

    def kill(self, party: str) -> None:
        """kill -9: whatever it was doing is not finished."""
        process = self.processes.pop(party)
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
        self, now: datetime | None = None, *, hours: int = 0, only: str | None = None
    ) -> None:
        """Set every institution's clock (or one's): to `now`, then `hours` on."""
        content = {"now": None if now is None else now.isoformat(), "hours": hours}
        for party in [only] if only else list(self.processes):
            self.control(party, "clock", content)

    def set_behaviour(
        self, party: str, behaviour: Behaviour, *, order_id: object = None
    ) -> None:
        """How an institution meets an order, or the next one that arrives."""
        content = behaviour.model_dump(mode="json")
        content["order_id"] = None if order_id is None else str(order_id)
        self.control(party, "behaviour", content)

    def book(self, party: str) -> dict[str, Any]:
        """An institution's book as it is now."""
        return self.control(party, "book", None)

    def control(
        self, party: str, name: str, content: dict[str, Any] | None
    ) -> dict[str, Any]:
        """Use one of the controls under /sandbox/. Raises httpx.HTTPError."""
        address = f"{self.directory.party(party).address}/sandbox/{name}"
        method = "GET" if content is None else "POST"
        with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as http:
            response = http.request(method, address, json=content)
        response.raise_for_status()
        answered: dict[str, Any] = response.json()
        return answered

    def _wait_until_ready(self, party: str) -> None:
        until = time.monotonic() + READY_SECONDS
        process = self.processes[party]
        while time.monotonic() < until and process.poll() is None:
            try:
                self.book(party)
                return
            except httpx.HTTPError:
                time.sleep(0.05)
        said = (self.home / f"{party}.log").read_text(encoding="utf-8", errors="replace")
        raise NotReady(f"{party}: {said[-1000:].strip()}")


@contextmanager
def running_institutions(
    home: Path, *, port_base: int, seed: int = 0, plan: plans.Plan | None = None
) -> Iterator[Institutions]:
    """Every institution of the plan on its port, until the block ends. Raises NotReady.

    Started again over the same `home`, they go on with the books they had.
    """
    directory = plans.lay_out(plan or plans.read_plan(), home, port_base=port_base)
    running = Institutions(home=home, directory=directory, seed=seed)
    try:
        running.start(*(one.party for one in directory.institutions()))
        yield running
    finally:
        running.end()


def _close_input(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        process.stdin.close()
