"""Review and distribution beside the pandas scripts and beside the floor.

    python benchmarks/run.py                32,000 claims / 1.5 m events, 1 m / 30 m
    python benchmarks/run.py --large        1 m / 30 m and 16 m / 160 m, ours alone
    python benchmarks/run.py --size 32k     one size

Every measurement is a fresh process, the start of the interpreter included. Answers are
compared byte for byte before any ratio is printed. Results: out/bench/<size>.json.
"""

import argparse
import filecmp
import json
import os
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from cases import ACCEPTED_ON, Case
from measure import Measured, measure

HERE = Path(__file__).parent
OUT = HERE.parent / "out" / "bench"
PYTHON = sys.executable
ZHIPO = str(Path(sys.executable).with_name("zhipo"))
GIB, MIB = 1 << 30, 1 << 20


@dataclass(frozen=True)
class Size:
    """A size of case and how often each command is run."""

    holders: int
    events: int
    times: int
    with_pandas: bool = True


SIZES = {
    "32k": Size(32_000, 1_500_000, times=5),
    "1m": Size(1_000_000, 30_000_000, times=2),
    "16m": Size(16_000_000, 160_000_000, times=1, with_pandas=False),
}


class Differs(AssertionError):
    """The yardstick gives another answer: no ratio is worth printing."""


def run(name: str) -> dict[str, Any]:
    """Measure one size, print the table, keep the figures."""
    size = SIZES[name]
    case = Case(size.holders, size.events, OUT / "data" / name)
    case.make()
    work = OUT / "work"
    shutil.rmtree(work, ignore_errors=True)
    found = _measured(case, size, work)
    shutil.rmtree(work, ignore_errors=True)
    result = {
        "size": name,
        "claims": size.holders,
        "events": size.events,
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "measured": {key: one.as_json() for key, one in found.items()},
        "ratios": _ratios(found),
        "seconds_per_million_events": _job(found, "zhipo") / size.events * 10**6,
    }
    (OUT / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    _print(case, found, result["ratios"])
    return result


def _measured(case: Case, size: Size, work: Path) -> dict[str, Measured]:
    """Every command of this size; raises Differs where answers are not equal."""
    files = [str(case.folder / name) for name in ("ledger.parquet", "claims.csv")]
    holders = ["--holders", str(case.folder / "holders.csv")]
    ours = [ZHIPO, "review", "--ledger", files[0], "--claims", files[1], *holders]
    ours += ["--accepted-on", ACCEPTED_ON, "--out", str(work / "review")]
    found = {"zhipo review": measure("zhipo review", ours, times=size.times)}
    plan = str(case.make_plan(work / "review" / "decisions.csv"))
    ours = [ZHIPO, "distribute", plan, "--out", str(work / "payments")]
    found["zhipo distribute"] = measure("zhipo distribute", ours, times=size.times)
    floor = [PYTHON, str(HERE / "floor.py"), files[0]]
    found["floor"] = measure("floor", floor, times=size.times)
    if size.with_pandas:
        theirs = [PYTHON, str(HERE / "pandas_review.py"), *files, ACCEPTED_ON]
        theirs += [str(work / "pandas"), *holders]
        loose = [*theirs, "--unchecked"]
        plain = [PYTHON, str(HERE / "pandas_distribute.py"), plan, str(work / "pandas")]
        for name, command in (
            ("pandas review, ids unchecked", loose),
            ("pandas review", theirs),
            ("pandas distribute", plain),
        ):
            found[name] = measure(name, command, times=size.times)
        _compare(work / "review", work / "pandas", ("decisions.csv", "unfiled.csv"))
        _compare(work / "payments", work / "pandas", ("payments.csv",))
    return found


def _compare(ours: Path, theirs: Path, names: tuple[str, ...]) -> None:
    for name in names:
        if not filecmp.cmp(ours / name, theirs / name, shallow=False):
            raise Differs(f"{ours / name} and {theirs / name} are not equal")


def _job(found: dict[str, Measured], whose: str) -> float:
    """Seconds of review and distribution together, the median of the runs."""
    return found[f"{whose} review"].median + found[f"{whose} distribute"].median


def _ratios(found: dict[str, Measured]) -> dict[str, float]:
    ours, floor = _job(found, "zhipo"), found["floor"].median
    ratios = {
        "review to floor": found["zhipo review"].median / floor,
        "review and distribute to floor": ours / floor,
    }
    if "pandas review" in found:
        loose = found["pandas review, ids unchecked"].median
        loose += found["pandas distribute"].median
        ratios["pandas to ours"] = _job(found, "pandas") / ours
        ratios["pandas, ids unchecked, to ours"] = loose / ours
    return ratios


def _print(case: Case, found: dict[str, Measured], ratios: dict[str, float]) -> None:
    table = Table(title=case.name)
    table.add_column("command")
    for column in ("median s", "best s", "runs", "peak MiB"):
        table.add_column(column, justify="right")
    for one in found.values():
        peak = f"{one.peak_bytes / MIB:,.0f}"
        table.add_row(
            one.name, f"{one.median:.2f}", f"{one.best:.2f}", str(len(one.seconds)), peak
        )
    console = Console()
    console.print(table)
    for name, ratio in ratios.items():
        console.print(f"  {name}: {ratio:.2f}")
    console.print()


def _print_growth(small: dict[str, Any], large: dict[str, Any]) -> None:
    """Whether the large run is linear in events, and its peak memory."""
    per_event = [one["seconds_per_million_events"] for one in (small, large)]
    peak = max(one["peak_bytes"] for one in large["measured"].values()) / GIB
    growth = per_event[1] / per_event[0]
    floors = [one["measured"]["floor"]["median"] / one["events"] for one in (small, large)]
    console = Console()
    console.print(
        f"  seconds per million events: {per_event[0]:.3f} and {per_event[1]:.3f}"
    )
    console.print(
        f"  growth per event: {growth:.2f}, of the floor {floors[1] / floors[0]:.2f}; "
        f"peak memory: {peak:.1f} GiB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--size", choices=SIZES, action="append")
    given = parser.parse_args()
    if given.large:
        known = OUT / "1m.json"
        small = json.loads(known.read_text()) if known.exists() else run("1m")
        _print_growth(small, run("16m"))
        return
    for name in given.size or ("32k", "1m"):
        run(name)


if __name__ == "__main__":
    main()
