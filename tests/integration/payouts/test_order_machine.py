"""Any sequence of turns, answers, callbacks, pauses and releases: each part is paid once.

A channel that is true to itself, however badly it answers, stands behind one worker's acts;
what it really paid is what the invariants are held against.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from payout_books import differences
from payout_case import PayingCase, open_paying_case, released
from zhipo.claims.states import PayoutChannel
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.limits import WECHAT
from zhipo.gateways.payouts.outcomes import (
    Closed,
    ClosedBy,
    Failed,
    NotFound,
    Paid,
    Reason,
    Refused,
    Sent,
    Unknown,
    Waiting,
)
from zhipo.gateways.payouts.transfers import PayeeKind, Transfer
from zhipo.payouts import channels
from zhipo.payouts.actions.releasing import (
    pause_release,
    resume_release,
    stop_release,
)
from zhipo.payouts.actions.settling import enter_word, settle
from zhipo.payouts.actions.speaking import Speaker
from zhipo.payouts.actions.taking import LEASE, take_orders
from zhipo.payouts.models import Order, Release
from zhipo.payouts.queries.orders import work_of
from zhipo.payouts.states import OPEN
from zhipo.payouts.verdicts import Asked
from zhipo.payouts.work import Done
from zhipo.web.refusals import Declined

PEOPLE = 3
REFUSALS = [
    Refused(Reason.TOO_OFTEN, is_final=False),
    Refused(Reason.MERCHANT_CAP, is_final=False),
    Refused(Reason.NO_MONEY, is_final=False),
    Refused(Reason.NO_SUCH_ACCOUNT, is_final=True),
]
ENDS = ["paid", "failed", "lapsed"]
MOODS = ["well", "silent", "answer lost", "refuses"]


@dataclass
class TrueChannel:
    """Keeps each transfer once; `mood` is how it meets the next request."""

    name = ChannelName.WECHAT
    kinds = frozenset({PayeeKind.WECHAT_OPENID})
    limits = WECHAT.model_copy(update={"per_second": None})
    clock: Any
    mood: str = "well"
    refusal: Refused = REFUSALS[0]
    taken: dict[str, Transfer] = field(default_factory=dict)
    ends: dict[str, Any] = field(default_factory=dict)
    refused_for_good: dict[str, Refused] = field(default_factory=dict)

    def send(self, transfer: Transfer) -> Any:
        known = self.taken.get(transfer.reference)
        assert known is None or known.fingerprint == transfer.fingerprint
        if transfer.reference in self.refused_for_good:
            return self.refused_for_good[transfer.reference]
        if known is None and self.mood == "refuses":
            if self.refusal.is_final:
                self.refused_for_good[transfer.reference] = self.refusal
            return self.refusal
        if known is None and self.mood == "silent":
            return Unknown("ReadError")
        self.taken[transfer.reference] = transfer
        if self.mood == "answer lost":
            return Unknown("ReadTimeout")
        return Sent("N", self._waiting())

    def ask(self, transfer: Transfer) -> Any:
        if self.mood in ("silent", "answer lost"):
            return Unknown("ReadError")
        if transfer.reference not in self.taken:
            return NotFound()
        return self.ends.get(transfer.reference, self._waiting())

    def cancel(self, transfer: Transfer) -> Any:
        if transfer.reference in self.ends:
            return Refused(Reason.NOT_CANCELLABLE, is_final=True)
        if transfer.reference not in self.taken or self.mood == "silent":
            return Unknown("ReadError")
        closed = Closed(by=ClosedBy.CANCELLATION, at=self.clock())
        self.ends[transfer.reference] = closed
        return Unknown("ReadTimeout") if self.mood == "answer lost" else closed

    def end(self, reference: str, how: str) -> Any:
        """What becomes of a transfer by itself; an end stays."""
        ends = {
            "paid": Paid(at=self.clock(), number=f"N{reference}"),
            "failed": Failed(Reason.ACCOUNT_CLOSED),
            "lapsed": Closed(by=ClosedBy.EXPIRY, at=self.clock()),
        }
        return self.ends.setdefault(reference, ends[how])

    def book(self) -> dict[str, Any]:
        paid = [
            {"reference": one, "fen": self.taken[one].fen}
            for one, end in self.ends.items()
            if isinstance(end, Paid)
        ]
        return {"paid": paid}

    def _waiting(self) -> Waiting:
        until = self.clock() + timedelta(hours=24)
        return Waiting(must_confirm=True, until=until, package="package")


class OrdersUnderFire(RuleBasedStateMachine):
    """Workers whose turns overlap, die and come late, before a channel true to itself."""

    paying: PayingCase
    release: Release

    @initialize()
    def begin(self) -> None:
        self.now = timezone.now() + timedelta(days=2)  # everything is due
        self.channel = TrueChannel(clock=self.clock)
        self.late: list[tuple[list[Any], datetime]] = []
        self.unentered: list[list[Done]] = []
        self.spoken = channels.spoken
        channels.spoken = lambda _: self.channel  # type: ignore[assignment]
        self.block = transaction.atomic()
        self.block.__enter__()
        self.paying = open_paying_case(PEOPLE, channels=(PayoutChannel.WECHAT,), parts=2)
        self.release = released(self.paying, now=timezone.now())

    def clock(self) -> datetime:
        return self.now

    @rule(mood=st.sampled_from(MOODS),
          refusal=st.sampled_from(REFUSALS))  # fmt: skip
    def channel_changes(self, mood: str, refusal: Refused) -> None:
        self.channel.mood, self.channel.refusal = mood, refusal

    @rule(mood=st.sampled_from(MOODS), refusal=st.sampled_from(REFUSALS),
          limit=st.integers(1, 4))  # fmt: skip
    def worker_does_a_round(self, mood: str, refusal: Refused, limit: int) -> None:
        self.channel_changes(mood, refusal)
        self.worker_takes(limit)
        self.worker_speaks(len(self.late) - 1)
        self.worker_enters(len(self.unentered) - 1)

    @rule(limit=st.integers(1, 4))
    def worker_takes(self, limit: int) -> None:
        taken = take_orders(self.channel.name, now=self.now, limit=limit)
        self.late.append((taken, self.now + LEASE))

    @precondition(lambda self: self.late)
    @rule(which=st.integers(0, 9))
    def worker_speaks(self, which: int) -> None:
        works, until = self.late.pop(which % len(self.late))
        speaker = Speaker(self.channel, self.clock)  # type: ignore[arg-type]
        done = [speaker.turn(work, until) for work in works]
        self.unentered.append([one for one in done if one is not None])

    @precondition(lambda self: self.unentered)
    @rule(which=st.integers(0, 9))
    def worker_enters(self, which: int) -> None:
        settle(self.unentered.pop(which % len(self.unentered)), now=self.now)

    @precondition(lambda self: self.unentered)
    @rule()
    def worker_dies_before_entering(self) -> None:
        self.unentered.pop()

    @precondition(lambda self: self.late)
    @rule()
    def worker_dies_before_speaking(self) -> None:
        self.late.pop()

    @precondition(lambda self: self.channel.taken)
    @rule(which=st.integers(0, 99), how=st.sampled_from(ENDS), is_told=st.booleans())
    def transfer_ends(self, which: int, how: str, is_told: bool) -> None:
        reference = sorted(self.channel.taken)[which % len(self.channel.taken)]
        self.channel.end(reference, how)
        if is_told:
            self._call_back(reference)

    @precondition(lambda self: self.channel.ends)
    @rule(which=st.integers(0, 99))
    def channel_calls_back_again(self, which: int) -> None:
        self._call_back(sorted(self.channel.ends)[which % len(self.channel.ends)])

    @rule(seconds=st.sampled_from([1, 30, 200, 4_000, 90_000]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(act=st.sampled_from(["pause", "resume", "stop", "release"]))
    def lead_acts(self, act: str) -> None:
        lead, release = self.paying.lead, self.release.pk
        try:
            with transaction.atomic():
                if act == "pause":
                    pause_release(release_id=release, why="核对", by=lead)
                elif act == "resume":
                    resume_release(release_id=release, by=lead, now=self.now)
                elif act == "stop":
                    stop_release(release_id=release, why="停止", by=lead)
                else:
                    self.release = released(self.paying, now=self.now)
        except Declined:
            return

    @invariant()
    def books_agree_as_far_as_we_were_told(self) -> None:
        if not hasattr(self, "block"):
            return
        found = differences(
            self.paying.case, {"wechat": self.channel.book(), "alipay": {"paid": []}}
        )
        untold = found.pop("paid_by_them_not_by_us")
        faults = found.pop("book")
        assert not any(found.values()), found
        assert bool(untold) or not faults, faults
        assert set(faults) <= {
            "what left the accounts is not what was paid", "payable is not what is owed",
        }, faults  # fmt: skip

    @invariant()
    def every_order_ends_or_is_due(self) -> None:
        if not hasattr(self, "block"):
            return
        stuck = Order.objects.filter(ask_at=None, state__in=sorted(OPEN))
        released_ones = stuck.exclude(channel="by_cash")
        assert list(released_ones.values_list("reference", "state")) == []

    def teardown(self) -> None:
        if not hasattr(self, "block"):
            return
        try:
            self._to_the_end()
        finally:
            channels.spoken = self.spoken
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def _to_the_end(self) -> None:
        """The channel is well again, everything ends: the books are equal, to the fen."""
        self.channel.mood = "well"
        for _ in range(60):
            for reference in list(self.channel.taken):
                self.channel.end(reference, "paid")
            self.worker_takes(100)
            self.worker_speaks(len(self.late) - 1)
            self.worker_enters(len(self.unentered) - 1)
            self.time_passes(6 * 3600)
        open_ones = Order.objects.filter(state__in=["sending", "waiting_user"])
        assert not open_ones.exclude(release__state__in=["stopped", "paused"]).exists()
        books = {"wechat": self.channel.book(), "alipay": {"paid": []}}
        found = differences(self.paying.case, books)
        assert not any(found.values()), found
        counts = Counter(Order.objects.filter(state="paid").values_list("share", "part"))
        assert max(counts.values(), default=1) == 1

    def _call_back(self, reference: str) -> None:
        work = work_of(reference)
        assert work is not None
        with transaction.atomic():
            end = self.channel.ends[reference]
            enter_word(work, Asked.CALLBACK, end, now=self.now)


@pytest.mark.django_db
def test_orders_under_fire(monkeypatch: pytest.MonkeyPatch) -> None:
    assert connection.in_atomic_block
    settings_ = settings(
        max_examples=15, stateful_step_count=30, deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )  # fmt: skip
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(OrdersUnderFire, settings=settings_)
