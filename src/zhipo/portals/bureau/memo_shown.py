"""A memo's content as pages show it: rows in the reader's language, data of the chart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from zhipo.enforcement.identification.assessment import proposed_by
from zhipo.enforcement.identification.paper import (
    cost_rows,
    reason_of,
    result_text,
    rules_of,
)
from zhipo.enforcement.identification.wording import measure_text, road_text
from zhipo.law.triage.rescue import THRESHOLD
from zhipo.web.words import say

Content = Mapping[str, Any]
LIKELY = 1
NOTHING_KNOWN = "–"


@dataclass(frozen=True)
class Sums:
    """Low, likely and high of one road for a class: fen, and shares of what is owed."""

    fen: tuple[int, ...]
    rates: tuple[Fraction, ...]

    @property
    def likely_fen(self) -> int | None:
        return self.fen[LIKELY] if self.fen else None

    @property
    def rate(self) -> str:
        return percent(self.rates[LIKELY]) if self.rates else NOTHING_KNOWN

    @property
    def spread(self) -> str:
        """`9.95 % – 12.10 %`, one share where they are the same."""
        if not self.rates:
            return NOTHING_KNOWN
        low, high = percent(min(self.rates)), percent(max(self.rates))
        return low if low == high else f"{low} – {high}"


def shown(content: Content) -> dict[str, Any]:
    """Everything that the result page and a version's page say of a content."""
    road, is_fast = proposed_by(content)
    roads = content["roads"]
    classes = class_rows(content)
    return {
        "content": content,
        "proposal": road_text(road, is_fast=is_fast),
        "proposal_reason": say(f"enforcement.road_why.{reason_of(content)}"),
        "with_consent": _other_road(roads["with_consent"], road, content["is_fast"]),
        "low_road": _other_road(roads["low"], roads["with_consent"]),
        "high_road": _other_road(roads["high"], roads["with_consent"]),
        "points": point_rows(content),
        "threshold": THRESHOLD.default,
        "classes": classes,
        "chart": chart(classes),
        "costs": cost_rows(content),
        "rules": [(one, result_text(one["value"])) for one in rules_of(content)],
    }


def point_rows(content: Content) -> list[tuple[Content, str, str]]:
    """Each indicator with its measure and the reason of its row."""
    stated = content.get("facts", {})
    return [
        (one, measure_text(one), stated.get(f"points_{one['indicator']}", {}).get("reason"))
        for one in content["points"]["rows"]
    ]


def class_rows(content: Content) -> list[dict[str, Any]]:
    """Each class with what is owed and what either road brings."""
    return [
        {
            "name": say(f"enforcement.class.{one['claim_class']}"),
            "count": one["count"],
            "owed_fen": one["owed"][LIKELY],
            "enforcement": sums_of(one["enforcement"], one["owed"]),
            "bankruptcy": sums_of(one["bankruptcy"], one["owed"]),
        }
        for one in content["recovery"]["classes"]
    ]


def compared(now: Content, then: Content) -> list[dict[str, Any]]:
    """The classes of two contents side by side; None where one has no such class."""
    before = {one["name"]: one for one in class_rows(now)}
    after = {one["name"]: one for one in class_rows(then)}
    return [
        {"name": name, "now": before.get(name), "then": after.get(name)}
        for name in dict.fromkeys([*before, *after])
    ]


def sums_of(paid: Sequence[int], owed: Sequence[int]) -> Sums:
    rates = tuple(
        Fraction(fen, of) if of else Fraction(0)
        for fen, of in zip(paid, owed, strict=False)
    )
    return Sums(tuple(paid), rates)


def percent(rate: Fraction) -> str:
    """`9.95 %`, cut after two decimals: nobody is shown more than there is."""
    hundredths = rate.numerator * 10_000 // rate.denominator
    return f"{hundredths // 100}.{hundredths % 100:02d} %"


def chart(classes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Data of the chart: for each class the range and the likely share by either road."""
    rows = list(classes)
    return {
        "names": [one["name"] for one in rows],
        "series": [
            {
                "name": say(f"bureau.memo.{road}"),
                "ranges": [_points_of(one[road]) for one in rows],
            }
            for road in ("enforcement", "bankruptcy")
        ],
        "unit": say("bureau.memo.chart_unit"),
    }


def _points_of(sums: Sums) -> list[str] | None:
    """Low, likely, high in percent as text: the page's script turns it into numbers."""
    if not sums.rates:
        return None
    ends = (min(sums.rates), sums.rates[LIKELY], max(sums.rates))
    return [percent(one).removesuffix(" %") for one in ends]


def _other_road(road: str, than: str, is_fast: bool = False) -> str:
    return "" if road == than else road_text(road, is_fast=is_fast)
