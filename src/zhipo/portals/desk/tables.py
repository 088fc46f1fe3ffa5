"""Tables of claims: filter, sort, columns, pages, export, all in the page's address."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from zhipo.claims.models import Claim
from zhipo.claims.queries.desk import ClaimFilter
from zhipo.claims.states import STATES, ClaimKind
from zhipo.kernel.money import MoneyError, parse_yuan
from zhipo.law.review.decision import Decision, Reason
from zhipo.portals.desk.people import masked
from zhipo.web.templatetags.words import day, yuan
from zhipo.web.words import say

PER_PAGE = 50
AMOUNT = "amount"


@dataclass(frozen=True)
class Column:
    """One column: its words, how a row prints, what it is sorted by, its plain value."""

    key: str
    shown: Callable[[Any], str]
    sort: str = ""
    kind: str = ""
    value: Callable[[Any], Any] | None = None

    @property
    def title(self) -> str:
        return say(f"desk.column.{self.key}")


def _amount(key: str) -> Column:
    return Column(
        key, lambda row: yuan(getattr(row, key)), key, AMOUNT, lambda row: getattr(row, key)
    )


def _word(key: str) -> Column:
    def shown(row: Any) -> str:
        value = getattr(row, key)
        return say(f"claims.{key}.{value}") if value else "–"

    return Column(key, shown, key)


def _reasons(row: Any) -> str:
    return "；".join(say(f"claims.reason.{one}") for one in row.reasons)


COLUMNS: dict[str, Column] = {
    column.key: column
    for column in (
        Column("number", lambda row: row.number, "number"),
        Column("heading", lambda row: say(f"desk.class.{row.heading}"), "heading"),
        _word("kind"),
        Column("name", lambda row: masked(row).name),
        Column("phone", lambda row: masked(row).phone),
        _amount("claimed_fen"),
        _amount("ledger_fen"),
        _amount("admitted_fen"),
        _amount("listed_fen"),
        _amount("reserved_fen"),
        _word("state"),
        _word("decision"),
        Column("reasons", _reasons),
        _word("identity"),
        Column("filed_at", lambda row: day(row.filed_at), "filed_at"),
        Column("is_late", lambda row: say("desk.late") if row.is_late else "", "is_late"),
    )
}


@dataclass(frozen=True)
class TableView:
    """What the address asks of a table, and the page of rows that answers it."""

    columns: list[Column]
    offered: list[Column]
    page: Page[Claim]
    sort: str
    query: QueryDict
    count: int

    @property
    def rows(self) -> Iterator[tuple[Claim, list[tuple[Column, str]]]]:
        for row in self.page.object_list:
            yield row, [(column, column.shown(row)) for column in self.columns]

    @property
    def heads(self) -> Iterator[dict[str, Any]]:
        """Titles with the address that sorts by them, the other way the second time."""
        for column in self.columns:
            is_down = self.sort == f"-{column.key}"
            is_sorted = is_down or self.sort == column.key
            onward = column.key if is_down or not is_sorted else f"-{column.key}"
            yield {
                "column": column,
                "url": f"?{self.with_(sort=onward, page='')}" if column.sort else "",
                "order": ("descending" if is_down else "ascending") if is_sorted else "",
            }

    @property
    def chosen(self) -> list[str]:
        return [column.key for column in self.columns]

    def with_(self, **changes: str) -> str:
        """The address's query with some values changed or (empty) dropped."""
        query = self.query.copy()
        for key, value in changes.items():
            if value:
                query[key] = value
            else:
                query.pop(key, None)
        return query.urlencode()

    @property
    def export_query(self) -> str:
        return self.with_(page="")

    @property
    def previous_page(self) -> str:
        return self.with_(page=str(self.page.number - 1))

    @property
    def next_page(self) -> str:
        return self.with_(page=str(self.page.number + 1))


def table_view(
    request: HttpRequest, claims: QuerySet[Claim], *, offered: list[str], shown: list[str],
    sort: str = "number",
) -> TableView:  # fmt: skip
    """The rows of one page as the address asks; what it asks wrongly is passed over."""
    query = request.GET
    keys = [key for key in query.getlist("col") if key in offered] or shown
    asked = query.get("sort", sort)
    column = COLUMNS.get(asked.removeprefix("-"))
    if column is None or not column.sort or column.key not in offered:
        asked, column = sort, COLUMNS[sort.removeprefix("-")]
    mark = "-" if asked.startswith("-") else ""
    ordered = claims.order_by(f"{mark}{column.sort}", "pk")
    page = Paginator(ordered, PER_PAGE).get_page(query.get("page"))
    return TableView(
        columns=[COLUMNS[key] for key in keys],
        offered=[COLUMNS[key] for key in offered],
        page=page,
        sort=asked,
        query=query,
        count=page.paginator.count,
    )


def claim_filter(query: QueryDict) -> ClaimFilter:
    """The filter in an address; unknown values filter nothing."""
    allowed: dict[str, set[str]] = {
        "state": set(STATES),
        "kind": set(ClaimKind),
        "decision": set(Decision),
        "reason": set(Reason),
        "late": {"yes", "no"},
        "disputed": {"yes", "no"},
        "waiting": {"yes"},
    }
    values: dict[str, Any] = {
        key: value for key in allowed if (value := query.get(key, "")) in allowed[key]
    }
    for key in ("least", "most"):
        values[f"{key}_fen"] = _fen(query.get(key, ""))
    return ClaimFilter(**values)


def filter_query(wanted: ClaimFilter) -> str:
    """The address of a filter."""
    named = {one.name: getattr(wanted, one.name) for one in fields(wanted)}
    for key in ("least", "most"):
        fen = named.pop(f"{key}_fen")
        named[key] = "" if fen is None else f"{fen // 100}.{fen % 100:02d}"
    return urlencode({key: value for key, value in named.items() if value})


def filter_choices(query: QueryDict) -> list[dict[str, Any]]:
    """The selections above a table, with what is chosen."""
    yes_no = [("yes", "desk.yes"), ("no", "desk.no")]
    choices: dict[str, list[tuple[str, str]]] = {
        "state": [(one, f"claims.state.{one}") for one in STATES],
        "kind": [(one, f"claims.kind.{one}") for one in ClaimKind],
        "decision": [(one, f"claims.decision.{one}") for one in Decision],
        "reason": [(one, f"claims.reason.{one}") for one in Reason],
        "late": yes_no,
        "disputed": yes_no,
        "waiting": yes_no[:1],
    }
    return [
        {
            "name": name,
            "title": say(f"desk.filter.{name}"),
            "chosen": query.get(name, ""),
            "options": [(str(value), say(phrase)) for value, phrase in options],
        }
        for name, options in choices.items()
    ]


def claim_address(slug: str, claim: Claim) -> str:
    return reverse("desk:claim", args=[slug, claim.pk])


def _fen(text: str) -> int | None:
    try:
        return parse_yuan(text) if text else None
    except MoneyError:
        return None
