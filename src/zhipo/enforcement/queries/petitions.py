"""Petitions of a court and their deadlines, for that court's people."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from zhipo.accounts.models import Organisation
from zhipo.accounts.queries import organisations_where
from zhipo.accounts.roles import BANKRUPTCY_COURT, Role
from zhipo.enforcement.models import Petition, PetitionClock

READERS = BANKRUPTCY_COURT | {Role.COURT_PRESIDENT}


def petitions_visible_to(user: Any) -> QuerySet[Petition]:
    """Petitions of the reader's own court, those in review first, the latest first."""
    courts = organisations_where(user, READERS)
    found = Petition.objects.filter(court__in=courts).select_related("court", "debtor")
    return found.order_by("ruled_on", "-received_on", "-pk")


def courts_of(user: Any) -> QuerySet[Organisation]:
    """The courts at which the reader enters petitions."""
    courts = organisations_where(user, BANKRUPTCY_COURT)
    return Organisation.objects.filter(pk__in=courts).order_by("name")


def petition_clocks(user: Any) -> QuerySet[PetitionClock]:
    """Every deadline of those petitions."""
    return PetitionClock.objects.filter(
        petition__in=petitions_visible_to(user)
    ).select_related("petition__court", "petition__debtor")


def missed_petition_clocks(user: Any, today: date) -> QuerySet[PetitionClock]:
    """Deadlines of petitions that were missed and are not met yet."""
    return (
        petition_clocks(user)
        .filter(done_on=None, last_day__lt=today, escalated_on__isnull=False)
        .order_by("last_day")
    )
