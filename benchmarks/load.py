"""The opening hour over real HTTP: how many file a second, and how long a page takes.

    python benchmarks/load.py                       32,000 consumers
    python benchmarks/load.py --consumers 2000

Web, worker, PostgreSQL and the crowd share this machine; what each of them computed is
stated beside the result. Phase 1 goes as fast as it can, phase 2 comes at 75 % of that
rate. Beside it `pgbench -N` on the same server. Figures: <out>/result.json.
"""

import argparse
import asyncio
import json
import os
import platform
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from crowd import WARM_UP, Door, Phase
from ports import free_port
from web_ground import (
    SETTINGS,
    Ground,
    cpu_seconds,
    lay_ground,
    machine_seconds,
    pgbench,
    postmaster,
    wait_for_worker,
)

OUT = Path(__file__).resolve().parents[1] / "out" / "load"
PACE = 0.75
QUICK_SECONDS = 0.4
SHARE_OF_FIRST_PHASE = 0.6
PARTS = ("generator", "web", "worker", "postgresql")


@dataclass(frozen=True)
class Asked:
    """How large the crowd is and how long each phase lasts at most."""

    out: Path
    consumers: int
    seconds: float
    at_once: int
    pgbench_seconds: int
    port: int
    seed: int


@dataclass(frozen=True)
class Watched:
    """The processes whose computing is told apart."""

    processes: dict[str, psutil.Process]

    def now(self) -> dict[str, float]:
        """CPU seconds of each part so far, and of the whole machine."""
        parts = {name: cpu_seconds([one]) for name, one in self.processes.items()}
        times = psutil.Process().cpu_times()  # ours alone: web and worker are our children
        return {
            "generator": times.user + times.system,
            **parts,
            "machine": machine_seconds(),
        }


def run(asked: Asked) -> dict[str, Any]:
    """Lay the ground, let the crowd in, keep the figures."""
    ground = lay_ground(asked.out, consumers=asked.consumers)
    from zhipo.demo.processes import running

    with running(ground.home, port=asked.port, processes=2, settings=SETTINGS) as up:
        wait_for_worker()
        watched = Watched(
            {
                "web": psutil.Process(up.web.pid),
                "worker": psutil.Process(up.worker.pid),
                "postgresql": postmaster(ground.home),
            }
        )
        door = Door(up.address, ground.slug, asked.at_once)
        phases = asyncio.run(_phases(asked, ground, door, watched))
        result: dict[str, Any] = {"machine": _machine(), "consumers": len(ground.phones)}
        result |= phases
        if asked.pgbench_seconds:
            measured = pgbench(ground.home, seconds=asked.pgbench_seconds)
            result["pgbench"] = measured
            result["filings_per_pgbench"] = (
                phases["fast"]["filings_a_second"] / measured["tps"]
            )
    return result


async def _phases(
    asked: Asked, ground: Ground, door: Door, watched: Watched
) -> dict[str, Any]:
    """Warm up, then both phases, over people who have not filed."""
    phones = ground.phones
    first = WARM_UP + int((len(phones) - WARM_UP) * SHARE_OF_FIRST_PHASE)
    await door.as_fast_as_it_goes(phones[:WARM_UP], seconds=asked.seconds)
    fast = await _measured(
        lambda: door.as_fast_as_it_goes(phones[WARM_UP:first], seconds=asked.seconds),
        watched,
    )
    rate = PACE * fast["filings_a_second"]
    paced = await _measured(
        lambda: door.at_pace(
            phones[first:], rate=rate, seconds=asked.seconds, seed=asked.seed
        ),
        watched,
    )
    return {"fast": fast, "paced": {"asked_a_second": rate, **paced}}


async def _measured(phase: Callable[[], Awaitable[Phase]], watched: Watched) -> Any:
    before = watched.now()
    done = await phase()
    after = watched.now()
    used = {part: after[part] - before[part] for part in after}
    ours = sum(used[part] for part in PARTS)
    used["others"] = used.pop("machine") - ours
    return summary(done) | {
        "cpu_seconds": {part: round(value, 2) for part, value in used.items()},
        "cpu_ms_a_filing": 1000 * ours / max(1, len(done.visits)),
        "generator_share": used["generator"] / ours,
        "others_share": used["others"] / (done.seconds * (os.cpu_count() or 1)),
    }


def summary(phase: Phase) -> dict[str, Any]:
    """Rate, failures, share of quick pages, and the times of each page in ms."""
    pages = [time for visit in phase.visits for time in visit.seconds.values()]
    steps: dict[str, list[float]] = {}
    for visit in phase.visits:
        for step, time in visit.seconds.items():
            steps.setdefault(step, []).append(time)
    return {
        "filings": len(phase.visits),
        "failed": len(phase.failed),
        "failures": sorted(set(phase.failed))[:10],
        "seconds": round(phase.seconds, 2),
        "filings_a_second": phase.rate,
        "quick_share": sum(time < QUICK_SECONDS for time in pages) / max(1, len(pages)),
        "pages_ms": {step: _times(times) for step, times in steps.items()},
    }


def _times(seconds: list[float]) -> dict[str, float]:
    if len(seconds) < 2:
        return {}
    cuts = quantiles(seconds, n=100, method="inclusive")
    return {f"p{cut}": round(1000 * cuts[cut - 1], 1) for cut in (50, 95, 99)}


def _machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "python": platform.python_version()}


def show(result: dict[str, Any]) -> None:
    """The table."""
    console = Console()
    table = Table("phase", "filings", "failed", "a second", "< 400 ms", "page",
                  "p50", "p95", "p99")  # fmt: skip
    for name in ("fast", "paced"):
        found, head = result[name], True
        for step, times in found["pages_ms"].items():
            first = [
                name, f"{found['filings']:,}", str(found["failed"]),
                f"{found['filings_a_second']:.1f}", f"{100 * found['quick_share']:.2f} %",
            ]  # fmt: skip
            lead = first if head else [""] * len(first)
            table.add_row(*lead, step, *(f"{times[cut]:.0f}" for cut in times))
            head = False
    console.print(table)
    for name in ("fast", "paced"):
        parts = result[name]["cpu_seconds"]
        told = ", ".join(f"{part} {value:.1f}" for part, value in parts.items())
        share, others = (
            100 * result[name][f"{whose}_share"] for whose in ("generator", "others")
        )
        console.print(
            f"{name}: CPU seconds {told};"
            f" {result[name]['cpu_ms_a_filing']:.1f} ms a filing,"
            f" the generator {share:.0f} % of it;"
            f" other programs held {others:.0f} % of the machine"
        )
    if "pgbench" in result:
        tps, ratio = result["pgbench"]["tps"], result["filings_per_pgbench"]
        console.print(f"pgbench -N: {tps:.0f} a second; one filing is {1 / ratio:.0f}")


def _asked() -> Asked:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--consumers", type=int, default=32_000)
    parser.add_argument("--seconds", type=float, default=300.0, help="at most, a phase")
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--pgbench-seconds", type=int, default=20, help="0: without")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=OUT)
    given = vars(parser.parse_args())
    return Asked(**given | {"port": given["port"] or free_port()})


def main() -> None:
    asked = _asked()
    asked.out.mkdir(parents=True, exist_ok=True)
    result = run(asked)
    text = json.dumps(result, indent=2, ensure_ascii=False)
    (asked.out / "result.json").write_text(text + "\n", encoding="utf-8")
    show(result)


if __name__ == "__main__":
    main()
