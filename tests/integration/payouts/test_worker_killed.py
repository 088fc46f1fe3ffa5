"""`kill -9` of a worker at named points, workers side by side, one that overslept."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from integration.payouts.worker_ground import (
    WorkerGround,
    die,
    in_a_process,
    started,
    wait_for,
)
from payout_case import PayingCase, open_paying_case, released
from zhipo.claims.states import PayoutChannel
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.payouts.actions import driving, settling
from zhipo.payouts.actions.driving import drive
from zhipo.payouts.actions.taking import LEASE
from zhipo.payouts.models import Order
from zhipo.payouts.states import OrderState

pytestmark = pytest.mark.django_db(transaction=True)

BOTH = (PayoutChannel.WECHAT, PayoutChannel.ALIPAY)
C, S = ChannelName, OrderState
PEOPLE = 12


@pytest.fixture
def paying(ground: WorkerGround) -> PayingCase:
    made = open_paying_case(PEOPLE, channels=BOTH)
    released(made, now=timezone.now())
    return made


def then_die(called: Callable[..., Any]) -> Callable[..., Any]:
    def call(*given: Any, **named: Any) -> Any:
        found = called(*given, **named)
        die()
        return found

    return call


def at_once_die(*_: Any, **__: Any) -> None:
    die()


def die_where(point: str, channel: Any) -> Any:
    """A channel for a worker that will be killed at this point (in this process)."""
    match point:
        case "taken, nothing sent":
            driving.take_orders = then_die(driving.take_orders)
        case "sent, no answer read":
            object.__setattr__(channel, "send", then_die(channel.send))
        case "asked, not entered":
            object.__setattr__(channel, "ask", then_die(channel.ask))
        case "answered, not entered":
            driving.settle_each = _die_unless_empty
        case "entered, not committed":
            settling.record_for_each_case = at_once_die
        case "entered":
            driving.settle_each = then_die(_unless_empty)
    return channel


def _die_unless_empty(found: list[Any], **_: Any) -> dict[S, int]:
    if found:
        die()
    return {}


def _unless_empty(found: list[Any], **how: Any) -> Any:
    return settling.settle(found, **how)


@pytest.mark.parametrize(
    "point",
    [
        "taken, nothing sent", "sent, no answer read", "asked, not entered",
        "answered, not entered", "entered, not committed", "entered",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", [C.WECHAT, C.ALIPAY])
def test_what_a_killed_worker_began_is_paid_once(
    ground: WorkerGround, paying: PayingCase, point: str, name: ChannelName
) -> None:
    if point == "asked, not entered" and name is C.WECHAT:
        ground.drive(name)
        ground.pass_time(ground.clock() + timedelta(minutes=1))

    def work() -> None:
        drive(die_where(point, ground.channel(name)), clock=ground.clock, batch=4)

    assert in_a_process(work) == signal.SIGKILL

    ground.pass_time(ground.clock() + LEASE)
    ground.to_the_end(paying)

    assert set(Order.objects.values_list("state", flat=True)) == {S.PAID}
    assert ground.differences(paying) == {}


def test_workers_side_by_side_pay_each_order_once(
    ground: WorkerGround, paying: PayingCase
) -> None:
    def work() -> None:
        for name in (C.WECHAT, C.ALIPAY):
            drive(ground.channel(name), clock=ground.clock, batch=2)

    children = [started(work) for _ in range(3)]

    assert [wait_for(one) for one in children] == [0, 0, 0]
    assert Order.objects.filter(turn=0).count() == 0
    ground.to_the_end(paying)
    assert ground.differences(paying) == {}


def test_worker_that_overslept_its_turn_changes_nothing(
    ground: WorkerGround, paying: PayingCase
) -> None:
    def work() -> None:
        channel = ground.channel(C.ALIPAY)
        object.__setattr__(channel, "send", _asleep_before(channel.send))
        drive(channel, clock=ground.clock, threads=1)

    asleep = started(work)
    _, status = os.waitpid(asleep, os.WUNTRACED)
    assert os.WIFSTOPPED(status)

    ground.pass_time(ground.clock() + LEASE)
    ground.to_the_end(paying)
    ended = list(Order.objects.order_by("pk").values("state", "ended_at", "turn"))
    os.kill(asleep, signal.SIGCONT)

    assert wait_for(asleep) == 0
    assert list(Order.objects.order_by("pk").values("state", "ended_at", "turn")) == ended
    assert ground.differences(paying) == {}


def _asleep_before(send: Callable[..., Any]) -> Callable[..., Any]:
    """Stopped (as a machine that is suspended) before the first request leaves."""
    is_first = iter([True])

    def call(transfer: Any) -> Any:
        if next(is_first, False):
            os.kill(os.getpid(), signal.SIGSTOP)
        return send(transfer)

    return call
