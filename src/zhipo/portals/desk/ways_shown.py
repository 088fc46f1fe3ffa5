"""Ways of being paid as the desk shows them: accounts and names masked."""

from collections.abc import Iterable
from dataclasses import dataclass

from zhipo.kernel.identifiers import mask
from zhipo.payouts.models import EnteredWay
from zhipo.payouts.queries.ways import CurrentWay
from zhipo.portals.desk.people import masked


@dataclass(frozen=True)
class WayRow:
    """One way: what was entered, the account masked, whether the entry is the reader's."""

    way: EnteredWay
    account: str
    name: str
    is_own: bool


def way_rows(ways: Iterable[EnteredWay], reader_id: int) -> list[WayRow]:
    """The ways in their order, for a reader."""
    return [
        WayRow(one, tail_of(one.account), masked(one.claim).name,
               one.entered_by_id == reader_id)
        for one in ways
    ]  # fmt: skip


def current_rows(ways: Iterable[CurrentWay]) -> list[tuple[CurrentWay, str]]:
    """How a creditor is paid now, each way with its account masked."""
    return [(one, tail_of(one.account)) for one in ways]


def tail_of(account: str) -> str:
    """The last four characters alone."""
    return mask(account, head=0)
