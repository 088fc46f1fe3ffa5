"""The Merkle sum tree: every node commits to its children and to the sums below it.

As in RFC 6962 leaves and nodes are hashed under different prefixes, and an odd node goes up
as it is instead of being doubled, so that no two lists of claims have one root. The root
commits to the sums of all and to the plan.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from zhipo.engine.proofs.leaves import Leaf, Sums, added

NODE, ROOT = b"\1", b"\2"
Side = Literal["left", "right"]


@dataclass(frozen=True)
class Node:
    """A hash and the sums below it."""

    digest: bytes
    sums: Sums

    @property
    def content(self) -> bytes:
        """What a parent hashes: the digest, then the sums in one way of writing."""
        told = (
            f"{name}:{','.join(map(str, numbers))}" for name, numbers in self.sums.items()
        )
        return self.digest + ";".join(told).encode()


@dataclass(frozen=True)
class Beside:
    """One step of a path: the node that stands beside ours, and on which side."""

    side: Side
    node: Node


def node_of(leaf: Leaf) -> Node:
    return Node(leaf.digest, leaf.sums)


def joined(left: Node, right: Node) -> Node:
    """The parent of two nodes."""
    content = left.content
    size = len(content).to_bytes(4, "big")  # where the left ends is not to be guessed
    digest = hashlib.sha256(NODE + size + content + right.content).digest()
    return Node(digest, added(left.sums, right.sums))


def levels_over(leaves: Sequence[Leaf]) -> list[list[Node]]:
    """All levels, the leaves' first, the top alone last. `leaves` is not empty."""
    levels = [[node_of(leaf) for leaf in leaves]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        above = [joined(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)]
        levels.append(above + below[len(above) * 2 :])
    return levels


def path_to(levels: Sequence[Sequence[Node]], place: int) -> list[Beside]:
    """The nodes that stand beside the way from one leaf to the top."""
    path = []
    for level in levels[:-1]:
        other = place ^ 1
        if other < len(level):
            path.append(Beside("left" if other < place else "right", level[other]))
        place //= 2
    return path


def climbed(leaf: Leaf, path: Sequence[Beside]) -> Node:
    """The top that a leaf and its path lead to."""
    node = node_of(leaf)
    for beside in path:
        left, right = (beside.node, node) if beside.side == "left" else (node, beside.node)
        node = joined(left, right)
    return node


def root_of(top: Node, plan_sha256: str) -> str:
    """The one value to publish: it commits to every claim, every sum and the plan."""
    return hashlib.sha256(ROOT + bytes.fromhex(plan_sha256) + top.content).hexdigest()
