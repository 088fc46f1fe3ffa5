"""The figures of paying beside the paper's and the published cases': rows and charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from zhipo.kernel.money import yuan_text
from zhipo.payouts.queries.effect import Effect, ThroughChannel
from zhipo.portals.percent import percent
from zhipo.web.words import say

NONE = "–"
CONSUMER = "consumer"


@dataclass(frozen=True)
class Row:
    """One measure: here, in the paper, in published cases."""

    name: str
    here: str
    paper: str
    published: str


def rows_of(effect: Effect) -> list[Row]:
    """The measures that people ask for, the share of people paid first."""
    here = {
        "reached": _of(effect.reached, effect.people),
        "arrived": say(
            "effect.of_yuan", percent=percent(effect.paid_fen, effect.fen),
            part=yuan_text(effect.paid_fen), whole=yuan_text(effect.fen),
        ),
        "rate": _rate(effect),
        "attempts": _times(effect.attempts_per_payment),
        "orders": _times(effect.orders_per_payment),
        "cost": _cost(effect),
        "first": _days(effect.first_after),
        "half": _days(effect.half_after),
        "last": _days(effect.last_after),
        "unclaimed": _kept(effect),
    }  # fmt: skip
    return [
        Row(say(f"effect.row.{key}"), value, say(f"effect.paper.{key}"),
            say(f"effect.published.{key}"))
        for key, value in here.items()
    ]  # fmt: skip


def figures_of(effect: Effect) -> list[tuple[str, str, str]]:
    """The five figures that stand first: name, value, detail."""
    return [
        _figure(
            "reached", percent(effect.reached, effect.people),
            f"{effect.reached:,} / {effect.people:,}",
        ),
        _figure(
            "arrived", percent(effect.paid_fen, effect.fen),
            f"{yuan_text(effect.paid_fen)} / {yuan_text(effect.fen)}",
        ),
        _figure(
            "attempts", _times(effect.attempts_per_payment),
            say("effect.figure.attempts_sub", paid=f"{effect.paid_parts:,}",
                parts=f"{effect.parts:,}"),
        ),
        _figure(
            "half", _days(effect.half_after),
            say("effect.figure.half_sub", first=_days(effect.first_after),
                last=_days(effect.last_after)),
        ),
        _figure(
            "cost", _cost(effect),
            say("effect.figure.cost_sub", yuan=yuan_text(effect.cost_fen)),
        ),
    ]  # fmt: skip


def channels_of(effect: Effect) -> list[tuple[str, ThroughChannel, str]]:
    """Each channel by its name with what it has cost, or that nobody has said."""
    return [
        (
            say(f"payouts.channel.{one.name}"),
            one,
            say("effect.unknown") if one.cost_fen is None else yuan_text(one.cost_fen),
        )
        for one in effect.channels
    ]


def charts_of(effect: Effect) -> list[dict[str, Any]]:
    """Three charts of one message each: what the script draws and the table shows."""
    reached = [(f"{one.day}", one.people, f"{one.people:,}") for one in effect.days]
    arrived = [(f"{one.day}", one.fen // 100, yuan_text(one.fen)) for one in effect.days]
    attempts = [
        (say("effect.times", times=count), parts, f"{parts:,}")
        for count, parts in effect.attempts.items()
    ]
    return [
        _chart("people", "line", "people", reached,
               percent=percent(effect.reached, effect.people)),
        _chart("money", "line", "yuan", arrived,
               percent=percent(effect.paid_fen, effect.fen)),
        _chart("attempts", "bar", "payments", attempts,
               times=_times(effect.attempts_per_payment)),
    ]  # fmt: skip


def _chart(
    key: str, kind: str, unit: str, rows: Sequence[tuple[str, int, str]], **values: Any
) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind,
        "title": say(f"effect.chart.{key}", **values),
        "unit": say(f"effect.unit.{unit}"),
        "rows": rows,
    }


def _figure(key: str, value: str, detail: str) -> tuple[str, str, str]:
    return say(f"effect.figure.{key}"), value, detail


def _of(part: int, whole: int) -> str:
    return say(
        "effect.of", percent=percent(part, whole), part=f"{part:,}", whole=f"{whole:,}"
    )


def _rate(effect: Effect) -> str:
    """What consumers get of what they are owed, or all creditors where there are none."""
    sums = effect.rates.get(CONSUMER)
    if sums is None:
        return NONE
    owed, got, baseline = sums
    return say("effect.rate", rate=percent(got, owed), baseline=percent(baseline, owed))


def _times(number: Fraction | None) -> str:
    """1.04, two decimals, rounded up: no try is left out."""
    if number is None:
        return NONE
    hundredths = -(-number.numerator * 100 // number.denominator)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _cost(effect: Effect) -> str:
    """The mean of what is known; channels of which nobody has said it are named."""
    unknown = say("effect.between").join(
        say(f"payouts.channel.{one.name}") for one in effect.costs_unknown
    )
    mean = effect.cost_per_payment_fen
    if mean is None:
        return say("effect.cost_unknown", channels=unknown) if unknown else NONE
    known = yuan_text(-(-mean.numerator // mean.denominator))
    return say("effect.cost_partly", yuan=known, channels=unknown) if unknown else known


def _days(number: int | None) -> str:
    return say("effect.not_yet") if number is None else say("effect.days", count=number)


def _kept(effect: Effect) -> str:
    kept = [one for one in effect.kept if not one.is_over]
    count, fen = sum(one.count for one in kept), sum(one.fen for one in kept)
    return say("effect.kept", count=f"{count:,}", yuan=yuan_text(fen))
