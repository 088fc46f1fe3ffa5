"""What is published of a distribution in one page: the root and what it commits to."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from zhipo.engine.proofs.leaves import SUMMED, Sums
from zhipo.engine.tables import CLASSES
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused, refuse_if_any

FORMAT = "zhipo-proof/1"
DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_FEN = 10**21
"""No sum is read that is longer: sums of a register end at 10^18."""


@dataclass(frozen=True)
class Statement:
    """Root, totals by class (fen), pools and what was left over of them.

    `classes` has for each class the numbers of SUMMED and `rate`, received to owed in six
    decimals; `plan_sha256` is of the published plan.
    """

    case: str
    root: str
    plan_sha256: str
    claims: int
    pools_fen: int
    left_over_fen: int
    classes: dict[str, dict[str, int | str]]
    format: str = FORMAT

    @property
    def sums(self) -> Sums:
        """The totals as the top of the tree has them."""
        return {
            name: tuple(int(line[key]) for key in SUMMED)
            for name, line in self.classes.items()
        }

    @property
    def received_fen(self) -> int:
        """What was paid or kept in reserve, of all classes."""
        lines = self.classes.values()
        return sum(int(line["paid_fen"]) + int(line["reserved_fen"]) for line in lines)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def lines_of(sums: Sums) -> dict[str, dict[str, int | str]]:
    """The lines of a statement from the sums of a tree's top."""
    return {
        name: {**dict(zip(SUMMED, numbers, strict=True)), "rate": rate_of(numbers)}
        for name, numbers in sums.items()
    }


def rate_of(numbers: tuple[int, ...]) -> str:
    """Paid and reserved to what is owed, rounded to six decimals."""
    found = dict(zip(SUMMED, numbers, strict=True))
    received = found["paid_fen"] + found["reserved_fen"]
    millionths = round(Fraction(received, found["fen"]) * 10**6) if found["fen"] else 0
    return f"{millionths // 10**6}.{millionths % 10**6:06d}"


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object. Raises Refused."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        message = words("fault.unreadable", reason=error)
        raise Refused([Fault(path.name, 0, "", "", message)]) from error
    if not isinstance(content, dict):
        message = words("fault.unreadable", reason="{…}")
        raise Refused([Fault(path.name, 0, "", "", message)])
    return content


def statement_from(content: Mapping[str, Any], file: str) -> Statement:
    """A statement as it was published. Raises Refused naming every field that is wrong."""
    faults = [
        Fault(file, 0, name, str(content.get(name, "")), words("proof.field"))
        for name, is_right in _FIELDS.items()
        if not is_right(content.get(name))
    ]
    faults += [
        Fault(file, 0, name, str(content[name]), words("proof.unknown_field"))
        for name in sorted(set(content) - set(_FIELDS))
    ]
    refuse_if_any(faults)
    lines = content["classes"]
    classes = {name: lines[name] for name in CLASSES if name in lines}
    return Statement(**{**content, "classes": classes})


def is_fen(value: object) -> bool:
    return type(value) is int and 0 <= value < MOST_FEN


def is_digest(value: object) -> bool:
    return isinstance(value, str) and DIGEST.fullmatch(value) is not None


def _are_lines(value: object) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and all(name in CLASSES and _is_line(line) for name, line in value.items())
    )


def _is_line(line: object) -> bool:
    return (
        isinstance(line, dict)
        and set(line) == {*SUMMED, "rate"}
        and all(is_fen(line[key]) for key in SUMMED)
        and isinstance(line["rate"], str)
    )


_FIELDS: dict[str, Callable[[Any], bool]] = {
    "format": lambda value: value == FORMAT,
    "case": lambda value: isinstance(value, str),
    "root": is_digest,
    "plan_sha256": is_digest,
    "claims": is_fen,
    "pools_fen": is_fen,
    "left_over_fen": is_fen,
    "classes": _are_lines,
}
