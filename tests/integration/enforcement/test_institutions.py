"""Institutions: entered by a bureau, trusted by a president's word, tried, switched."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from factories import make_staff
from factories_inquiries import WALLET, Bureau, NoTrail, fail_to_record
from factories_institutions import (
    PARTY,
    Office,
    key_text,
    letter_digits,
    make_entry,
    make_office,
    make_own_institution,
)
from integration.gateways.institution_ground import PARTIES
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.enforcement import courts
from zhipo.enforcement.actions import institution_keys, institutions, lines
from zhipo.enforcement.actions.institution_keys import (
    confirm_key,
    discard_key,
    enter_key,
)
from zhipo.enforcement.actions.institutions import (
    Details,
    describe_institution,
    register_institutions,
    switch_institution,
)
from zhipo.enforcement.actions.lines import try_line
from zhipo.enforcement.entries import BadEntries
from zhipo.enforcement.models import Institution, InstitutionKey
from zhipo.enforcement.states import LineState
from zhipo.gateways.institutions.client import CourtClient
from zhipo.gateways.institutions.keys import new_private_key
from zhipo.gateways.institutions.messages import ObjectKind
from zhipo.gateways.institutions.refusals import BadMessage
from zhipo.gateways.institutions.signing import Exchange, Raw, check_signature
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(bureau: Bureau) -> Office:
    return make_office(bureau.court)


def recorded(event: Event) -> list[Entry]:
    return list(Entry.objects.filter(event=event).order_by("pk"))


def faults(refused: Any) -> list[tuple[int, str, str]]:
    return [(one.place, one.column, one.key) for one in refused.value.faults]


def state() -> tuple[list[Any], list[Any]]:
    """Both tables, every field."""
    return list(Institution.objects.values()), list(InstitutionKey.objects.values())


def is_trusted(party: str) -> bool:
    return party in {one.party for one in courts.directory().institutions()}


def test_entered_it_waits_for_the_president(office: Office) -> None:
    entry = make_entry()

    (made,) = register_institutions(entries=[entry], by=office.clerk)

    key = made.keys.get()
    assert (made.party, made.kind, made.holds) == (PARTY, "bank", ["bank_account"])
    assert not made.is_active
    assert key.confirmed_at is None
    assert not is_trusted(PARTY)
    (noted,) = recorded(Event.INSTITUTIONS_REGISTERED)
    assert noted.detail == {"count": 1, "keys": 1}
    assert "0731" not in str(noted.detail)


def test_one_of_the_directory_is_asked_at_once(office: Office) -> None:
    Institution.objects.filter(party="wallet-green").delete()
    entry = make_entry(party="wallet-green", address="", key_id="", public_key="")

    (made,) = register_institutions(entries=[entry], by=office.judge)

    assert made.is_active
    assert not made.keys.exists()
    assert is_trusted("wallet-green")


def test_the_same_again_is_the_same_row(office: Office) -> None:
    entry = make_entry()
    first = register_institutions(entries=[entry], by=office.clerk)
    before = state()

    again = register_institutions(entries=[entry], by=office.clerk)

    assert again == first
    assert state() == before
    assert len(recorded(Event.INSTITUTIONS_REGISTERED)) == 1


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"party": "Bank River"}, ("party", "party")),
        ({"name": " "}, ("institution", "required")),
        ({"name": "行" * 201}, ("institution", "too_long")),
        ({"contact": "a\x00b"}, ("contact", "control")),
        ({"address": "http://inquiry.river.example"}, ("server_address", "server_address")),
        ({"address": "https://river.example/?q=1"}, ("server_address", "server_address")),
        ({"address": "https://a:b@river.example"}, ("server_address", "server_address")),
        ({"address": "https://river.example/"}, ("server_address", "server_address")),
        ({"address": ""}, ("server_address", "server_address")),
        ({"key_id": ""}, ("key_id", "required")),
        ({"public_key": "AAAA"}, ("public_key", "public_key")),
        ({"public_key": "not a key"}, ("public_key", "public_key")),
        ({"party": "court-yuhu"}, ("party", "in_directory_court")),
        ({"party": "wallet-green"}, ("party", "in_directory_institution")),
        ({"key_id": "court-yuhu-1"}, ("key_id", "key_taken")),
        ({"key_id": "wallet-green-1"}, ("key_id", "key_taken")),
        ({"address": "", "key_id": "", "public_key": ""}, ("party", "not_in_directory")),
    ],
)
def test_what_is_wrong_is_named_and_nothing_entered(
    office: Office, change: dict[str, Any], fault: tuple[str, str]
) -> None:
    before = state()

    with pytest.raises(BadEntries) as refused:
        register_institutions(
            entries=[make_entry(party="bank-good", key_id="good-1"),
                     make_entry(place=3, **change)],
            by=office.clerk,
        )  # fmt: skip

    assert (3, *fault) in faults(refused)
    assert refused.value.faults[0].sentence
    assert state() == before


def test_two_of_one_code_and_other_content_are_refused(office: Office) -> None:
    register_institutions(entries=[make_entry()], by=office.clerk)
    before = state()

    with pytest.raises(BadEntries) as twice:
        register_institutions(
            entries=[make_entry(place=2), make_entry(place=3)], by=office.clerk
        )
    with pytest.raises(BadEntries) as taken:
        register_institutions(entries=[make_entry(name="别家银行")], by=office.clerk)
    with pytest.raises(BadEntries) as nothing:
        register_institutions(entries=[], by=office.clerk)

    assert {key for *_, key in faults(twice)} == {"stands_twice"}
    assert faults(taken) == [(0, "party", "institution_taken")]
    assert faults(nothing) == [(0, "", "no_institution")]
    assert state() == before


def test_a_president_compares_the_fingerprint(office: Office) -> None:
    (made,) = register_institutions(entries=[make_entry()], by=office.clerk)
    key = made.keys.get()
    typed = " ".join(letter_digits(key)[one : one + 4] for one in (0, 4, 8)).upper()

    confirm_key(key_id=key.pk, digits=typed, by=office.president)

    key.refresh_from_db()
    assert key.confirmed_by == office.president
    assert key.since is not None
    assert is_trusted(PARTY)
    (noted,) = recorded(Event.INSTITUTION_KEY_CONFIRMED)
    assert noted.detail["fingerprint"] == key.fingerprint
    confirm_key(key_id=key.pk, digits="", by=office.president)
    assert len(recorded(Event.INSTITUTION_KEY_CONFIRMED)) == 1


def test_other_digits_or_too_few_confirm_nothing(office: Office) -> None:
    (made,) = register_institutions(entries=[make_entry()], by=office.clerk)
    key = made.keys.get()
    before = state()

    for digits in ("0" * 12, letter_digits(key)[1:], "", " " * 12):
        with pytest.raises(NotInState, match="other_fingerprint"):
            confirm_key(key_id=key.pk, digits=digits, by=office.president)

    assert state() == before


def test_nobody_confirms_an_entry_of_their_own(office: Office) -> None:
    (made,) = register_institutions(entries=[make_entry()], by=office.president)
    key = made.keys.get()

    with pytest.raises(NotAllowed, match="own_entry"):
        confirm_key(key_id=key.pk, digits=letter_digits(key), by=office.president)

    assert not is_trusted(PARTY)


def test_a_discarded_key_makes_room_for_the_right_one(office: Office) -> None:
    (made,) = register_institutions(entries=[make_entry()], by=office.clerk)
    wrong = made.keys.get()
    right = key_text(new_private_key(PARTY, "x"))

    discard_key(key_id=wrong.pk, by=office.clerk)
    discard_key(key_id=wrong.pk, by=office.clerk)
    given = {"institution_id": made.pk, "key_id": wrong.key_id, "public_key": right}
    key = enter_key(**given, by=office.clerk)

    assert enter_key(**given, by=office.clerk) == key
    assert len(recorded(Event.INSTITUTION_KEY_DISCARDED)) == 1
    assert len(recorded(Event.INSTITUTION_KEY_ENTERED)) == 1
    with pytest.raises(NotInState, match="key_settled"):
        confirm_key(key_id=wrong.pk, digits=letter_digits(wrong), by=office.president)
    confirm_key(key_id=key.pk, digits=letter_digits(key), by=office.president)
    with pytest.raises(NotInState, match="key_settled"):
        discard_key(key_id=key.pk, by=office.clerk)


def test_a_name_of_a_key_stands_for_one_key(office: Office) -> None:
    made = make_own_institution(office, make_entry())
    other = key_text(new_private_key(PARTY, "y"))
    before = state()

    for name in (f"{PARTY}-1", "court-yuhu-1"):
        with pytest.raises(BadEntries) as refused:
            enter_key(
                institution_id=made.pk, key_id=name, public_key=other, by=office.clerk
            )
        assert faults(refused) == [(0, "key_id", "key_taken")]
    with pytest.raises(BadEntries) as bad:
        enter_key(institution_id=made.pk, key_id="new", public_key="?", by=office.clerk)

    assert faults(bad) == [(0, "public_key", "public_key")]
    assert state() == before


def change_key(office: Office, made: Institution, **given: Any) -> InstitutionKey:
    new = key_text(new_private_key(PARTY, "n"))
    key = enter_key(
        institution_id=made.pk, key_id=f"{made.party}-9", public_key=new, by=office.clerk
    )
    return confirm_key(
        key_id=key.pk, digits=letter_digits(key), by=office.president, **given
    )


def test_the_old_key_counts_a_day_and_proves_for_ever(office: Office) -> None:
    made = make_own_institution(office, make_entry())
    old = made.keys.get()

    new = change_key(office, made)

    old.refresh_from_db()
    assert old.until is not None
    assert old.until - new.since == timedelta(days=1)
    directory = courts.directory()
    for at in (old.since, timezone.now()):
        assert directory.key(old.key_id, at=at)[0].party == PARTY
    with pytest.raises(BadMessage, match="key_not_valid"):
        directory.key(old.key_id, at=old.until)


def test_a_lost_key_ends_at_once(office: Office) -> None:
    made = make_own_institution(office, make_entry())
    old = made.keys.get()

    change_key(office, made, is_old_lost=True)

    with pytest.raises(BadMessage, match="key_not_valid"):
        courts.directory().key(old.key_id, at=timezone.now())


def test_answers_of_before_a_change_are_still_proven(
    informed: Bureau, office: Office
) -> None:
    freeze = informed.freeze(WALLET)
    kept = freeze.order.answers.filter(is_good=True).first()
    assert kept is not None
    wallet = Institution.objects.get(party="wallet-green")

    change_key(office, wallet, is_old_lost=True)

    wallet.refresh_from_db()
    assert wallet.address == informed.ground.directory.party("wallet-green").address
    taken = wallet.keys.exclude(confirmed_at=None).filter(confirmed_by=None)
    assert {one.key_id for one in taken} == {"wallet-green-0", "wallet-green-1"}
    proven = check_signature(raw_of(kept), to="court-yuhu", directory=courts.directory())
    assert proven.party.party == "wallet-green"


def raw_of(kept: Any) -> Any:
    """A kept answer as it came, for its signature."""
    names = dict(kept.headers)
    exchange = Exchange(names.pop("method"), names.pop("path"), names.pop("status"))
    return Raw(exchange, names, base64.b64decode(kept.raw))


def test_only_who_is_switched_on_is_asked(bureau: Bureau, office: Office) -> None:
    silent = Institution.objects.get(party="wallet-green")
    switch_institution(institution_id=silent.pk, is_active=False, by=office.president)
    switch_institution(institution_id=silent.pk, is_active=False, by=office.president)

    asked = {one.institution.party for one in bureau.inquire()}

    assert asked == set(PARTIES) - {"wallet-green"}
    assert [one.detail for one in recorded(Event.INSTITUTION_SWITCHED)] == [
        {"is_active": False}
    ]


def test_without_a_confirmed_key_it_is_not_switched_on(office: Office) -> None:
    (made,) = register_institutions(entries=[make_entry()], by=office.clerk)

    with pytest.raises(NotInState, match="no_confirmed_key"):
        switch_institution(institution_id=made.pk, is_active=True, by=office.president)
    with pytest.raises(NotInState, match="no_confirmed_key"):
        try_line(institution_id=made.pk, by=office.clerk)

    made.refresh_from_db()
    assert not made.is_active


def test_details_change_and_the_address_is_the_presidents(office: Office) -> None:
    made = make_own_institution(office, make_entry())
    details = Details(
        name="大河银行", address=made.address, contact="x",
        holds=(ObjectKind.BANK_ACCOUNT, ObjectKind.SHOP),
    )  # fmt: skip

    describe_institution(institution_id=made.pk, details=details, by=office.clerk)
    describe_institution(institution_id=made.pk, details=details, by=office.clerk)

    made.refresh_from_db()
    assert (made.name, made.holds, made.contact) == (
        "大河银行",
        ["bank_account", "shop"],
        "x",
    )
    assert len(recorded(Event.INSTITUTION_CHANGED)) == 1
    moved = replace(details, address="https://new.river.example")
    with pytest.raises(NotAllowed, match="not_president"):
        describe_institution(institution_id=made.pk, details=moved, by=office.judge)
    with pytest.raises(NotInState, match="server_address"):
        describe_institution(
            institution_id=made.pk, details=replace(moved, address="x"), by=office.president
        )
    with pytest.raises(NotInState, match="no_name"):
        describe_institution(
            institution_id=made.pk, details=replace(moved, name=" "), by=office.clerk
        )
    describe_institution(institution_id=made.pk, details=moved, by=office.president)
    assert courts.directory().party(PARTY).address == "https://new.river.example"
    assert recorded(Event.INSTITUTION_CHANGED)[-1].detail == {"is_moved": True}


def test_the_line_works_and_the_day_is_kept(bureau: Bureau, office: Office) -> None:
    found = Institution.objects.get(party="bank-north")

    tested = try_line(institution_id=found.pk, by=office.clerk, client_of=bureau.client_of)

    assert tested.test_result == LineState.WORKS
    assert tested.tested_at is not None
    assert [one.detail for one in recorded(Event.INSTITUTION_TRIED)] == [
        {"result": "works"}
    ]


def test_nobody_at_home_and_a_key_that_is_not_theirs(
    bureau: Bureau, office: Office
) -> None:
    made = make_own_institution(office, make_entry(address="http://127.0.0.1:9"))

    def client_of(court: Any) -> CourtClient:
        return replace(bureau.client_of(court), directory=courts.directory())

    assert _result(made, office, client_of) is LineState.SILENT
    north = bureau.ground.directory.party("bank-north").address
    Institution.objects.filter(pk=made.pk).update(address=north)
    assert _result(made, office, client_of) is LineState.UNPROVEN


def _result(made: Institution, office: Office, client_of: Any) -> LineState:
    tested = try_line(institution_id=made.pk, by=office.clerk, client_of=client_of)
    return LineState(tested.test_result)


Act = Callable[[Office, Institution, Any], object]
ENTERING: dict[str, Act] = {
    "register": lambda _, made, by: register_institutions(
        entries=[make_entry(party="bank-new", key_id="new-1")], by=by
    ),
    "describe": lambda _, made, by: describe_institution(
        institution_id=made.pk, details=Details("新名", made.address), by=by
    ),
    "enter_key": lambda _, made, by: enter_key(
        institution_id=made.pk, key_id="k2", by=by,
        public_key=key_text(new_private_key(PARTY, "k")),
    ),
    "discard": lambda _, made, by: discard_key(key_id=waiting(made).pk, by=by),
}  # fmt: skip
DECIDING: dict[str, Act] = {
    "confirm": lambda _, made, by: confirm_key(
        key_id=waiting(made).pk, digits=letter_digits(waiting(made)), by=by
    ),
    "switch": lambda _, made, by: switch_institution(
        institution_id=made.pk, is_active=False, by=by
    ),
}
MODULE = {
    "enter_key": institution_keys, "discard": institution_keys, "confirm": institution_keys
}  # fmt: skip


def waiting(made: Institution) -> InstitutionKey:
    return made.keys.get(confirmed_at=None)


@pytest.fixture
def made(office: Office) -> Institution:
    """In use, with a further key that waits."""
    found = make_own_institution(office, make_entry())
    enter_key(
        institution_id=found.pk, key_id="k1", by=office.clerk,
        public_key=key_text(new_private_key(PARTY, "w")),
    )  # fmt: skip
    return found


@pytest.mark.parametrize("name", [*ENTERING, *DECIDING])
def test_others_change_nothing(office: Office, made: Institution, name: str) -> None:
    act = (ENTERING | DECIDING)[name]
    closed = [make_staff(Role.ADMINISTRATOR_LEAD), make_staff(Role.BANKRUPTCY_JUDGE)]
    if name in DECIDING:
        closed += [office.clerk, office.judge]
    before = state()

    for by in closed:
        with pytest.raises(NotAllowed):
            act(office, made, by)

    assert state() == before


@pytest.mark.parametrize("name", [*ENTERING, *DECIDING])
def test_a_failing_trail_undoes_the_act(
    office: Office, made: Institution, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = (ENTERING | DECIDING)[name]
    fail_to_record(monkeypatch, MODULE.get(name, institutions))
    before = state()

    with pytest.raises(NoTrail):
        act(office, made, office.president)

    assert state() == before


def test_a_try_that_cannot_be_recorded_is_not_kept(
    bureau: Bureau, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_record(monkeypatch, lines)
    found = Institution.objects.get(party="bank-north")

    with pytest.raises(NoTrail):
        try_line(institution_id=found.pk, by=office.clerk, client_of=bureau.client_of)

    found.refresh_from_db()
    assert found.tested_at is None


def test_who_works_in_no_bureau_tries_no_line(bureau: Bureau) -> None:
    found = Institution.objects.get(party="bank-north")

    with pytest.raises(NotAllowed, match="not_bureau"):
        try_line(institution_id=found.pk, by=make_staff(Role.BANKRUPTCY_JUDGE))

    assert not recorded(Event.INSTITUTION_TRIED)
