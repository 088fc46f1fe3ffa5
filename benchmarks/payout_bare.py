"""How many transfers a second a bare client reaches against its sandbox.

    python benchmarks/payout_bare.py --transfers 2000 --threads 4

Each figure is a loop that does nothing but call: no orders, no database. `library` is
wechatpayv3 as it is, `send` and `ask` are this project's clients. A worker is measured
beside it in the same run, on the same machine (`bare_rates`).
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wechatpayv3 import WeChatPay, WeChatPayType

from zhipo.gateways.payouts.alipay.account import read_account as read_alipay
from zhipo.gateways.payouts.alipay.client import AlipayChannel
from zhipo.gateways.payouts.limits import Limits
from zhipo.gateways.payouts.outcomes import Paid, Sent
from zhipo.gateways.payouts.sandbox.plan import ChannelPlan, Plan
from zhipo.gateways.payouts.sandbox.running import PayoutSandboxes, running_payouts
from zhipo.gateways.payouts.transfers import Payee, PayeeKind, Transfer
from zhipo.gateways.payouts.wechat.account import WechatAccount
from zhipo.gateways.payouts.wechat.account import read_account as read_wechat
from zhipo.gateways.payouts.wechat.client import WechatChannel

PORT_BASE = 8200
WITHOUT_CAPS = Plan(
    wechat=ChannelPlan(limits=Plan().wechat.limits.model_copy(update={"day_fen": None})),
    alipay=ChannelPlan(limits=Limits()),
    bank=ChannelPlan(limits=Limits()),
)
"""Caps of a day would end the run; everything else is as the sandbox has it."""

KINDS = {"wechat": PayeeKind.WECHAT_OPENID, "alipay": PayeeKind.ALIPAY_LOGON}


class WentWrong(RuntimeError):
    """A call did not end as it does where everybody behaves: there is no figure."""


@dataclass(frozen=True)
class Rate:
    """One loop: what was called, how often, how fast."""

    what: str
    calls: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.calls / self.seconds


def bare_rates(running: PayoutSandboxes, *, count: int, threads: int) -> Iterator[Rate]:
    """The rate of each bare loop over `count` transfers, one after the other."""
    wechat, alipay = read_wechat(running.settings()), read_alipay(running.settings())
    assert wechat is not None
    assert alipay is not None
    clients = {"wechat": WechatChannel(wechat), "alipay": AlipayChannel(alipay)}
    for name, client in clients.items():
        transfers = list(made_transfers(name, count))
        send, ask = client.send, client.ask
        yield timed(
            f"{name} send", transfers, lambda one, f=send: must_be(f(one), Sent), threads
        )
        yield timed(
            f"{name} ask", transfers, lambda one, f=ask: must_be(f(one), Paid), threads
        )
    call = library_call(running.home, wechat)
    yield timed("wechat library", list(made_transfers("library", count)), call, threads)


def made_transfers(prefix: str, count: int) -> Iterator[Transfer]:
    kind = KINDS.get(prefix, PayeeKind.WECHAT_OPENID)
    stamp = f"{time.time_ns():x}"
    for number in range(count):
        payee = Payee(kind, f"{prefix}-payee-{number}", name="张三丰")
        yield Transfer(f"{stamp}{number:08d}", 27_216, payee, "第一期分配")


def library_call(home: Path, account: WechatAccount) -> Callable[[Transfer], None]:
    """The bare client of the library itself, over the same sandbox."""
    library = WeChatPay(
        wechatpay_type=WeChatPayType.JSAPI,
        mchid=account.merchant,
        private_key=(home / "wechat-merchant.private.pem").read_text().strip(),
        cert_serial_no=account.serial,
        apiv3_key=account.api_key,
        appid=account.app_id,
        notify_url=account.notify_url,
        public_key=(home / "wechat.pem").read_text().strip(),
        public_key_id=account.public_key_id,
    )
    library._core._gate_way = account.base

    def call(transfer: Transfer) -> None:
        status, _ = library.mch_transfer_bills(
            out_bill_no=transfer.reference,
            transfer_scene_id=account.scene_id,
            openid=transfer.payee.account,
            transfer_amount=transfer.fen,
            transfer_remark=transfer.remark,
            user_name=transfer.payee.name,
            transfer_scene_report_infos=[{"info_type": "活动名称", "info_content": "分配"}],
        )
        if status != 200:
            raise WentWrong(f"HTTP {status}")

    return call


def timed(
    what: str,
    transfers: Iterable[Transfer],
    call: Callable[[Transfer], object],
    threads: int,
) -> Rate:
    ours = list(transfers)
    begun = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(call, ours):
            pass
    return Rate(what, len(ours), time.perf_counter() - begun)


def must_be(outcome: object, kind: type) -> None:
    """Raises WentWrong where a call has ended in another way."""
    if not isinstance(outcome, kind):
        raise WentWrong(str(outcome))


@contextmanager
def sandboxes(port_base: int) -> Iterator[PayoutSandboxes]:
    with (
        tempfile.TemporaryDirectory() as home,
        running_payouts(Path(home), port_base=port_base, plan=WITHOUT_CAPS) as running,
    ):
        yield running


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transfers", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--port-base", type=int, default=PORT_BASE)
    asked = parser.parse_args()
    with sandboxes(asked.port_base) as running:
        for rate in bare_rates(running, count=asked.transfers, threads=asked.threads):
            told = {
                "what": rate.what,
                "calls": rate.calls,
                "threads": asked.threads,
                "seconds": round(rate.seconds, 3),
                "per_second": round(rate.per_second, 1),
            }
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
