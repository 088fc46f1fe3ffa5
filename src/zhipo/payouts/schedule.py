"""When each order leaves, under what a channel allows: known before anything is released.

Pure: orders and limits in, instants out. Days are those of +08:00, sums whole fen.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from zhipo.gateways.institutions.moments import CHINA, china_day
from zhipo.gateways.payouts.limits import Limits
from zhipo.gateways.payouts.outcomes import Reason

DAY = timedelta(days=1)
USUAL_HOUR = 10
PRIOR_SENT, PRIOR_PAID = 20, 14
"""Weight of what is believed of an hour before anything was sent in it."""

UNHURRIED_PER_SECOND = 50
"""How close orders of one day stand where the channel sets no speed."""


@dataclass(frozen=True)
class Sum:
    """One order to place. `payee` is a keyed hash: caps count by payee, names stay out."""

    order: int
    fen: int
    due_on: date
    payee: str
    has_name: bool = True


@dataclass(frozen=True)
class Load:
    """What a channel's days hold already, in fen: all payees together, and each alone."""

    days: Mapping[date, int] = field(default_factory=dict)
    payees: Mapping[tuple[str, date], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Schedule:
    """Order -> when it leaves; order -> why this channel will never take it."""

    leaves: Mapping[int, datetime]
    refused: Mapping[int, Reason]

    @property
    def ends_at(self) -> datetime | None:
        """When the last one leaves, None where none does."""
        return max(self.leaves.values(), default=None)


def schedule(
    sums: Iterable[Sum],
    limits: Limits,
    *,
    start: datetime,
    hour: int = USUAL_HOUR,
    load: Load | None = None,
) -> Schedule:
    """Place every order on the first day that its due day and the channel's caps allow.

    Of those due the smaller go first, so that most people are paid soonest; equal sums go
    in the order of their numbers. A day opens at `hour`, today now if that has passed.
    """
    days = _Days(limits, start, hour, load or Load())
    refused: dict[int, Reason] = {}
    leaves: dict[int, datetime] = {}
    for one in sorted(sums, key=lambda one: (one.due_on, one.fen, one.order)):
        reason = never(one, limits)
        if reason is not None:
            refused[one.order] = reason
        else:
            leaves[one.order] = days.place(one)
    return Schedule(leaves, refused)


def never(one: Sum, limits: Limits) -> Reason | None:
    """Why a channel takes this sum on no day at all, None where it does on some."""
    if one.fen < limits.min_fen:
        return Reason.BELOW_MINIMUM
    for cap in (limits.max_fen, limits.day_fen, limits.payee_day_fen):
        if cap is not None and one.fen > cap:
            return Reason.ABOVE_MAXIMUM
    if limits.needs_name(one.fen) and not one.has_name:
        return Reason.NAME_MISSING
    return None


def best_hour(past: Mapping[int, tuple[int, int]], *, usual: int = USUAL_HOUR) -> int:
    """The hour of sending after which the largest share took their money.

    `past` maps an hour to (sent, paid). Few answers prove little: each hour starts from
    the same belief, the usual one wins where the others are no better.
    """

    def share(hour: int) -> tuple[float, bool]:
        sent, paid = past.get(hour, (0, 0))
        return (paid + PRIOR_PAID) / (sent + PRIOR_SENT), hour == usual

    return max(sorted({usual, *past}), key=share)


def opening(limits: Limits, at: datetime) -> datetime:
    """The instant itself, or the end of the window of maintenance that it falls into."""
    for _ in limits.windows:
        closed = [window for window in limits.windows if window.covers(at)]
        if not closed:
            return at
        at = max(_next(window.until, at) for window in closed)
    return at


def _next(moment: time, at: datetime) -> datetime:
    found = datetime.combine(china_day(at), moment, CHINA)
    return found if found > at else found + DAY


class _Days:
    """The calendar of one channel, filled order by order."""

    def __init__(self, limits: Limits, start: datetime, hour: int, load: Load) -> None:
        self.limits, self.start, self.hour = limits, start, hour
        self.used: defaultdict[date, int] = defaultdict(int, load.days)
        self.payees: defaultdict[tuple[str, date], int] = defaultdict(int, load.payees)
        self.counts: defaultdict[date, int] = defaultdict(int)
        self.first = china_day(start)
        self.due_on, self.reached = self.first, self.first
        self.openings: dict[date, datetime] = {}

    def place(self, one: Sum) -> datetime:
        """The instant of one order; sums of one due day come in ascending order."""
        if one.due_on != self.due_on:
            self.due_on, self.reached = one.due_on, max(one.due_on, self.first)
        while self._is_full(self.reached, one.fen):
            self.reached += DAY
        day = self.reached
        while self._is_full(day, one.fen) or self._is_over(one, day):
            day += DAY
        self.used[day] += one.fen
        self.payees[one.payee, day] += one.fen
        self.counts[day] += 1
        return self._instant(day, self.counts[day] - 1)

    def _is_full(self, day: date, fen: int) -> bool:
        cap = self.limits.day_fen
        return cap is not None and self.used[day] + fen > cap

    def _is_over(self, one: Sum, day: date) -> bool:
        cap = self.limits.payee_day_fen
        is_counted = cap is not None and one.payee != ""
        return is_counted and self.payees[one.payee, day] + one.fen > (cap or 0)

    def _instant(self, day: date, place: int) -> datetime:
        begins = self._opening(day)
        speed = self.limits.per_second or UNHURRIED_PER_SECOND
        at = begins + timedelta(seconds=place // speed)
        return opening(self.limits, at)

    def _opening(self, day: date) -> datetime:
        known = self.openings.get(day)
        if known is None:
            opens = datetime.combine(day, time(self.hour), CHINA)
            known = opening(self.limits, max(opens, self.start))
            self.openings[day] = known
        return known


def sums_by_day(leaves: Schedule, sums: Sequence[Sum]) -> dict[date, tuple[int, int]]:
    """Day -> (orders, fen) that leave on it, in the order of days."""
    found: dict[date, tuple[int, int]] = {}
    for one in sums:
        at = leaves.leaves.get(one.order)
        if at is not None:
            count, fen = found.get(china_day(at), (0, 0))
            found[china_day(at)] = (count + 1, fen + one.fen)
    return dict(sorted(found.items()))
