"""`kill -9` while consumers file: of a web process, of the worker, of PostgreSQL.

    python benchmarks/faults_web.py                    three rounds, seed 1
    python benchmarks/faults_web.py --rounds 5 --seed 7

Afterwards every filing whose receipt was seen is there, none twice, the audit trail is
whole, and whoever got no answer to the tap got the receipt by tapping again. Exit status 1
where any of that is not so. Figures: <out>/faults.json.
"""

import argparse
import asyncio
import json
import random
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psutil

from load import OUT
from ports import free_port
from stubborn import StubbornCrowd
from web_ground import (
    SETTINGS,
    Ground,
    kill_postgresql,
    lay_ground,
    stop_postgresql,
    wait_for_worker,
    web_processes,
)
from zhipo.demo.processes import HOST, end, running, start

VICTIMS = ("web", "worker", "postgresql")
AT_ONCE = 6
BEFORE_KILL_SECONDS = (1.5, 3.5)
AFTERWARDS_SECONDS = 2.0
REVIEW_SECONDS = 180
"""A job whose worker was killed is taken up after a minute without a sign of life."""


@dataclass(frozen=True)
class Asked:
    """How often everybody is killed, and over how large a crowd."""

    out: Path
    consumers: int
    rounds: int
    seed: int
    port: int
    with_review: bool


class Killer:
    """Kills by pid what this run has started, and starts again what stays dead."""

    def __init__(self, ground: Ground, up: Any, chance: random.Random) -> None:
        self.ground, self.web, self.worker = ground, up.web, up.worker
        self.chance = chance
        self.killed: list[str] = []

    def kill(self, victim: str) -> None:
        """Kill one; return when there is another in its place."""
        getattr(self, f"_kill_{victim}")()
        self.killed.append(victim)

    def _kill_web(self) -> None:
        """The one that has lived longest: two deaths of one within seconds look to
        Granian like a crash loop, which it ends."""
        alive = web_processes(self.web.pid)
        one = min(alive, key=psutil.Process.create_time)
        one.kill()
        until = monotonic() + 30
        while len([p for p in web_processes(self.web.pid) if p.pid != one.pid]) < len(
            alive
        ):
            assert monotonic() < until, "the web process did not come back"
            sleep(0.1)

    def _kill_worker(self) -> None:
        self.worker.kill()
        self.worker.wait()
        settings = {"ZHIPO_HOME": str(self.ground.home), **SETTINGS}
        log = self.ground.home / "worker.log"
        self.worker = start(["worker"], settings, log=log)

    def _kill_postgresql(self) -> None:
        kill_postgresql(self.ground.home)


def run(asked: Asked) -> dict[str, Any]:
    """Lay the ground, kill while a crowd files, look at what is left."""
    ground = lay_ground(asked.out, consumers=asked.consumers)
    try:
        return _run_on(asked, ground)
    finally:
        stop_postgresql(ground.home)


def _run_on(asked: Asked, ground: Ground) -> dict[str, Any]:
    with running(ground.home, port=asked.port, processes=2, settings=SETTINGS) as up:
        wait_for_worker()
        killer = Killer(ground, up, random.Random(asked.seed))
        try:
            crowd = asyncio.run(_under_fire(asked, ground, killer))
            return _looked_at(asked, ground, crowd, killer)
        finally:
            end(killer.worker)


async def _under_fire(asked: Asked, ground: Ground, killer: Killer) -> StubbornCrowd:
    """The crowd files while everybody is killed in an order by chance, `rounds` times."""
    crowd = StubbornCrowd(ground.slug)
    at = (HOST, asked.port)
    filing = asyncio.create_task(
        crowd.file(ground.phones, at=at, at_once=AT_ONCE, seed=asked.seed)
    )
    for _ in range(asked.rounds):
        for victim in killer.chance.sample(VICTIMS, len(VICTIMS)):
            await asyncio.sleep(killer.chance.uniform(*BEFORE_KILL_SECONDS))
            await asyncio.to_thread(killer.kill, victim)
    await asyncio.sleep(AFTERWARDS_SECONDS)
    assert not filing.done(), "the crowd was gone before the last kill: take a larger one"
    crowd.is_over = True
    await filing
    return crowd


def _looked_at(
    asked: Asked, ground: Ground, crowd: StubbornCrowd, killer: Killer
) -> dict[str, Any]:
    """What the database says, beside what people have in hand."""
    from django.db import connection

    from faults_found import broken_chains, filed_twice, lost_but_filed, missing, surplus

    connection.close()  # of before the last restart
    found = {
        "killed": killer.killed,
        "acknowledged": sum(map(len, crowd.receipts.values())),
        "requests_broken": crowd.broken,
        "answers_lost": len(crowd.lost),
        "answers_lost_but_filed": lost_but_filed(crowd.lost),
        "receipt_by_tapping_again": len(crowd.again),
        "faults": {
            "gave_up": crowd.gave_up,
            "acknowledged_but_missing": missing(crowd.receipts),
            "filed_but_never_acknowledged": surplus(ground.case_number, crowd.receipts),
            "filed_twice": filed_twice(),
            "broken_chains": broken_chains(),
        },
    }
    if asked.with_review:
        found["review_ended_after_seconds"] = _wait_for_review(ground.case_number)
    return found


def _wait_for_review(case_number: str) -> float | None:
    """Until the worker that came last has decided everything; None if it does not."""
    from faults_found import undecided

    began = monotonic()
    while monotonic() - began < REVIEW_SECONDS:
        if not undecided(case_number):
            return round(monotonic() - began, 1)
        sleep(1)
    return None


def _asked() -> Asked:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--consumers", type=int, default=8_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--without-review", dest="with_review", action="store_false")
    parser.add_argument("--out", type=Path, default=OUT)
    given = vars(parser.parse_args())
    return Asked(**given | {"port": given["port"] or free_port()})


def main() -> None:
    asked = _asked()
    asked.out.mkdir(parents=True, exist_ok=True)
    found = run(asked)
    kept = {**found, "asked": {**asdict(asked), "out": asked.out.name}}
    text = json.dumps(kept, indent=2, ensure_ascii=False)
    (asked.out / "faults.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    is_reviewed = found.get("review_ended_after_seconds", 0) is not None
    sys.exit(1 if any(found["faults"].values()) or not is_reviewed else 0)


if __name__ == "__main__":
    main()
