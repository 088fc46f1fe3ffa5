"""Who pays in a fault run, and how they are killed: workers, the web, PostgreSQL.

Workers and the web are forked from this process, so that one that was killed has a
successor at once; each has connections of its own. A worker is the act that the job of
`zhipo worker` calls, again and again, under a clock that the run moves; the web is the
installation's own WSGI application, to which the channels post.
"""

import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

from django.core.wsgi import get_wsgi_application
from django.db import InterfaceError, OperationalError, connections

from web_ground import kill_postgresql
from zhipo.gateways.institutions.moments import utc_now
from zhipo.gateways.institutions.sandbox.process import Quiet, Server
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.payouts.actions.driving import drive
from zhipo.payouts.channels import SPOKEN, spoken

HOST = "127.0.0.1"
WORKERS = 2
ROUND_SECONDS = 5.0
IDLE_SECONDS = 0.02
AGAIN_LATER = "409"
DATABASE_GONE = (OperationalError, InterfaceError)


class RunClock:
    """The machine's time and an offset that all processes of a run see at once."""

    def __init__(self) -> None:
        self._offset: Any = multiprocessing.RawValue("d", 0.0)

    def __call__(self) -> datetime:
        return utc_now() + timedelta(seconds=self._offset.value)

    def reach(self, at: datetime) -> None:
        """Go on to an instant, if it has not come yet."""
        ahead = (at - self()).total_seconds()
        self._offset.value += max(0.0, ahead)


@dataclass
class Fire:
    """The processes of one run. `home` is the installation's, `port` the web's."""

    home: Path
    port: int
    clock: RunClock = field(default_factory=RunClock)
    workers: list[int] = field(default_factory=list)
    web: int = 0

    def start(self) -> None:
        self.web = forked(self._serve)
        self.workers = [forked(self._work) for _ in range(WORKERS)]

    def end(self) -> None:
        for process in (self.web, *self.workers):
            kill(process)

    def kill_worker(self, chance: random.Random) -> None:
        place = chance.randrange(len(self.workers))
        kill(self.workers[place])
        self.workers[place] = forked(self._work)

    def kill_web(self) -> None:
        kill(self.web)
        self.web = forked(self._serve)

    def kill_postgresql(self) -> None:
        kill_postgresql(self.home)

    def _work(self) -> None:
        while True:
            for name in sorted(SPOKEN):
                self._round(name)
            time.sleep(IDLE_SECONDS)

    def _round(self, name: ChannelName) -> None:
        """As a job: one that fails because the database is away is tried again later."""
        try:
            drive(spoken(name), clock=self.clock, seconds=ROUND_SECONDS)
        except DATABASE_GONE:
            connections.close_all()
            time.sleep(0.3)

    def _serve(self) -> None:
        application = _unhurried(get_wsgi_application())
        with make_server(
            HOST, self.port, application, server_class=_Server, handler_class=Quiet
        ) as server:
            server.serve_forever()


def forked(work: Callable[[], None]) -> int:
    """A child doing this until it is killed; the pid."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    # Its output is the run's own, but for what kills it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    try:
        work()
    finally:
        os._exit(1)


def kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def _unhurried(application: Any) -> Any:
    """A channel that is asked to call again later does so later, as none of them hurries:
    the sandboxes' post would wear down its tries while PostgreSQL starts.
    """

    def answer(environ: Any, start_response: Any) -> Any:
        def start(status: str, *given: Any) -> Any:
            if status.startswith(AGAIN_LATER):
                time.sleep(0.3)
            return start_response(status, *given)

        return application(environ, start)

    return answer


class _Server(Server):
    def process_request_thread(self, *given: Any) -> None:
        """A thread for each caller, and a connection no longer than the thread."""
        super().process_request_thread(*given)
        connections.close_all()

    def handle_error(self, *_: Any) -> None:
        """A caller that was killed has gone away: nothing to say."""
