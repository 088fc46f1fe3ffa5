"""Options: what no text settles. Each has a default, choices, a reason and a status.

An option is used as a keyword argument's default, so that a judge can choose
otherwise and the generated reference can say what was chosen and why.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from zhipo.kernel.rules import Status

T = TypeVar("T")


@dataclass(frozen=True)
class Option(Generic[T]):
    """An interpretation (I) or policy (P) that a court or meeting may set otherwise."""

    id: str
    default: T
    choices: tuple[T, ...]
    status: Status
    reason: str
    sheet: str = ""


OPTIONS: dict[str, Option[Any]] = {}


def option(
    id: str,  # noqa: A002  the word of the field
    *,
    default: T,
    choices: tuple[T, ...] = (),
    status: str,
    reason: str,
    sheet: str = "",
) -> Option[T]:
    """Enter an option; ids are unique, the default is one of the choices (if any)."""
    if id in OPTIONS:
        raise ValueError(f"option {id} is entered twice")
    if choices and default not in choices:
        raise ValueError(f"option {id}: default {default!r} is not a choice")
    entry = Option(id, default, choices, Status(status), reason, sheet)
    OPTIONS[id] = entry
    return entry
