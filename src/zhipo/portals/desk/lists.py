"""The lists of the desk: whose rows, which columns; a page and an export read the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date

from zhipo.accounts.models import User
from zhipo.cases.models import Case
from zhipo.cases.powers import Act
from zhipo.claims.queries import desk
from zhipo.claims.queries.books import evidence_visible_to
from zhipo.claims.queries.finding import found
from zhipo.claims.queries.register import HEADINGS, in_heading, register
from zhipo.claims.states import PREFILLED, FiledThrough
from zhipo.distributions.queries.movements import movements_of
from zhipo.payouts.queries.finding import deposits_visible, orders_found
from zhipo.payouts.queries.orders import in_need, orders_visible_to
from zhipo.portals.desk.columns import (
    CLAIM_COLUMNS,
    EVIDENCE_COLUMNS,
    OBJECTION_COLUMNS,
    Column,
)
from zhipo.portals.desk.columns_payouts import (
    DEPOSIT_COLUMNS,
    KEPT,
    ORDER_COLUMNS,
    ORDERS_SHOWN,
)
from zhipo.portals.desk.filtering import claim_filter
from zhipo.portals.desk.money_shown import MOVEMENT_COLUMNS
from zhipo.portals.desk.searching import opened

Rows = Callable[[Case, QueryDict, User], QuerySet[Any]]


@dataclass(frozen=True)
class Listing:
    """One list: its rows as an address asks for them, the columns it has and shows first.

    Without `sort` the rows keep the order they come in. `act` is the power that its export
    needs beside seeing the list.
    """

    name: str
    rows: Rows
    columns: Mapping[str, Column]
    shown: tuple[str, ...]
    sort: str = "number"
    act: Act | None = None

    def ordered(self, rows: QuerySet[Any], asked: str) -> tuple[QuerySet[Any], str]:
        """The rows sorted as asked (`-key` downwards), and by what they are sorted now."""
        column = self.columns.get(asked.removeprefix("-"))
        if column is None or not column.sort:
            asked, column = self.sort, self.columns.get(self.sort.removeprefix("-"))
        if column is None:
            return rows, ""
        mark = "-" if asked.startswith("-") else ""
        return rows.order_by(f"{mark}{column.sort}", "pk"), asked

    def chosen(self, query: QueryDict) -> list[Column]:
        """The columns that an address asks for, else those shown first."""
        keys = [key for key in query.getlist("col") if key in self.columns]
        return [self.columns[key] for key in keys or self.shown]


def _claim_columns(*keys: str) -> dict[str, Column]:
    return {key: CLAIM_COLUMNS[key] for key in keys}


ALL = _claim_columns(
    "number", "kind", "name", "phone", "claimed_fen", "ledger_fen", "admitted_fen",
    "state", "decision", "reasons", "identity", "filed_at", "is_late",
)  # fmt: skip
SHOWN = ("number", "kind", "name", "claimed_fen", "ledger_fen", "admitted_fen", "state",
         "decision", "filed_at")  # fmt: skip
QUEUED = ("number", "kind", "name", "claimed_fen", "ledger_fen", "reasons", "filed_at")
SILENT = _claim_columns("number", "kind", "name", "phone", "ledger_fen")
EMPLOYEES = _claim_columns("number", "name", "claimed_fen", "state", "filed_at")
REGISTER = _claim_columns(
    "number", "heading", "kind", "name", "claimed_fen", "listed_fen", "reserved_fen",
    "state", "identity", "filed_at", "is_late",
)  # fmt: skip
ON_REGISTER = ("number", "heading", "name", "claimed_fen", "listed_fen", "reserved_fen",
               "state", "is_late")  # fmt: skip


def _claims(case: Case, query: QueryDict, by: User) -> QuerySet[Any]:
    return desk.claims_in(case, claim_filter(query))


def _late(case: Case, query: QueryDict, by: User) -> QuerySet[Any]:
    return _claims(case, query, by).filter(is_late=True)


def _filed(case: Case, query: QueryDict, by: User) -> QuerySet[Any]:
    return _claims(case, query, by).exclude(state=PREFILLED)


def _silent(case: Case, query: QueryDict, by: User) -> QuerySet[Any]:
    return claim_filter(query).apply(desk.silent(case))


def _queued(case: Case, query: QueryDict, by: User) -> QuerySet[Any]:
    return desk.queue(case, by=by)


def _found(case: Case, query: QueryDict, by: User) -> QuerySet[Any]:
    """What the sealed search in the address finds."""
    ids = list(found(case, opened(query.get("q", ""), by=by)).values_list("pk", flat=True))
    return desk.claims_in(case).filter(pk__in=ids)


def _employees(case: Case, query: QueryDict, by: User) -> QuerySet[Any]:
    return desk.claims_in(case).filter(filed_through=FiledThrough.LISTED)


def _objections(case: Case, query: QueryDict, by: User) -> QuerySet[Any]:
    return desk.open_objections(case)


def _books(case: Case, query: QueryDict, by: User) -> QuerySet[Any]:
    return evidence_visible_to(by).filter(case=case)


def _orders(case: Case, query: QueryDict, by: User) -> QuerySet[Any]:
    rows = orders_visible_to(by, case).select_related("share__claim__holder")
    for name, field in (("state", "state"), ("channel", "channel"), ("release", "release")):
        wanted = query.get(name, "")
        if wanted and (name != "release" or wanted.isdecimal()):
            rows = rows.filter(**{field: wanted})
    if query.get("need") == "yes":
        rows = in_need(rows)
    return orders_found(rows, case, opened(query.get("q", ""), by=by))


def _deposits(case: Case, query: QueryDict, by: User) -> QuerySet[Any]:
    rows = deposits_visible(case)
    if why := query.get("why", ""):
        rows = rows.filter(why=why)
    if end := query.get("end", ""):
        rows = rows.filter(released_to="" if end == KEPT else end)
    return rows


def _register(case: Case, query: QueryDict, by: User) -> QuerySet[Any]:
    heading = query.get("heading", "")
    claims = claim_filter(query).apply(register(case))
    return in_heading(claims, heading if heading in HEADINGS else "")


def _movements(case: Case, query: QueryDict, by: User) -> QuerySet[Any]:
    return movements_of(
        case,
        text=query.get("text", "").strip(),
        account=query.get("account", ""),
        since=parse_date(query.get("since", "")),
        until=parse_date(query.get("until", "")),
    )


LISTS: dict[str, Listing] = {
    one.name: one
    for one in (
        Listing("claims", _claims, ALL, SHOWN),
        Listing("late", _late, ALL, SHOWN),
        Listing("bulk", _filed, ALL, SHOWN),
        Listing("queue", _queued, ALL, QUEUED, sort=""),
        Listing("search", _found, ALL, SHOWN),
        Listing("silent", _silent, SILENT, tuple(SILENT)),
        Listing("entering", _employees, EMPLOYEES, tuple(EMPLOYEES)),
        Listing("objections", _objections, OBJECTION_COLUMNS, tuple(OBJECTION_COLUMNS)[:-2],
                sort=""),
        Listing("evidence", _books, EVIDENCE_COLUMNS, tuple(EVIDENCE_COLUMNS)[:-1],
                sort="-version"),
        Listing("orders", _orders, ORDER_COLUMNS, ORDERS_SHOWN, sort="order_reference"),
        Listing("deposits", _deposits, DEPOSIT_COLUMNS, tuple(DEPOSIT_COLUMNS)),
        Listing("register", _register, REGISTER, ON_REGISTER, act=Act.EXPORT_REGISTER),
        Listing("movements", _movements, MOVEMENT_COLUMNS, tuple(MOVEMENT_COLUMNS)[:-2],
                sort="-posted_at"),
    )
}  # fmt: skip
"""Every list, by the name of its page; its title is `desk.stage.<name>`."""
