"""The days before the case, on one clock that courts and institutions share.

All lie before the acceptance of demo/case.py and are chosen: from the first question to
the last finding within the fifteen days of the paper, then consent, decision and the
review of thirty days as the law counts them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from zhipo.demo import past
from zhipo.demo.case import ACCEPTED_ON
from zhipo.enforcement.actions import sending
from zhipo.enforcement.courts import ClientOf
from zhipo.enforcement.models import InquiryOrder
from zhipo.gateways.institutions.sandbox.behaviour import Behaviour

APPOINTED_ON = date(2025, 1, 2)
REGISTERED_ON = date(2025, 5, 26)
ASKED_ON = date(2025, 6, 3)
FROZEN_ON = date(2025, 6, 6)
RELEASED_ON = date(2025, 6, 10)
HISTORY_FROM = date(2024, 6, 6)
CLUE_ON, CLUE_CHECKED_ON = date(2025, 6, 9), date(2025, 6, 13)
REPORT_DUE_ON, REPORT_CAME_ON = date(2025, 6, 20), date(2025, 6, 19)
SHORT_FREEZE_ENDS = date(2025, 7, 31)
WATCHED_ON, RENEWED_ON = date(2025, 7, 2), date(2025, 7, 4)
IDENTIFIED_ON = date(2025, 7, 8)
OPENED_ON, CONSENTED_ON = date(2025, 7, 9), date(2025, 7, 16)
CONCLUDED_ON, PROPOSED_ON = date(2025, 7, 17), date(2025, 7, 18)
VOTED_ON, DECIDED_ON = date(2025, 7, 21), date(2025, 7, 24)
SERVED_ON, SENT_ON = date(2025, 7, 28), date(2025, 7, 31)
RECEIVED_ON = date(2025, 8, 4)
WANTED_ON, SUPPLEMENTED_ON = date(2025, 8, 11), date(2025, 8, 18)
RULED_ON = ACCEPTED_ON
TOLD_ON, LIFTED_ON = date(2025, 9, 2), date(2025, 9, 3)
ACKNOWLEDGED_ON, HANDED_OVER_ON = date(2025, 9, 5), date(2025, 9, 8)

PAUSE = timedelta(minutes=2)
LONGEST = timedelta(days=20)
"""No order is waited for longer: an institution that never answers ends the demo."""


class NotAnswered(RuntimeError):
    """An order was not answered in LONGEST; the message is when it is next asked about."""


class Network(Protocol):
    """The institutions, as whoever runs the sandbox sees them."""

    def set_clock(self, now: datetime) -> None:
        """Put every clock to an instant, as far as it does not stand later already."""

    def set_behaviour(self, party: str, behaviour: Behaviour) -> None:
        """How an institution meets the next order that arrives."""


@dataclass
class SharedClock:
    """The one clock; `posted` takes in what institutions have posted by now."""

    network: Network
    client_of: ClientOf
    posted: Callable[[], object]
    now: datetime

    @property
    def today(self) -> date:
        """The day it is, at +08:00."""
        return timezone.localdate(self.now)

    @contextmanager
    def on(self, day: date, *, hour: int = 9) -> Iterator[None]:
        """It is that hour of the day at +08:00, or what it is where that is later."""
        self._go(timezone.make_aware(datetime.combine(day, time(hour))))
        with self._here():
            yield

    def chase(self) -> None:
        """Send and ask what is due at this instant, and take in what was posted."""
        self._go(self.now)
        with self._here():
            sending.chase(client_of=self.client_of)
            self.posted()

    def until_answered(self) -> None:
        """Go on to each next step of the orders until all have their end."""
        self._chase_while(InquiryOrder.objects.filter(finished_at=None))

    def until_settled(self) -> None:
        """Go on until nobody asks after any order any more."""
        self._chase_while(InquiryOrder.objects.filter(settled_at=None))

    def _chase_while(self, waiting: QuerySet[InquiryOrder]) -> None:
        self.chase()
        last = self.now + LONGEST
        while (step := waiting.aggregate(at=Min("ask_at"))["at"]) is not None:
            if step > last:
                raise NotAnswered(str(step))
            self._go(max(step, self.now) + PAUSE)
            self.chase()

    def _go(self, to: datetime) -> None:
        self.now = max(self.now, to)
        self.network.set_clock(self.now)

    @contextmanager
    def _here(self) -> Iterator[None]:
        """Django's clock goes on from here, and this one is where it has come to."""
        with past.at(self.now):
            yield
            self.now = timezone.now()


def known_until() -> datetime:
    """The latest instant that an earlier run has come to, the first day's where none."""
    found = InquiryOrder.objects.aggregate(ordered=Max("ordered_at"), told=Max("told_at"))
    known: list[datetime] = [one for one in found.values() if one is not None]
    return max([past.morning_of(REGISTERED_ON), *known])
