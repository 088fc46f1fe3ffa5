"""Dated parameters: numbers that an authority changes, each with its day and its source.

One YAML file beside the code that uses it:

    lpr_one_year:
      zh: 一年期贷款市场报价利率
      en: one-year loan prime rate
      unit: share per year
      status: U
      values:
        2024-10-21: {value: "0.0310", cite: 全国银行间同业拆借中心公告}
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

REQUIRED = {"zh", "en", "unit", "status", "values"}


class NoParameter(LookupError):
    """No value of this parameter is known for that day."""


@dataclass(frozen=True)
class Value:
    """One value of a parameter and where it stands."""

    value: Any
    cite: str
    since: date

    @property
    def fraction(self) -> Fraction:
        return Fraction(str(self.value))


@dataclass(frozen=True)
class Parameter:
    """A dated parameter; `values` rise by date."""

    id: str
    zh: str
    en: str
    unit: str
    status: str
    values: tuple[Value, ...]

    def on(self, law_date: date) -> Value:
        """The value in force on `law_date`. Raises NoParameter before the first."""
        known = [value for value in self.values if value.since <= law_date]
        if not known:
            raise NoParameter(f"{self.id} has no value for {law_date.isoformat()}")
        return known[-1]


@cache
def load(path: Path) -> dict[str, Parameter]:
    """Read one YAML file of parameters. Raises ValueError where a field is missing."""
    raw: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: _parameter(name, entry) for name, entry in raw.items()}


def _parameter(name: str, entry: dict[str, Any]) -> Parameter:
    missing = REQUIRED - entry.keys()
    if missing:
        raise ValueError(f"parameter {name} lacks {', '.join(sorted(missing))}")
    values = tuple(
        Value(value=one["value"], cite=one["cite"], since=since)
        for since, one in sorted(entry["values"].items())
    )
    return Parameter(name, entry["zh"], entry["en"], entry["unit"], entry["status"], values)
