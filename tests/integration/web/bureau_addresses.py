"""A debtor of the bureau with one of everything that stands in an address of it."""

from typing import Any

from factories import make_debtor, make_enforcement_case
from zhipo.accounts.models import Organisation

BUREAU_THINGS: set[str] = set()
"""Gaps that name a thing of a debtor's: nobody reaches it from another court."""


def make_bureau(court: Organisation) -> dict[str, Any]:
    """Values for the gaps of /bureau/...: under "bureau:<gap>", for one address alone
    under "bureau:<address>:<gap>"."""
    debtor = make_debtor()
    make_enforcement_case(debtor=debtor, court=court)
    return {"bureau:slug": debtor.slug}
