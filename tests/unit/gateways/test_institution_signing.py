"""Any change to a signed message is refused, and so is a second or a late use of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.gateways.orders import make_order, make_parties
from zhipo.gateways.institutions.keys import (
    DIRECTORY,
    PRIVATE_FILE,
    PRIVATE_KEYS,
    Directory,
    NoKeys,
    new_private_key,
    read_directory,
    read_private_key,
    write_private_keys,
)
from zhipo.gateways.institutions.nonces import NonceFile
from zhipo.gateways.institutions.refusals import BadMessage, Reason
from zhipo.gateways.institutions.signing import (
    HEADERS,
    KEY,
    NONCE,
    SIGNATURE,
    SKEW,
    Exchange,
    Raw,
    Signer,
    check_request,
    check_response,
    check_signature,
)

NOW = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
PATH = "/zhipo-inquiry/v1/orders"
DIRECTORY_OF_ALL, KEYS = make_parties()
BODY = make_order().to_bytes()
SIGNER = Signer(KEYS["court-yuhu"], lambda: NOW)


def signed(body: bytes = BODY, *, to: str = "wallet-a", signer: Signer = SIGNER) -> Raw:
    exchange = Exchange("POST", PATH)
    return Raw(exchange, signer.request(exchange, body, to=to), body)


SIGNED = signed()


class Memory:
    def __init__(self) -> None:
        self.seen: set[tuple[str, str]] = set()

    def is_new(self, key_id: str, nonce: str, *, at: datetime) -> bool:
        is_new = (key_id, nonce) not in self.seen
        self.seen.add((key_id, nonce))
        return is_new


def check(raw: Raw, *, now: datetime = NOW, memory: Memory | None = None) -> str:
    proven = check_request(
        raw,
        to="wallet-a",
        directory=DIRECTORY_OF_ALL,
        now=now,
        nonces=memory or Memory(),
    )
    return proven.party.party


def reason_of(raw: Raw, *, now: datetime = NOW, memory: Memory | None = None) -> Reason:
    with pytest.raises(BadMessage) as refused:
        check(raw, now=now, memory=memory)
    return refused.value.reason


def test_signed_request_names_its_sender() -> None:
    assert check(SIGNED) == "court-yuhu"


@settings(deadline=None)
@given(data=st.data())
def test_any_change_of_the_body_is_refused(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(BODY) - 1))
    other = data.draw(st.integers(1, 255))
    how = data.draw(st.sampled_from(("change", "cut", "add")))
    body = {
        "change": BODY[:at] + bytes([BODY[at] ^ other]) + BODY[at + 1 :],
        "cut": BODY[:at] + BODY[at + 1 :],
        "add": BODY[:at] + bytes([other]) + BODY[at:],
    }[how]
    if body == BODY:  # a byte cut out of or put into a run of its own kind
        return

    assert reason_of(replace(SIGNED, body=body)) is Reason.WRONG_SIGNATURE


@settings(deadline=None)
@given(
    name=st.sampled_from(HEADERS),
    value=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=90),
)
def test_any_other_value_of_a_header_is_refused(name: str, value: str) -> None:
    if value == SIGNED.headers[name]:
        return

    assert reason_of(replace(SIGNED, headers={**SIGNED.headers, name: value}))


@settings(deadline=None)
@given(data=st.data())
def test_any_changed_character_of_a_header_is_refused(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(HEADERS))
    old = SIGNED.headers[name]
    at = data.draw(st.integers(0, len(old) - 1))
    new = data.draw(st.characters(min_codepoint=33, max_codepoint=126))
    value = old[:at] + new + old[at + 1 :]
    if value == old:
        return

    assert reason_of(replace(SIGNED, headers={**SIGNED.headers, name: value}))


@pytest.mark.parametrize(
    "exchange",
    [Exchange("GET", PATH), Exchange("POST", PATH + "/"), Exchange("POST", PATH, 202)],
)
def test_message_used_elsewhere_is_refused(exchange: Exchange) -> None:
    assert reason_of(replace(SIGNED, exchange=exchange)) is Reason.WRONG_SIGNATURE


def test_message_to_another_institution_is_refused() -> None:
    assert reason_of(signed(to="bank-a")) is Reason.WRONG_SIGNATURE


@pytest.mark.parametrize("name", HEADERS)
def test_missing_header_is_not_signed(name: str) -> None:
    headers = {one: value for one, value in SIGNED.headers.items() if one != name}

    assert reason_of(replace(SIGNED, headers=headers)) is Reason.NOT_SIGNED


def test_second_use_is_refused_and_a_forged_one_uses_nothing_up() -> None:
    memory = Memory()
    forged = replace(SIGNED, body=b"{}")

    assert reason_of(forged, memory=memory) is Reason.WRONG_SIGNATURE
    assert check(SIGNED, memory=memory)
    assert reason_of(SIGNED, memory=memory) is Reason.REPLAYED


@pytest.mark.parametrize("side", [-1, 1])
def test_time_stamp_outside_of_the_window_is_stale(side: int) -> None:
    assert check(SIGNED, now=NOW + side * SKEW)
    assert reason_of(SIGNED, now=NOW + side * (SKEW + timedelta(seconds=1))) is Reason.STALE


def test_unknown_key_and_anothers_key_are_refused() -> None:
    stranger = Signer(new_private_key("court-yuhu", "unknown"), lambda: NOW)
    liar = Signer(new_private_key("court-yuhu", "court-yuhu-1"), lambda: NOW)

    assert reason_of(signed(signer=stranger)) is Reason.UNKNOWN_KEY
    assert reason_of(signed(signer=liar)) is Reason.WRONG_SIGNATURE


def test_retired_key_signs_no_more_but_proves_what_it_signed() -> None:
    later = datetime(2030, 1, 1, tzinfo=UTC)
    fresh = signed(signer=Signer(KEYS["court-yuhu"], lambda: later))

    assert reason_of(fresh, now=later) is Reason.KEY_NOT_VALID
    assert check_signature(SIGNED, to="wallet-a", directory=DIRECTORY_OF_ALL)


def test_response_belongs_to_its_request() -> None:
    exchange = Exchange("POST", PATH, 202)
    signer = Signer(KEYS["wallet-a"], lambda: NOW)
    nonce = SIGNED.headers[NONCE]
    headers = signer.response(exchange, b"{}", to="court-yuhu", nonce=nonce)
    raw = Raw(exchange, headers, b"{}")

    def answered(asked: str) -> str:
        return check_response(
            raw, to="court-yuhu", nonce=asked, directory=DIRECTORY_OF_ALL, now=NOW
        ).party.party

    assert answered(nonce) == "wallet-a"
    with pytest.raises(BadMessage) as refused:
        answered("0" * 32)
    assert refused.value.reason is Reason.REPLAYED


def test_signature_has_one_writing_and_no_other() -> None:
    """Base64 readers ignore the spare bits of the last character: we do not."""
    written = SIGNED.headers[SIGNATURE]
    spare = chr(ord(written[-3]) + 1)
    others = [written.replace("==", "="), f"{written[:-3]}{spare}=="]

    for other in others:
        raw = replace(SIGNED, headers={**SIGNED.headers, SIGNATURE: other})
        assert reason_of(raw) is Reason.WRONG_SIGNATURE


def test_names_of_headers_are_read_in_any_case() -> None:
    headers = {name.title(): value for name, value in SIGNED.headers.items()}

    assert check_signature(
        replace(SIGNED, headers=headers), to="wallet-a", directory=DIRECTORY_OF_ALL
    )


def test_nonces_survive_a_restart_and_are_forgotten_when_stale(tmp_path: Path) -> None:
    path = tmp_path / "nonces.sqlite"

    assert NonceFile(path).is_new("key", "n", at=NOW)
    assert not NonceFile(path).is_new("key", "n", at=NOW)
    assert NonceFile(path).is_new("other", "n", at=NOW)
    assert not NonceFile(path).is_new("key", "n", at=NOW + 2 * SKEW)
    assert NonceFile(path).is_new("key", "n", at=NOW + 2 * SKEW + timedelta(seconds=1))


def test_keys_come_from_the_environment_or_from_a_private_file(tmp_path: Path) -> None:
    private, public = tmp_path / "private.json", tmp_path / "directory.json"
    write_private_keys(list(KEYS.values()), private)
    public.write_text(DIRECTORY_OF_ALL.model_dump_json(), encoding="utf-8")

    assert private.stat().st_mode & 0o777 == 0o600
    assert read_private_key("wallet-a", {PRIVATE_FILE: str(private)}) == KEYS["wallet-a"]
    assert read_private_key("bank-a", {PRIVATE_KEYS: private.read_text()}) == KEYS["bank-a"]
    assert read_directory({DIRECTORY: str(public)}) == DIRECTORY_OF_ALL
    for nothing in ({}, {PRIVATE_FILE: str(tmp_path / "no")}, {PRIVATE_KEYS: "{}"}):
        with pytest.raises(NoKeys):
            read_private_key("wallet-a", nothing)
    with pytest.raises(NoKeys):
        read_directory({})


def test_private_key_does_not_print_its_seed() -> None:
    key = KEYS["court-yuhu"]

    assert repr(key) == f"PrivateKey({key.key_id})"
    assert KEY in HEADERS


def test_directory_knows_who_is_an_institution() -> None:
    assert [one.party for one in DIRECTORY_OF_ALL.institutions()] == ["wallet-a", "bank-a"]
    with pytest.raises(BadMessage):
        Directory(parties=()).party("wallet-a")
