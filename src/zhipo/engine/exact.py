"""Exact arithmetic on columns, the same on every engine.

Engines differ in what `/` means on whole numbers, so only products, remainders and
one rounding are used: (product − remainder) / divisor is a whole number q, and a
float64 quotient lies within 0.4 of it while q <= 10^15, so rounding gives q itself.
Bounds on q are kept by MAX_FEN, which every amount read from outside obeys.
"""

from dataclasses import dataclass

import ibis.expr.types as ir

from zhipo.kernel.money import MAX_FEN

NARROW = 2**62
LARGEST_QUOTIENT = MAX_FEN


@dataclass(frozen=True)
class Width:
    """How wide products are: 64 bits where they surely fit, 38 digits otherwise."""

    dtype: str

    @classmethod
    def for_products_up_to(cls, largest: int) -> "Width":
        return cls("int64" if largest < NARROW else "decimal(38, 0)")

    def wide(self, value: ir.NumericValue) -> ir.NumericValue:
        return value.cast(self.dtype)


def divided(
    product: ir.NumericValue, divisor: ir.NumericValue | int
) -> tuple[ir.IntegerValue, ir.NumericValue]:
    """(quotient floored, remainder) of whole numbers >= 0, exactly."""
    remainder = product % divisor
    whole = (product - remainder).cast("float64")
    bottom = float_of(divisor)
    return (whole / bottom).round().cast("int64"), remainder


def float_of(value: ir.NumericValue | int) -> ir.NumericValue:
    """A whole number as float64: only ever to be rounded back to a whole one."""
    import ibis

    column = ibis.literal(value, "decimal(38, 0)") if isinstance(value, int) else value
    return column.cast("float64")
