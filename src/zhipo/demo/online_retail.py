"""Books that nobody here wrote: UCI Online Retail through import, review, distribution.

As if the shop had taken every payment ahead and delivered nothing: a customer is owed
purchases less cancellations. Claims are made by a rule (docs/howto/online-retail.md):
each customer claims exactly that, every 50th 10 % more, every 75th a quarter less.
"""

import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from zhipo.demo.run import MAPPING
from zhipo.demo.table import LOG_WIDTH, percent
from zhipo.demo.words import words
from zhipo.engine.distribute.run import distribute
from zhipo.engine.evidence.importing import import_ledger
from zhipo.engine.outputs import whole_file, work_folder
from zhipo.engine.progress import Shown
from zhipo.engine.review.run import Request, review
from zhipo.kernel.faults import Fault, Refused
from zhipo.kernel.money import yuan_text

ACCEPTED_ON = date(2011, 12, 10)
"""The day after the last line of the books."""
POOL_FEN = 300_000_000
MORE_EVERY = 50
LESS_EVERY = 75

CLAIMS = """
    COPY (
        WITH owed AS (
            SELECT
                holder_id,
                CAST(sum(CASE kind WHEN 'top_up' THEN fen ELSE -fen END) AS BIGINT) AS net,
                row_number() OVER (ORDER BY holder_id) AS place
            FROM read_parquet($ledger) GROUP BY holder_id
        )
        SELECT
            'C-' || holder_id AS claim_id,
            holder_id,
            CASE WHEN place % $more = 0 THEN net + greatest(net // 10, 1)
                 WHEN place % $less = 0 THEN greatest(net - net // 4, 1)
                 ELSE net END AS claimed_fen,
            '2011-12-20' AS filed_at
        FROM owed WHERE net > 0 ORDER BY claim_id
    ) TO '{out}' (HEADER)
"""
REGISTER = """
    COPY (
        SELECT claim_id, 'consumer' AS class, admitted_fen AS fen
        FROM read_csv($decisions) WHERE admitted_fen > 0 ORDER BY claim_id
    ) TO '{out}' (HEADER)
"""


def run_online_retail(*, folder: Path, out: Path) -> dict[str, Any]:
    """Run the whole path on the folder's CSV files or archive. Raises Refused."""
    out.mkdir(parents=True, exist_ok=True)
    ledger = out / "ledger.parquet"
    with _books(folder, out) as sources, Shown() as shown:
        told = shown.told(words("step.import"))
        mapping = MAPPING.with_name("uci_online_retail.yaml")
        import_ledger(sources, read_as=str(mapping), out=ledger, progress=told)
    manifest = json.loads((out / "ledger.manifest.json").read_text(encoding="utf-8"))
    claims = out / "claims.csv"
    values = {"ledger": str(ledger), "more": MORE_EVERY, "less": LESS_EVERY}
    _copy(CLAIMS, claims, values)
    request = Request(ledger, claims, ACCEPTED_ON, out / "review")
    with Shown() as shown:
        reviewed = review(request, shown)
    _copy(
        REGISTER, out / "register.csv", {"decisions": str(out / "review" / "decisions.csv")}
    )
    divided = distribute(_plan(out), out / "payments")
    _print(manifest, reviewed, divided)
    return {"manifest": manifest, "review": reviewed, "payments": divided}


@contextmanager
def _books(folder: Path, out: Path) -> Iterator[list[Path]]:
    """The folder's CSV files, or those of the one archive in it, unpacked for the while."""
    if any(folder.glob("*.csv")):
        yield [folder]
        return
    archives = sorted(folder.glob("*.tar.*")) if folder.is_dir() else []
    if not archives:
        raise Refused([Fault(folder.name, 0, "", "", words("retail.no_books"))])
    with work_folder(out / "books") as work, tarfile.open(archives[0]) as archive:
        archive.extractall(work, filter="data")
        yield [work]


def _copy(sql: str, path: Path, values: dict[str, Any]) -> None:
    with whole_file(path) as part, duckdb.connect() as connection:
        connection.execute(sql.format(out=str(part).replace("'", "''")), values)


def _plan(out: Path) -> Path:
    path = out / "plan.json"
    content = {
        "law_date": "2025-10-22",
        "claims": "register.csv",
        "pools": [{"id": "general", "fen": POOL_FEN}],
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return path


def _print(
    manifest: dict[str, Any], reviewed: dict[str, Any], divided: dict[str, Any]
) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=LOG_WIDTH)
    table = Table(title=words("retail.checksums"))
    for key in ("retail.name", "retail.rows", "retail.sum"):
        table.add_column(words(key))
    for tally in manifest["tallies"]:
        table.add_row(tally["name"], f"{tally['rows']:,}", str(tally["sum"]))
    duplicates = manifest["duplicates"]["rows"]
    table.add_row(words("retail.duplicates"), f"{duplicates:,}", "")
    console.print(table)
    differences = manifest["differences"]
    console.print(words("retail.differences", count=len(differences)))
    line = divided["classes"]["consumer"]
    console.print(
        words(
            "retail.result",
            claims=f"{reviewed['claims']:,}",
            admit=f"{reviewed['admit']:,}",
            reduce=f"{reviewed['reduce']:,}",
            owed=yuan_text(line["fen"]),
            paid=yuan_text(line["paid_fen"]),
            rate=percent(line["paid_fen"], line["fen"]),
        )
    )
