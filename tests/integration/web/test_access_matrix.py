"""Every person at every address: who comes in, who is sent away, who changes nothing.

Generated from the URL map: an address without a rule, or with a gap that nothing fills,
fails here.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from devices import device_of
from integration.web.addresses import (
    HALF_WAY,
    NOBODY,
    OTHER_BUREAU,
    OTHER_CREDITOR,
    OTHER_JUDGE,
    OTHER_LEAD,
    OWN,
    PEOPLE,
    SECRETS,
    WITHOUT_DOOR,
    Address,
    World,
    addresses,
)
from integration.web.bundle_addresses import BUNDLE_THINGS
from integration.web.bureau_addresses import BUREAU_THINGS
from integration.web.cost_addresses import COST_THINGS
from integration.web.payment_addresses import PAYMENT_THINGS
from integration.web.payout_addresses import PAYOUT_THINGS
from integration.web.plan_addresses import PLAN_THINGS
from zhipo.accounts import limits
from zhipo.accounts.roles import ADMINISTRATOR, BANKRUPTCY_COURT, Role
from zhipo.enforcement.queries.debtors import BUREAU
from zhipo.portals.access import ALL, MACHINES

pytestmark = pytest.mark.django_db

READERS = ADMINISTRATOR | BANKRUPTCY_COURT
OFFICES = {"api:register_cases": {Role.ENFORCEMENT_JUDGE, Role.COURT_CLERK}}
"""Routes of the API that others are let in to than READERS."""

STRANGERS = {OTHER_CREDITOR, OTHER_JUDGE, OTHER_LEAD, OTHER_BUREAU}
ROLE_OF = {
    OTHER_CREDITOR: Role.CREDITOR,
    OTHER_JUDGE: Role.BANKRUPTCY_JUDGE,
    OTHER_LEAD: Role.ADMINISTRATOR_LEAD,
    OTHER_BUREAU: Role.ENFORCEMENT_JUDGE,
    HALF_WAY: Role.ADMINISTRATOR_LEAD,
}
IN, AWAY, NOT_YOURS, NOT_THERE, NO_TOKEN = "in", "sign in", "403", "404", "401"
ENTERED = {200, 202, 302, 400, 405, 409, 415, 422}
"""Past the door: shown, sent on, or a form that lacks something."""

BY_POWER = {403, 404}
"""Past the door, but the powers table or the state of the thing says no."""

THINGS = {"claim_id", "paper_id", "objection_id", "question_id", "clock_id", "round_id",
          "document_id", "version", "task_id",
          *BUREAU_THINGS, *BUNDLE_THINGS, *PLAN_THINGS, *PAYMENT_THINGS,
          *PAYOUT_THINGS, *COST_THINGS}  # fmt: skip
"""Gaps that name a thing of a case."""

NO_THING = {"desk:export_register": "its version is a kind of register, in every case"}

NOT_DEMO = {"entry:outbox": "is there in a demonstration only"}
SIGNED = {
    "network:answers": "an institution's signature opens it, nobody's token",
    "hooks:payouts": "a payment channel's signature opens it, nobody's token",
}
LEFT = {
    "accounts_attempt": "requests are counted",
    "accounts_apitoken": "the last use of a token is noted",
    "otp_totp_totpdevice": "/enter/code makes the secret that it shows to a newcomer",
    "claims_message": "a message that its reader was shown is read",
}
"""What looking at a page may change, and why."""

DATA = r"\b(?:src=|type=\"application/json\")"
INLINE = re.compile(
    rf"<script(?![^>]*{DATA})|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)
"""What runs or paints from the page itself; JSON for a script to read is neither."""


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, whole: World) -> World:
    monkeypatch.setattr(limits, "API_BY_TOKEN", limits.Limit("api_by_token", 10**6, 1))
    return whole


@dataclass
class Look:
    """What one person was shown at every address, held against the rules."""

    person: str
    wrong: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)

    def add(self, one: Address, answer: Any) -> None:
        expected, text = _expected(one, self.person), _text(answer)
        if not _is_right(expected, answer, one):
            self.wrong.append(f"{one.route}: expected {expected}, got {_told(answer)}")
        if expected == IN and answer.status_code in ENTERED:
            self.opened.add(one.name)
        if not _may_know(self.person):
            self.leaks += [f"{one.route}: {secret}" for secret in SECRETS if secret in text]
        faults = _faults(one, answer, text)
        self.faults += [f"{one.route} as {self.person}: {fault}" for fault in faults]


@pytest.fixture(scope="module")
def seen() -> dict[str, Look]:
    """Who has been at every address already: looking again would show the same."""
    return {}


@pytest.fixture
def look(world: World, seen: dict[str, Look]) -> Callable[[str], Look]:
    """`look(person)`: every address as they are shown it."""

    def look_as(person: str) -> Look:
        if person not in seen:
            seen[person] = _looked(world, person)
        return seen[person]

    return look_as


def _looked(world: World, person: str) -> Look:
    found, client = Look(person), _client(world, person)
    before = _content()
    for one in addresses():
        found.add(one, client.get(one.filled(world.values)))
    found.changed = _changed(before, _content())
    return found


def test_every_address_has_a_rule() -> None:
    found = {one.name for one in addresses() if one.who is None}

    assert found == set(WITHOUT_DOOR)


def test_every_gap_of_an_address_is_filled(world: World) -> None:
    unfilled = [
        f"{one.route}: {gap}"
        for one in addresses()
        for gap in one.gaps
        if one.key(gap, world.values) not in world.values
    ]

    assert unfilled == []


def test_everybody_of_the_roles_is_here(world: World) -> None:
    assert set(world.people) == set(PEOPLE)
    assert set(Role) < set(PEOPLE)


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_is_shown_what_the_rules_say(
    person: str, look: Callable[[str], Look]
) -> None:
    found = look(person)

    assert found.wrong == []
    assert found.leaks == []
    assert found.changed == []


@pytest.mark.parametrize("person", PEOPLE)
def test_whoever_has_no_right_changes_nothing(person: str, world: World) -> None:
    client = _client(world, person)
    closed = [
        one for one in addresses()
        if one.who is not None and _expected(one, person) != IN
    ]  # fmt: skip
    before = _content()

    answers = [(one, _post(client, one, world)) for one in closed]

    wrong = [
        f"{one.route}: expected {_expected(one, person)}, got {_told(answer)}"
        for one, answer in answers
        if not _is_right(_expected(one, person), answer, one)
    ]
    assert wrong == []
    assert _changed(before, _content()) == []


@pytest.mark.parametrize("person", sorted(STRANGERS))
def test_nothing_is_reached_through_the_address_of_another_case(
    person: str, world: World
) -> None:
    """The slug of one's own case, the number of a thing in somebody else's."""
    client = _client(world, person)
    values = world.values | world.other_values
    role = ROLE_OF[person]
    inside = [
        one
        for one in addresses()
        if set(one.gaps) & THINGS and one.name not in NO_THING
        if one.who == MACHINES or role in (one.who or ())
    ]
    before = _content()

    answers = [
        (one, answer)
        for one in inside
        for answer in (client.get(one.filled(values)), client.post(one.filled(values), {}))
    ]

    wrong = [
        f"{one.route}: {_told(answer)}"
        for one, answer in answers
        if answer.status_code not in (401, 403, 404, 405)
    ]
    assert len(inside) > 5
    assert wrong == []
    assert _changed(before, _content()) == []


def test_a_claim_named_in_a_form_must_be_ones_own(world: World) -> None:
    people = (OTHER_CREDITOR, Role.ADMINISTRATOR_LEAD, NOBODY)
    clients = [_client(world, person) for person in people]
    before = _content()

    for client in clients:
        for slug in (world.case.slug, world.other.slug):
            posted = {"claim": [str(world.values["claim_id"])]}
            assert client.post(f"/c/{slug}/file", posted).status_code in (302, 403, 404)

    assert _changed(before, _content()) == []


def test_every_address_opens_for_somebody(look: Callable[[str], Look]) -> None:
    opened = {name for person in (NOBODY, *Role) for name in look(person).opened}

    never = {*NOT_DEMO, *SIGNED, "api:unknown"}
    shut = {one.name for one in addresses()} - opened - never
    assert shut == set()


def test_every_answer_has_its_headers(look: Callable[[str], Look]) -> None:
    assert [fault for person in (NOBODY, *Role) for fault in look(person).faults] == []


def _expected(one: Address, person: str) -> str:
    """What the table of rules says of this person at this address."""
    role = ROLE_OF.get(person, person)
    if one.who in (None, ALL):
        return IN
    if one.who == MACHINES:
        return _expected_of_machine(one, person, role)
    if person == NOBODY:
        return AWAY
    if person == HALF_WAY and Role.CREDITOR not in one.who:
        return AWAY
    if role not in one.who:
        return NOT_YOURS
    return IN if _is_of_case(one, person) else NOT_THERE


def _expected_of_machine(one: Address, person: str, role: str) -> str:
    if one.name in SIGNED:
        return NO_TOKEN
    if one.name in ("api:unknown", "api:get_health"):
        return NOT_THERE if one.name == "api:unknown" else IN
    if person in (NOBODY, HALF_WAY, Role.CREDITOR, OTHER_CREDITOR):
        return NO_TOKEN
    if role not in OFFICES.get(one.name, READERS):
        return NOT_YOURS
    return NOT_THERE if "slug" in one.gaps and person in STRANGERS else IN


def _is_of_case(one: Address, person: str) -> bool:
    """Whether somebody with the right role has to do with the thing in the address."""
    if person == OTHER_CREDITOR:
        return not {"claim_id", "paper_id"} & set(one.gaps)
    if "slug" not in one.gaps or person == Role.CREDITOR:
        return True
    if one.name.startswith("bureau:"):
        return person in BUREAU
    return person in OWN and person != Role.ENFORCEMENT_JUDGE


def _is_right(expected: str, answer: Any, one: Address) -> bool:
    status, goes_to = answer.status_code, answer.headers.get("Location", "")
    is_away = status == 302 and ("sign-in" in goes_to or goes_to.startswith("/enter/"))
    if expected == IN:
        is_door = one.who not in (None, ALL) and is_away and "?next=" in goes_to
        return (status in ENTERED | BY_POWER and not is_door) or one.name in NOT_DEMO
    if expected == AWAY:
        return is_away
    if expected == NOT_THERE and "api:" not in one.name:
        # A claim that is not there and one that is not yours are refused in one voice.
        return status in (403, 404, 405)
    # A method that an address does not have is refused before anybody is asked.
    return status in {{NOT_YOURS: 403, NOT_THERE: 404, NO_TOKEN: 401}[expected], 405}


def _may_know(person: str) -> bool:
    return person == Role.CREDITOR or person in READERS


def _told(answer: Any) -> str:
    return f"{answer.status_code} {answer.headers.get('Location', '')}"


def _text(answer: Any) -> str:
    if answer.streaming:
        return b"".join(answer.streaming_content).decode(errors="replace")
    return str(answer.content.decode(errors="replace"))


def _faults(one: Address, answer: HttpResponse, text: str) -> list[str]:
    """What an answer lacks of the headers that every answer has."""
    policy = answer.headers.get("Content-Security-Policy", "")
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    is_private = one.who not in (None, ALL) and answer.status_code == 200
    checks = {
        "no policy": "default-src 'none'" in policy,
        "unsafe policy": "unsafe" not in policy,
        "sniffing": answer.headers.get("X-Content-Type-Options") == "nosniff",
        "frames": answer.headers.get("X-Frame-Options") == "DENY",
        "kept by caches": not is_private
        or "no-store" in answer.headers.get("Cache-Control", ""),
        "inline script or style": not is_page or not INLINE.search(text),
        "broken": answer.status_code < 500,
    }
    return [name for name, is_good in checks.items() if not is_good]


def _client(world: World, person: str) -> Client:
    """A browser and a program of the person's in one: cookie and token."""
    device = device_of(world.people[person], is_second_factor=person != HALF_WAY)
    if person in world.keys:
        device.defaults["HTTP_AUTHORIZATION"] = f"Bearer {world.keys[person]}"
    device.defaults["HTTP_IDEMPOTENCY_KEY"] = "matrix-00000001"
    return device


def _post(client: Client, one: Address, world: World) -> Any:
    path = one.filled(world.values)
    if one.who == MACHINES and path.endswith("/evidence"):
        return client.post(path, {"books": SimpleUploadedFile("a.csv", b"a,b\n")})
    if one.who == MACHINES:
        body = {"rows": [PAPER]} if path.endswith("/batch") else PAPER
        return client.post(path, json.dumps(body), content_type="application/json")
    return client.post(path, {})


PAPER = {
    "reference": "X-1",
    "received_on": "2026-01-01",
    "kind": "supplier",
    "claimant": "别人",
    "claimed_fen": 1,
}


def _content() -> dict[str, tuple[int, str]]:
    """Table -> how many rows, and a digest of them."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if name not in LEFT:
                table = connection.ops.quote_name(name)
                cursor.execute(
                    "SELECT count(*), md5(coalesce(string_agg(t::text, '|'"
                    f" ORDER BY t::text), '')) FROM {table} t"
                )
                found[name] = cursor.fetchone()
    return found


def _changed(
    before: dict[str, tuple[int, str]], after: dict[str, tuple[int, str]]
) -> list[str]:
    return [name for name in after if after[name] != before[name]]
