"""One claim's line in a published distribution, and the hash that commits to it.

The line names the claim by a blinded id, H(salt, claim id): whoever has the salt finds the
own line, nobody else learns whose it is. Amounts are fen.
"""

import hashlib
import hmac
from dataclasses import dataclass

from zhipo.engine.tables import CLASSES

COLUMNS = (
    "claim_id",
    "class",
    "state",
    "fen",
    "lien_fen",
    "baseline_fen",
    "paid_fen",
    "reserved_fen",
    "unpaid_fen",
    "parts",
)
"""The published table; its first columns make it a register for `zhipo distribute`."""
SUMMED = ("claims", "fen", "lien_fen", "baseline_fen", "paid_fen", "reserved_fen")
"""What every node of the tree sums, by class."""
BLIND, LEAF = b"zhipo-blind/1\0", b"\0"

Sums = dict[str, tuple[int, ...]]
"""Class -> the numbers of SUMMED."""


@dataclass(frozen=True)
class Leaf:
    """A claim as published; `claim_id` is the blinded one."""

    claim_id: str
    class_: str
    state: str
    fen: int
    lien_fen: int
    baseline_fen: int
    paid_fen: int
    reserved_fen: int
    unpaid_fen: int
    parts: tuple[int, ...]

    @property
    def received_fen(self) -> int:
        """Paid or kept in reserve."""
        return self.paid_fen + self.reserved_fen

    @property
    def cells(self) -> tuple[str, ...]:
        """The line of the table, in the order of COLUMNS."""
        parts = ";".join(map(str, self.parts))
        numbers = (
            self.fen,
            self.lien_fen,
            self.baseline_fen,
            self.paid_fen,
            self.reserved_fen,
            self.unpaid_fen,
        )
        return (self.claim_id, self.class_, self.state, *map(str, numbers), parts)

    @property
    def digest(self) -> bytes:
        """SHA-256 over the line; no cell holds the separator."""
        return hashlib.sha256(LEAF + "|".join(self.cells).encode()).digest()

    @property
    def sums(self) -> Sums:
        """This claim alone, as every node sums it."""
        numbers = (
            1,
            self.fen,
            self.lien_fen,
            self.baseline_fen,
            self.paid_fen,
            self.reserved_fen,
        )
        return {self.class_: numbers}


def salt_of(claim_id: str, secret: bytes) -> bytes:
    """The salt of one claim: 32 bytes that only the keeper of the secret can make."""
    return hmac.new(secret, claim_id.encode(), hashlib.sha256).digest()


def blinded(claim_id: str, salt: bytes) -> str:
    """The name under which a claim is published."""
    return hashlib.sha256(BLIND + salt + claim_id.encode()).hexdigest()


def added(one: Sums, other: Sums) -> Sums:
    """Two sums as one, classes in the order of the law."""
    nothing = (0,) * len(SUMMED)
    return {
        name: tuple(
            a + b
            for a, b in zip(one.get(name, nothing), other.get(name, nothing), strict=True)
        )
        for name in CLASSES
        if name in one or name in other
    }
