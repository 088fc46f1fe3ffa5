"""Plans as pages and workbooks print them: classes, rates, creditors, costs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from zhipo.distributions.feasibility import Finding
from zhipo.distributions.outcomes import ClaimLine, Outcome
from zhipo.distributions.policies.planning import sentence
from zhipo.distributions.preview import Line
from zhipo.portals.desk.columns import AMOUNT, COUNT, Column
from zhipo.web.templatetags.words import yuan
from zhipo.web.words import say

PER_PAGE = 50
SORTS: dict[str, Callable[[ClaimLine], Any]] = {
    "number": lambda one: one.number,
    "fen": lambda one: one.fen,
    "got_fen": lambda one: one.got_fen,
    "shift_fen": lambda one: one.shift_fen,
}
HEADS = ("number", "class_name", "fen", "baseline_fen", "got_fen", "shift_fen",
         "reserved_fen", "parts")  # fmt: skip


@dataclass(frozen=True)
class ClassRow:
    """One class of a plan as a table prints it; bars are whole percents."""

    name: str
    line: Line
    rate: str
    baseline_rate: str
    bar: int
    baseline_bar: int

    @property
    def bears(self) -> bool:
        return self.line.shift_fen < 0


@dataclass(frozen=True)
class Told:
    """A finding as people read it, its article apart: that is Chinese on every page."""

    before: str
    cite: str
    after: str
    is_fatal: bool


@dataclass(frozen=True)
class Creditors:
    """A page of creditors, with what its address asks."""

    page: Page[ClaimLine]
    query: QueryDict
    sort: str

    @property
    def heads(self) -> list[dict[str, str]]:
        """The columns, those by which rows may be sorted with the address that does."""
        return [{"key": key, **self._sorting(key)} for key in HEADS]

    def _sorting(self, key: str) -> dict[str, str]:
        if key not in SORTS:
            return {"url": "", "order": ""}
        is_down = self.sort == f"-{key}"
        is_sorted = is_down or self.sort == key
        onward = key if is_down else f"-{key}"
        order = ("descending" if is_down else "ascending") if is_sorted else ""
        return {"url": f"?{self.with_(sort=onward, page='')}", "order": order}

    def with_(self, **changes: str) -> str:
        query = self.query.copy()
        for key, value in changes.items():
            query.pop(key, None)
            if value:
                query[key] = value
        return query.urlencode()

    @property
    def on_any_page(self) -> str:
        return self.with_(page="")


def class_rows(outcome: Outcome) -> list[ClassRow]:
    """The classes in the order of the law."""
    return [
        ClassRow(line.name, line, percent(line.rate), percent(line.baseline_rate),
                 int(line.rate * 100), int(line.baseline_rate * 100))
        for line in outcome.classes
    ]  # fmt: skip


def percent(rate: Fraction) -> str:
    """31.0000 %, rounded down to the fourth place, as plans say it."""
    parts = int(rate * 1_000_000)
    return f"{parts // 10_000}.{parts % 10_000:04d} %"


def told(findings: Sequence[Finding]) -> list[Told]:
    """The findings in words, those that refuse the plan first."""
    found = [
        Told(*sentence(one).partition(one.cite), is_fatal=one.is_fatal) for one in findings
    ]
    return sorted(found, key=lambda one: not one.is_fatal)


def creditors(outcome: Outcome, query: QueryDict) -> list[ClaimLine]:
    """The claims that an address asks for (`number`, `class`), in its order (`sort`)."""
    wanted, name = query.get("number", "").strip().upper(), query.get("class", "")
    found = [
        line
        for line in outcome.claims()
        if line.number.upper().startswith(wanted) and name in ("", line.class_name)
    ]
    sort = query.get("sort", "")
    by = SORTS.get(sort.removeprefix("-"))
    return sorted(found, key=by, reverse=sort.startswith("-")) if by else found


def creditors_page(outcome: Outcome, query: QueryDict) -> Creditors:
    """One page of them."""
    page = Paginator(creditors(outcome, query), PER_PAGE).get_page(query.get("page"))
    return Creditors(page, query, query.get("sort", "number"))


def _fen(key: str) -> Column:
    return Column(
        f"plan_{key}", lambda row: yuan(getattr(row, key)), kind=AMOUNT,
        value=lambda row: getattr(row, key),
    )  # fmt: skip


def _class(row: Any) -> str:
    name = row.class_name if isinstance(row, ClaimLine) else row.name
    return say(f"distributions.class.{name}")


def _parts(row: ClaimLine) -> str:
    return "；".join(yuan(part) for part in row.parts)


CREDITOR_COLUMNS = (
    Column("number", lambda row: row.number),
    Column("plan_class", _class),
    _fen("fen"),
    _fen("baseline_fen"),
    _fen("got_fen"),
    _fen("shift_fen"),
    _fen("reserved_fen"),
    Column("plan_parts", _parts),
)
CLASS_COLUMNS = (
    Column("plan_class", _class),
    Column("plan_count", lambda row: str(row.count), kind=COUNT,
           value=lambda row: row.count),
    _fen("fen"),
    _fen("baseline_fen"),
    Column("plan_baseline_rate", lambda row: percent(row.baseline_rate)),
    _fen("got_fen"),
    Column("plan_rate", lambda row: percent(row.rate)),
    _fen("shift_fen"),
    _fen("reserved_fen"),
)  # fmt: skip
COST_COLUMNS = (
    Column("plan_cost", lambda row: row.title),
    Column("plan_class", lambda row: say(f"distributions.class.{row.class_name}")),
    Column("plan_cite", lambda row: row.cite),
    Column("plan_charged_to",
           lambda row: row.charged_to or say("desk.plans.the_estate")),
    Column("plan_evidence", lambda row: row.evidence or "–"),
    _fen("fen"),
)  # fmt: skip
