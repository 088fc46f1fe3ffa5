"""The trail as a file that can be verified elsewhere (audit/links.py)."""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone

from zhipo.audit.links import closing
from zhipo.audit.models import Entry
from zhipo.audit.trail import links


def links_of(chain: str) -> Iterator[dict[str, Any]]:
    """Every link of a chain in order, with the text that was hashed, then its closing.

    The closing says where the chain stood, so that a file without its last lines is found.
    """
    position, digest = 0, ""
    for link in links(chain):
        position, digest = link["position"], link["hash"]
        yield {"chain": chain, **link}
    yield closing(chain, position, digest)


CSV_COLUMNS = (
    "position", "at", "event", "actor", "role", "subject", "detail", "previous_hash",
    "hash",
)  # fmt: skip
CHUNK = 2_000
BOM = "\ufeff"
"""Without it a spreadsheet takes Chinese for something else."""


def csv_of(chain: str) -> Iterator[str]:
    """The entries of a chain as lines of CSV, in order, for a spreadsheet to read.

    It has every entry's hash, yet is for reading: what verifies elsewhere are the JSON
    lines, which have the very text that was hashed. Times are +08:00.
    """
    line = _Line()
    writer = csv.writer(line)
    writer.writerow(CSV_COLUMNS)
    yield BOM + line.text
    entries = Entry.objects.filter(chain=chain).order_by("position")
    for entry in entries.iterator(chunk_size=CHUNK):
        row = {name: getattr(entry, name) for name in CSV_COLUMNS}
        row["at"] = timezone.localtime(entry.at).isoformat()
        row["detail"] = json.dumps(entry.detail, ensure_ascii=False)
        writer.writerow(row.values())
        yield line.text


class _Line:
    """What `csv.writer` wrote last."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text


def write_trail(chains: Iterable[str], path: Path) -> int:
    """Write the chains as JSON lines, whole or not at all; how many links."""
    part = path.with_name(f"{path.name}.part")
    count = 0
    with part.open("w", encoding="utf-8") as file:
        for chain in chains:
            for link in links_of(chain):
                file.write(json.dumps(link, ensure_ascii=False) + "\n")
                count += "end" not in link
    part.replace(path)
    return count
