"""The table of deadlines (table.yaml): each row is a rule that yields its last day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from zhipo.kernel.periods import Deadline, Period, Unit, deadline
from zhipo.kernel.rules import rule

EBL = date(2007, 6, 1)


@dataclass(frozen=True)
class Row:
    """One deadline; `extension` is what may be added with approval."""

    id: str
    answers: str
    trigger: str
    act: str
    period: Period
    extension: Period | None
    rule: str
    cite: str
    text: str
    status: str
    since: date


def _row(entry: dict[str, str | date]) -> Row:
    read: dict[str, object] = {
        **entry,
        "period": _period(entry["period"]),
        "text": entry.get("text", ""),
        "answers": entry.get("answers", ""),
    }
    extension = entry.get("extension")
    read["extension"] = None if extension is None else _period(extension)
    return Row(**read)  # type: ignore[arg-type]


def _period(text: object) -> Period:
    count, unit = str(text).split()
    return Period(int(count), Unit(unit))


ROWS: tuple[Row, ...] = tuple(
    _row(entry)
    for entry in yaml.safe_load(Path(__file__).with_name("table.yaml").read_text("utf-8"))
)


def _enter(row: Row) -> Callable[..., Deadline]:
    """A row of the table as a rule: the last day of its period."""

    def last_day(
        *, event_on: date, is_extended: bool = False, needs_lawyer_check: bool = False
    ) -> Deadline:
        if not is_extended:
            return deadline(event_on, row.period)
        if row.extension is None:
            raise ValueError(f"{row.id} cannot be extended")
        return deadline(deadline(event_on, row.period).counted, row.extension)

    last_day.__doc__ = f"{row.id}: {row.trigger} -> {row.act}, {row.period}."
    return rule(
        row.rule,
        cite=row.cite,
        text=row.text,
        status=row.status,
        since=row.since,
        sheet=tuple(filter(None, (row.id.rstrip("bc"), row.answers))),
    )(last_day)


RULES: dict[str, Callable[..., Deadline]] = {row.id: _enter(row) for row in ROWS}


def deadline_of(id: str, *, event_on: date, **how: bool) -> Deadline:  # noqa: A002
    """The last day of deadline `id` (D01 ...) counted from `event_on`.

    `is_extended=True` adds the approved extension; an unverified row needs
    `needs_lawyer_check=True`. Raises KeyError, ValueError or NeedsLawyerCheck.
    """
    return RULES[id](event_on=event_on, **how)
