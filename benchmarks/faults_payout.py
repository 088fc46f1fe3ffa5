"""Whole payout runs under misbehaving channels and `kill -9`, seed by seed.

    python benchmarks/faults_payout.py                          100 seeds, 300 orders each
    python benchmarks/faults_payout.py --seeds 1 --orders 32000
    python benchmarks/faults_payout.py --first 7 --seeds 1      one seed again

In each run half of all orders meet one of 22 ways to be difficult (drawn by the seed), the
lead pauses or stops the release now and then, and workers, the web that hears callbacks and
PostgreSQL are killed at random instants while two workers pay. Afterwards nobody was paid
twice, nobody is forgotten, the case's book is balanced and agrees with the channels' own
books to the fen. Exit status 1 where any of that is not so. Figures: <out>/payout.json.
"""

import argparse
import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from web_ground import fresh_home, stop_postgresql
from zhipo.gateways.payouts.limits import ALIPAY, WECHAT
from zhipo.gateways.payouts.sandbox.plan import ChannelPlan, Plan, lay_out, with_callbacks
from zhipo.gateways.payouts.sandbox.running import PayoutSandboxes

OUT = Path(__file__).resolve().parents[1] / "out" / "faults"
SECONDS_AN_ORDER, SECONDS_AT_LEAST = 0.2, 300
TOGETHER = 10
"""So many seeds run before the same processes of channels, over one book."""


@dataclass(frozen=True)
class Asked:
    """How many runs over how many orders; ports from `port_base` on, four of them."""

    out: Path
    first: int
    seeds: int
    orders: int
    kills: int
    port_base: int


def lay_home(out: Path) -> Path:
    """A fresh installation below `out` whose web this process can be."""
    home = fresh_home(out)
    (home / "static").mkdir(exist_ok=True)
    return home


@contextmanager
def channels(asked: Asked, seed: int) -> Iterator[PayoutSandboxes]:
    """The two channels that are spoken to, as processes; they post to the run's web."""
    web = f"http://127.0.0.1:{asked.port_base + 3}/hooks/payouts"
    unhurried = {"per_second": None, "day_fen": 10_000_000_00}
    quick = Plan(
        wechat=ChannelPlan(limits=WECHAT.model_copy(update=unhurried), slow_seconds=0.2),
        alipay=ChannelPlan(limits=ALIPAY, slow_seconds=0.2),
    )
    plan = with_callbacks(quick, {name: f"{web}/{name}" for name in ("wechat", "alipay")})
    keys, home = asked.out / "channels" / "keys", asked.out / "channels" / "running"
    lay_out(plan, keys)
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(keys, home)
    running = PayoutSandboxes(home=home, plan=plan, seed=seed, port_base=asked.port_base)
    os.environ.update(running.settings())
    running.start("wechat", "alipay")
    try:
        yield running
    finally:
        running.end()


def run_seeds(asked: Asked, home: Path) -> Iterator[Any]:
    """What each seed came to, one after the other."""
    from payout_fire import Fire
    from payout_run import PayoutRun

    end, seconds = asked.first + asked.seeds, asked.orders * SECONDS_AN_ORDER
    for first in range(asked.first, end, TOGETHER):
        fire = Fire(home, asked.port_base + 3)
        with channels(asked, first) as running:
            for seed in range(first, min(first + TOGETHER, end)):
                run = PayoutRun(
                    running, fire, seed=seed, orders=asked.orders, kills=asked.kills
                )
                yield run.go(seconds=max(SECONDS_AT_LEAST, seconds))


def totals(runs: list[Any]) -> dict[str, Any]:
    """The figures of all seeds together."""
    sums: dict[str, Counter[str]] = {"states": Counter(), "killed": Counter()}
    sums["acts"] = Counter()
    for run in runs:
        for name, counter in sums.items():
            counter.update(getattr(run, name))
    return {
        "seeds": len(runs),
        "orders": sum(run.orders for run in runs),
        "turns": sum(run.turns for run in runs),
        "paid_fen": sum(run.paid_fen for run in runs),
        **{name: dict(counter) for name, counter in sums.items()},
        "deadlocks": max((run.deadlocks for run in runs), default=0),
        "seconds": round(sum(run.seconds for run in runs), 1),
        "wrong_seeds": [run.seed for run in runs if not run.is_right],
    }


def shown(found: dict[str, Any]) -> Table:
    """The figures as a table."""
    table = Table("what", "", title="Payout runs under fire")
    table.columns[1].justify = "right"
    for name, value in found.items():
        rows = value.items() if isinstance(value, dict) else [("", value)]
        for part, figure in rows:
            told = f"{figure:,}" if isinstance(figure, int) else str(figure)
            table.add_row(f"{name} {part}".strip(), told)
    return table


def keep(asked: Asked, runs: list[Any]) -> dict[str, Any]:
    """Write what there is so far; the figures of all seeds."""
    found = totals(runs)
    kept = {
        "asked": {**asdict(asked), "out": asked.out.name},
        "all": found,
        "runs": [_told(run) for run in runs],
    }
    text = json.dumps(kept, indent=1, ensure_ascii=False, default=str)
    (asked.out / "payout.json").write_text(text + "\n", encoding="utf-8")
    return found


def _told(run: Any) -> dict[str, Any]:
    plain = {name: dict(getattr(run, name)) for name in ("killed", "acts")}
    return {**vars(run), **plain}


def _line(run: Any) -> str:
    told = "right" if run.is_right else f"WRONG {run.differences} is_over={run.is_over}"
    killed = ", ".join(f"{name} {count}" for name, count in sorted(run.killed.items()))
    return f"seed {run.seed}: {told}; {run.orders} orders, {run.seconds} s; killed {killed}"


def _asked() -> Asked:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=1, help="the first seed, from 1 on")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--orders", type=int, default=300)
    parser.add_argument("--kills", type=int, default=6, help="in each run")
    parser.add_argument("--port-base", type=int, default=8600)
    parser.add_argument("--out", type=Path, default=OUT)
    return Asked(**vars(parser.parse_args()))


def main() -> None:
    asked = _asked()
    asked.out.mkdir(parents=True, exist_ok=True)
    home, console, runs = lay_home(asked.out), Console(), []
    try:
        for run in run_seeds(asked, home):
            runs.append(run)
            console.print(_line(run), highlight=False)
            found = keep(asked, runs)
    finally:
        stop_postgresql(home)
    console.print(shown(found))
    sys.exit(1 if found["wrong_seeds"] else 0)


if __name__ == "__main__":
    main()
