"""One channel as a process of its own:

    python -m zhipo.gateways.payouts.sandbox.process HOME CHANNEL SEED PORT

It ends when its standard input does, so that it does not outlive whoever started it.
"""

import sys
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from zhipo.gateways.payouts.sandbox.alipay_front import AlipayFront
from zhipo.gateways.payouts.sandbox.bank_front import BankFront
from zhipo.gateways.payouts.sandbox.book import Books
from zhipo.gateways.payouts.sandbox.controls import PREFIX, Controls
from zhipo.gateways.payouts.sandbox.plan import (
    PLAN,
    alipay_keys,
    read_plan,
    wechat_keys,
)
from zhipo.gateways.payouts.sandbox.posting import Front, Poster
from zhipo.gateways.payouts.sandbox.spoken import Dropped, Reply, Request
from zhipo.gateways.payouts.sandbox.teller import Teller
from zhipo.gateways.payouts.sandbox.wechat_front import WechatFront
from zhipo.gateways.sandboxes.processes import HOST, end_with_our_starter

MAX_BYTES = 16 << 20


@dataclass(frozen=True)
class Application:
    """One channel with its controls and its post."""

    front: Front
    controls: Controls
    poster: Poster
    slow_seconds: float

    def answer(self, request: Request) -> Reply:
        """What goes back to a request. Raises Dropped where nothing does."""
        if request.path.startswith(PREFIX):
            return self.controls.answer(request)
        try:
            reply = self.front.answer(request)
        finally:
            self.poster.bell.set()
        if reply.after_callbacks:
            self.poster.once()
        return reply


def application(home: Path, channel: str, *, seed: int, address: str) -> Application:
    """A channel over the folder that `lay_out` has written."""
    plan = read_plan(home / PLAN).channel(channel)
    books = Books(home / f"{channel}.sqlite", funds_fen=plan.funds_fen)
    teller = Teller(channel, seed, plan.limits, plan.confirms_at_once, plan.difficult)
    front: Front
    if channel == "wechat":
        front = WechatFront(books, teller, wechat_keys(home), address)
    elif channel == "alipay":
        front = AlipayFront(books, teller, alipay_keys(home, callback_to=plan.callback_to))
    else:
        front = BankFront(books, teller)
    return Application(front, Controls(books, teller), Poster(front), plan.slow_seconds)


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with connections kept, as the channels themselves keep them."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    application: Application

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *told: object) -> None:
        """Nothing: requests name payees."""

    def _serve(self) -> None:
        length = min(int(self.headers.get("content-length") or 0), MAX_BYTES)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(length)
        request = Request(self.command, self.path, headers, body)
        try:
            reply = self.application.answer(request)
        except Dropped:
            self.close_connection = True
            return
        if reply.wait:
            time.sleep(self.application.slow_seconds)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)


class Server(ThreadingHTTPServer):
    """One thread for each connection: a slow payer holds up no other."""

    daemon_threads = True
    request_queue_size = 128


def main(home: Path, channel: str, seed: int, port: int) -> None:
    """Serve one channel until the process is told to end."""
    made = application(home, channel, seed=seed, address=f"http://{HOST}:{port}")
    handler = type("Bound", (Handler,), {"application": made})
    with Server((HOST, port), handler) as server:
        made.poster.start()
        end_with_our_starter()
        server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
