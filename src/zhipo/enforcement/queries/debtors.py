"""Debtors and enforcement cases, starting from what the reader may see."""

from typing import Any

from django.db.models import QuerySet

from zhipo.accounts.queries import organisations_where
from zhipo.accounts.roles import Role
from zhipo.enforcement.models import Debtor, EnforcementCase

BUREAU = frozenset({Role.ENFORCEMENT_JUDGE, Role.COURT_CLERK, Role.COURT_PRESIDENT})
"""Roles by which a court's people see its enforcement cases."""

COURT_ROLES = BUREAU | {Role.BANKRUPTCY_JUDGE}
"""Roles that a court gives."""


def cases_visible_to(user: Any) -> QuerySet[EnforcementCase]:
    """A court's people see that court's cases, with applicants and papers."""
    courts = organisations_where(user, BUREAU)
    return EnforcementCase.objects.filter(court__in=courts)


def debtors_visible_to(user: Any) -> QuerySet[Debtor]:
    """Debtors against whom the reader's own court enforces."""
    courts = organisations_where(user, BUREAU)
    return Debtor.objects.filter(cases__court__in=courts).distinct()


def cases_known_of(debtor: Debtor) -> QuerySet[EnforcementCase]:
    """Every court's cases against a debtor, for number, court, state and sum alone.

    All known courts are told of a referral (《执转破意见》第八条), so each may know that
    the others are there; applicants and papers stay with their court.
    """
    return debtor.cases.select_related("court").order_by("filed_on", "number")


def roles_at(user: Any, debtor: Debtor) -> frozenset[Role]:
    """The roles that a person holds at the courts that have to do with a debtor.

    Those before whom it is enforced. What the courts of a referral may do is checked court
    by court (`powers.check_power_at`).
    """
    courts = set(debtor.cases.values_list("court_id", flat=True))
    held = {
        role for role in BUREAU if courts & organisations_where(user, frozenset({role}))
    }
    return frozenset(held)


def roles_in(user: Any, court_id: int) -> frozenset[Role]:
    """The roles of a court's people that a person holds at this court."""
    return frozenset(
        role for role in COURT_ROLES if court_id in organisations_where(user, {role})
    )


def chain_of(debtor: Debtor) -> str:
    """The chain of the trail in which acts on a debtor as a whole are recorded."""
    return f"debtor/{debtor.slug}"
