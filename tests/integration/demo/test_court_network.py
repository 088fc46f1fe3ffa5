"""The demonstration's institutions as processes, and the court's letter box."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from ports import free_ports
from zhipo.demo.court_days import APPOINTED_ON, REGISTERED_ON, SharedClock, known_until
from zhipo.demo.court_inquiring import ask_everywhere
from zhipo.demo.court_network import LetterBox, ProcessNetwork, letter_box, network_up
from zhipo.demo.court_people import know_institutions, people_since
from zhipo.demo.court_registering import register
from zhipo.demo.court_world import World
from zhipo.demo.generate import generate_yuhu
from zhipo.enforcement.courts import client_of, directory
from zhipo.enforcement.models import InquiryAnswer, InquiryOrder
from zhipo.enforcement.states import CameBy, InquiryState
from zhipo.gateways.institutions.keys import DIRECTORY, PRIVATE_FILE

pytestmark = pytest.mark.django_db

CONSUMERS = 100
WAIT_SECONDS = 30


@dataclass(frozen=True)
class Started:
    network: ProcessNetwork
    box: LetterBox
    home: Path


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    environment = replace(settings.ENVIRONMENT, home=tmp_path, is_demo=True)
    monkeypatch.setattr(settings, "ENVIRONMENT", environment)
    for name in (DIRECTORY, PRIVATE_FILE):
        monkeypatch.setenv(name, "")  # so that what is set below ends with the test
    generate_yuhu(consumers=CONSUMERS, seed=1, out=tmp_path / "case")
    court = free_ports(7)
    with (
        network_up(tmp_path, consumers=CONSUMERS, court=court, first=court + 1) as network,
        letter_box(court) as box,
    ):
        yield Started(network, box, tmp_path)


def test_answers_are_posted_while_the_clock_is_simulated(started: Started) -> None:
    clock = SharedClock(started.network, client_of, started.box.take_in, known_until())
    with clock.on(REGISTERED_ON):
        people = people_since(APPOINTED_ON, home=started.home)
        know_institutions(directory(), by=people["clerk"])
    world = World(started.home, started.home / "case", people, clock)
    register(world)

    ask_everywhere(world)
    twice = InquiryAnswer.objects.filter(order__institution__party="bank-north")
    _wait_for_posts(clock)

    orders = InquiryOrder.objects.all()
    assert set(orders.values_list("state", flat=True)) == {InquiryState.ANSWERED}
    posted = InquiryAnswer.objects.filter(came_by=CameBy.CALLBACK, is_good=True)
    assert posted.exists()
    assert [one.times > 1 for one in twice] == [True]
    assert max(orders.values_list("finished_at", flat=True)) - min(
        orders.values_list("ordered_at", flat=True)
    ) < timedelta(days=4)


def test_a_clock_that_stands_later_stays(started: Started) -> None:
    later = known_until() + timedelta(days=9)
    started.network.set_clock(later)

    started.network.set_clock(known_until())

    book = started.network.running.book("bank-north")
    assert datetime.fromisoformat(book["now"]) == later


def _wait_for_posts(clock: SharedClock) -> None:
    """Until the institution that says everything twice has said it again."""
    until = time.monotonic() + WAIT_SECONDS
    found = InquiryAnswer.objects.filter(
        order__institution__party="bank-north", times__gt=1
    )
    while time.monotonic() < until and not found.exists():
        clock.chase()
        time.sleep(0.1)
