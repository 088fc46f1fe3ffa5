"""The trail as a file, and the file's own verification, without the database."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from zhipo.audit.trail import BrokenLink, links


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


def first_broken_line(path: Path) -> BrokenLink | None:
    """The first line of an exported file that does not follow, None if all do."""
    ends: dict[str, tuple[int, str]] = {}
    with path.open(encoding="utf-8") as file:
        for text in file:
            link = json.loads(text)
            chain = link["chain"]
            position, previous = ends.get(chain, (0, ""))
            reason = _fault(link, position + 1, previous)
            if reason:
                return BrokenLink(chain, position + 1, reason)
            ends[chain] = (link["position"], link["hash"])
    return None


def _fault(link: dict[str, Any], position: int, previous: str) -> str:
    if link["position"] != position:
        return "missing"
    if link["previous_hash"] != previous:
        return "does not follow"
    if hashlib.sha256(link["content"].encode()).hexdigest() != link["hash"]:
        return "changed"
    is_told = link["content"].endswith(f"\x1f{previous}")
    return "" if is_told else "does not follow"
