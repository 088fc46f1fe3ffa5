"""A debtor of the bureau with one of everything that stands in an address of it."""

from typing import Any

from factories import make_debtor, make_enforcement_case
from zhipo.accounts.models import Organisation
from zhipo.enforcement.models import Debtor, EnforcementCase

BUREAU_THINGS: set[str] = set()
"""Gaps that name a thing of a debtor's: nobody reaches it from another court."""


def make_bureau(court: Organisation) -> dict[str, Any]:
    """Values for the gaps of /bureau/...: under "bureau:<gap>", for one address alone
    under "bureau:<address>:<gap>"."""
    debtor = make_debtor()
    make_enforcement_case(debtor=debtor, court=court)
    return {"bureau:slug": debtor.slug}


def write_bureau_in_latin() -> None:
    """What people wrote of debtors, in another script: for the test of the languages."""
    Debtor.objects.update(name="Fresh Ltd", brand="Fresh", address="Yuhu")
    EnforcementCase.objects.update(applicant="Ann Lee", title="Judgment 1")
    for number, case in enumerate(EnforcementCase.objects.all()):
        EnforcementCase.objects.filter(pk=case.pk).update(number=f"(2025) X {number}")
