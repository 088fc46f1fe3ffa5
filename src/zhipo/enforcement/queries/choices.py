"""What a form of the referral lets one choose from."""

from typing import Any

from django.db.models import QuerySet

from zhipo.accounts.models import Organisation
from zhipo.accounts.roles import OrganisationKind
from zhipo.enforcement.models import CourtRank, Debtor, EnforcementCase, Property
from zhipo.enforcement.queries.debtors import cases_visible_to
from zhipo.enforcement.states import EnforcementState, PropertyKind


def own_open_cases(user: Any, debtor: Debtor) -> list[EnforcementCase]:
    """The own court's cases against a debtor that are not closed."""
    found = cases_visible_to(user).filter(debtor=debtor)
    return list(found.exclude(state=EnforcementState.CLOSED).order_by("filed_on", "pk"))


def courts_that_receive() -> list[Organisation]:
    """Courts whose level is entered: the others cannot be judged by the law."""
    return list(Organisation.objects.filter(rank__isnull=False).order_by("name"))


def courts() -> QuerySet[Organisation]:
    """Every court of the installation."""
    return Organisation.objects.filter(kind=OrganisationKind.COURT).order_by("name")


def ranks() -> list[CourtRank]:
    """The table of courts."""
    return list(CourtRank.objects.select_related("court", "above").order_by("court__name"))


def goods_of(debtor: Debtor) -> list[Property]:
    """Goods of a debtor: what may be perishable."""
    return list(debtor.properties.filter(kind=PropertyKind.GOODS).order_by("label"))
