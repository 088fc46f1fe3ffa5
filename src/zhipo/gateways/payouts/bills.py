"""A channel's own statement of a day, for reconciliation row by row."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class BillRow:
    """One movement of the payer's account: fen below zero left it, above zero came back.

    `reference` is ours, empty where the channel gives none; `number` is the channel's.
    """

    reference: str
    number: str
    at: datetime
    fen: int
    kind: str


@dataclass(frozen=True)
class Bill:
    """Every movement of one day (+08:00), in the channel's order."""

    day: date
    rows: tuple[BillRow, ...]


@dataclass(frozen=True)
class BillNotReady:
    """The channel has not drawn it up yet; usually it is there the next morning."""


class BillFault(ValueError):
    """A statement that contradicts itself or its checksum; none of it is used."""
