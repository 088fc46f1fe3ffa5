"""Who the debtor dealt with, as a search knows them: by name, each with what it means."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import pyarrow as pa

from zhipo.law.estate.avoidance import Shield


class Standing(StrEnum):
    """What a counterparty is to the debtor; the first that fits a booking decides."""

    OWN = "own"  # 本人账户
    COURT = "court"  # 人民法院
    GIFT = "gift"  # 已登记没有对价
    DEBT = "debt"  # 已登记的债务
    CREDITOR = "creditor"  # 申请执行人
    RELATED = "related"  # 关联方
    NOTE = "note"  # 附言写明赠与


@dataclass(frozen=True)
class Party:
    """One name, or one booking of it (`reference`), and how the law sees payments to it.

    `entry` is the dealing that says so, 0 where none does; sums in fen.
    """

    name: str
    standing: Standing
    entry: int = 0
    reference: str = ""
    done_on: date | None = None
    due_on: date | None = None
    claim_fen: int = 0
    security_fen: int = 0
    shields: frozenset[Shield] = field(default_factory=frozenset)
    is_collusive: bool = False


COLUMNS = pa.schema(
    [
        ("party", pa.int32()),
        ("name", pa.string()),
        ("reference", pa.string()),
        ("standing", pa.string()),
        ("rank", pa.int32()),
        ("entry", pa.int64()),
        ("done_on", pa.date32()),
    ]
)


def party_table(parties: Iterable[Party]) -> pa.Table:
    """The parties as a table; `party` is the place in the list, `rank` what goes first.

    An entry about one booking goes before every entry about a name.
    """
    return pa.Table.from_pylist(list(_rows(parties)), schema=COLUMNS)


def _rows(parties: Iterable[Party]) -> Iterator[dict[str, object]]:
    order = list(Standing)
    for place, one in enumerate(parties):
        yield {
            "party": place,
            "name": one.name,
            "reference": one.reference,
            "standing": one.standing.value,
            "rank": order.index(one.standing) - (len(order) if one.reference else 0),
            "entry": one.entry,
            "done_on": one.done_on,
        }
