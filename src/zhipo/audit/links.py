"""Whether links follow from one another: the same for the database and for a file."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEPARATOR = "\x1f"
"""Between the fields of the text that is hashed; the hash before comes last."""


@dataclass(frozen=True)
class BrokenLink:
    """The first entry of a chain that does not follow from the one before."""

    chain: str
    position: int
    reason: str


class Follower:
    """Follows one chain, link by link."""

    def __init__(self, chain: str) -> None:
        self.chain = chain
        self.position = 0
        self.hash = ""
        self.is_closed = False

    def broken_by(self, link: Mapping[str, Any]) -> BrokenLink | None:
        """Take the next link or the closing; what is wrong with it, None if it follows."""
        reason = self._closing_fault(link) if "end" in link else self._fault(link)
        if reason:
            return BrokenLink(self.chain, self.position + 1, reason)
        self.is_closed = "end" in link
        if not self.is_closed:
            self.position, self.hash = link["position"], link["hash"]
        return None

    def end_missing(self) -> BrokenLink | None:
        """What is wrong where a file ends: its chain was not closed."""
        if self.is_closed:
            return None
        return BrokenLink(self.chain, self.position + 1, "cut off")

    def _closing_fault(self, link: Mapping[str, Any]) -> str:
        end = (link["end"], link["hash"])
        return "" if end == (self.position, self.hash) else "cut off"

    def _fault(self, link: Mapping[str, Any]) -> str:
        if self.is_closed:
            return "after the end"
        if link["position"] != self.position + 1:
            return "missing"
        tells = link["content"].endswith(SEPARATOR + self.hash)
        if link["previous_hash"] != self.hash or not tells:
            return "does not follow"
        digest = hashlib.sha256(link["content"].encode()).hexdigest()
        return "" if digest == link["hash"] else "changed"


def closing(chain: str, position: int, digest: str) -> dict[str, Any]:
    """The last line of a chain in a file: how many links it has and the last one's hash."""
    return {"chain": chain, "end": position, "hash": digest}


def first_broken(chain: str, links: Iterable[Mapping[str, Any]]) -> BrokenLink | Follower:
    """The first link that does not follow; the follower at the end if all do."""
    follower = Follower(chain)
    for link in links:
        broken = follower.broken_by(link)
        if broken is not None:
            return broken
    return follower


def first_broken_line(path: Path) -> BrokenLink | None:
    """The first line of an exported file that does not follow, None if all do.

    A line that is not a link of a chain is broken where it stands, a chain without its
    closing where it was cut off, a file without a chain at its first line.
    """
    followers: dict[str, Follower] = {}
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, text in enumerate(file, start=1):
            try:
                link = json.loads(text)
                follower = followers.setdefault(link["chain"], Follower(link["chain"]))
                broken = follower.broken_by(link)
            except (ValueError, KeyError, TypeError, AttributeError):
                return BrokenLink(path.name, number, "unreadable")
            if broken is not None:
                return broken
    if not followers:
        return BrokenLink(path.name, 1, "empty")
    return next(filter(None, (one.end_missing() for one in followers.values())), None)
