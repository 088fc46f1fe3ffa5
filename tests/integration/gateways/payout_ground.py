"""A payer's clients over the sandbox channels, in this process or over real HTTP."""

import itertools
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from zhipo.gateways.payouts.alipay.account import read_account as read_alipay
from zhipo.gateways.payouts.alipay.client import AlipayChannel
from zhipo.gateways.payouts.outcomes import (
    AskOutcome,
    CallbackOutcome,
    Closed,
    Failed,
    Paid,
    SendOutcome,
)
from zhipo.gateways.payouts.sandbox.behaviour import Behaviour, Manner
from zhipo.gateways.payouts.sandbox.plan import Plan, lay_out, settings
from zhipo.gateways.payouts.sandbox.process import Application, application
from zhipo.gateways.payouts.sandbox.spoken import Dropped, Request
from zhipo.gateways.payouts.transfers import Payee, PayeeKind, Transfer
from zhipo.gateways.payouts.wechat.account import read_account as read_wechat
from zhipo.gateways.payouts.wechat.client import WechatChannel
from zhipo.gateways.payouts.wire import Callback

START = datetime(2025, 6, 3, 2, 0, tzinfo=UTC)
ADDRESSES = {name: f"http://{name}.sandbox" for name in ("wechat", "alipay", "bank")}
KINDS = {"wechat": PayeeKind.WECHAT_OPENID, "alipay": PayeeKind.ALIPAY_LOGON}
ONLINE = ("wechat", "alipay")
ENDS = Paid | Failed | Closed
OnlineChannel = WechatChannel | AlipayChannel
_numbers = itertools.count(1)


def make_transfer(channel: str = "wechat", **changes: Any) -> Transfer:
    """A transfer of its own reference to a payee of its own."""
    number = next(_numbers)
    payee = Payee(KINDS[channel], f"payee-{number}", name="张三丰")
    made = Transfer(f"ZP{number:010d}", 27_216, payee, "第一期分配")
    return replace(made, **changes)


class InProcess(httpx.BaseTransport):
    """An application behind httpx: a dropped connection is one, a slow answer too late."""

    def __init__(self, made: Application) -> None:
        self.made = made

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        target = request.url.raw_path.decode("ascii")
        try:
            reply = self.made.answer(
                Request(request.method, target, headers, request.read())
            )
        except Dropped:
            raise httpx.ReadError("dropped", request=request) from None
        if reply.wait:
            raise httpx.ReadTimeout("slow", request=request)
        return httpx.Response(reply.status, headers=reply.headers, content=reply.body)


@dataclass
class PayoutGround:
    """Both online channels in this process; their callbacks are read as they arrive."""

    home: Path
    made: dict[str, Application]
    channels: dict[str, OnlineChannel]
    sent: dict[str, Transfer] = field(default_factory=dict)
    heard: list[CallbackOutcome] = field(default_factory=list)

    def control(self, channel: str, name: str, content: str = "") -> dict[str, Any]:
        method = "POST" if content else "GET"
        return self.made[channel].controls.do(method, name, content.encode())

    def behave(self, channel: str, manner: Manner, reference: str, **how: int) -> None:
        with self.made[channel].front.books.opened() as book:
            book.set_behaviour(Behaviour(manner=manner, **how), reference)

    def set_clock(self, at: datetime) -> None:
        for channel in self.made:
            self.control(channel, "clock", f'{{"now": "{at.isoformat()}"}}')

    def pass_time(self, **how: float) -> None:
        for channel in self.made:
            hours = timedelta(**how).total_seconds() / 3600
            self.control(channel, "clock", f'{{"hours": {hours}}}')

    def send(self, transfer: Transfer) -> SendOutcome:
        self.sent[transfer.reference] = transfer
        return self.channel(transfer).send(transfer)

    def ask(self, transfer: Transfer) -> AskOutcome:
        return self.channel(transfer).ask(transfer)

    def channel(self, transfer: Transfer) -> OnlineChannel:
        return self.channels[self.name(transfer)]

    def name(self, transfer: Transfer) -> str:
        is_wechat = transfer.payee.kind is PayeeKind.WECHAT_OPENID
        return "wechat" if is_wechat else "alipay"

    def post(self) -> None:
        for made in self.made.values():
            made.poster.once()

    def paid(self, channel: str) -> dict[str, int]:
        """What really left, by reference; nothing left twice."""
        rows = self.control(channel, "book")["paid"]
        found = {row["reference"]: row["fen"] for row in rows}
        assert len(found) == len(rows), "a reference was paid twice"
        return found

    def settled(self, transfer: Transfer, *, rounds: int = 12) -> AskOutcome:
        """Ask until there is an end, a day apart."""
        for _ in range(rounds):
            outcome = self.ask(transfer)
            if isinstance(outcome, ENDS):
                return outcome
            self.pass_time(hours=24)
        raise AssertionError(f"no end: {outcome}")


def lay_payout_ground(
    home: Path,
    *,
    plan: Plan | None = None,
    seed: int = 0,
    clock: Callable[[], datetime] | None = None,
) -> PayoutGround:
    """Channels without processes: the same applications behind httpx."""
    chosen = plan or Plan()
    shutil.copytree(keys_made_once(), home, dirs_exist_ok=True)
    lay_out(chosen, home)
    made = {
        name: application(home, name, seed=seed, address=ADDRESSES[name]) for name in ONLINE
    }
    http = {name: httpx.Client(transport=InProcess(one)) for name, one in made.items()}
    environment = settings(home, chosen, addresses=ADDRESSES)
    wechat, alipay = read_wechat(environment), read_alipay(environment)
    assert wechat is not None
    assert alipay is not None
    clocks: dict[str, Any] = {} if clock is None else {"clock": clock}
    channels: dict[str, OnlineChannel] = {
        "wechat": WechatChannel(wechat, http=http["wechat"], **clocks),
        "alipay": AlipayChannel(alipay, http=http["alipay"], **clocks),
    }
    ground = PayoutGround(home, made, channels)
    for name, one in made.items():
        one.poster.http = httpx.Client(transport=httpx.MockTransport(hearer(ground, name)))
    ground.set_clock(START)
    return ground


@cache
def keys_made_once() -> Path:
    """A folder with everybody's keys: making them takes longer than most tests."""
    home = Path(tempfile.mkdtemp(prefix="payout-keys-"))
    lay_out(Plan(), home)
    return home


def hearer(ground: PayoutGround, name: str) -> Callable[[httpx.Request], httpx.Response]:
    def hear(request: httpx.Request) -> httpx.Response:
        headers = {key.lower(): value for key, value in request.headers.items()}
        came = Callback(headers, request.content)
        read = ground.channels[name].read_callback(came, find=ground.sent.get)
        ground.heard.append(read)
        return httpx.Response(200, text="success")

    return hear
