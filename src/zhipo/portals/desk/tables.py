"""A page of a list: sorted, with chosen columns, paged, all in the page's address."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from zhipo.cases.models import Case
from zhipo.cases.powers import can
from zhipo.portals.access import person
from zhipo.portals.desk.columns import Column
from zhipo.portals.desk.lists import Listing

PER_PAGE = 50


@dataclass(frozen=True)
class Cell:
    """One cell as the page prints it, with the address behind it."""

    column: Column
    text: str
    url: str


@dataclass(frozen=True)
class TableView:
    """What the address asks of a list, and the page of rows that answers it."""

    listing: Listing
    slug: str
    columns: list[Column]
    found: QuerySet[Any]
    page: Page[Any]
    sort: str
    query: QueryDict
    can_export: bool

    @property
    def name(self) -> str:
        return self.listing.name

    @property
    def count(self) -> int:
        return self.page.paginator.count

    @property
    def offered(self) -> list[Column]:
        return list(self.listing.columns.values())

    @property
    def rows(self) -> Iterator[tuple[Any, list[Cell]]]:
        for row in self.page.object_list:
            yield (
                row,
                [
                    Cell(
                        column,
                        column.shown(row),
                        column.leads_to(self.slug, row) if column.leads_to else "",
                    )
                    for column in self.columns
                ],
            )

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


def table_view(request: HttpRequest, case: Case, listing: Listing) -> TableView:
    """The rows of one page as the address asks; what it asks wrongly is passed over."""
    query, by = request.GET, person(request)
    found = listing.rows(case, query, by)
    ordered, sort = listing.ordered(found, query.get("sort", listing.sort))
    return TableView(
        listing=listing,
        slug=case.slug,
        columns=listing.chosen(query),
        found=found,
        page=Paginator(ordered, PER_PAGE).get_page(query.get("page")),
        sort=sort,
        query=query,
        can_export=listing.act is None or can(case, listing.act, by),
    )
