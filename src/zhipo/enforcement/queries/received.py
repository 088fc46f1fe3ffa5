"""What a received bundle is about, for the court that reviews it: sums first, then rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhipo.enforcement.models import Freeze, Property, Referral
from zhipo.enforcement.queries.estates import FreezeLeft, cases_owed, freezes_left

ROWS_SHOWN = 200
"""Rows of a table on a page; the rest are counted."""


@dataclass(frozen=True)
class Content:
    """Cases, property and freezes of a debtor as they were handed over; sums in fen."""

    cases: Sequence[Any]
    case_count: int
    owed_fen: int
    paid_fen: int
    properties: Sequence[Property]
    property_count: int
    value_fen: int
    freezes: Sequence[FreezeLeft]
    freeze_count: int
    frozen_fen: int


def content_of(referral: Referral, today: date) -> Content:
    """The rows behind a referral; whoever may see it has been asked already."""
    debtor = referral.debtor
    cases = cases_owed(debtor)
    things = list(debtor.properties.select_related("institution").order_by("kind", "pk"))
    freezes: Sequence[FreezeLeft] = freezes_left(debtor.pk, today)
    standing: list[Freeze] = [one.freeze for one in freezes if one.holds]
    return Content(
        cases=cases[:ROWS_SHOWN],
        case_count=len(cases),
        owed_fen=sum(one.owed_fen for one in cases),
        paid_fen=sum(one.paid_fen for one in cases),
        properties=things[:ROWS_SHOWN],
        property_count=len(things),
        value_fen=sum(one.value_fen or 0 for one in things),
        freezes=freezes[:ROWS_SHOWN],
        freeze_count=len(freezes),
        frozen_fen=sum(one.frozen_fen for one in standing),
    )
