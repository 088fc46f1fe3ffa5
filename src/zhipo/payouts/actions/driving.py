"""A worker's round: take what is due, speak to the channel, enter what it says, again.

Several requests are under way at a time, and while one batch is being sent the one before
it is entered: the channel waits for the database as little as the other way round.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from zhipo.gateways.institutions.moments import utc_now
from zhipo.gateways.payouts.channel import Channel
from zhipo.gateways.payouts.outcomes import Closed, Reason, Refused
from zhipo.payouts.actions.settling import settle
from zhipo.payouts.actions.taking import LEASE, take_orders
from zhipo.payouts.states import Ending, OrderState, ReleaseState
from zhipo.payouts.verdicts import Asked, Verdict, after_asking, after_sending, pause
from zhipo.payouts.work import Done, Outcome, Work

BATCH = 100
THREADS = 4
MARGIN = timedelta(seconds=30)
"""What is begun so shortly before its turn ends would be answered after it: left."""

NOT_A_TRANSFER = "NotATransfer"
S = OrderState
Clock = Callable[[], datetime]


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
    until = None if seconds is None else time.monotonic() + seconds
    speaker = Speaker(channel, clock)
    with ThreadPoolExecutor(threads, thread_name_prefix="payout") as pool:
        under_way: list[Future[Done | None]] = []
        while True:
            is_over = until is not None and time.monotonic() >= until
            now = clock()
            taken = [] if is_over else take_orders(channel.name, now=now, limit=batch)
            following = [pool.submit(speaker.turn, work, now + LEASE) for work in taken]
            driven.taken += len(taken)
            done = _results(under_way)
            driven.moves += settle(done, now=clock())
            under_way = following
            if not under_way and (is_over or not done):
                return driven


@dataclass
class Speaker:
    """One channel's requests, from several threads, no faster than it allows."""

    channel: Channel
    clock: Clock = utc_now
    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0

    def turn(self, work: Work, until: datetime) -> Done | None:
        """Everything that one order needs now; None where its turn is all but over."""
        if self.clock() > until - MARGIN:
            return None
        try:
            transfer = work.transfer()
        except ValueError:
            return _never_told(work, self.clock())
        if work.before is S.PLANNED:
            outcome = self._spoken(lambda: self.channel.send(transfer))
            verdict = after_sending(
                outcome, is_first=True, tries=work.tries,
                limits=self.channel.limits, now=self.clock(),
            )  # fmt: skip
            return Done(work, ((Asked.SEND, outcome),), verdict)
        if _is_to_take_back(work):
            return self._taken_back(work)
        return self._asked(work)

    def _asked(self, work: Work) -> Done:
        """Ask; what the channel does not know is sent once more, if its release runs."""
        transfer = work.transfer()
        outcome = self._spoken(lambda: self.channel.ask(transfer))
        verdict = after_asking(outcome, work.standing, now=self.clock())
        said: tuple[tuple[Asked, Outcome], ...] = ((Asked.ASK, outcome),)
        may_send = work.release_state in (ReleaseState.RELEASED, ReleaseState.DONE)
        if not verdict.is_to_send_again or not may_send:
            return Done(work, said, verdict)
        sent = self._spoken(lambda: self.channel.send(transfer))
        following = after_sending(
            sent, is_first=False, tries=work.tries,
            limits=self.channel.limits, now=self.clock(),
        )  # fmt: skip
        return Done(work, (*said, (Asked.SEND, sent)), following, sent_again=True)

    def _taken_back(self, work: Work) -> Done:
        """Of a stopped release: taken back where the payee has not confirmed."""
        transfer = work.transfer()
        outcome = self._spoken(lambda: self.channel.cancel(transfer))
        if isinstance(outcome, Closed):
            verdict = after_asking(outcome, work.standing, now=self.clock())
            return Done(work, ((Asked.CANCEL, outcome),), verdict)
        asked = self._asked(work)
        return Done(work, ((Asked.CANCEL, outcome), *asked.answers), asked.verdict)

    def _spoken(self, request: Callable[[], Outcome]) -> Outcome:
        """One request, not before the channel's speed allows it."""
        speed = self.channel.limits.per_second
        if speed:
            with self.lock:
                wait = self.next_at - time.monotonic()
                self.next_at = max(self.next_at, time.monotonic()) + 1 / speed
            if wait > 0:
                time.sleep(wait)
        return request()


def _results(under_way: Iterable["Future[Done | None]"]) -> list[Done]:
    return [done for one in under_way if (done := one.result()) is not None]


def _is_to_take_back(work: Work) -> bool:
    is_stopped = work.release_state is ReleaseState.STOPPED
    return is_stopped and work.before is S.WAITING_USER


def _never_told(work: Work, now: datetime) -> Done:
    """No channel could be told this: it ends if it is new, else a person looks."""
    outcome = Refused(Reason.NOT_TAKEN, is_final=True, code=NOT_A_TRANSFER)
    if work.before is S.PLANNED:
        verdict = Verdict(S.FAILED, reason=Reason.NOT_TAKEN, at=now, is_fact=False)
    else:
        verdict = Verdict(work.state, now + pause(work.tries), reason=Ending.NO_WORD)
    return Done(work, ((Asked.SEND, outcome),), verdict)
