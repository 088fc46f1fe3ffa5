"""A payout run under fire: a case is paid, who pays is killed, both books are compared."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum

from payout_books import by_state, differences, is_over
from payout_case import open_paying_case, released
from payout_fire import Fire
from zhipo.claims.states import PayoutChannel
from zhipo.gateways.payouts.sandbox.running import PayoutSandboxes
from zhipo.payouts.actions.closing import AFTER, close_unfound
from zhipo.payouts.actions.releasing import pause_release, resume_release, stop_release
from zhipo.payouts.channels import SPOKEN
from zhipo.payouts.models import Order, Release
from zhipo.payouts.states import OPEN, ReleaseState
from zhipo.web.refusals import NotInState

WAYS = (PayoutChannel.WECHAT, PayoutChannel.ALIPAY)
TICK_SECONDS = 0.03
VICTIMS = ("worker", "worker", "worker", "web", "web", "postgresql")
QUIET_SECONDS = 0.3
REQUEST_SECONDS = 15.0
"""Longer than a request takes, and whatever of a batch had been begun before it."""

MOST_ACTS = 40
"""So often the lead steps in at most: on a slow machine a run is all stops otherwise."""

WHY = "核对"
LEASE_OVER = timedelta(minutes=4)
TOGETHER = timedelta(hours=4)
"""What is due within (up to) so long comes due at once: workers are often late."""


@dataclass
class Found:
    """What one seed came to."""

    seed: int
    orders: int = 0
    turns: int = 0
    seconds: float = 0.0
    days: float = 0.0  # of the run's own clock
    killed: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    states: dict[str, int] = field(default_factory=dict)
    paid_fen: int = 0
    deadlocks: int = 0
    differences: dict[str, list[Any]] = field(default_factory=dict)
    is_over: bool = False

    @property
    def is_right(self) -> bool:
        return self.is_over and not self.differences


class PayoutRun:
    """One seed: a case, those who pay it, and what befalls them meanwhile."""

    def __init__(
        self, sandboxes: PayoutSandboxes, fire: Fire, *, seed: int, orders: int, kills: int
    ) -> None:
        self.sandboxes, self.fire, self.clock = sandboxes, fire, fire.clock
        self.chance = random.Random(f"payout faults {seed}")
        self.found = Found(seed)
        self.begins = self.clock()
        self.people, self.stopped_at = orders, time.monotonic()
        self.paying = open_paying_case(orders, channels=WAYS, seed=seed)
        self.kills = self._victims(kills)
        self.release = released(self.paying, now=self.begins)

    def go(self, *, seconds: float) -> Found:
        """Pay until every order has its end (or so many seconds are over), and look."""
        begun = time.monotonic()
        self._set_clocks(self.clock())
        self.fire.start()
        try:
            while not self.found.is_over and time.monotonic() - begun < seconds:
                time.sleep(TICK_SECONDS)
                self._befall()
                self._move_on()
                self.found.is_over = is_over(self.paying.case)
            time.sleep(QUIET_SECONDS)  # a callback may come twice
        finally:
            self.fire.end()
        self._look()
        self.found.seconds = round(time.monotonic() - begun, 1)
        return self.found

    def _victims(self, kills: int) -> list[tuple[float, str]]:
        """Who is killed, each once such a share of the orders has been taken up."""
        victims = (self.chance.choice(VICTIMS) for _ in range(kills))
        return sorted((self.chance.random() * 0.95, victim) for victim in victims)

    def _befall(self) -> None:
        taken = Order.objects.filter(share__plan=self.paying.plan, turn__gt=0).count()
        while self.kills and self.kills[0][0] * self.people <= taken:
            self._kill(self.kills.pop(0)[1])
        if self.chance.random() < 0.04 and self._stepped_in() < MOST_ACTS:
            self._act()

    def _kill(self, victim: str) -> None:
        time.sleep(self.chance.random() * 0.2)
        match victim:
            case "worker":
                self.fire.kill_worker(self.chance)
            case "web":
                self.fire.kill_web()
            case "postgresql":
                self._count_deadlocks()
                self.fire.kill_postgresql()
        self.found.killed[victim] += 1

    def _act(self) -> None:
        """The lead pauses the release and lets it go on, or stops it for a new one."""
        self.release.refresh_from_db()
        if self.release.state != ReleaseState.RELEASED:
            return
        try:
            if self.chance.random() < 0.2:
                self._stop()
            else:
                self._pause()
        except NotInState:  # it was done at that very moment
            return

    def _stepped_in(self) -> int:
        return self.found.acts["paused"] + self.found.acts["stopped"]

    def _stop(self) -> None:
        stop_release(release_id=self.release.pk, why=WHY, by=self.paying.lead)
        stopped = Release.objects.filter(pk=self.release.pk)
        stopped.update(held_at=self.clock())  # by the run's clock, as all the rest
        self.stopped_at = time.monotonic()
        self.found.acts["stopped"] += 1
        self._release_again()

    def _pause(self) -> None:
        pause_release(release_id=self.release.pk, why=WHY, by=self.paying.lead)
        time.sleep(TICK_SECONDS)
        now = self.clock()
        resume_release(release_id=self.release.pk, by=self.paying.lead, now=now)
        self.found.acts["paused"] += 1

    def _release_again(self) -> None:
        """Everything that is due and not under way, if there is any."""
        try:
            self.release = released(self.paying, now=self.clock())
        except NotInState:
            return
        self.found.acts["released_again"] += 1

    def _move_on(self) -> None:
        """Where nothing is due, to when something is; now and then so far that those who
        work have overslept.
        """
        if self.chance.random() < 0.02:
            self._set_clocks(self.clock() + LEASE_OVER)
            return
        self._close_unfound()
        ours = Order.objects.filter(share__plan=self.paying.plan, state__in=sorted(OPEN))
        waiting = ours.filter(channel__in=sorted(SPOKEN)).exclude(ask_at=None)
        at = waiting.order_by("ask_at").values_list("ask_at", flat=True).first()
        if at is not None and at > self.clock():
            self._set_clocks(at + self.chance.random() * TOGETHER)

    def _close_unfound(self) -> None:
        """What a stopped release left with a channel that does not know it: the lead ends
        it, a day later by the run's clock, and when no request is under way any more.
        """
        if time.monotonic() - self.stopped_at < REQUEST_SECONDS:
            return
        now = self.clock()
        lost = Order.objects.filter(
            share__plan=self.paying.plan, state="sending", reason="not_found",
            release__state=ReleaseState.STOPPED, release__held_at__lt=now - AFTER,
            ask_at__gt=now,
        )  # fmt: skip
        for order in lost:
            try:
                close_unfound(order_id=order.pk, by=self.paying.lead, now=self.clock())
            except NotInState:
                continue
            self.found.acts["closed"] += 1
            self._release_again()

    def _set_clocks(self, to: datetime) -> None:
        self.clock.reach(to)
        now = self.clock()
        for name in sorted(SPOKEN):
            self.sandboxes.set_clock(now, only=name)

    def _look(self) -> None:
        books = {name: self.sandboxes.book(name) for name in sorted(SPOKEN)}
        found = differences(self.paying.case, books)
        self.found.differences = {name: rows for name, rows in found.items() if rows}
        self.found.states = by_state(self.paying.case)
        ours = Order.objects.filter(share__plan=self.paying.plan)
        sums = ours.aggregate(turns=Sum("turn", default=0))
        self.found.orders, self.found.turns = ours.count(), int(sums["turns"])
        self.found.paid_fen = sum(one.fen for one in ours.filter(state="paid"))
        self.found.days = round((self.clock() - self.begins) / timedelta(days=1), 1)
        self._count_deadlocks()

    def _count_deadlocks(self) -> None:
        """Since the server was last started: one that was killed has forgotten them."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
            )
            found = int(cursor.fetchone()[0])
        self.found.deadlocks = max(self.found.deadlocks, found)
