"""What does not match between a bill and the book, as a sheet."""

from collections.abc import Callable
from typing import Any

from zhipo.distributions.models import Bill
from zhipo.portals.desk.columns import AMOUNT, WHEN, Column
from zhipo.portals.desk.exports import Sheet
from zhipo.web.templatetags.words import yuan
from zhipo.web.words import say


def _value(side: str, key: str) -> Callable[[Any], Any]:
    return lambda row: row[side][key] if row[side] else None


def _fen(side: str) -> Column:
    value = _value(side, "fen")
    return Column(f"{side}_fen", lambda row: yuan(value(row)), kind=AMOUNT, value=value)


def _text(side: str, key: str, kind: str = "") -> Column:
    value = _value(side, key)
    return Column(f"{side}_{key}", lambda row: value(row) or "–", kind=kind)


COLUMNS = (
    Column("why_unmatched", lambda row: say(f"distributions.unmatched.{row['why']}")),
    _text("book", "on", WHEN),
    _text("book", "reference"),
    _fen("book"),
    _text("bill", "on", WHEN),
    _text("bill", "reference"),
    _fen("bill"),
)


def bill_sheets(bill: Bill) -> list[Sheet]:
    """One sheet: every line that does not match, with why."""
    return [(say("desk.money.unmatched"), COLUMNS, bill.differences)]
