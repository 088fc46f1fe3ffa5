"""Who is owed what, and what is there: the rows from which both roads are computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zhipo.enforcement.identification.facts import FactKey
from zhipo.law.triage.realisation import Range
from zhipo.law.waterfall.order import ClaimClass


@dataclass(frozen=True)
class Creditor:
    """Somebody who is owed `fen`; `is_late`: known as a sum alone, without a title.

    `goes_first`: in enforcement it is among the claims that are paid before the ordinary
    ones; a bankruptcy goes by its class.
    """

    claim_id: str
    claim_class: ClaimClass
    fen: int
    filed_on: date = date.max
    is_late: bool = False
    goes_first: bool = False


@dataclass(frozen=True)
class Hold:
    """A creditor's freeze on a thing: its place in the order, its ceiling in fen."""

    claim_id: str
    place: int
    limit_fen: int | None = None


@dataclass(frozen=True)
class Asset:
    """A thing of the debtor's: what it may bring, who has frozen it."""

    asset_id: str
    worth: Range
    holds: tuple[Hold, ...] = ()


@dataclass(frozen=True)
class Sums:
    """One scenario's sums by fact, and each thing's value in the assets' order, in fen."""

    fen: Mapping[FactKey, int]
    values: tuple[int, ...]
