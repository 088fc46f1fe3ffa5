"""Money: integer fen, exact reading and printing of yuan, and the one way to divide."""

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

FEN_PER_YUAN = 100
MAX_FEN = 10**15
"""The largest single amount read from outside: 10 million million yuan (policy)."""

_YUAN = re.compile(
    r"(?P<sign>[-+−]?)(?:[¥￥])?(?P<yuan>\d+|\d{1,3}(?:,\d{3})+)(?:\.(?P<fen>\d+))?"
)


class MoneyError(ValueError):
    """This text is not an amount of money."""


def parse_yuan(text: str) -> int:
    """Read an amount of yuan as fen, exactly.

    Takes `1234.5`, `-1,234.50`, `¥0.07`. Refuses more than two decimals (unless the
    rest are zeros), misplaced thousands separators and everything else.
    """
    found = _YUAN.fullmatch(text.strip())
    if found is None:
        raise MoneyError(f"not an amount of yuan: {text!r}")
    decimals = (found["fen"] or "").ljust(2, "0")
    if decimals[2:].strip("0"):
        raise MoneyError(f"more than two decimals: {text!r}")
    fen = int(found["yuan"].replace(",", "")) * FEN_PER_YUAN + int(decimals[:2])
    return -fen if found["sign"] in ("-", "−") else fen


def yuan_text(fen: int, *, sign: str = "¥") -> str:
    """Print fen as people read them: `¥1,234.56`, `-¥0.07`."""
    yuan, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{'-' if fen < 0 else ''}{sign}{yuan:,}.{rest:02d}"


def plain_yuan(fen: int) -> str:
    """Print fen for a machine or a field to be typed in: `1234.56`."""
    return yuan_text(fen, sign="").replace(",", "")


def round_half_up(amount: Fraction) -> int:
    """Round to the nearest whole, halves up (towards the creditor)."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def share_out(pot: int, weights: Sequence[int]) -> list[int]:
    """Split `pot` fen in proportion to `weights`, to the fen.

    Largest remainder: everyone gets the floor of their exact share, then the fen
    left over go one each to the largest remainders. Equal remainders are settled by
    position, so pass claims in register order. Nobody ends a whole fen away from
    their exact share, and a larger weight never gets less than a smaller one.
    """
    total = sum(weights)
    assert pot >= 0
    assert total > 0
    assert min(weights) >= 0

    divided = [divmod(pot * weight, total) for weight in weights]
    shares = [floor for floor, _ in divided]
    left_over = pot - sum(shares)
    largest_first = sorted(range(len(weights)), key=lambda i: -divided[i][1])
    for i in largest_first[:left_over]:
        shares[i] += 1

    assert sum(shares) == pot
    return shares


def pay_up_to(pot: int, owed: Sequence[int]) -> list[int]:
    """Pay what is owed from `pot`, pro rata where it does not suffice."""
    if sum(owed) <= pot:
        return list(owed)
    return share_out(pot, owed)


def equal_parts(fen: int, parts: int) -> list[int]:
    """Cut `fen` into equal parts, floored; the last takes the remainder."""
    assert fen >= 0
    assert parts >= 1
    part = fen // parts
    return [part] * (parts - 1) + [fen - part * (parts - 1)]


def by_bracket(base: int, brackets: Sequence[tuple[int | None, Fraction]]) -> Fraction:
    """Sum a cumulative tariff over `base`: each bracket's rate on its own slice.

    `brackets` are (upper limit, rate), rising, the last limit None.
    """
    assert base >= 0
    limits = [0, *(limit for limit, _ in brackets)]
    total = Fraction(0)
    for (low, high), (_, rate) in zip(pairwise(limits), brackets, strict=True):
        assert low is not None
        top = base if high is None else min(base, high)
        total += max(0, top - low) * rate
    return total
