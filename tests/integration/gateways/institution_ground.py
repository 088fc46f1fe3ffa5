"""A court and its client over the sandbox's institutions, in-process or over real HTTP."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from unit.gateways.orders import make_order
from zhipo.gateways.institutions.amounts import amount
from zhipo.gateways.institutions.answers import Answer, Status
from zhipo.gateways.institutions.client import CourtClient, Received, Told
from zhipo.gateways.institutions.keys import PRIVATE_FILE, Directory, read_private_key
from zhipo.gateways.institutions.messages import Act, Court, ObjectKind, Order, Target
from zhipo.gateways.institutions.sandbox.controls import Controls
from zhipo.gateways.institutions.sandbox.plan import COURTS, Plan, lay_out, read_plan
from zhipo.gateways.institutions.sandbox.posting import Poster
from zhipo.gateways.institutions.sandbox.process import application

START = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
PARTIES = tuple(one.party for one in read_plan().institutions)
OBJECTS = {
    thing.reference: (respondent.party, thing.target)
    for respondent in read_plan().institutions
    for thing in respondent.objects
}
WALLET, SHOP, BANK = "1600000001", "SHOP-7001", "6222000000000101"
WALLET_FEN, BANK_FEN = 128_643_015, 36_187_245


def order_on(reference: str, act: Act = Act.FREEZE, **changes: Any) -> Order:
    """A fresh order on an object of the plan, for the court of Yuhu unless told."""
    party, target = OBJECTS[reference]
    fields = {"order_id": uuid4(), "institution": party, "target": target, **changes}
    if isinstance(fields.get("amount"), int):
        fields["amount"] = amount(fields["amount"])
    if not target.is_money and act in (Act.FREEZE, Act.PARTIAL_LIFT, Act.DEDUCT):
        fields.setdefault("amount", None)
    return make_order(act, **fields)


def query_at(party: str, **changes: Any) -> Order:
    return make_order(order_id=uuid4(), institution=party, **changes)


def court(name: str) -> Court:
    """One of the plan's courts, by the last word of its party."""
    found = next(one for one in read_plan().courts if one.party == f"court-{name}")
    return Court(party=found.party, name=found.name)


@dataclass
class Ground:
    """The six institutions in this process, with their clocks at START."""

    home: Path
    directory: Directory
    controls: dict[str, Controls] = field(default_factory=dict)
    posters: dict[str, Poster] = field(default_factory=dict)
    http: httpx.Client = field(default_factory=httpx.Client)

    def client(self, name: str = "yuhu") -> CourtClient:
        key = read_private_key(f"court-{name}", {PRIVATE_FILE: str(self.home / COURTS)})
        return CourtClient(key, self.directory, http=self.http)

    def set_clock(self, to: datetime) -> None:
        for party in PARTIES:
            self.control(party, "clock", f'{{"now": "{to.isoformat()}"}}')

    def control(self, party: str, name: str, body: str = "") -> dict[str, Any]:
        method = "POST" if body else "GET"
        return self.controls[party].do(method, f"/sandbox/{name}", body.encode())

    def balance(self, reference: str) -> tuple[int, int]:
        """Balance and frozen sum of an account, in fen."""
        party, _ = OBJECTS[reference]
        holding = next(
            one
            for one in self.control(party, "book")["holdings"]
            if one["target"]["reference"] == reference
        )
        return holding["balance"]["value"], holding["frozen"]["value"]

    def done(self, order: Order, name: str = "yuhu") -> Answer:
        """Send an order and give its last answer."""
        return self.told(order, name).answers[-1]

    def told(self, order: Order, name: str = "yuhu") -> Status:
        client = self.client(name)
        sent = client.send(order)
        assert isinstance(sent, Received), sent
        return self.asked(order, name)

    def asked(self, order: Order, name: str = "yuhu") -> Status:
        told = self.client(name).ask(order)
        assert isinstance(told, Told), told
        return told.status

    def freeze(
        self, reference: str, fen: int | None = None, name: str = "yuhu", **changes: Any
    ) -> Order:
        """A freeze that was carried out."""
        if fen is not None:
            changes["amount"] = fen
        order = order_on(reference, court=court(name), **changes)
        answer = self.done(order, name)
        assert answer.freeze is not None, answer.refusal
        return order


def lay_ground(
    home: Path, *, seed: int = 0, plan: Plan | None = None, start: datetime = START
) -> Ground:
    """Institutions without processes: the same applications behind httpx."""
    ground = ground_over(home, lay_out(plan or read_plan(), home, port_base=1), seed=seed)
    ground.set_clock(start)
    return ground


def ground_over(home: Path, directory: Directory, *, seed: int = 0) -> Ground:
    """The institutions of a folder that `lay_ground` has made, or of a copy of one."""
    ground = Ground(home, directory)
    mounts: dict[str, httpx.BaseTransport] = {}
    for party in PARTIES:
        made, ground.posters[party] = application(home, party, seed=seed)
        ground.controls[party] = made.controls
        mounts[directory.party(party).address] = httpx.WSGITransport(app=made)
    ground.http = httpx.Client(mounts=mounts, trust_env=False)
    return ground


Finder = Callable[[Any], Order | None]
RESERVE = Target(kind=ObjectKind.RESERVE_ACCOUNT, reference="RESERVE-GREEN")
LAST_DAY = date(2026, 3, 3)
"""One year from START: the limit for deposits and payment accounts."""
