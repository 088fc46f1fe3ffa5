"""The register of a debtor's property, and one property with everything about it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from zhipo.accounts.queries import organisations_where
from zhipo.enforcement.models import (
    Debtor,
    EnforcementCase,
    InquiryOrder,
    Property,
)
from zhipo.enforcement.policies.freezing import Seizure, seizure_of
from zhipo.enforcement.queries.debtors import BUREAU, cases_visible_to
from zhipo.enforcement.queries.freezes import freezes_visible_to
from zhipo.enforcement.queries.inquiries import orders_visible_to
from zhipo.enforcement.states import EnforcementState


@dataclass(frozen=True)
class CourtSeizure:
    """What one court holds of a debtor's, and how far that is over what it may."""

    court: Any
    seizure: Seizure

    @property
    def over_fen(self) -> int:
        return self.seizure.over_with(0, is_divisible=True)


def properties_of(user: Any, debtor: Debtor) -> QuerySet[Property]:
    """Everything found of the debtor's, with the reader's own freezes as `own_freezes`."""
    return (
        debtor.properties.select_related("institution")
        .prefetch_related(
            Prefetch("freezes", freezes_visible_to(user), to_attr="own_freezes")
        )
        .order_by("institution__party", "kind", "label", "pk")
    )


def seizures_of(user: Any, debtor: Debtor) -> list[CourtSeizure]:
    """Over-seizure, court by court of the reader's (usually one)."""
    courts = {
        case.court_id: case.court
        for case in cases_visible_to(user).filter(debtor=debtor).select_related("court")
    }
    return [CourtSeizure(court, seizure_of(pk, debtor.pk)) for pk, court in courts.items()]


def cases_to_act_in(user: Any, debtor: Debtor) -> QuerySet[EnforcementCase]:
    """The reader's own cases against a debtor in which orders can be made."""
    courts = organisations_where(user, BUREAU)
    return (
        debtor.cases.filter(court__in=courts)
        .exclude(state=EnforcementState.CLOSED)
        .order_by("filed_on", "number")
    )


def orders_about(user: Any, thing: Property) -> QuerySet[InquiryOrder]:
    """The reader's orders about one property, the newest first, with what came back."""
    return (
        orders_visible_to(user)
        .filter(target=thing)
        .select_related("institution", "case", "ordered_by")
        .prefetch_related("answers")
        .order_by("-ordered_at", "-pk")
    )
