"""`kill -9` of the first process of `zhipo serve` while consumers file, then a new one.

    python tests/load/kill_keeper.py --out FOLDER [--consumers 2000]

A program of its own, because it sets itself up as one of an installation's processes.
Prints what it found as JSON; uses what benchmarks/faults_web.py stands on.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from ports import free_port
from stubborn import StubbornCrowd
from web_ground import (
    SETTINGS,
    Ground,
    lay_ground,
    stop_postgresql,
    web_processes,
)
from zhipo.demo.processes import HOST, end, start

AT_ONCE = 6
FILING_SECONDS = 3
ENDING_SECONDS = 20
READY_SECONDS = 90
Web = subprocess.Popen[bytes]


def serve(ground: Ground, port: int) -> Web:
    """A `zhipo serve` of two processes, ready to answer."""
    web = start(
        ["serve", "--port", str(port), "--processes", "2"],
        {"ZHIPO_HOME": str(ground.home), **SETTINGS},
        log=ground.home / "web.log",
    )
    until = time.monotonic() + READY_SECONDS
    while not answers(port):
        assert web.poll() is None, "zhipo serve ended at once"
        assert time.monotonic() < until, "zhipo serve does not answer"
        time.sleep(0.2)
    return web


def answers(port: int) -> bool:
    try:
        health = f"http://{HOST}:{port}/health"
        return httpx.get(health, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def kill_keeper(web: Web) -> tuple[float | None, list[int]]:
    """Kill the first process; seconds until its processes are gone, or who is left."""
    kept = web_processes(web.pid)
    assert len(kept) == 2
    web.kill()
    web.wait()
    began = time.monotonic()
    _, left = psutil.wait_procs(kept, timeout=ENDING_SECONDS)
    seconds = round(time.monotonic() - began, 1)
    return (None if left else seconds), [one.pid for one in left]


async def under_fire(ground: Ground, port: int) -> dict[str, Any]:
    """File, kill, look, serve anew, file on; nobody in the crowd gives up."""
    crowd = StubbornCrowd(ground.slug)
    first = await asyncio.to_thread(serve, ground, port)
    filing = asyncio.create_task(
        crowd.file(ground.phones, at=(HOST, port), at_once=AT_ONCE, seed=1)
    )
    await asyncio.sleep(FILING_SECONDS)
    before = len(crowd.receipts)
    seconds, left = await asyncio.to_thread(kill_keeper, first)
    still_answers = await asyncio.to_thread(answers, port)
    second = await asyncio.to_thread(serve, ground, port)
    try:
        await asyncio.sleep(FILING_SECONDS)
        assert not filing.done(), "the crowd was gone too early: take a larger one"
        crowd.is_over = True
        await filing
        found = await asyncio.to_thread(look, ground, crowd)
    finally:
        await asyncio.to_thread(end, second)
    return found | {
        "children_gone_after_seconds": seconds,
        "children_left": left,
        "port_answers_without_keeper": still_answers,
        "acknowledged_before": before,
    }


def look(ground: Ground, crowd: StubbornCrowd) -> dict[str, Any]:
    """What the database says, beside what people have in hand."""
    from faults_found import broken_chains, filed_twice, missing, surplus

    return {
        "acknowledged": sum(map(len, crowd.receipts.values())),
        "requests_broken": crowd.broken,
        "faults": {
            "gave_up": crowd.gave_up,
            "acknowledged_but_missing": missing(crowd.receipts),
            "filed_but_never_acknowledged": surplus(ground.case_number, crowd.receipts),
            "filed_twice": filed_twice(),
            "broken_chains": broken_chains(),
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--consumers", type=int, default=2_000)
    asked = parser.parse_args()
    ground = lay_ground(asked.out, consumers=asked.consumers)
    try:
        print(json.dumps(asyncio.run(_run(ground))))
    finally:
        stop_postgresql(ground.home)


async def _run(ground: Ground) -> dict[str, Any]:
    return await under_fire(ground, free_port())


if __name__ == "__main__":
    main()
