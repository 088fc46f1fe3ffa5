"""Institutions misbehave and processes are killed while a court freezes and watches.

    python benchmarks/faults_enforcement.py                        200 seeds, two lanes
    python benchmarks/faults_enforcement.py --seeds 20 --first 7 --lanes 1

Each seed is a debtor with eight things at six institutions (processes over HTTP, half of
all orders met with misbehaviour). Two courts ask, freeze, deduct, renew in time or not, and
watch to the end, while the acting process, the one that takes posted answers, institutions
and (in one run of ten) PostgreSQL are killed with -9. Then the debtor is referred: consent,
three signatures, service, letters, sealed bundle, review, acceptance or refusal, some of it
late. Afterwards no freeze is lost, none is doubled, every answer is accounted for, every
clock is right, the court's books are the institutions' own, and there is one referral, one
bundle a sending, one case. Exit status 1 where any of that is not so. Figures:
<out>/faults.json.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from ports import free_ports
from web_ground import fresh_home, stop_postgresql

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "out" / "faults-enforcement"
KEPT = "faults.json"
PORTS = 7
"""One for the court, one for each institution."""

POSTGRESQL_EVERY = 10


@dataclass(frozen=True)
class Asked:
    """Which seeds, where, on which ports."""

    out: Path
    seeds: int
    first: int
    lanes: int
    step: int
    port: int


def run_in_lanes(asked: Asked) -> dict[str, Any]:
    """The seeds shared out over installations of their own, at the same time."""
    lots = [range(asked.first, asked.first + asked.seeds)[lane :: asked.lanes]
            for lane in range(asked.lanes)]  # fmt: skip
    lanes = [
        subprocess.Popen(
            [sys.executable, __file__, "--lanes", "1", "--step", str(asked.lanes),
             "--seeds", str(len(lot)), "--first", str(lot[0]),
             "--out", str(asked.out / f"lane-{number}")]
        )
        for number, lot in enumerate(lots) if lot
    ]  # fmt: skip
    for lane in lanes:
        lane.wait()
    counts: Counter[str] = Counter()
    merged: dict[str, Any] = {"counts": counts, "seconds": 0.0, "faults": {}}
    for number in range(len(lanes)):
        found = json.loads((asked.out / f"lane-{number}" / KEPT).read_text("utf-8"))
        counts.update(found["counts"])
        merged["faults"] |= found["faults"]
        merged["seconds"] = max(merged["seconds"], found["seconds"])
    return merged | {"counts": dict(sorted(counts.items()))}


def run(asked: Asked) -> dict[str, Any]:
    """Every seed in turn, on one installation."""
    shutil.rmtree(asked.out, ignore_errors=True)
    home = fresh_home(asked.out)
    try:
        return _run_on(asked, home)
    finally:
        stop_postgresql(home)


def _run_on(asked: Asked, home: Path) -> dict[str, Any]:
    from enforcement_ground import SLOTS, Network, make_people
    from enforcement_people import HOST, Clock, Web, warm_up
    from enforcement_run import Grounds

    warm_up()
    people, clock = make_people(), Clock()
    web = Web(clock, asked.port)
    total = Total()
    seeds = range(asked.first, asked.first + asked.seeds * asked.step, asked.step)
    for begin in range(0, len(seeds), SLOTS):
        lot = seeds[begin : begin + SLOTS]
        with Network(
            asked.out / "books", port_base=asked.port + 1,
            court_at=f"http://{HOST}:{asked.port}", seed=lot[0],
        ) as network:  # fmt: skip
            web.start()
            try:
                for number, seed in enumerate(lot):
                    grounds = Grounds(home, network, people, clock, web)
                    total.add(seed, *_one(grounds, number, seed))
            finally:
                web.end()
    return total.shown()


def _one(grounds: Any, number: int, seed: int) -> tuple[list[str], Counter[str], float]:
    """One seed: its faults, who was killed, how long it took."""
    from enforcement_acts import ACTS
    from enforcement_ground import clear, slots
    from enforcement_people import Actor
    from enforcement_referral_acts import REFERRAL_ACTS
    from enforcement_run import Run

    began = monotonic()
    clear()
    register(grounds.network)
    actor = Actor(grounds.clock, ACTS | REFERRAL_ACTS, seed)
    one = Run(grounds, slots()[number], seed, actor,
              kills_postgresql=seed % POSTGRESQL_EVERY == 0)  # fmt: skip
    try:
        faults = one.go()
    except AssertionError as error:
        faults = [*one.faults, f"did not come to its end: {error}"]
    finally:
        actor.end()
    counts = Counter({"runs": 1, "acts": one.acts, "killed_actor": actor.killed})
    counts.update({f"killed_{name}": times for name, times in one.killed.items()})
    counts.update(_counted())
    return faults, counts, monotonic() - began


def register(network: Any) -> None:
    """The institutions of the directory, as a bureau registers them."""
    from enforcement_ground import COURTS
    from zhipo.accounts.models import User
    from zhipo.demo.court_people import know_institutions

    judge = User.objects.get(login=f"judge-{next(iter(COURTS))}")
    know_institutions(network.directory, by=judge)


def _counted() -> dict[str, int]:
    from zhipo.enforcement.models import (
        Freeze,
        FreezeAlert,
        InquiryAnswer,
        InquiryObjection,
        InquiryOrder,
        Notice,
        Referral,
        ReferralClock,
        SealedBundle,
    )

    answers = InquiryAnswer.objects.all()
    return {
        "orders": InquiryOrder.objects.count(),
        "freezes": Freeze.objects.count(),
        "freezes_lapsed": Freeze.objects.filter(state="lapsed").count(),
        "renewals": InquiryOrder.objects.filter(act="renew").count(),
        "alerts": FreezeAlert.objects.count(),
        "objections": InquiryObjection.objects.count(),
        "answers": answers.count(),
        "answers_posted_first": answers.filter(came_by="callback").count(),
        "answers_not_believed": answers.filter(is_good=False).count(),
        "answers_told_again": sum(
            one - 1 for one in answers.values_list("times", flat=True)
        ),
        "escalated": InquiryOrder.objects.exclude(escalated_at=None).count(),
        "referrals": Referral.objects.count(),
        "referrals_accepted": Referral.objects.filter(state="accepted").count(),
        "bundles": SealedBundle.objects.count(),
        "letters": Notice.objects.exclude(sent_on=None).count(),
        "days_missed": ReferralClock.objects.exclude(escalated_on=None).count(),
    }


class Total:
    """What all seeds so far have shown; told line by line as they end."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.faults: dict[int, list[str]] = {}
        self.seconds: list[float] = []

    def add(
        self, seed: int, faults: list[str], counts: Counter[str], seconds: float
    ) -> None:
        self.counts += counts
        self.seconds.append(seconds)
        if faults:
            self.faults[seed] = faults
        print(f"seed {seed}: {seconds:.1f} s, {len(faults)} faults", flush=True)
        for fault in faults:
            print(f"  {fault}", flush=True)

    def shown(self) -> dict[str, Any]:
        return {
            "counts": dict(sorted(self.counts.items())),
            "seconds": round(sum(self.seconds), 1),
            "faults": {str(seed): found for seed, found in self.faults.items()},
        }


def _asked() -> Asked:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--lanes", type=int, default=2, help="installations at once")
    parser.add_argument("--step", type=int, default=1, help="from one seed to the next")
    parser.add_argument("--port", type=int, default=0, help="of seven; 0: any free")
    parser.add_argument("--out", type=Path, default=OUT)
    given = vars(parser.parse_args())
    return Asked(**given | {"port": given["port"] or free_ports(PORTS)})


def main() -> None:
    asked = _asked()
    asked.out.mkdir(parents=True, exist_ok=True)
    found = run_in_lanes(asked) if asked.lanes > 1 else run(asked)
    found["asked"] = {"seeds": asked.seeds, "first": asked.first}
    text = json.dumps(found, indent=2, ensure_ascii=False)
    (asked.out / KEPT).write_text(text + "\n", encoding="utf-8")
    print(text)
    sys.exit(1 if found["faults"] else 0)


if __name__ == "__main__":
    main()
