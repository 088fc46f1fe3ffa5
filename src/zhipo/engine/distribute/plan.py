"""PLAN.json as a checked plan: every fault named by its place in the file."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from zhipo.engine.tables import CLASSES
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused, refuse_if_any

BASES = (
    "PLAN_SMALL_CLASS",
    "SETTLEMENT",
    "ALL_CREDITORS",
    "VOLUNTARY_SUBORDINATION",
    "THIRD_PARTY_MONEY",
    "SEGREGATED_MONEY",
    "PERSONAL_INJURY",
)
"""The lawful grounds for leaving the statutory order (law.waterfall.basis)."""
MODES = ("none", "flat", "tiered")
BEFORE_ORDINARY = "before_ordinary"
CEILING_FEN = 50_000
"""五百元以下: 500.00 yuan, included (the paper's figure; a plan may set another)."""
MAX_POOL_FEN = 10**18
MOST_INSTALMENTS = 1_000
KEYS = {"law_date", "claims", "pools", "overlay", "small_claims", "instalments"}
POOL_KEYS = {"id", "fen", "secures", "first_to", "basis", "evidence"}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RATE = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20}|/[0-9]{1,20})?")
"""No exponents: `1e999999999` is a number that nobody can write out."""


@dataclass(frozen=True)
class Pool:
    """Money with its earmark: a lien's proceeds, a premium, or the general estate."""

    id: str
    fen: int
    secures: tuple[str, ...] = ()
    first_to: tuple[str, ...] = ()
    basis: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Overlay:
    """A departure from the statutory order and what carries it."""

    basis: str
    evidence: str
    before_ordinary: bool = False
    rate: Fraction | None = None


@dataclass(frozen=True)
class Plan:
    """A distribution plan, checked; `overlay` None means the statutory order."""

    law_date: date
    claims: Path
    pools: tuple[Pool, ...]
    overlay: Overlay | None = None
    mode: str = "none"
    ceiling_fen: int = CEILING_FEN
    instalments: int = 1

    @property
    def pools_fen(self) -> int:
        return sum(pool.fen for pool in self.pools)


@dataclass
class _Reader:
    """Collects faults while the plan is read."""

    name: str
    faults: list[Fault] = field(default_factory=list)

    def fault(self, place: str, value: object, key: str, **values: Any) -> None:
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        shown = "" if value is None else shown
        self.faults.append(Fault(self.name, 0, place, shown, words(key, **values)))

    def fen(self, value: object, place: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(place, value, "fault.not_fen")
            return 0
        if value < 0:
            self.fault(place, value, "fault.negative")
        elif value > MAX_POOL_FEN:
            self.fault(place, value, "fault.too_large", limit=MAX_POOL_FEN)
        return value

    def among(self, value: object, choices: Sequence[str], place: str) -> str:
        if value not in choices:
            self.fault(place, value, "fault.choice", choices=", ".join(choices))
        return str(value)

    def count(self, value: object, place: str, *, most: int) -> int:
        if type(value) is not int or not 1 <= value <= most:
            self.fault(place, value, "plan.not_count", most=most)
            return 1
        return value

    def basis(self, holder: dict[str, Any], place: str) -> str:
        """The ground for leaving the statutory order, one of WAT-21."""
        basis = holder.get("basis")
        if not basis:
            self.fault(f"{place}.basis", None, "plan.no_basis", choices=", ".join(BASES))
            return ""
        return self.among(basis, BASES, f"{place}.basis")

    def evidence(self, holder: dict[str, Any], place: str, *, required: bool) -> str:
        """Where the ground stands: the contract asks it of an overlay."""
        evidence = holder.get("evidence")
        if evidence is None and not required:
            return ""
        if not isinstance(evidence, str) or not evidence.strip():
            self.fault(f"{place}.evidence", evidence, "plan.no_evidence")
        return str(evidence)

    def unknown_keys(self, found: dict[str, Any], known: set[str], place: str) -> None:
        for key in sorted(found.keys() - known):
            self.fault(
                f"{place}{key}",
                found[key],
                "plan.unknown_key",
                known=", ".join(sorted(known)),
            )


def read_plan(path: Path) -> Plan:
    """Read and check a plan. Raises Refused with every fault; paths are beside the plan."""
    content = _json(path)
    reader = _Reader(path.name)
    reader.unknown_keys(content, KEYS, "")
    pools = _pools(content.get("pools"), reader)
    overlay = _overlay(content.get("overlay"), reader)
    mode, ceiling = _small_claims(content.get("small_claims"), overlay, reader)
    asked = content.get("instalments", 1)
    instalments = reader.count(asked, "instalments", most=MOST_INSTALMENTS)
    law_date = _date(content.get("law_date"), reader)
    claims = content.get("claims")
    if claims in (None, ""):
        reader.fault("claims", claims, "fault.required")
    elif not isinstance(claims, str):
        reader.fault("claims", claims, "plan.not_text")
    refuse_if_any(reader.faults)
    beside = path.parent / str(claims)
    return Plan(law_date, beside, pools, overlay, mode, ceiling, instalments)


def _json(path: Path) -> dict[str, Any]:
    def refused(key: str, **values: Any) -> Refused:
        return Refused([Fault(path.name, 0, "", "", words(key, **values))])

    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_once)
        json.dumps(content, ensure_ascii=False).encode()  # half a character is no text
    except FileNotFoundError as error:
        raise refused("fault.missing_file") from error
    except (OSError, ValueError, RecursionError) as error:
        raise refused("fault.unreadable", reason=error) from error
    if not isinstance(content, dict):
        raise refused("fault.unreadable", reason="{…}")
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, refusing a key that stands there twice."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key!r} x 2")
        found[key] = value
    return found


def _date(value: object, reader: _Reader) -> date:
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    reader.fault("law_date", value, "plan.not_date")
    return date.max


def _pools(value: object, reader: _Reader) -> tuple[Pool, ...]:
    if not isinstance(value, list) or not value:
        reader.fault("pools", value, "plan.no_pools")
        return ()
    pools = [_pool(one, f"pools[{i}]", reader) for i, one in enumerate(value)]
    ids = [pool.id for pool in pools]
    for i, pool in enumerate(pools):
        if pool.id in ids[:i]:
            reader.fault(f"pools[{i}].id", pool.id, "fault.duplicate")
    return tuple(pools)


def _pool(value: object, place: str, reader: _Reader) -> Pool:
    if not isinstance(value, dict):
        reader.fault(place, value, "plan.not_object")
        return Pool("", 0)
    reader.unknown_keys(value, POOL_KEYS, f"{place}.")
    if not isinstance(value.get("id"), str) or not value["id"]:
        reader.fault(f"{place}.id", value.get("id"), "fault.required")
    fen = reader.fen(value.get("fen"), f"{place}.fen")
    secures = _texts(value.get("secures"), f"{place}.secures", reader)
    first_to = _texts(value.get("first_to"), f"{place}.first_to", reader)
    for name in first_to:
        reader.among(name, CLASSES, f"{place}.first_to")
    if secures and first_to:
        reader.fault(place, value.get("id"), "plan.two_earmarks")
    basis = reader.basis(value, place) if first_to else ""
    evidence = reader.evidence(value, place, required=False)
    return Pool(str(value.get("id")), fen, secures, first_to, basis, evidence)


def _texts(value: object, place: str, reader: _Reader) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        reader.fault(place, value, "plan.not_list")
        return ()
    for i, one in enumerate(value):
        if one in value[:i]:
            reader.fault(f"{place}[{i}]", one, "fault.duplicate")
    return tuple(value)


def _overlay(value: object, reader: _Reader) -> Overlay | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        reader.fault("overlay", value, "plan.not_object")
        return None
    reader.unknown_keys(value, {"basis", "evidence", "consumer"}, "overlay.")
    basis = reader.basis(value, "overlay")
    evidence = reader.evidence(value, "overlay", required=True)
    consumer = value.get("consumer")
    if consumer is None:
        return Overlay(basis, evidence)
    if consumer == BEFORE_ORDINARY:
        return Overlay(basis, evidence, before_ordinary=True)
    return Overlay(basis, evidence, rate=_rate(consumer, reader))


def _rate(consumer: object, reader: _Reader) -> Fraction | None:
    place = "overlay.consumer"
    if not isinstance(consumer, dict) or set(consumer) != {"rate"}:
        reader.fault(place, consumer, "plan.not_overlay")
        return None
    text = consumer["rate"]
    try:
        is_plain = isinstance(text, str) and _RATE.fullmatch(text)
        rate = Fraction(text) if is_plain else None
    except ZeroDivisionError:
        rate = None
    if rate is None or not 0 <= rate <= 1 or rate.denominator > 10**9:
        reader.fault(f"{place}.rate", text, "plan.not_rate")
        return None
    return rate


def _small_claims(
    value: object, overlay: Overlay | None, reader: _Reader
) -> tuple[str, int]:
    if value is None:
        return "none", CEILING_FEN
    if not isinstance(value, dict):
        reader.fault("small_claims", value, "plan.not_object")
        return "none", CEILING_FEN
    reader.unknown_keys(value, {"mode", "ceiling_fen"}, "small_claims.")
    mode = reader.among(value.get("mode", "none"), MODES, "small_claims.mode")
    ceiling = reader.fen(value.get("ceiling_fen", CEILING_FEN), "small_claims.ceiling_fen")
    if mode != "none" and overlay is None:
        reader.fault("small_claims.mode", mode, "plan.small_needs_basis")
    return mode, ceiling
