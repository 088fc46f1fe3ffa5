"""The report's charts as plain SVG: one message each, readable on paper and in print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhipo.demo.words import words
from zhipo.kernel.money import yuan_text

if TYPE_CHECKING:
    from zhipo.demo.run import Effect

WIDTH = 720
ROW = 34
LABEL = 240
VALUE = 120


@dataclass(frozen=True)
class Bar:
    """One bar: label, length as a share of the longest in parts of 10,000, its text."""

    label: str
    share: int
    text: str
    kind: str = ""


@dataclass(frozen=True)
class Chart:
    """A title that is the message, bars, and how tall the drawing is."""

    title: str
    bars: Sequence[Bar]

    @property
    def height(self) -> int:
        return ROW * len(self.bars) + 8

    def rows(self) -> list[tuple[int, int, Bar]]:
        """(y of the row, width of the bar, bar) for the template."""
        room = WIDTH - LABEL - VALUE
        return [
            (ROW * i + 4, room * bar.share // 10_000, bar)
            for i, bar in enumerate(self.bars)
        ]


def charts_of(effect: "Effect", lang: str) -> list[Chart]:
    """What consumers get in each variant; where the money goes; what review decided."""
    return [
        rates_chart(effect.variants, lang),
        _money(effect, lang),
        _decisions(effect, lang),
    ]


def rates_chart(variants: Mapping[str, Any], lang: str) -> Chart:
    """What consumers and other ordinary creditors get under each plan."""
    bars = []
    for variant, summary in variants.items():
        for name in ("consumer", "ordinary"):
            line = summary["classes"][name]
            share = (line["paid_fen"] + line["reserved_fen"]) * 10_000 // line["fen"]
            plan = words(f"variant.{variant}", lang=lang)
            label = f"{plan} · {words(f'class.{name}', lang=lang)}"
            bars.append(Bar(label, share, f"{share / 100:.2f} %", name))
    return Chart(words("chart.rates", lang=lang), bars)


def _money(effect: "Effect", lang: str) -> Chart:
    classes = effect.variants["statutory"]["classes"]
    received = {
        name: line["paid_fen"] + line["reserved_fen"] for name, line in classes.items()
    }
    longest = max(received.values())
    bars = [
        Bar(
            words(f"class.{name}", lang=lang), fen * 10_000 // longest, yuan_text(fen), name
        )
        for name, fen in received.items()
    ]
    return Chart(words("chart.money", lang=lang), bars)


def _decisions(effect: "Effect", lang: str) -> Chart:
    claims = effect.review["claims"]
    bars = [
        Bar(
            words(f"decision.{name}", lang=lang),
            effect.review[name] * 10_000 // claims,
            f"{effect.review[name]:,}",
            name,
        )
        for name in ("admit", "reduce", "manual", "reject")
    ]
    return Chart(words("chart.decisions", lang=lang), bars)
