"""The words of an identification, in either language, from what a memo keeps."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from zhipo.enforcement.identification.facts import SPECS, FactKey, FactKind
from zhipo.kernel.money import yuan_text
from zhipo.law.triage.rescue import Indicator
from zhipo.web.words import say

Lang = str | None
RATIOS = frozenset({Indicator.GOING_CONCERN})
"""Measures told as a multiple; the others are shares."""
BEYOND = Fraction(1_000)


def fact_name(key: str, lang: Lang = None) -> str:
    return say(f"enforcement.fact.{key}", lang=lang)


def fact_names(keys: Iterable[str], lang: Lang = None) -> str:
    """The names of several facts, as a list in a sentence."""
    return say("enforcement.memo.between", lang=lang).join(
        fact_name(key, lang) for key in keys
    )


def fact_text(key: str, value: Any, lang: Lang = None) -> str:
    """A fact's value as people read it; unknown where there is none."""
    if value is None:
        return say("enforcement.memo.unknown", lang=lang)
    kind = SPECS[FactKey(key)].kind
    if kind == FactKind.YES_NO:
        return say(f"enforcement.memo.{'yes' if value else 'no'}", lang=lang)
    if kind == FactKind.ONE_OF:
        table = "entity" if key == FactKey.ENTITY else "outcome"
        return say(f"enforcement.{table}.{value}", lang=lang)
    if kind == FactKind.SUM:
        return yuan_text(value)
    if kind == FactKind.RANGE:
        return sums_text(value)
    return f"{value:,}"


def sums_text(fen: Iterable[int]) -> str:
    """Low, likely and high; one sum where they are the same."""
    sums = list(fen)
    if not sums:
        return "–"
    return " / ".join(yuan_text(one) for one in (sums if len(set(sums)) > 1 else sums[:1]))


def ground_text(fact: Mapping[str, Any], lang: Lang = None) -> str:
    """Where a fact is from: the system's source, or the judge's evidence and reason."""
    if fact["evidence"]:
        kind = say(f"enforcement.evidence.{fact['evidence']}", lang=lang)
        said = say(
            "enforcement.memo.stated", lang=lang, kind=kind, reference=fact["reference"]
        )
        if fact["reason"]:
            said += say("enforcement.memo.because", lang=lang, reason=fact["reason"])
        return said
    return source_text(fact["source"], fact["says"], lang)


def source_text(source: str, says: Mapping[str, Any], lang: Lang = None) -> str:
    return say(f"enforcement.{source}", lang=lang, **says)


def answer_text(finding: Mapping[str, Any], lang: Lang = None) -> str:
    return say(f"enforcement.answer.{finding['answer']}", lang=lang)


def basis_text(finding: Mapping[str, Any], lang: Lang = None) -> str:
    """The articles of an answer and, where it is open, the facts that it waits for."""
    cites = dict.fromkeys(
        part for one in finding["told"] for part in one["cite"].split("；")
    )
    said = "；".join(cites)
    if finding["missing"]:
        lacking = fact_names(finding["missing"], lang)
        said += say("enforcement.memo.lacking", lang=lang, facts=lacking)
    return said


def measure_text(row: Mapping[str, Any], lang: Lang = None) -> str:
    """A measure as people read it: a share, a multiple, the gate's outcome."""
    measure = row["measure"]
    if measure is None:
        return say("enforcement.memo.unknown", lang=lang)
    if row["indicator"] == Indicator.DATA_VALUE:
        return say(f"enforcement.outcome.{measure}", lang=lang)
    ratio = Fraction(measure)
    if ratio >= BEYOND:
        return say("enforcement.memo.no_estate", lang=lang)
    if row["indicator"] in RATIOS:
        return say("enforcement.memo.times", lang=lang, number=_decimal(ratio))
    return f"{_decimal(ratio * 100)} %"


def road_text(road: str, *, is_fast: bool = False, lang: Lang = None) -> str:
    said = say(f"enforcement.road.{road}", lang=lang)
    return said + say("enforcement.road.fast", lang=lang) if is_fast else said


def _decimal(number: Fraction) -> str:
    """Two decimals, cut: a share just below a threshold is not shown as on it."""
    hundredths = number.numerator * 100 // number.denominator
    return f"{hundredths // 100:,}.{hundredths % 100:02d}"
