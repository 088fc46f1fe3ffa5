"""What a received bundle is about, for the court that reviews it: sums first, then rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Sum

from zhipo.enforcement.models import Freeze, Property, Referral
from zhipo.enforcement.queries.estates import cases_owed, freezes_left
from zhipo.enforcement.queries.freezes import FreezeLeft

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
    cases = debtor.cases.aggregate(
        count=Count("pk"), amount=Sum("amount_fen"), paid=Sum("paid_fen")
    )
    owed, paid = cases["amount"] or 0, cases["paid"] or 0
    things = debtor.properties.select_related("institution").order_by("kind", "pk")
    worth = debtor.properties.aggregate(count=Count("pk"), value=Sum("value_fen"))
    freezes: Sequence[FreezeLeft] = freezes_left(debtor.pk, today)
    standing: list[Freeze] = [one.freeze for one in freezes if one.holds]
    return Content(
        cases=cases_owed(debtor, most=ROWS_SHOWN),
        case_count=cases["count"],
        owed_fen=owed - paid,
        paid_fen=paid,
        properties=list(things[:ROWS_SHOWN]),
        property_count=worth["count"],
        value_fen=worth["value"] or 0,
        freezes=freezes[:ROWS_SHOWN],
        freeze_count=len(freezes),
        frozen_fen=sum(one.frozen_fen for one in standing),
    )
