"""`zhipo generate yuhu`: the case from a seed, block by block, in bounded memory."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from zhipo.demo import case
from zhipo.demo.creditors import other_claims
from zhipo.demo.filing import (
    EMPTIED_ONE_IN,
    UNKNOWN_ONE_IN,
    Filed,
    file_block,
    file_for_nothing,
)
from zhipo.demo.orders import blocks_of, make_block, make_emptied, member_ids
from zhipo.demo.words import words
from zhipo.engine.outputs import whole_folder
from zhipo.engine.progress import Progress
from zhipo.kernel.faults import Fault, Refused

LEAST_CONSUMERS = 100
MOST_CONSUMERS = 16_000_000


def generate_yuhu(
    *, consumers: int, seed: int, out: Path, progress: Progress | None = None
) -> dict[str, Any]:
    """Write the case into `out`; returns what case.json says. Raises Refused."""
    if not LEAST_CONSUMERS <= consumers <= MOST_CONSUMERS or seed < 0:
        message = words("generate.bounds", least=LEAST_CONSUMERS, most=MOST_CONSUMERS)
        raise Refused([Fault("", 0, "--consumers", str(consumers), message)])
    shown = progress or Progress()
    with whole_folder(out) as part:
        counts = _write_members(part, consumers, seed, shown)
        _write_rows(part / "other_claims.csv", other_claims(seed, consumers))
        _write_rows(part / "accounts.csv", _accounts(consumers))
        content = {
            "consumers": consumers,
            "seed": seed,
            "consumers_fen": case.balance_up_to(consumers),
            **counts,
            "inputs": case.sources(),
        }
        text = json.dumps(content, ensure_ascii=False, indent=2)
        (part / "case.json").write_text(text + "\n", encoding="utf-8")
    return content


def _write_members(
    part: Path, consumers: int, seed: int, shown: Progress
) -> dict[str, int]:
    blocks = blocks_of(consumers)
    writers = _Writers(part)
    events = 0
    for block in range(blocks):
        with shown.at(
            words("generate.block", block=block + 1, blocks=blocks), 1 / (blocks + 1)
        ):
            made = make_block(seed, block, consumers)
            writers.books(f"orders-{block:06d}.parquet", made.events)
            writers.filed(file_block(seed, block, made.first, made.balance_fen))
            writers.balances(made.first, made.balance_fen)
            events += made.events.num_rows
    emptied = max(1, consumers // EMPTIED_ONE_IN)
    unknown = max(1, consumers // UNKNOWN_ONE_IN)
    with shown.at(words("generate.rest"), 1 / (blocks + 1)):
        made = make_emptied(seed, consumers, emptied)
        writers.books(f"orders-{blocks:06d}.parquet", made.events)
        writers.filed(file_for_nothing(seed, consumers, emptied, unknown))
        writers.balances(made.first, made.balance_fen)
    writers.close()
    return {"events": events + made.events.num_rows, **writers.rows}


class _Writers:
    """The files that grow block by block."""

    def __init__(self, part: Path) -> None:
        self.part = part
        self.rows = {"claims": 0, "planted": 0}
        self._open: dict[str, Any] = {}

    def books(self, name: str, events: pa.Table) -> None:
        folder = self.part / "books"
        folder.mkdir(exist_ok=True)
        pq.write_table(events, folder / name, compression="zstd")

    def filed(self, filed: Filed) -> None:
        self._append("claims.csv", filed.claims)
        self._append("holders.csv", filed.holders)
        self._append("truth.csv", filed.truth)
        self.rows["claims"] += filed.claims.num_rows
        self.rows["planted"] += filed.truth.num_rows

    def balances(self, first: int, fen: Any) -> None:
        numbers = member_ids(first + _range(len(fen)))
        self._append("truth_balances.csv", pa.table({"holder_id": numbers, "fen": fen}))

    def close(self) -> None:
        for writer in self._open.values():
            writer.close()

    def _append(self, name: str, table: pa.Table) -> None:
        if name not in self._open:
            options = pacsv.WriteOptions(quoting_style="none")
            self._open[name] = pacsv.CSVWriter(
                self.part / name, table.schema, write_options=options
            )
        self._open[name].write_table(table)


def _range(count: int) -> Any:
    import numpy as np

    return np.arange(count)


def _accounts(consumers: int) -> Iterable[dict[str, str | int]]:
    return [
        {
            "account": account.name,
            "institution": account.institution,
            "fen": case.scaled(account.fen, consumers),
        }
        for account in case.ACCOUNTS
    ]


def _write_rows(path: Path, rows: Iterable[dict[str, str | int]]) -> None:
    listed: Sequence[dict[str, str | int]] = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)
