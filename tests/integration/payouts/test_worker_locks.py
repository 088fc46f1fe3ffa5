"""Workers and people at the same time: nobody waits in a ring, nobody waits for nothing."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from factories_payouts import (
    FakeChannel,
    Paying,
    fake_alipay,
    fresh,
    make_paying,
    make_released,
    orders_of,
    speak_to,
    take_up,
)
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.claims.models import Claim
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.outcomes import Closed, ClosedBy, Failed, Reason, Waiting
from zhipo.payouts.actions import settling
from zhipo.payouts.actions.preparing import prepare_release
from zhipo.payouts.actions.releasing import stop_release
from zhipo.payouts.actions.settling import enter_word
from zhipo.payouts.actions.taking import take_orders
from zhipo.payouts.models import Order
from zhipo.payouts.queries.orders import as_work
from zhipo.payouts.states import OrderState
from zhipo.payouts.verdicts import Asked

pytestmark = pytest.mark.django_db(transaction=True)

C, S = ChannelName, OrderState
WAIT = 20


@pytest.fixture
def paying(monkeypatch: pytest.MonkeyPatch) -> Paying:
    speak_to(monkeypatch, FakeChannel(), fake_alipay())
    return make_paying(27_188, 9_000)


class Beside:
    """Something done in another thread, with a connection of its own."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.work, self.error = work, None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.work()
        except Exception as error:
            self.error = error
        finally:
            connections.close_all()

    def ends(self) -> None:
        self.thread.join(WAIT)
        assert not self.thread.is_alive(), "it waits for ever"
        if self.error is not None:
            raise self.error


def held(patched: pytest.MonkeyPatch, module: Any, name: str) -> tuple[Any, Any]:
    """The first call of a function stops inside its transaction until it is let go."""
    reached, go_on = threading.Event(), threading.Event()
    real = getattr(module, name)

    def call(*given: Any, **named: Any) -> Any:
        found = real(*given, **named)
        if not reached.is_set():
            reached.set()
            assert go_on.wait(WAIT)
        return found

    patched.setattr(module, name, call)
    return reached, go_on


@transaction.atomic
def say(order: Order, outcome: Any) -> None:
    enter_word(as_work(fresh(order)), Asked.CALLBACK, outcome, now=timezone.now())


def is_anybody_waiting() -> bool:
    """Asked anew each time: a transaction keeps what it has first seen of the others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def until_somebody_waits() -> None:
    for _ in range(WAIT * 20):
        if is_anybody_waiting():
            return
        threading.Event().wait(0.05)
    raise AssertionError("nobody waits")


def test_new_order_is_prepared_while_a_late_word_on_the_one_before_is_entered(
    paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = take_up(orders_of(make_released(paying))[0])
    say(first, Failed(Reason.ACCOUNT_CLOSED))
    reached, go_on = held(monkeypatch, settling, "locked_rows")
    worker = Beside(lambda: say(first, Failed(Reason.ACCOUNT_CLOSED)))
    assert reached.wait(WAIT)

    prepare_release(plan_id=paying.plan.pk, until=timezone.localdate(),
                    by=paying.people.cashier)  # fmt: skip
    go_on.set()

    worker.ends()
    assert Order.objects.filter(follows=first).count() == 1


def test_release_is_stopped_while_an_end_of_its_order_is_entered(
    paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = make_released(paying)
    first = take_up(orders_of(release)[0])
    now = timezone.now()
    reached, go_on = held(monkeypatch, settling, "locked_rows")
    lapsed = Closed(by=ClosedBy.EXPIRY, at=now)
    worker = Beside(lambda: say(first, lapsed))
    assert reached.wait(WAIT)

    stopping = Beside(
        lambda: stop_release(release_id=release.pk, why="核对", by=paying.people.lead)
    )
    stopping.ends()  # it needs nothing that the worker holds
    go_on.set()

    worker.ends()
    first.refresh_from_db()
    assert first.state == S.RETURNED
    assert Order.objects.filter(follows=first).count() == 0
    assert set(Order.objects.exclude(pk=first.pk).values_list("state", flat=True)) == {
        S.FAILED
    }


def test_end_is_entered_while_its_creditor_holds_the_claim_and_wants_the_trail(
    paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = take_up(orders_of(make_released(paying))[0])
    claim, until = first.share.claim_id, timezone.now()
    has_claim, has_asked = threading.Event(), threading.Event()

    def hold_the_claim_then_record() -> None:
        with transaction.atomic():
            Claim.objects.select_for_update().get(pk=claim)
            has_claim.set()
            assert has_asked.wait(WAIT)
            until_somebody_waits()
            record(Event.PAYOUT_CHOSEN, of=paying.case, by=None, chain=paying.case.number)

    creditor = Beside(hold_the_claim_then_record)
    assert has_claim.wait(WAIT)
    waits = Waiting(must_confirm=True, until=until, package="p")
    worker = Beside(lambda: say(first, waits))
    has_asked.set()

    creditor.ends()
    worker.ends()
    first.refresh_from_db()
    assert first.state == S.WAITING_USER
    assert first.share.claim.messages.count() == 1


def test_workers_of_two_cases_wait_for_no_ring(
    paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = make_paying(5_000, 6_000)
    for one in (paying, second):
        make_released(one)
    late = timezone.now() + timedelta(days=2)

    workers = [
        Beside(lambda: take_orders(C.WECHAT, now=late, limit=2)) for _ in range(3)
    ]  # fmt: skip
    for worker in workers:
        worker.ends()

    assert set(Order.objects.values_list("state", flat=True)) == {S.SENDING}
    assert set(Order.objects.values_list("turn", flat=True)) == {1}
