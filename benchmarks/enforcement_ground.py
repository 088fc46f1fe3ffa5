"""What the fault run of inquiries stands on: courts, people, institutions with books.

Six institutions run as processes over a folder of books; `SLOTS` debtors have their own
accounts there, one for each run, because a book's clock never goes back. Then a new folder.
"""

import json
import os
import random
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import make_server

from enforcement_people import FORK
from zhipo.gateways.institutions.messages import Debtor, ObjectKind, Title
from zhipo.gateways.institutions.sandbox.plan import (
    Movement,
    Plan,
    PlannedObject,
    Respondent,
    at_addresses,
    lay_out,
    read_plan,
)
from zhipo.gateways.institutions.sandbox.process import Quiet, Server, application
from zhipo.gateways.institutions.sandbox.running import Institutions
from zhipo.gateways.sandboxes.processes import HOST
from zhipo.kernel.identifiers import is_uscc

SLOTS = 5
SLOT_DAYS = 290
FIRST_DAY = datetime(2024, 6, 3, 1, 0, tzinfo=UTC)
"""Nine o'clock in China; payment accounts have their own law since May 2024."""

COURTS = {"court-yuhu": "湘潭市雨湖区人民法院", "court-yuetang": "湘潭市岳塘区人民法院"}
LAST_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
HELD: tuple[tuple[str, ObjectKind, str], ...] = (
    ("wallet-green", ObjectKind.PAYMENT_ACCOUNT, "A"),
    ("wallet-green", ObjectKind.PAYMENT_ACCOUNT, "B"),
    ("wallet-blue", ObjectKind.PAYMENT_ACCOUNT, "C"),
    ("bank-north", ObjectKind.BANK_ACCOUNT, "D"),
    ("bank-south", ObjectKind.BANK_ACCOUNT, "E"),
    ("platform-mall", ObjectKind.PLATFORM_DEPOSIT, "F"),
    ("platform-mall", ObjectKind.SHOP, "G"),
    ("platform-video", ObjectKind.SETTLEMENT_BALANCE, "H"),
)
"""What each debtor has, and the letter in its reference."""

READY_SECONDS = 60
THINGS = frozenset({ObjectKind.SHOP})


@dataclass(frozen=True)
class Slot:
    """One debtor's place in the books, and the day on which its run begins."""

    number: int
    name: str
    uscc: str

    @property
    def begins_at(self) -> datetime:
        return FIRST_DAY + timedelta(days=SLOT_DAYS * self.number)

    def reference(self, letter: str) -> str:
        return f"{letter}{self.number:03d}"

    @property
    def debtor(self) -> Debtor:
        return Debtor(name=self.name, uscc=self.uscc)


def slots() -> list[Slot]:
    return [Slot(one, f"演练{one}号科技有限公司", _uscc(one)) for one in range(SLOTS)]


def _uscc(number: int) -> str:
    begun = f"91430302MA4XK{number:04d}"
    return next(begun + last for last in LAST_CHARACTERS if is_uscc(begun + last))


def planned(chance: random.Random) -> Plan:
    """The default institutions with the slots' debtors for customers."""
    default = read_plan()
    respondents = tuple(
        Respondent(party=one.party, name=one.name,
                   objects=tuple(_objects(one.party, chance)))
        for one in default.institutions
    )  # fmt: skip
    return default.model_copy(update={"institutions": respondents})


def _objects(party: str, chance: random.Random) -> list[PlannedObject]:
    return [
        PlannedObject(
            kind=kind, reference=slot.reference(letter), label=f"账户{letter}",
            holder=slot.debtor, title=Title.DEBTORS,
            movements=() if kind in THINGS else _movements(chance),
        )
        for slot in slots()
        for holder, kind, letter in HELD
        if holder == party
    ]  # fmt: skip


def _movements(chance: random.Random) -> tuple[Movement, ...]:
    """Money that came in before the run: less than two freezes want, or more."""
    at = FIRST_DAY - timedelta(days=30)
    return tuple(
        Movement(at=at + timedelta(days=day), fen=chance.randint(50_000, 2_000_000),
                 counterparty="消费者")
        for day in range(2)
    )  # fmt: skip


class Network:
    """The institutions of one folder as processes, killed and started by name."""

    def __init__(self, home: Path, *, port_base: int, court_at: str, seed: int) -> None:
        shutil.rmtree(home, ignore_errors=True)
        plan = at_addresses(planned(random.Random(seed)), dict.fromkeys(COURTS, court_at))
        self.home, self.seed = home, seed
        self.directory = lay_out(plan, home, port_base=port_base)
        self.parties = [one.party for one in self.directory.institutions()]
        self._running: dict[str, BaseProcess] = {}

    def __enter__(self) -> "Network":
        for party in self.parties:
            self._start(party)
        running = Institutions(home=self.home, directory=self.directory, seed=self.seed)
        os.environ.update(running.settings())
        return self

    def __exit__(self, *_: object) -> None:
        for party in self.parties:
            self.kill(party)

    def set_clock(self, now: datetime) -> None:
        """The clock of all."""
        for party in self.parties:
            self._control(party, "clock", {"now": now.isoformat()})

    def kill(self, party: str) -> None:
        """kill -9, whatever it was working on."""
        process = self._running.pop(party)
        process.kill()
        process.join()

    def restart(self, party: str, now: datetime) -> None:
        """Start it again over its book."""
        self._start(party)
        self._control(party, "clock", {"now": now.isoformat()})

    def _start(self, party: str) -> None:
        """Another fork of this process; it has nothing of ours but what is loaded."""
        from django.db import connections

        connections.close_all()
        process = FORK.Process(
            target=_serve, args=(self.home, party, self.seed), daemon=True
        )
        process.start()
        self._running[party] = process

    def _control(self, party: str, name: str, content: dict[str, Any] | None) -> Any:
        """One of the sandbox's controls; without a client to set up for each."""
        where = urlsplit(self.directory.party(party).address)
        body = None if content is None else json.dumps(content)
        line = _line(where.hostname or "", where.port or 0)
        line.request("GET" if body is None else "POST", f"/sandbox/{name}", body)
        answer = line.getresponse()
        told = json.loads(answer.read())
        line.close()
        assert answer.status == HTTPStatus.OK, told
        return told

    def freezes(self, slot: Slot) -> dict[str, dict[str, Any]]:
        """Every freeze on a debtor's things, by the order that made it."""
        own = {slot.reference(letter) for *_, letter in HELD}
        return {
            one["freeze_order"]: one
            for party in self.parties
            for one in self._control(party, "book", None)["freezes"]
            if one["target"]["reference"] in own
        }

    def balances(self, slot: Slot) -> dict[str, int]:
        """Balance in fen of each account of a debtor's."""
        return {
            one["target"]["reference"]: one["balance"]["value"]
            for party in self.parties
            for one in self._control(party, "book", None)["holdings"]
            if one["holder"] == slot.uscc and one["balance"] is not None
        }

    def answered(self) -> dict[str, tuple[str, int]]:
        """Every order that has arrived anywhere: its state, how many answers it has."""
        found: dict[str, tuple[str, int]] = {}
        for party in self.parties:
            book = sqlite3.connect(f"file:{self.home / party}.sqlite?mode=ro", uri=True)
            rows = book.execute(
                "SELECT order_id, state, (SELECT count(*) FROM answer WHERE"
                " answer.order_id = arrival.order_id) FROM arrival"
            ).fetchall()
            book.close()
            assert not found.keys() & {row[0] for row in rows}
            found |= {order: (state, parts) for order, state, parts in rows}
        return found


def _line(host: str, port: int) -> HTTPConnection:
    """A connection to a process that may be just beginning to listen."""
    until = monotonic() + READY_SECONDS
    while True:
        line = HTTPConnection(host, port, timeout=READY_SECONDS)
        try:
            line.connect()
            return line
        except ConnectionRefusedError:
            assert monotonic() < until, f"nobody listens on {port}"
            sleep(0.01)


def _serve(home: Path, party: str, seed: int) -> None:
    made, poster = application(home, party, seed=seed)
    port = urlsplit(made.letters.directory.party(party).address).port
    assert port is not None
    with make_server(HOST, port, made, Server, Quiet) as server:
        poster.start()
        server.serve_forever()


@dataclass(frozen=True)
class People:
    """Who acts, by name: a judge at each court, a panel and a president at the first.

    `bankruptcy` is a judge at the second, which is above the first and receives from it.
    """

    judges: dict[str, int]
    courts: dict[str, int]
    administrator: int


def make_people() -> People:
    """The courts and their people, once for the installation."""
    from zhipo.accounts.models import Organisation
    from zhipo.accounts.roles import OrganisationKind, Role
    from zhipo.enforcement.models import CourtRank
    from zhipo.enforcement.referral_states import CourtLevel

    judges, courts = {}, {}
    for party, name in COURTS.items():
        court = Organisation.objects.create(kind=OrganisationKind.COURT, name=name)
        judges[party] = _official(f"judge-{party}", Role.ENFORCEMENT_JUDGE, court.pk)
        _official(f"president-{party}", Role.COURT_PRESIDENT, court.pk)
        courts[party] = court.pk
    first, second = courts.values()
    judges |= {
        "panel-1": _official("panel-1", Role.ENFORCEMENT_JUDGE, first),
        "panel-2": _official("panel-2", Role.ENFORCEMENT_JUDGE, first),
        "president": _official("president", Role.COURT_PRESIDENT, first),
        "bankruptcy": _official("bankruptcy", Role.BANKRUPTCY_JUDGE, second),
    }
    CourtRank.objects.create(court_id=second, level=CourtLevel.INTERMEDIATE)
    CourtRank.objects.create(court_id=first, level=CourtLevel.BASIC, above_id=second)
    firm = Organisation.objects.create(kind=OrganisationKind.ADMINISTRATOR, name="管理人")
    return People(judges, courts, firm.pk)


def _official(login: str, role: Any, court_id: int) -> int:
    from zhipo.accounts.models import Appointment, User

    user = User.objects.create(login=login, name=login, is_staff_member=True)
    Appointment.objects.create(
        user=user, organisation_id=court_id, role=role, since=date(2024, 1, 1)
    )
    return int(user.pk)


def clear() -> None:
    """Take away what the run before has left; the audit trail stays."""
    from django.db import connection

    from zhipo.web.database_role import as_owner

    with as_owner(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE enforcement_debtor, enforcement_institution CASCADE")
