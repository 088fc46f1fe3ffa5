"""How long trying the terms of a plan takes: `python benchmarks/what_if.py [CLAIMS]`.

In memory, without a database: the rows are those of a case of that size. Prints the
median of five runs of `build` for each kind of terms, in milliseconds.
"""

import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from statistics import median
from time import perf_counter
from typing import Any

from without_database import set_up

CLAIMS = 32_000
RUNS = 5
DAY = date(2025, 10, 22)
SEED = 20251022


def main(claims: int = CLAIMS) -> None:
    set_up()
    from zhipo.distributions.building import build

    ground = _ground(claims)
    for name, terms in _terms():
        took = [_milliseconds(lambda: build(ground, terms)) for _ in range(RUNS)]  # noqa: B023
        print(f"{name:<28} {median(took):8.0f} ms")


def _milliseconds(act: Any) -> float:
    began = perf_counter()
    found = act()
    assert found.outcome is not None, found.fatal
    return (perf_counter() - began) * 1_000


def _ground(claims: int) -> Any:
    """Consumers of some 272 yuan each, 89 suppliers, the costs of a case of this size."""
    from zhipo.distributions.building import Ground
    from zhipo.distributions.register import Row, in_order
    from zhipo.distributions.terms import Pool, estate_of

    drawn = random.Random(SEED)
    rows = [
        Row(f"A-{place:06d}", "consumer", drawn.randint(100, 54_276), claim_pk=place)
        for place in range(claims)
    ]
    rows += [
        Row(f"B-{place:03d}", "ordinary", drawn.randint(100_000, 14_000_000),
            claim_pk=claims + place)
        for place in range(89)
    ]  # fmt: skip
    pools = [Pool("pool:general", "", 300_000_000 * claims // CLAIMS)]
    return Ground(in_order(rows), pools, estate_of(pools))


def _terms() -> Iterator[tuple[str, Any]]:
    from zhipo.distributions.terms import Terms

    plain = Terms("", DAY, due_days=(DAY + timedelta(days=30),))
    ground = {"basis": "ALL_CREDITORS", "evidence": "–"}
    yield "statutory order", plain
    yield "consumers at 25 %", replace(plain, consumer="0.25", **ground)
    yield "consumers before ordinary", replace(plain, consumer="before_ordinary", **ground)
    yield "first tier of every claim", replace(plain, mode="tiered", ceiling_fen=5_000,
                                               **ground)  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
