"""The faults of one import: collected from all files, told together, capped."""

from collections.abc import Iterable
from pathlib import Path

from zhipo.kernel.faults import Fault, Refused
from zhipo.kernel.phrases import Phrases

SAY = Phrases(Path(__file__).with_name("phrases.yaml"))
MOST_KEPT = 100_000


class FaultList:
    """Faults in the order found; past `MOST_KEPT` they are only counted."""

    def __init__(self) -> None:
        self.kept: list[Fault] = []
        self.count = 0

    def add(self, fault: Fault) -> None:
        self.count += 1
        if len(self.kept) < MOST_KEPT:
            self.kept.append(fault)

    def extend(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self.add(fault)

    def count_more(self, more: int) -> None:
        """Count faults that were found but not built, because the list is full."""
        self.count += more

    @property
    def room(self) -> int:
        """How many faults still fit; at least one, so that a fault is never lost."""
        return max(1, MOST_KEPT - len(self.kept))

    def refuse_if_any(self) -> None:
        """Raise Refused with all faults kept and, where more were found, how many."""
        if not self.count:
            return
        faults = list(self.kept)
        if self.count > len(faults):
            faults.append(fault("", "more_faults", count=self.count - len(faults)))
        raise Refused(faults)


def fault(
    file: str, key: str, *, row: int = 0, column: str = "", value: str = "", **words: object
) -> Fault:
    """One fault with its sentence from the table of phrases."""
    return Fault(file, row, column, value, SAY(key, lang=None, **words))
