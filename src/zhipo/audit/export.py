"""The trail as a file that can be verified elsewhere (audit/links.py)."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from zhipo.audit.links import closing
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
