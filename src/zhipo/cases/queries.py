"""Cases, starting from what the reader may see."""

from typing import Any

from django.db.models import Q, QuerySet

from zhipo.accounts.queries import organisations_where
from zhipo.accounts.roles import ADMINISTRATOR, BANKRUPTCY_COURT, Role
from zhipo.cases.models import Case


def cases_visible_to(user: Any) -> QuerySet[Case]:
    """Court A does not see court B's cases; creditors see those in which they claim."""
    if not user.is_authenticated:
        return Case.objects.none()
    if user.is_staff_member:
        courts = organisations_where(user, BANKRUPTCY_COURT)
        administrators = organisations_where(user, ADMINISTRATOR)
        return Case.objects.filter(
            Q(court__in=courts) | Q(administrator__in=administrators)
        )
    return Case.objects.filter(claims__creditor=user).distinct()


def role_in(user: Any, case: Case) -> frozenset[Role]:
    """The roles that a person holds in one case."""
    if not getattr(user, "is_staff_member", False):
        return frozenset({Role.CREDITOR}) if user.is_authenticated else frozenset()
    held = {
        role
        for role in ADMINISTRATOR
        if case.administrator_id in organisations_where(user, {role})
    } | {
        role
        for role in BANKRUPTCY_COURT
        if case.court_id in organisations_where(user, {role})
    }
    return frozenset(held)
