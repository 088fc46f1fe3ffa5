"""The register of rules: what each says, since when, how sure we are, which is in force.

A rule is a pure function that carries its article. Status tags:

- V1  full text of the article read
- V2  read in an excerpt or a page that quotes it: check the number before printing
- U   unverified: runs only with `needs_lawyer_check=True`, and its trace says so
- I   interpretation: no text says it in so many words
- P   policy of this project, not law
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar, cast

from zhipo.kernel import trace

P = ParamSpec("P")
R = TypeVar("R")

CURRENT = "current"
"""The `law_version` that courts apply; drafts have versions of their own."""


class Status(StrEnum):
    V1 = "V1"
    V2 = "V2"
    U = "U"
    I = "I"  # noqa: E741  the rule sheet's own tag
    P = "P"


class NoRuleInForce(LookupError):
    """No version of this rule is in force on that day."""


class NeedsLawyerCheck(PermissionError):
    """This rule is unverified: pass needs_lawyer_check=True to use it."""


class TwoRulesInForce(ValueError):
    """Two versions of one rule would be in force on the same day."""


@dataclass(frozen=True)
class Rule:
    """One version of one rule of law."""

    id: str
    cite: str
    status: Status
    since: date
    function: Callable[..., Any]
    text: str = ""
    until: date | None = None
    sheet: tuple[str, ...] = ()
    reason: str = ""
    law_version: str = CURRENT
    module: str = ""

    @property
    def promise(self) -> str:
        """The first paragraph of the function's docstring."""
        return (self.function.__doc__ or "").strip().split("\n\n")[0]

    def is_in_force(self, law_date: date) -> bool:
        return self.since <= law_date and (self.until is None or law_date < self.until)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the rule and write it into the open trace, if any.

        Raises NeedsLawyerCheck for an unverified rule used without saying so.
        """
        if self.status is Status.U and not kwargs.get("needs_lawyer_check", False):
            raise NeedsLawyerCheck(f"{self.id} ({self.cite}) is unverified")
        with trace.step(self, kwargs) as step:
            step.value = self.function(*args, **kwargs)
        return step.value

    def overlaps(self, other: "Rule") -> bool:
        ends = other.until or date.max
        own_end = self.until or date.max
        return self.since < ends and other.since < own_end


REGISTER: dict[tuple[str, str], list[Rule]] = {}


def rule(
    id: str,  # noqa: A002  the word of the field
    *,
    cite: str,
    status: str,
    since: date,
    text: str = "",
    until: date | None = None,
    sheet: str | tuple[str, ...] = (),
    reason: str = "",
    law_version: str = CURRENT,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Enter a pure function as a rule.

    `text` is the enactment's own sentence, verbatim (`……` where something is left
    out); `until` is the first day on which it is no longer in force; `sheet` names
    the rows of the rule sheet it answers; `reason` is required for I and P.
    """

    def enter(function: Callable[P, R]) -> Callable[P, R]:
        entry = Rule(
            id=id,
            cite=cite,
            status=Status(status),
            since=since,
            until=until,
            text=text,
            sheet=(sheet,) if isinstance(sheet, str) else sheet,
            reason=reason,
            law_version=law_version,
            function=function,
            module=function.__module__,
        )
        _enter(entry)
        return _recorded(entry, function)

    return enter


def rule_on(law_date: date, id: str, *, law_version: str = CURRENT) -> Rule:  # noqa: A002
    """The version of rule `id` that applies on `law_date`.

    A `law_version` other than "current" (a draft, a coming law) is asked first and
    falls back to the law in force. Raises NoRuleInForce.
    """
    for version in dict.fromkeys((law_version, CURRENT)):
        for entry in REGISTER.get((version, id), []):
            if version != CURRENT or entry.is_in_force(law_date):
                return entry
    raise NoRuleInForce(f"no version of {id} is in force on {law_date.isoformat()}")


def all_rules() -> list[Rule]:
    """Every rule entered so far, by id, then by date."""
    entries = [entry for versions in REGISTER.values() for entry in versions]
    return sorted(entries, key=lambda entry: (entry.id, entry.law_version, entry.since))


def _enter(entry: Rule) -> None:
    if entry.status in (Status.I, Status.P) and not entry.reason:
        raise ValueError(f"{entry.id}: interpretation and policy need a reason")
    if entry.status is Status.U:
        _check_takes_lawyer_check(entry)
    versions = REGISTER.setdefault((entry.law_version, entry.id), [])
    for other in versions:
        if entry.overlaps(other):
            raise TwoRulesInForce(
                f"{entry.id}: a version since {other.since} is in force together "
                f"with the version since {entry.since}"
            )
    versions.append(entry)


def _check_takes_lawyer_check(entry: Rule) -> None:
    if "needs_lawyer_check" not in signature(entry.function).parameters:
        raise ValueError(f"{entry.id}: an unverified rule takes needs_lawyer_check")


def _recorded(entry: Rule, function: Callable[P, R]) -> Callable[P, R]:
    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return cast(R, entry(*args, **kwargs))

    cast(Any, call).rule = entry
    return call
