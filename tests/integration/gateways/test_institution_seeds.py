"""Under a seed half of the orders meet misbehaviour: a patient court gets all the truth."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from integration.gateways.institution_ground import (
    OBJECTS,
    PARTIES,
    START,
    order_on,
)
from ports import free_ports
from unit.gateways.orders import paper
from zhipo.gateways.institutions.answers import Status
from zhipo.gateways.institutions.client import (
    AskOutcome,
    CourtClient,
    Received,
    Refused,
    SendOutcome,
    Told,
)
from zhipo.gateways.institutions.messages import (
    Decision,
    DocumentKind,
    ObjectionReply,
    ObjectKind,
    Order,
    OrderState,
)
from zhipo.gateways.institutions.sandbox.running import running_institutions

SEED = 20250303
ROUNDS = 12
FREEZABLE = [
    reference
    for reference, (_, target) in OBJECTS.items()
    if target.kind is not ObjectKind.RESERVE_ACCOUNT and reference != "1600000009"
]


@dataclass
class PatientCourt:
    """Sends until received, asks until an end has been told twice alike."""

    client: CourtClient
    open_orders: list[Order]
    received: set[Order] = field(default_factory=set)
    believed: dict[Order, str] = field(default_factory=dict)
    heard: Counter[str] = field(default_factory=Counter)

    def once_around(self) -> None:
        for order in list(self.open_orders):
            outcome = self.ask(order) if order in self.received else self.send(order)
            self.heard[type(outcome).__name__] += 1

    def send(self, order: Order) -> SendOutcome:
        outcome = self.client.send(order)
        if isinstance(outcome, Received):
            self.received.add(order)
        return outcome

    def ask(self, order: Order) -> AskOutcome:
        outcome = self.client.ask(order)
        assert not isinstance(outcome, Refused)
        if isinstance(outcome, Told):
            self.hear(order, outcome.status)
        return outcome

    def hear(self, order: Order, status: Status) -> None:
        if status.state is OrderState.OBJECTED:
            assert isinstance(self.client.reply(reply_to(order), order=order), Received)
        elif status.state is OrderState.ANSWERED:
            fingerprint = status.answers[-1].fingerprint
            if self.believed.get(order) == fingerprint:
                self.open_orders.remove(order)
            self.believed[order] = fingerprint


def reply_to(order: Order) -> ObjectionReply:
    return ObjectionReply(
        order_id=order.order_id,
        institution=order.institution,
        court=order.court.party,
        decision=Decision.DISMISSED,
        documents=(paper(DocumentKind.REPLY),),
        sent_at=START,
    )


def test_patient_court_has_every_freeze_once(tmp_path: Path) -> None:
    orders = [make_freeze(place, one) for place in range(6) for one in FREEZABLE]
    base = free_ports(len(PARTIES))

    with running_institutions(tmp_path, port_base=base, seed=SEED) as institutions:
        institutions.set_clock(START)
        key = institutions.court_key("court-yuhu")
        court = PatientCourt(CourtClient(key, institutions.directory), list(orders))
        for _ in range(ROUNDS):
            court.once_around()
            institutions.set_clock(hours=24)
        entered = [
            freeze["freeze_order"]
            for party in PARTIES
            for freeze in institutions.book(party)["freezes"]
        ]

    assert court.open_orders == []
    assert sorted(entered) == sorted(str(order.order_id) for order in orders)
    assert {"Received", "Told", "Unknown", "BadAnswer"} == set(court.heard)


def make_freeze(place: int, reference: str) -> Order:
    """The same number in every run: the seed draws the behaviour by it."""
    order_id = uuid5(NAMESPACE_URL, f"{place}/{reference}")
    is_money = OBJECTS[reference][1].is_money
    fen = 1_000 + place if is_money else None
    return order_on(reference, order_id=order_id, amount=fen)
