"""How long a search for avoidable acts takes: `python benchmarks/avoidable.py [BOOKINGS]`.

In memory, without a database: two years of one account, a fifth of it asked for twice,
against 89 suppliers and against 32,000 consumers who are all known creditors. Prints the
median of three runs in milliseconds, and how much was found.
"""

import sys
from collections.abc import Iterator
from datetime import date
from statistics import median
from time import perf_counter
from typing import Any

from without_database import set_up

BOOKINGS = 1_000_000
NAMES = 60_000
RUNS = 3
ACCEPTED = date(2025, 9, 1)
SEED = 20251022


def main(bookings: int = BOOKINGS) -> None:
    set_up()
    from zhipo.enforcement.avoidance.searching import search
    from zhipo.enforcement.avoidance.terms import Terms
    from zhipo.law.estate.avoidance import look_back

    accounts = _accounts(bookings)
    terms = Terms(look_back(accepted_on=ACCEPTED), date(2024, 1, 1), 1_000_00)
    for name, parties in _parties():
        took = []
        for _ in range(RUNS):
            began = perf_counter()
            found = search(accounts, parties=parties, entries=(), terms=terms)
            took.append((perf_counter() - began) * 1_000)
        rows = found.evidence.num_rows
        print(f"{name:<20} {median(took):8.0f} ms  {len(found.found)} found, {rows} rows")


def _accounts(bookings: int) -> Any:
    """The same account in two histories that overlap by a fifth."""
    import numpy as np
    import pyarrow as pa

    from zhipo.enforcement.avoidance.bookings import Account
    from zhipo.enforcement.histories import COLUMNS

    drawn = np.random.default_rng(SEED)
    seconds = drawn.integers(0, 730 * 86_400, bookings)
    at = np.datetime64("2023-09-01T00:00:00", "us") + seconds * np.timedelta64(10**6, "us")
    names = np.array([f"某某{place}" for place in range(NAMES)])
    rows = pa.table(
        {
            "at": pa.array(at, COLUMNS.field("at").type),
            "kind": np.where(drawn.random(bookings) < 0.5, "in", "out"),
            "fen": drawn.integers(1, 10**6, bookings),
            "counterparty": names[drawn.integers(0, NAMES, bookings)],
            "counterparty_account_hash": np.full(bookings, ""),
            "counterparty_hash": np.full(bookings, "0" * 64),
            "note": np.where(drawn.random(bookings) < 0.01, "赠与", "货款"),
            "institution": np.full(bookings, "bank"),
            "reference": [f"R{place}" for place in range(bookings)],
            "balance_fen": np.zeros(bookings, dtype=np.int64),
        },
        schema=COLUMNS,
    )
    return [
        Account(1, 1, rows.slice(0, bookings * 3 // 5)),
        Account(2, 1, rows.slice(bookings * 2 // 5)),
    ]


def _parties() -> Iterator[tuple[str, Any]]:
    from zhipo.enforcement.avoidance.parties import Party, Standing

    for name, count in (("89 suppliers", 89), ("32,000 consumers", 32_000)):
        creditors = [Party(f"某某{place}", Standing.CREDITOR) for place in range(count)]
        yield name, [*creditors, Party(f"某某{NAMES - 1}", Standing.RELATED)]


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:]))
