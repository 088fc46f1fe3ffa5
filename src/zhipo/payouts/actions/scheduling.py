"""Putting a release into the calendar of each channel, before and after it is let go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from zhipo.gateways.institutions.moments import CHINA, china_day
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.outcomes import Reason
from zhipo.payouts.channels import SPOKEN, limits_of
from zhipo.payouts.models import Release
from zhipo.payouts.queries.due import load_of
from zhipo.payouts.queries.hours import answered_by_hour
from zhipo.payouts.schedule import Schedule, Sum, best_hour, schedule, sums_by_day

PLANNED = """
SELECT id, fen, due_on, payee_hash, payee_name <> ''::bytea FROM payouts_order
WHERE release_id = %(release)s AND channel = %(channel)s AND state = 'planned'
    AND reason <> 'contradicted'"""
SET_TIMES = """
UPDATE payouts_order AS o SET ask_at = said.at
FROM (SELECT * FROM unnest(%(ids)s::bigint[], %(times)s::timestamptz[]) AS s(id, at)) said
WHERE o.id = said.id AND o.state = 'planned'"""
CLOSE = """
UPDATE payouts_order AS o
SET state = 'failed', reason = said.reason, ask_at = NULL, ended_at = %(now)s
FROM (SELECT * FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS s(id, reason)) said
WHERE o.id = said.id AND o.state = 'planned'"""
BY_CHANNEL = """
SELECT channel, count(*), sum(fen) FROM payouts_order
WHERE release_id = %(release)s AND state = 'planned' GROUP BY channel ORDER BY channel"""


@dataclass(frozen=True)
class Leg:
    """One channel's share of a release: how much, from when to when, day by day."""

    channel: ChannelName
    count: int
    fen: int
    first_on: date | None = None
    last_on: date | None = None
    days: dict[date, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Forecast:
    """What a release will do, channel by channel."""

    legs: tuple[Leg, ...]
    confirmed_on: date | None = None

    @property
    def ends_on(self) -> date | None:
        """The last day of sending, None where everything is paid by hand or file."""
        return max((leg.last_on for leg in self.legs if leg.last_on), default=None)


def forecast(release: Release, *, now: datetime) -> Forecast:
    """When each channel begins and ends, if the release goes now."""
    with connection.cursor() as cursor:
        cursor.execute(BY_CHANNEL, {"release": release.pk})
        rows = cursor.fetchall()
    legs = tuple(
        _leg(release, ChannelName(name), int(count), int(fen), now)
        for name, count, fen in rows
    )
    waits = [limits_of(leg.channel).confirm_within for leg in legs if leg.last_on]
    last = max((leg.last_on for leg in legs if leg.last_on), default=None)
    longest = max((one for one in waits if one), default=timedelta())
    return Forecast(legs, last + longest if last else None)


def last_day(sums: Mapping[ChannelName, Sequence[Sum]], *, now: datetime) -> date | None:
    """On which day the last of these would leave, None where no worker sends any."""
    ends = [
        _placed(ones, channel, now).ends_at
        for channel, ones in sums.items()
        if channel in SPOKEN
    ]
    return max((china_day(end) for end in ends if end), default=None)


def put_into_calendar(release: Release, *, now: datetime) -> date | None:
    """Give every order that a worker sends its instant; the last day of sending.

    What a channel takes on no day is closed with the reason, for another way.
    """
    ends = []
    for channel in sorted(SPOKEN):
        placed = _schedule(release, channel, now)[0]
        set_times(placed.leaves)
        _close(placed.refused, now)
        if placed.ends_at is not None:
            ends.append(china_day(placed.ends_at))
    return max(ends, default=None)


def set_times(leaves: Any) -> None:
    """Set when planned orders leave."""
    if leaves:
        with connection.cursor() as cursor:
            values = {"ids": list(leaves), "times": list(leaves.values())}
            cursor.execute(SET_TIMES, values)


def place_later(sums: list[Sum], channel: ChannelName, *, now: datetime) -> Schedule:
    """Instants for orders issued again, from the next day on, beside what is planned."""
    return _placed(sums, channel, now, start=_midnight(now) + timedelta(days=1))


def _leg(
    release: Release, channel: ChannelName, count: int, fen: int, now: datetime
) -> Leg:
    if channel not in SPOKEN:
        return Leg(channel, count, fen)
    placed, sums = _schedule(release, channel, now)
    days = sums_by_day(placed, sums)
    first, last = (min(days), max(days)) if days else (None, None)
    return Leg(channel, count, fen, first, last, days)


def _schedule(
    release: Release, channel: ChannelName, now: datetime
) -> tuple[Schedule, list[Sum]]:
    """The planned orders of a release in a channel's calendar, their own times left out."""
    values: dict[str, Any] = {"release": release.pk, "channel": str(channel)}
    with connection.cursor() as cursor:
        cursor.execute(PLANNED, values)
        sums = [Sum(*row) for row in cursor.fetchall()]
    if not sums:
        return Schedule({}, {}), []
    return _placed(sums, channel, now, without=release.pk), sums


def _placed(
    sums: Sequence[Sum], channel: ChannelName, now: datetime, *,
    start: datetime | None = None, without: int = 0,
) -> Schedule:  # fmt: skip
    """These in a channel's calendar from `start` (now) on, beside all that is in it."""
    begins = start or now
    load = load_of(channel, since=_midnight(begins), without=without)
    hour = best_hour(answered_by_hour(channel, now=now))
    return schedule(sums, limits_of(channel), start=begins, hour=hour, load=load)


def _midnight(at: datetime) -> datetime:
    return datetime.combine(china_day(at), datetime.min.time(), CHINA)


def _close(refused: Any, now: datetime) -> None:
    if refused:
        reasons = [Reason(one).value for one in refused.values()]
        with connection.cursor() as cursor:
            cursor.execute(CLOSE, {"ids": list(refused), "reasons": reasons, "now": now})
