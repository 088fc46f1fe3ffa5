"""Freezes of a reader's court: days left, the renewal that is ready, what runs out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from zhipo.enforcement.models import Debtor, Freeze, InquiryOrder
from zhipo.enforcement.policies.standing import next_until
from zhipo.enforcement.queries.debtors import cases_visible_to
from zhipo.enforcement.states import HOLDS
from zhipo.gateways.institutions.messages import Act
from zhipo.law.enforcement.freezes import ALERT_DAYS


@dataclass(frozen=True)
class FreezeLeft:
    """A freeze that enforcement has on a property, and its days left."""

    freeze: Freeze
    days_left: int

    @property
    def holds(self) -> bool:
        return self.freeze.state in HOLDS

    @property
    def has_run_out(self) -> bool:
        return self.holds and self.days_left < 0


@dataclass(frozen=True)
class FreezeRow(FreezeLeft):
    """With the last day that a renewal made today would reach."""

    renewed_until: date
    is_renewing: bool

    @property
    def is_near(self) -> bool:
        return self.holds and self.days_left <= max(ALERT_DAYS)

    @property
    def is_ready(self) -> bool:
        """Whether one click renews it now."""
        later = self.renewed_until > self.freeze.until
        return self.holds and self.days_left >= 0 and later and not self.is_renewing


def freezes_visible_to(user: Any) -> QuerySet[Freeze]:
    """Freezes in the cases of the reader's own court."""
    renewing = InquiryOrder.objects.filter(
        freeze_order=OuterRef("order"), act=Act.RENEW, finished_at=None, settled_at=None
    )
    return (
        Freeze.objects.filter(case__in=cases_visible_to(user))
        .select_related("case__debtor", "case__court", "target__institution", "order")
        .annotate(is_renewing=Exists(renewing))
        .order_by("until", "pk")
    )


def rows_of(freezes: Iterable[Freeze], today: date) -> list[FreezeRow]:
    """Freezes as they are shown, in their own order."""
    return [
        FreezeRow(
            freeze=one,
            days_left=(one.until - today).days,
            renewed_until=next_until(one, today=today),
            is_renewing=bool(getattr(one, "is_renewing", False)),
        )
        for one in freezes
    ]


def running_out(user: Any, today: date) -> QuerySet[Freeze]:
    """What stands and ends within the longest alert, or has ended without a word."""
    last = today + timedelta(days=max(ALERT_DAYS))
    return freezes_visible_to(user).filter(state__in=HOLDS, until__lte=last)


def freezes_of_debtor(user: Any, debtor: Debtor) -> QuerySet[Freeze]:
    return freezes_visible_to(user).filter(case__debtor=debtor)
