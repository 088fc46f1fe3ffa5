"""The addresses of a portal's navigation."""

from collections.abc import Iterable
from contextlib import suppress

from django.urls import NoReverseMatch, reverse


def addresses(portal: str, names: Iterable[str], slug: str) -> list[dict[str, str]]:
    """Name and address of each of these that has a page, in their order."""
    found = []
    for name in names:
        with suppress(NoReverseMatch):
            found.append({"name": name, "url": reverse(f"{portal}:{name}", args=[slug])})
    return found
