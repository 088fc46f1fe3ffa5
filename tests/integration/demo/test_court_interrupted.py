"""The days before the case, interrupted in the middle of its steps and taken up again."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from integration.demo.court_ground import OwnNetwork, clock_over, network_in
from zhipo.audit.models import Entry
from zhipo.demo import case as inputs
from zhipo.demo.court_effect import CourtEffect
from zhipo.demo.court_plan import ACCOUNTS
from zhipo.demo.court_run import run_court
from zhipo.demo.generate import generate_yuhu
from zhipo.enforcement.models import Freeze, Memo, TakeOver, TransactionHistory
from zhipo.gateways.institutions.sandbox.behaviour import Behaviour

pytestmark = pytest.mark.django_db

CONSUMERS = 100
STEPS_OF_THE_CLOCK = (3, 9, 14, 20, 23)


class Interrupted(RuntimeError):
    """Somebody has pulled the plug."""


@dataclass
class Failing:
    """A network that ends the run at its n-th step of the clock."""

    own: OwnNetwork
    left: int

    def set_clock(self, now: datetime) -> None:
        self.left -= 1
        if not self.left:
            raise Interrupted
        self.own.set_clock(now)

    def set_behaviour(self, party: str, behaviour: Behaviour) -> None:
        self.own.set_behaviour(party, behaviour)


def test_interrupted_again_and_again_it_comes_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = replace(settings.ENVIRONMENT, home=tmp_path, is_demo=True)
    monkeypatch.setattr(settings, "ENVIRONMENT", environment)
    generate_yuhu(consumers=CONSUMERS, seed=1, out=tmp_path / "case")
    own = network_in(tmp_path / "institutions", monkeypatch, consumers=CONSUMERS)

    def run(left: int = 0) -> CourtEffect:
        clock = replace(clock_over(own), network=Failing(own, left))
        return run_court(
            home=tmp_path, folder=tmp_path / "case", clock=clock,
            told=lambda done, total: None,
        )  # fmt: skip

    for left in STEPS_OF_THE_CLOCK:
        with pytest.raises(Interrupted):
            run(left)
    effect = run()

    held = sum(inputs.scaled(one.fen, CONSUMERS) for one in inputs.ACCOUNTS)
    assert effect.board.frozen_fen == held
    assert effect.typed_again == 0
    pairs = list(Freeze.objects.values_list("case", "target"))
    assert len(pairs) == len(set(pairs))
    assert Memo.objects.count() == 2
    assert TransactionHistory.objects.count() == len(ACCOUNTS)
    assert TakeOver.objects.count() == 1
    count = Entry.objects.count()
    assert run() == effect
    assert Entry.objects.count() == count
