"""A worker's round: take what is due, speak to the channel, enter what it says, again.

Several requests are under way at a time, and while one batch is being sent the one before
it is entered: the channel waits for the database as little as the other way round.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from zhipo.gateways.institutions.moments import utc_now
from zhipo.gateways.payouts.channel import Channel
from zhipo.gateways.payouts.limits import Limits
from zhipo.payouts.actions.entering import settle_each
from zhipo.payouts.actions.speaking import Clock, Speaker
from zhipo.payouts.actions.taking import LEASE, take_orders
from zhipo.payouts.states import OrderState
from zhipo.payouts.work import Done

BATCH = 100
THREADS = 4
BATCH_LASTS = timedelta(seconds=30)
"""As many orders are taken at a time as a channel allows in this time: two batches are
spoken for at once, and both have to be done with before their turns end."""


@dataclass
class Driven:
    """What a worker's round came to."""

    taken: int = 0
    moves: Counter[OrderState] = field(default_factory=Counter)


def drive(
    channel: Channel,
    *,
    clock: Clock = utc_now,
    seconds: float | None = None,
    batch: int = BATCH,
    threads: int = THREADS,
) -> Driven:
    """See to everything of a channel that is due, for so many seconds at most.

    Memory holds two batches, however many orders there are.
    """
    driven = Driven()
    is_over = _ends_after(seconds)
    limit = at_once(channel.limits, batch)
    speaker = Speaker(channel, clock)
    with ThreadPoolExecutor(threads, thread_name_prefix="payout") as pool:
        under_way: list[Future[Done | None]] = []
        while True:
            now = clock()
            taken = [] if is_over() else take_orders(channel.name, now=now, limit=limit)
            following = [pool.submit(speaker.turn, work, now + LEASE) for work in taken]
            driven.taken += len(taken)
            done = _results(under_way)
            driven.moves += settle_each(done, now=clock())
            under_way = following
            if not under_way and (is_over() or not done):
                return driven


def at_once(limits: Limits, batch: int) -> int:
    """How many orders are taken at a time by a channel that is no faster than this."""
    if limits.per_second is None:
        return batch
    return min(batch, int(limits.per_second * BATCH_LASTS.total_seconds()))


def _ends_after(seconds: float | None) -> Callable[[], bool]:
    if seconds is None:
        return lambda: False
    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until


def _results(under_way: Iterable["Future[Done | None]"]) -> list[Done]:
    return [done for one in under_way if (done := one.result()) is not None]
