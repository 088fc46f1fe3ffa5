"""The trail as a file that can be verified elsewhere (audit/links.py)."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from zhipo.audit.trail import links


def links_of(chain: str) -> Iterator[dict[str, Any]]:
    """Every link of a chain in order, with the text that was hashed."""
    for link in links(chain):
        yield {"chain": chain, **link}


def write_trail(chains: Iterable[str], path: Path) -> int:
    """Write the chains as JSON lines, whole or not at all; how many links."""
    part = path.with_name(f"{path.name}.part")
    count = 0
    with part.open("w", encoding="utf-8") as file:
        for chain in chains:
            for link in links_of(chain):
                file.write(json.dumps(link, ensure_ascii=False) + "\n")
                count += 1
    part.replace(path)
    return count
