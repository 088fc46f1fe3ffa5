"""Two plans side by side: by class, by cost, and how many get more or less."""

from collections.abc import Mapping
from dataclasses import dataclass

from zhipo.distributions.outcomes import Outcome
from zhipo.distributions.preview import Line
from zhipo.law.waterfall.order import ClaimClass

NOTHING = ("", 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class ClassPair:
    """One class in two plans, and how many of its claims get more or less in the second."""

    name: str
    first: Line
    second: Line
    gaining: int
    losing: int

    @property
    def change_fen(self) -> int:
        return self.second.got_fen - self.first.got_fen


def compared(first: Outcome, second: Outcome) -> list[ClassPair]:
    """Every class of either plan, in the order of the law."""
    one, other = _by_name(first), _by_name(second)
    moved = _moved(first, second)
    return [
        ClassPair(name, one.get(name, Line(*NOTHING)), other.get(name, Line(*NOTHING)),
                  *moved.get(name, (0, 0)))
        for name in ClaimClass
        if name in one or name in other
    ]  # fmt: skip


def _by_name(outcome: Outcome) -> Mapping[str, Line]:
    return {line.name: line for line in outcome.classes}


def _moved(first: Outcome, second: Outcome) -> Mapping[str, tuple[int, int]]:
    """Class -> (claims that get more in the second plan, claims that get less)."""
    got = {line.number: line.got_fen for line in first.claims()}
    found: dict[str, tuple[int, int]] = {}
    for line in second.claims():
        more, less = found.get(line.class_name, (0, 0))
        change = line.got_fen - got.get(line.number, 0)
        found[line.class_name] = (more + (change > 0), less + (change < 0))
    return found
