"""A worker before the real sandboxes on HTTP, with a clock that a test moves."""

import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.db import connection, connections
from django.utils import timezone

from integration.gateways.payout_ground import keys_made_once
from payout_books import differences, is_over
from payout_case import PayingCase
from ports import free_ports
from zhipo.gateways.payouts.alipay.account import read_account as read_alipay
from zhipo.gateways.payouts.alipay.client import AlipayChannel
from zhipo.gateways.payouts.channel import Channel, ChannelName
from zhipo.gateways.payouts.limits import ALIPAY, WECHAT
from zhipo.gateways.payouts.sandbox.plan import ChannelPlan, Plan, with_callbacks
from zhipo.gateways.payouts.sandbox.running import PayoutSandboxes, running_payouts
from zhipo.gateways.payouts.wechat.account import read_account as read_wechat
from zhipo.gateways.payouts.wechat.client import WechatChannel
from zhipo.gateways.payouts.wire import Callback
from zhipo.payouts.actions.calling_back import hear
from zhipo.payouts.actions.driving import drive
from zhipo.payouts.models import Order
from zhipo.payouts.states import OPEN

C = ChannelName
QUICK = Plan(
    wechat=ChannelPlan(
        limits=WECHAT.model_copy(update={"per_second": None}), slow_seconds=0.3
    ),
    alipay=ChannelPlan(limits=ALIPAY, slow_seconds=0.3),
)


@dataclass
class Clock:
    """An instant that moves only when it is told to; at first everything is due, whatever
    the hour at which a test runs.
    """

    now: datetime = field(default_factory=lambda: timezone.now() + timedelta(days=2))

    def __call__(self) -> datetime:
        return self.now


@dataclass
class WorkerGround:
    """Sandboxes that post their callbacks to us, clients for them, one clock for all."""

    sandboxes: PayoutSandboxes
    clock: Clock = field(default_factory=Clock)

    def channel(self, name: ChannelName) -> Channel:
        """A client of its own: each process and thread has one."""
        settings = self.sandboxes.settings()
        if name is C.WECHAT:
            account = read_wechat(settings)
            assert account is not None
            return WechatChannel(account)
        application = read_alipay(settings)
        assert application is not None
        return AlipayChannel(application)

    def drive(self, *names: ChannelName, **how: Any) -> None:
        for name in names or (C.WECHAT, C.ALIPAY):
            drive(self.channel(name), clock=self.clock, **how)

    def pass_time(self, to: datetime) -> None:
        self.clock.now = max(to, self.clock.now)
        self.sandboxes.set_clock(self.clock.now)

    def to_the_end(self, paying: PayingCase, *, rounds: int = 80) -> None:
        """Go from one due instant to the next until every order has its end."""
        for _ in range(rounds):
            self.drive()
            if is_over(paying.case):
                return
            due = Order.objects.filter(state__in=sorted(OPEN)).exclude(ask_at=None)
            at = due.order_by("ask_at").values_list("ask_at", flat=True).first()
            if at is not None:  # a callback may just have ended the last one
                self.pass_time(at)
        raise AssertionError("orders are still open")

    def differences(self, paying: PayingCase) -> dict[str, list[Any]]:
        """What differs between us and the channels, without what does not."""
        books = {name: self.sandboxes.book(name) for name in ("wechat", "alipay")}
        found = differences(paying.case, books)
        return {name: rows for name, rows in found.items() if rows}

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Whatever the sandboxes post is heard, as the endpoint for it would."""
        address = self.sandboxes.plan.wechat.callback_to
        port = int(address.rsplit(":", 1)[1].split("/")[0])
        handler = type("Bound", (_Listener,), {"ground": self})
        with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                yield
            finally:
                server.shutdown()
                thread.join()


class _Listener(BaseHTTPRequestHandler):
    ground: WorkerGround

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        channel = self.ground.channel(C(self.path.strip("/")))
        try:
            hear(channel, Callback(headers, body), now=self.ground.clock())
        finally:
            connections.close_all()
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: a test's output is its own."""


@contextmanager
def worker_ground(home: Path, *, seed: int = 0) -> Iterator[WorkerGround]:
    """Fresh sandboxes for a test, until the block ends."""
    shutil.copytree(keys_made_once(), home, dirs_exist_ok=True)
    port = free_ports(4)
    ours = f"http://127.0.0.1:{port + 3}"
    plan = with_callbacks(QUICK, {name: f"{ours}/{name}" for name in ("wechat", "alipay")})
    with running_payouts(home, port_base=port, plan=plan, seed=seed) as sandboxes:
        ground = WorkerGround(sandboxes)
        sandboxes.set_clock(ground.clock())
        yield ground


def in_a_process(work: Callable[[], None]) -> int:
    """Fork, do it in the child, and say by which signal (or status, negative) it ended."""
    return wait_for(started(work))


def started(work: Callable[[], None]) -> int:
    """A child of this process doing it, with a database connection of its own."""
    connection.close()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    finally:
        connections.close_all()
        os._exit(status)


def wait_for(child: int) -> int:
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)


def die() -> None:
    """kill -9 of this very process."""
    os.kill(os.getpid(), signal.SIGKILL)
