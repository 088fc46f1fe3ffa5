"""How fast orders are planned and driven, and how much memory that takes.

    python benchmarks/payout.py                       plan 32,000, drive 2,000 each way
    python benchmarks/payout.py --orders 4000 --drive 500

Planned: `prepare_release` and its calendar, as the cashier's button does them. Driven: the
worker's act over a sandbox that behaves, beside bare loops of the same client over the same
sandbox, before and after it in the same run: each request of a worker is a call of the bare
loop, and the ratio is of calls a second. Memory: the peak of a fresh process that drives so
many orders against a channel in its own memory. Figures: <out>/payout.json.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from faults_payout import lay_home
from payout_bare import WITHOUT_CAPS, made_transfers, must_be, timed
from web_ground import stop_postgresql
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.outcomes import Paid, Sent
from zhipo.gateways.payouts.sandbox.running import PayoutSandboxes, running_payouts

OUT = Path(__file__).resolve().parents[1] / "out" / "payout"
THREADS = 4
ROUNDS = 3
"""So many times a worker between two bare loops: the machine may not be ours alone."""


@dataclass(frozen=True)
class Asked:
    """How many orders are planned, and how many are driven a round and a channel."""

    out: Path
    orders: int
    drive: int
    memory: tuple[int, int]
    port_base: int


def planned(orders: int) -> dict[str, Any]:
    """Seconds of preparing a release and putting it into the calendar, three times."""
    from django.utils import timezone

    from payout_case import open_paying_case
    from zhipo.claims.states import PayoutChannel
    from zhipo.payouts.actions.preparing import discard_release, prepare_release
    from zhipo.payouts.actions.releasing import release_orders

    ways = (PayoutChannel.WECHAT, PayoutChannel.ALIPAY)
    paying, prepare, release = open_paying_case(orders, channels=ways), [], []
    for last in (False, False, True):
        begun = time.perf_counter()
        made = prepare_release(
            plan_id=paying.plan.pk, until=timezone.localdate(), by=paying.cashier
        )
        prepare.append(time.perf_counter() - begun)
        assert made.orders_count == orders
        if not last:
            discard_release(release_id=made.pk, by=paying.cashier)
    begun = time.perf_counter()
    release_orders(release_id=made.pk, by=paying.lead)
    release.append(time.perf_counter() - begun)
    return {
        "orders": orders,
        "prepare_seconds": [round(one, 2) for one in prepare],
        "release_seconds": [round(one, 2) for one in release],
        "ends_on": str(made.ends_on),
    }


@contextmanager
def channels(asked: Asked) -> Iterator[PayoutSandboxes]:
    home = asked.out / "channels"
    shutil.rmtree(home, ignore_errors=True)
    with running_payouts(home, port_base=asked.port_base, plan=WITHOUT_CAPS) as running:
        os.environ.update(running.settings())
        yield running


def driven(name: ChannelName, count: int) -> dict[str, Any]:
    """A worker over a sandbox that behaves, between two bare loops, a few times."""
    rounds = [_round(name, count) for _ in range(ROUNDS)]
    ratios = [one["ratio"] for one in rounds]
    return {
        "channel": name.value,
        "orders": count,
        "threads": THREADS,
        "rounds": rounds,
        "ratio": round(statistics.median(ratios), 3),
    }


def _round(name: ChannelName, count: int) -> dict[str, Any]:
    before = _bare(name, count)
    calls, seconds = _worker(name, count)
    after = _bare(name, count)
    bare = statistics.mean([before, after])
    return {
        "bare_per_second": [round(before, 1), round(after, 1)],
        "worker_per_second": round(calls / seconds, 1),
        "orders_per_second": round(count / seconds, 1),
        "ratio": round(calls / seconds / bare, 3),
    }


def _bare(name: ChannelName, count: int) -> float:
    """Calls a second of a loop that sends each transfer and asks for it."""
    from zhipo.payouts.channels import spoken

    client = spoken(name)
    transfers = list(made_transfers(name.value, count))
    sent = timed("send", transfers, lambda one: must_be(client.send(one), Sent), THREADS)
    asked = timed("ask", transfers, lambda one: must_be(client.ask(one), Paid), THREADS)
    return (sent.calls + asked.calls) / (sent.seconds + asked.seconds)


def _worker(name: ChannelName, count: int) -> tuple[int, float]:
    """Requests and seconds of a worker over so many orders, from planned to paid."""
    from django.utils import timezone

    from payout_case import open_paying_case, released
    from zhipo.claims.states import PayoutChannel
    from zhipo.payouts.actions.driving import drive
    from zhipo.payouts.channels import spoken
    from zhipo.payouts.models import Order

    paying = open_paying_case(count, channels=(PayoutChannel(name.value),))
    release = released(paying, now=timezone.now())
    late = timezone.now() + timedelta(days=2)  # everything is due, whatever its hour
    begun = time.perf_counter()
    drive(spoken(name), clock=lambda: late, threads=THREADS)
    drive(spoken(name), clock=lambda: late + timedelta(minutes=2), threads=THREADS)
    seconds = time.perf_counter() - begun
    orders = Order.objects.filter(release=release)
    assert set(orders.values_list("state", flat=True)) == {"paid"}
    return 2 * count, seconds


def memory_of(asked: Asked, orders: int) -> float:
    """Peak of a fresh process that drives so many orders, in MiB."""
    import subprocess

    command = [sys.executable, __file__, "--memory-of", str(orders), "--out", asked.out]
    done = subprocess.run(
        [str(one) for one in command], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])


def drive_in_memory(home: Path, orders: int) -> float:
    """In this process: everything planned is driven; the peak in MiB."""
    from zhipo.web.server import prepare

    prepare(home)
    from payout_in_memory import WellBehaved
    from zhipo.payouts.actions.driving import drive

    channel = WellBehaved()
    driven_ones = drive(channel, clock=channel.clock)
    channel.later()
    again = drive(channel, clock=channel.clock)
    assert driven_ones.taken + again.taken >= 2 * orders
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory(asked: Asked) -> dict[str, Any]:
    """The peak at a few orders and at many: the difference is what orders cost."""
    from django.utils import timezone

    from payout_case import open_paying_case, released
    from zhipo.claims.states import PayoutChannel

    peaks = {}
    for orders in asked.memory:
        paying = open_paying_case(orders, channels=(PayoutChannel.WECHAT,))
        released(paying, now=timezone.now())
        peaks[orders] = round(memory_of(asked, orders), 1)
    few, many = peaks.values()
    return {"peak_mib": peaks, "grows_mib": round(many - few, 1)}


def shown(found: dict[str, Any]) -> Table:
    table = Table("what", "", title="Payout")
    table.columns[1].justify = "right"
    plan = found["planned"]
    best = min(plan["prepare_seconds"])
    table.add_row(f"prepare {plan['orders']:,} orders", f"{best:.2f} s")
    table.add_row("put into the calendar", f"{min(plan['release_seconds']):.2f} s")
    for one in found["driven"]:
        rates = ", ".join(f"{row['worker_per_second']:.0f}" for row in one["rounds"])
        table.add_row(f"{one['channel']}: calls a second of the worker", rates)
        table.add_row(
            f"{one['channel']}: share of the bare client's", f"{one['ratio']:.0%}"
        )
    for orders, peak in found["memory"]["peak_mib"].items():
        table.add_row(f"peak memory at {orders:,} orders", f"{peak:.0f} MiB")
    return table


def _asked() -> tuple[Asked, int]:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=32_000)
    parser.add_argument("--drive", type=int, default=2_000)
    parser.add_argument("--memory", type=int, nargs=2, default=(4_000, 32_000))
    parser.add_argument("--memory-of", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--port-base", type=int, default=8640)
    parser.add_argument("--out", type=Path, default=OUT)
    given = vars(parser.parse_args())
    of = given.pop("memory_of")
    return Asked(**given | {"memory": tuple(given["memory"])}), of


def main() -> None:
    asked, of = _asked()
    if of:
        print(drive_in_memory(asked.out / "home", of))
        return
    asked.out.mkdir(parents=True, exist_ok=True)
    home = lay_home(asked.out)
    try:
        with channels(asked):
            found = {
                "driven": [
                    driven(one, asked.drive)
                    for one in (ChannelName.WECHAT, ChannelName.ALIPAY)
                ],
                "memory": memory(asked),
                "planned": planned(asked.orders),  # leaves them planned
            }
    finally:
        stop_postgresql(home)
    text = json.dumps(found, indent=1, ensure_ascii=False)
    (asked.out / "payout.json").write_text(text + "\n", encoding="utf-8")
    Console().print(shown(found))


if __name__ == "__main__":
    main()
