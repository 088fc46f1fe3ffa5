"""Stances: whose account a source is, and to which holder its rows belong."""

import re
from dataclasses import dataclass

from zhipo.engine.evidence.expressions import Stance
from zhipo.engine.evidence.faults import fault
from zhipo.engine.evidence.headers import UNITS
from zhipo.engine.evidence.mapping import Mapping
from zhipo.engine.evidence.reading import Source
from zhipo.kernel.faults import Refused, refuse_if_any

PERSPECTIVES = ("debtor", "holder")


@dataclass(frozen=True)
class Asking:
    """What the user may say besides the sources."""

    holder: str | None = None
    perspective: str | None = None
    counterparties: tuple[str, ...] = ()
    accept_differences: bool = False


NOTHING_ASKED = Asking()


def stance_of(source: Source, mapping: Mapping, asking: Asking) -> Stance:
    """Whose account this source is, and whom it concerns; Refused where that is open."""
    keys = source.header.layout.keys
    usual = keys.get("perspective", mapping.keys.get("perspective", "debtor"))
    perspective = str(asking.perspective or usual)
    allowed = mapping.keys.get("perspectives", PERSPECTIVES)
    if perspective not in allowed:
        words = ", ".join(allowed)
        place = fault(source.name, "perspective_not_so", value=perspective, allowed=words)
        refuse_if_any([place])
    _say_what_they_must(source, mapping)
    holder = _holder(source, mapping, asked=asking.holder or "", perspective=perspective)
    year = _year(source)
    return Stance(perspective, holder, asking.counterparties, year)


def _holder(source: Source, mapping: Mapping, *, asked: str, perspective: str) -> str:
    """The one holder of the whole file, or "" where each row names its own."""
    keys = source.header.layout.keys
    if perspective == "debtor":
        if asked and keys.get("holder"):
            refuse_if_any([fault(source.name, "holder_not_asked", column="--holder")])
        is_named = keys.get("holder") or mapping.keys.get("no_holder")
        if not asked and not is_named:
            refuse_if_any([fault(source.name, "holder_needed", column="--holder")])
        return asked
    if asked:
        return asked
    pattern = mapping.keys.get("account_text")
    found = re.search(pattern, "\n".join(source.preamble)) if pattern else None
    if found is not None and found[1].strip():
        return found[1].strip()
    if not keys.get("account"):
        refuse_if_any([fault(source.name, "holder_needed", column="--holder")])
    return ""


def _say_what_they_must(source: Source, mapping: Mapping) -> None:
    """Refuse a file whose own text names another currency or another unit."""
    text = "\n".join(source.preamble)
    for unit in re.findall(r"单位[:：]\s*(?:人民币)?([^\s,，)）]+)", text):
        if UNITS.get(unit, mapping.fen_per_unit) != mapping.fen_per_unit:
            refuse_if_any([fault(source.name, "other_unit", value=unit)])
    for entry in mapping.keys.get("must_say", []):
        found = re.search(entry["text"], text)
        if found is not None and found[1].strip() not in entry["one_of"]:
            value = found[0]
            refuse_if_any([fault(source.name, "says_otherwise", value=value)])


def _year(source: Source) -> tuple[int, int] | None:
    """Year and month of a statement whose rows give only month and day."""
    at = source.header.layout.keys.get("at")
    if not isinstance(at, dict) or "year" not in at:
        return None
    found = re.search(at["year"], "\n".join(source.preamble))
    if found is None:
        raise Refused([fault(source.name, "no_year")])
    return int(found["year"]), int(found["month"])
