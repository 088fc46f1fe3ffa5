"""Who holds which role where, and who may see whom."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils import timezone

from zhipo.accounts.models import Appointment
from zhipo.accounts.roles import Role


def offices_of(user: Any) -> dict[Role, frozenset[int]]:
    """Role -> ids of the organisations in which the user holds it today.

    Read once per request: kept on the user object. Empty for creditors and strangers.
    """
    if not getattr(user, "is_staff_member", False):
        return {}
    if not hasattr(user, "_offices"):
        user._offices = _read_offices(user)
    found: dict[Role, frozenset[int]] = user._offices
    return found


def organisations_where(user: Any, roles: Collection[Role]) -> frozenset[int]:
    """Ids of the organisations in which the user holds any of these roles."""
    offices = offices_of(user)
    return frozenset().union(*(offices.get(role, frozenset()) for role in roles))


def _read_offices(user: Any) -> dict[Role, frozenset[int]]:
    today = timezone.localdate()
    rows = Appointment.objects.filter(
        Q(until=None) | Q(until__gte=today), user=user, since__lte=today
    ).values_list("role", "organisation_id")
    found: dict[Role, set[int]] = {}
    for role, organisation in rows:
        found.setdefault(Role(role), set()).add(organisation)
    return {role: frozenset(ids) for role, ids in found.items()}
