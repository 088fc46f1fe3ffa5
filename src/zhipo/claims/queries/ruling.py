"""What the court's ruling on undisputed claims says (《企业破产法》第五十八条第二款)."""

from enum import StrEnum
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from zhipo.cases.documents import case_fields
from zhipo.cases.models import Case as BankruptcyCase
from zhipo.claims.queries.register import HEADINGS, IN_DISPUTE, UNDISPUTED, register
from zhipo.law.register.states import ClaimState


class Part(StrEnum):
    """What the ruling does with a claim on the register."""

    CONFIRMED = "confirmed"  # 本次确认
    DISPUTED = "disputed"  # 有异议
    EARLIER = "earlier"  # 此前已确认
    OTHER = "other"  # 尚未核查、暂缓确认、未予认可


def ruling_fields(case: BankruptcyCase, *, ruling_number: str) -> dict[str, Any]:
    """The fields of the ruling `ruling_number`: sums by heading, and what stays out.

    Entries and claimed sums are the register's; the four parts add up to it, because one
    statement counts them all. Once the ruling is entered the fields are still the same.
    With nothing to confirm `confirmed_count` is empty, and no document is made.
    """
    claims = _sorted_out(case, ruling_number)
    groups = list(
        claims.order_by()
        .values("heading", "part")
        .annotate(count=Count("pk"), fen=Sum("claimed_fen"), admitted=Sum("listed_fen"))
    )
    confirmed = [group for group in groups if group["part"] == Part.CONFIRMED]
    disputed = claims.filter(part=Part.DISPUTED).order_by("number")
    return {
        **case_fields(case),
        "ruling_number": ruling_number,
        "headings": _rows(groups),
        "total_count": _sum(groups, "count"),
        "total_fen": _sum(groups, "fen"),
        "confirmed_count": _sum(confirmed, "count") or None,
        "confirmed_fen": _sum(confirmed, "admitted"),
        "disputed": list(disputed.values("number", "claimed_fen", name=F("heading"))),
        **_left_out(groups),
    }


def _sorted_out(case: BankruptcyCase, ruling_number: str) -> QuerySet[Any]:
    """The register with the `part` of every claim."""
    confirmed = Q(state=ClaimState.CONFIRMED)
    claims: QuerySet[Any] = register(case).annotate(
        part=Case(
            When(IN_DISPUTE, then=Value(Part.DISPUTED)),
            When(UNDISPUTED, then=Value(Part.CONFIRMED)),
            When(confirmed & Q(ruling=ruling_number), then=Value(Part.CONFIRMED)),
            When(confirmed, then=Value(Part.EARLIER)),
            default=Value(Part.OTHER),
            output_field=CharField(),
        )
    )
    return claims


def _rows(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The table of the ruling: one row per heading, in the register's order."""
    return [
        {
            "name": name,
            "count": _sum(of_heading, "count"),
            "claimed_fen": _sum(of_heading, "fen"),
            "confirmed_count": _sum(confirmed, "count"),
            "confirmed_fen": _sum(confirmed, "admitted"),
        }
        for name in HEADINGS
        if (of_heading := [group for group in groups if group["heading"] == name])
        for confirmed in [[one for one in of_heading if one["part"] == Part.CONFIRMED]]
    ]


def _left_out(groups: list[dict[str, Any]]) -> dict[str, int]:
    """Counts and claimed sums of what the ruling does not confirm."""
    return {
        f"{part}_{name}": _sum([one for one in groups if one["part"] == part], key)
        for part in (Part.DISPUTED, Part.EARLIER, Part.OTHER)
        for name, key in (("count", "count"), ("fen", "fen"))
    }


def _sum(groups: list[dict[str, Any]], key: str) -> int:
    return sum(group[key] for group in groups)
