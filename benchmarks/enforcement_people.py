"""Processes that act: one at a time does what it is told and may be killed on the way.

Each is a fork of this process, which has the application loaded; it has a connection of
its own, says when it is done, and is killed with SIGKILL: from outside, or by itself after
a number of points (statements sent to PostgreSQL, requests answered by an institution).
"""

import logging
import multiprocessing
import os
import random
import signal
from collections.abc import Callable
from ctypes import c_double
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from socketserver import TCPServer
from typing import Any
from uuid import UUID
from wsgiref.simple_server import WSGIServer, make_server

from zhipo.gateways.institutions.sandbox.process import Quiet

FORK = multiprocessing.get_context("fork")
HOST = "127.0.0.1"
ANSWER_SECONDS = 120
TRIES = 6
Act = Callable[..., Any]


def warm_up() -> None:
    """Load what each fork would load again: addresses, phrases, what documents need."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import get_resolver

    from zhipo.enforcement import courts
    from zhipo.web.words import say

    WSGIHandler()
    assert get_resolver().url_patterns
    courts._http()
    say("enforcement.measure.query")


class Clock:
    """The simulated instant that every process of the court sees."""

    def __init__(self) -> None:
        self._at = FORK.Value(c_double, 0.0)

    def set(self, now: datetime) -> None:
        self._at.value = now.timestamp()

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self._at.value, UTC)

    def rule_here(self) -> None:
        """Have Django's clock of this process be this one."""
        from django.utils import timezone

        setattr(timezone, "now", lambda: self.now)  # noqa: B010


@dataclass
class Actor:
    """Whoever clicks and the worker's jobs: one process, another when it was killed."""

    clock: Clock
    acts: dict[str, Act]
    seed: int
    killed: int = 0
    _forks: int = 0
    _process: BaseProcess | None = None
    _line: Connection | None = None

    def do(self, name: str, *, kill_after: int = 0, **given: Any) -> Any:
        """The act's result; killed on the way it is told again, as people do."""
        self.tell(name, kill_after=kill_after, **given)
        return self.done(name, **given)

    def tell(self, name: str, *, kill_after: int = 0, **given: Any) -> None:
        """Have it begin; `done` waits for the end."""
        if self._process is None or not self._process.is_alive():
            self._fork()
        assert self._line is not None
        self._line.send((name, given, kill_after))

    def done(self, name: str, **given: Any) -> Any:
        """The result of what it was told, told again as often as it was killed."""
        for _ in range(TRIES):
            found = self._heard()
            if found is not None:
                return found[0]
            self.killed += 1
            self.tell(name, **given)
        raise AssertionError(f"{name} does not come to an end")

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._process = None

    def _heard(self) -> tuple[Any] | None:
        """What it answered; None where it is dead or PostgreSQL was."""
        assert self._line is not None
        try:
            assert self._line.poll(ANSWER_SECONDS), "an act takes too long"
            is_done, answer = self._line.recv()
        except (EOFError, ConnectionError):
            self.end()
            return None
        if not is_done:
            self.end()
            if "OperationalError" in answer or "InterfaceError" in answer:
                return None
            raise AssertionError(answer)
        return (answer,)

    def _fork(self) -> None:
        from django.db import connections

        connections.close_all()
        self._forks += 1
        self._line, theirs = FORK.Pipe()
        numbers = random.Random(f"{self.seed}:{self._forks}")
        self._process = FORK.Process(
            target=_act, args=(theirs, self.clock, self.acts, numbers), daemon=True
        )
        self._process.start()
        theirs.close()


@dataclass
class Points:
    """Counts down to the end of this process."""

    left: int = 0

    def pass_one(self) -> None:
        if self.left:
            self.left -= 1
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)


def _act(
    line: Connection, clock: Clock, acts: dict[str, Act], numbers: random.Random
) -> None:
    from django.db import connection

    from zhipo.enforcement.actions import ordering
    from zhipo.gateways.institutions.client import CourtClient

    clock.rule_here()
    points = Points()
    setattr(ordering, "uuid4", lambda: _uuid(numbers))  # noqa: B010
    exchange = CourtClient._exchange

    def counted(*args: Any, **given: Any) -> Any:
        came = exchange(*args, **given)
        points.pass_one()
        return came

    def sent(execute: Any, *args: Any) -> Any:
        points.pass_one()
        return execute(*args)

    setattr(CourtClient, "_exchange", counted)  # noqa: B010
    with connection.execute_wrapper(sent):
        while True:
            name, given, points.left = line.recv()
            try:
                answer = acts[name](**given)
                points.pass_one()
                line.send((True, answer))
            except Exception as error:
                line.send((False, f"{name}: {type(error).__name__}: {error}"))


def _uuid(numbers: random.Random) -> UUID:
    return UUID(int=numbers.getrandbits(128), version=4)


class Server(WSGIServer):
    request_queue_size = 64

    def server_bind(self) -> None:
        """Without asking the network what this machine is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]
        self.setup_environ()


@dataclass
class Web:
    """The process that takes posted answers; another when it was killed."""

    clock: Clock
    port: int
    killed: int = 0
    _process: BaseProcess | None = field(default=None)

    def start(self) -> None:
        from django.db import connections

        connections.close_all()
        self._process = FORK.Process(
            target=_serve, args=(self.clock, self.port), daemon=True
        )
        self._process.start()

    def kill(self) -> None:
        """kill -9, whatever it was taking."""
        self.end()
        self.killed += 1

    def end(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.join()


def _serve(clock: Clock, port: int) -> None:
    from django.core.handlers.wsgi import WSGIHandler

    clock.rule_here()
    logging.disable()
    with make_server(HOST, port, WSGIHandler(), Server, Quiet) as server:
        server.serve_forever()
