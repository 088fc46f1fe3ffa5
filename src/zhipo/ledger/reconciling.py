"""A book's account against the bank's bill, line by line: what does not match is listed."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Unmatched(StrEnum):
    ONLY_IN_BOOK = "only_in_book"  # 账上有，流水没有
    ONLY_IN_BILL = "only_in_bill"  # 流水有，账上没有
    OTHER_SUM = "other_sum"  # 金额不同


@dataclass(frozen=True)
class Moved:
    """One line of a book or of a bill: fen > 0 came in, fen < 0 went out."""

    reference: str
    fen: int
    on: date


@dataclass(frozen=True)
class Difference:
    """What does not match: the line of the book, of the bill, or both with another sum."""

    why: Unmatched
    book: Moved | None
    bill: Moved | None


def reconcile(book: Sequence[Moved], bill: Sequence[Moved]) -> list[Difference]:
    """What is left when each line of the book is paired with one line of the bill.

    First by reference and sum; then, where one side has no reference, by sum and day; then
    by reference alone, with another sum. Each line is used once; the rest is listed.
    """
    book, bill = _unpaired(book, bill, _same_line)
    book, bill = _unpaired_without_reference(book, bill)
    differences, rest = [], []
    waiting = _grouped(bill, lambda one: one.reference)
    for line in book:
        others = waiting.get(line.reference) if line.reference else None
        if others:
            differences.append(Difference(Unmatched.OTHER_SUM, line, others.pop(0)))
        else:
            rest.append(line)
    left = [line for lines in waiting.values() for line in lines]
    differences += [Difference(Unmatched.ONLY_IN_BOOK, line, None) for line in rest]
    differences += [Difference(Unmatched.ONLY_IN_BILL, None, line) for line in left]
    return differences


Key = Callable[[Moved], Hashable]


def _same_line(line: Moved) -> Hashable:
    return (line.reference, line.fen, None if line.reference else line.on)


def _unpaired(
    book: Sequence[Moved], bill: Sequence[Moved], key: Key
) -> tuple[list[Moved], list[Moved]]:
    """Both sides without the lines that have the same key, one against one."""
    waiting = _grouped(bill, key)
    left = [line for line in book if not _taken(waiting, key(line))]
    return left, [line for lines in waiting.values() for line in lines]


def _unpaired_without_reference(
    book: Sequence[Moved], bill: Sequence[Moved]
) -> tuple[list[Moved], list[Moved]]:
    """As `_unpaired` by sum and day, only where a reference is missing on a side."""

    def by_day(line: Moved) -> Hashable:
        return (line.fen, line.on)

    bare, named = _split(bill)
    book, bare = _unpaired(book, bare, by_day)
    bare_book, named_book = _split(book)
    bare_book, named = _unpaired(bare_book, named, by_day)
    return [*named_book, *bare_book], [*named, *bare]


def _split(lines: Sequence[Moved]) -> tuple[list[Moved], list[Moved]]:
    """(without a reference, with one)."""
    return (
        [line for line in lines if not line.reference],
        [line for line in lines if line.reference],
    )


def _grouped(lines: Sequence[Moved], key: Key) -> dict[Hashable, list[Moved]]:
    found: dict[Hashable, list[Moved]] = defaultdict(list)
    for line in lines:
        found[key(line)].append(line)
    return found


def _taken(waiting: dict[Hashable, list[Moved]], key: Hashable) -> bool:
    lines = waiting.get(key)
    if lines:
        lines.pop(0)
        return True
    return False
