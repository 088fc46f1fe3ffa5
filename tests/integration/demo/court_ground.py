"""The days before the demonstration's case, over institutions in this process."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from factories_inquiries import client_over
from integration.gateways.institution_ground import Ground, lay_ground
from zhipo.accounts.models import Organisation
from zhipo.demo import past
from zhipo.demo.court_days import REGISTERED_ON, SharedClock, known_until
from zhipo.demo.court_plan import planned
from zhipo.gateways.institutions.client import CourtClient
from zhipo.gateways.institutions.keys import DIRECTORY, PRIVATE_FILE
from zhipo.gateways.institutions.sandbox.behaviour import Behaviour
from zhipo.gateways.institutions.sandbox.controls import NotUnderstood
from zhipo.gateways.institutions.sandbox.plan import COURTS
from zhipo.gateways.institutions.sandbox.plan import DIRECTORY as DIRECTORY_FILE


@dataclass(frozen=True)
class OwnNetwork:
    """The controls of the institutions in this process."""

    ground: Ground

    def set_clock(self, now: datetime) -> None:
        try:
            self.ground.set_clock(now)
        except NotUnderstood:
            return  # it stands later already

    def set_behaviour(self, party: str, behaviour: Behaviour) -> None:
        self.ground.control(party, "behaviour", behaviour.model_dump_json())

    def client_of(self, court: Organisation) -> CourtClient:
        return client_over(self.ground, court)


def network_in(
    home: Path, monkeypatch: pytest.MonkeyPatch, *, consumers: int
) -> OwnNetwork:
    """Institutions with the demonstration's books, and the keys in the environment."""
    ground = lay_ground(home, plan=planned(consumers), start=past.morning_of(REGISTERED_ON))
    monkeypatch.setenv(DIRECTORY, str(home / DIRECTORY_FILE))
    monkeypatch.setenv(PRIVATE_FILE, str(home / COURTS))
    return OwnNetwork(ground)


def clock_over(network: OwnNetwork, posted: Any = lambda: None) -> SharedClock:
    """The clock as it stands after whatever has happened so far."""
    return SharedClock(network, network.client_of, posted, now=known_until())
