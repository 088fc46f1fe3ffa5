"""A court on the inquiry network, its institutions in this process, a debtor they know."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any
from uuid import uuid4

import httpx
import pytest

from factories import make_debtor, make_enforcement_case, make_staff
from integration.gateways.institution_ground import START, Ground, ground_over, lay_ground
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import OrganisationKind, Role
from zhipo.enforcement.actions import sending
from zhipo.enforcement.actions.freezing import order_freeze
from zhipo.enforcement.actions.inquiring import inquire_everywhere
from zhipo.enforcement.models import (
    BureauNotice,
    Debtor,
    EnforcementCase,
    Freeze,
    InquiryAnswer,
    InquiryObjection,
    InquiryOrder,
    Institution,
    Property,
)
from zhipo.enforcement.policies.freezing import FreezeWanted
from zhipo.gateways.institutions.client import CourtClient
from zhipo.gateways.institutions.keys import DIRECTORY, PRIVATE_FILE, Directory
from zhipo.gateways.institutions.moments import china_day
from zhipo.gateways.institutions.sandbox.behaviour import Behaviour, Manner
from zhipo.gateways.institutions.sandbox.desk import HangUp
from zhipo.gateways.institutions.sandbox.plan import COURTS
from zhipo.gateways.institutions.sandbox.plan import DIRECTORY as DIRECTORY_FILE
from zhipo.privacy.columns import lookup_hash

USCC = "91430302MA4XJ0001C"
NAMES = {
    "yuhu": "湘潭市雨湖区人民法院",
    "yuetang": "湘潭市岳塘区人民法院",
    "kaifu": "长沙市开福区人民法院",
}
KINDS = {"wallet": "payment", "bank": "bank", "platform": "platform"}


def make_institutions(directory: Directory) -> list[Institution]:
    """Every institution of the directory, by the kind its name begins with."""
    return [
        Institution.objects.create(
            party=one.party, name=one.name, kind=KINDS[one.party.split("-")[0]]
        )
        for one in directory.institutions()
    ]


def make_court(name: str = "yuhu") -> Organisation:
    """One of the courts that the sandbox's directory knows."""
    return Organisation.objects.get_or_create(
        kind=OrganisationKind.COURT, name=NAMES[name]
    )[0]


@dataclass
class Line(httpx.BaseTransport):
    """The way to the institutions in this process: who hangs up breaks the connection."""

    inner: httpx.Client

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            came = self.inner.send(request)
        except HangUp as error:
            raise httpx.ReadError("hung up") from error
        return httpx.Response(came.status_code, headers=came.headers, content=came.content)


def client_over(ground: Ground, court: Organisation) -> CourtClient:
    """A court's client over the institutions in this process."""
    found = next(name for name, words in NAMES.items() if words == court.name)
    line = httpx.Client(transport=Line(ground.http))
    return replace(ground.client(found), http=line)


@dataclass
class Bureau:
    """A court with its people, one case against a known debtor, and a clock."""

    ground: Ground
    court: Organisation
    judge: User
    case: EnforcementCase
    now: datetime = START

    @property
    def debtor(self) -> Debtor:
        return self.case.debtor

    def client_of(self, court: Organisation) -> CourtClient:
        return client_over(self.ground, court)

    def chase(self, rounds: int = 4, *, hours: int = 0) -> None:
        """Let the jobs run a few times, the clock of all moving on in between."""
        for _ in range(rounds):
            self.step(minutes=0 if hours else 5, hours=hours)
            sending.chase(self.now, client_of=self.client_of)

    def step(self, *, minutes: int = 0, hours: int = 0, days: int = 0) -> None:
        """Move every clock on."""
        self.now += timedelta(minutes=minutes, hours=hours, days=days)
        self.ground.set_clock(self.now)

    def behave(self, party: str, manner: Manner, **given: Any) -> None:
        """How an institution meets the next order."""
        body = Behaviour(manner=manner, **given).model_dump_json()
        self.ground.control(party, "behaviour", body)

    def inquire(self) -> list[InquiryOrder]:
        return inquire_everywhere(
            case_id=self.case.pk, form_key="f1", by=self.judge, now=self.now
        )

    def found(self, reference: str) -> Property:
        """A property by what its institution calls it."""
        return Property.objects.get(reference_hash=lookup_hash("account", reference))

    def freeze(self, reference: str, fen: int | None = 1_000_000, **given: Any) -> Freeze:
        """A freeze that was ordered, answered and confirmed."""
        freeze = self.order(reference, fen, **given)
        self.chase()
        freeze.refresh_from_db()
        return freeze

    def order(self, reference: str, fen: int | None = 1_000_000, **given: Any) -> Freeze:
        """A freeze that was ordered, of which nothing has left yet."""
        until = given.pop("until", self.today + timedelta(days=300))
        reason = given.pop("reason", "")
        thing = self.found(reference)
        values = {
            "case_id": self.case.pk,
            "wanted": FreezeWanted(thing.pk, fen, until, reason),
            "form_key": f"f-{reference}",
            "by": self.judge,
            "now": self.now,
        }
        return order_freeze(**{**values, **given})

    @property
    def today(self) -> date:
        return china_day(self.now)


def make_bureau(home: Path, monkeypatch: pytest.MonkeyPatch, **given: Any) -> Bureau:
    """A court whose installation is connected to six institutions, all well-behaved."""
    ground = lay_ground(home)
    connect(home, monkeypatch)
    make_institutions(ground.directory)
    court = make_court()
    debtor = make_debtor(name="湘潭鲜享家科技有限公司", credit_code=USCC)
    case = make_enforcement_case(court=court, debtor=debtor, **given)
    return Bureau(ground, court, make_staff(Role.ENFORCEMENT_JUDGE, court), case)


def connect(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Directory and keys of the courts as the environment names them."""
    monkeypatch.setenv(DIRECTORY, str(home / DIRECTORY_FILE))
    monkeypatch.setenv(PRIVATE_FILE, str(home / COURTS))


def bureau_again(made: Bureau, home: Path, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """The same court in a later test, over a copy of the institutions' books."""
    copytree(made.ground.home, home)
    connect(home, monkeypatch)
    return Bureau(
        ground_over(home, made.ground.directory),
        Organisation.objects.get(pk=made.court.pk),
        User.objects.get(pk=made.judge.pk),
        EnforcementCase.objects.get(pk=made.case.pk),
        made.now,
    )


WALLET, WALLET_B, CUSTODY = "1600000001", "1600000002", "2088000000000012"
BANK, SHOP, DEPOSIT = "6222000000000101", "SHOP-7001", "DEP-7001"


class NoTrail(RuntimeError):
    """The audit trail that cannot be written."""


def fail_to_record(monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    """Have the trail fail in one module of acts."""

    def fail(*_: Any, **__: Any) -> None:
        raise NoTrail

    monkeypatch.setattr(module, "record", fail)


def make_inquiry(case: EnforcementCase) -> dict[str, int]:
    """One of everything that hangs on an inquiry, without documents behind it."""
    at = datetime.now(UTC)
    institution = Institution.objects.create(
        party=f"bank-{case.pk}", name="北方银行", kind="bank"
    )
    thing = Property.objects.create(
        debtor=case.debtor, institution=institution, kind="bank_account", label="基本户",
        reference="62220001", reference_hash=lookup_hash("account", "62220001"),
        value_fen=100, available_fen=60, as_of=at, found_by="order 1", title="disputed",
        queue=[{"rank": 1, "court": "x", "number": "y", "limit_fen": 40, "frozen_fen": 40,
                "until": "2030-01-01"}],
    )  # fmt: skip
    order = InquiryOrder.objects.create(
        order_id=uuid4(), act_key=f"freeze:{case.pk}", case=case, institution=institution,
        act="freeze", target=thing, fen=40, body="{}", body_sha256="0" * 64,
        state="objected", ordered_at=at, answer_by=at, ask_at=at,
    )  # fmt: skip
    freeze = Freeze.objects.create(
        case=case, target=thing, order=order, kind="bank_deposit", limit_fen=40,
        frozen_fen=40, state="in_force", rank=1, as_of=at,
        until=at.date() + timedelta(days=20),
    )  # fmt: skip
    InquiryAnswer.objects.create(
        order=order, sha256="1" * 64, raw="e30=", came_by="poll", came_at=at,
        is_good=False, reason="unknown_unit", detail="amount",
    )  # fmt: skip
    objection = InquiryObjection.objects.create(
        order=order, part=1, raised_by="third_party", name="张某", text="归我所有",
        raised_at=at, reply_by=at.date(),
    )  # fmt: skip
    notice = BureauNotice.objects.create(
        key=f"k{case.pk}", court=case.court, role=Role.ENFORCEMENT_JUDGE, case=case,
        debtor=case.debtor, phrase="enforcement.notice.bad_answer", at=at,
        values={"institution": institution.name, "act": "freeze", "reason": "not_json"},
    )  # fmt: skip
    return {
        "inquiry_id": order.pk,
        "property_id": thing.pk,
        "freeze_id": freeze.pk,
        "objection_id": objection.pk,
        "notice_id": notice.pk,
    }
