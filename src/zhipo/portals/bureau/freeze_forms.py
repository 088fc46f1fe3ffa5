"""A freeze on a page: its row with the forms of what may be done to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from zhipo.enforcement.queries.freezes import FreezeRow
from zhipo.portals.bureau.forms_inquiries import (
    DeductForm,
    FreezeActForm,
    LiftForm,
    LiftPartForm,
)

KINDS: dict[str, type[FreezeActForm]] = {
    "lift": LiftForm,
    "part": LiftPartForm,
    "deduct": DeductForm,
}


@dataclass(frozen=True)
class ShownFreeze:
    row: FreezeRow
    forms: dict[str, Any]
    open_form: str


def with_forms(rows: Sequence[FreezeRow], failed: forms.Form | None) -> list[ShownFreeze]:
    """Each freeze with fresh forms; the one that failed, on its own freeze."""
    return [_shown(row, failed) for row in rows]


def _shown(row: FreezeRow, failed: forms.Form | None) -> ShownFreeze:
    pk = row.freeze.pk
    made: dict[str, Any] = {name: kind(freeze_id=pk) for name, kind in KINDS.items()}
    is_here = getattr(failed, "freeze_id", None) == pk
    opened = next(
        (name for name, kind in KINDS.items() if is_here and type(failed) is kind), ""
    )
    if opened:
        made[opened] = failed
    return ShownFreeze(row, made, opened)
