"""The institutions of the demonstration as processes, and the court's letter box.

Until the web is up this process listens at the court's own address, so that answers that
institutions post arrive while the clock is simulated; then the web takes the address over.
"""

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING
from uuid import UUID
from wsgiref.simple_server import make_server

from zhipo.demo.court_plan import planned
from zhipo.demo.processes import HOST, put_clocks_on
from zhipo.enforcement.actions.posted import take_posted
from zhipo.gateways.institutions.client import CALLBACK_PATH
from zhipo.gateways.institutions.sandbox.application import raw_of
from zhipo.gateways.institutions.sandbox.behaviour import Behaviour
from zhipo.gateways.institutions.sandbox.process import Quiet, Server
from zhipo.gateways.institutions.sandbox.running import Institutions, running_institutions
from zhipo.gateways.institutions.signing import Raw

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

FOLDER = "institutions"


@dataclass(frozen=True)
class ProcessNetwork:
    """The institutions' controls; a clock that stands later stays."""

    running: Institutions

    def set_clock(self, now: datetime) -> None:
        put_clocks_on(self.running, now)

    def set_behaviour(self, party: str, behaviour: Behaviour) -> None:
        self.running.set_behaviour(party, behaviour)


@dataclass(frozen=True)
class LetterBox:
    """What was posted to the court and is not taken in yet."""

    waiting: "SimpleQueue[Raw]" = field(default_factory=SimpleQueue)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Keep what comes; whether it holds is seen when it is taken in."""
        self.waiting.put(raw_of(environ))
        start_response("202 Accepted", [("content-length", "0")])
        return [b""]

    def take_in(self) -> int:
        """Enter everything that was posted by now; how much of it was good."""
        good = 0
        while True:
            try:
                raw = self.waiting.get_nowait()
            except Empty:
                return good
            order_id = raw.exchange.path.removeprefix(f"{CALLBACK_PATH}/")
            good += take_posted(raw, order_id=UUID(order_id))


@contextmanager
def network_up(
    home: Path, *, consumers: int, court: int, first: int
) -> Iterator[ProcessNetwork]:
    """The six institutions from port `first` on, until the block ends. Raises NotReady.

    The environment of this process then names their directory and the courts' keys.
    """
    plan = planned(consumers, court_address=f"http://{HOST}:{court}")
    with running_institutions(home / FOLDER, port_base=first, plan=plan) as running:
        os.environ.update(running.settings())
        yield ProcessNetwork(running)


@contextmanager
def letter_box(port: int) -> Iterator[LetterBox]:
    """Listen at the court's address until the block ends."""
    box = LetterBox()
    with make_server(HOST, port, box, Server, Quiet) as server:
        listening = threading.Thread(target=server.serve_forever, daemon=True)
        listening.start()
        try:
            yield box
        finally:
            server.shutdown()
            listening.join()
