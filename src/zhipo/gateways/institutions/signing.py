"""Signatures of requests and responses: what is signed, how it is checked (ADR 0017).

The signed text names the recipient, so that a message to one institution is worth nothing
at another; a response repeats the nonce of its request, so that it answers no other.
"""

import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from cryptography.exceptions import InvalidSignature

from zhipo.gateways.institutions.keys import SUITE, Directory, Party, PrivateKey
from zhipo.gateways.institutions.messages import PROTOCOL
from zhipo.gateways.institutions.refusals import BadMessage, Reason

SKEW = timedelta(minutes=5)
KEY, SUITE_NAME = "zhipo-key", "zhipo-suite"
TIMESTAMP, NONCE = "zhipo-timestamp", "zhipo-nonce"
SIGNATURE = "zhipo-signature"
HEADERS = (KEY, SUITE_NAME, TIMESTAMP, NONCE, SIGNATURE)
FORMATS = {
    TIMESTAMP: re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    NONCE: re.compile(r"[0-9a-f]{32}"),
    KEY: re.compile(r"[!-~]{1,120}"),
    SUITE_NAME: re.compile(r"[!-~]{1,40}"),
}
BASE64 = re.compile(r"[A-Za-z0-9+/]{85}[AQgw]==")
"""64 bytes in the one way to write them: the last character carries two bits alone."""


@dataclass(frozen=True)
class Exchange:
    """What a message belongs to: `status` 0 for a request, else the response's."""

    method: str
    path: str
    status: int = 0


@dataclass(frozen=True)
class Raw:
    """A message as it came: kept as evidence, whatever is made of it."""

    exchange: Exchange
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Proven:
    """Who signed a message, when, and under which nonce."""

    party: Party
    at: datetime
    nonce: str


class Nonces(Protocol):
    """A memory of nonces, at least as long as twice SKEW, that survives a restart."""

    def is_new(self, key_id: str, nonce: str, *, at: datetime) -> bool:
        """Keep the nonce; whether it was not there. One answer True for each."""


@dataclass(frozen=True)
class Signer:
    """One party's pen."""

    key: PrivateKey
    clock: Callable[[], datetime]

    def request(self, exchange: Exchange, body: bytes, *, to: str) -> dict[str, str]:
        """The headers that sign a request to the party `to`."""
        return self._signed(exchange, body, to=to, nonce=secrets.token_hex(16))

    def response(
        self, exchange: Exchange, body: bytes, *, to: str, nonce: str
    ) -> dict[str, str]:
        """The headers that sign the response to the request with that nonce."""
        return self._signed(exchange, body, to=to, nonce=nonce)

    def _signed(
        self, exchange: Exchange, body: bytes, *, to: str, nonce: str
    ) -> dict[str, str]:
        at = self.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        headers = {KEY: self.key.key_id, SUITE_NAME: SUITE, TIMESTAMP: at, NONCE: nonce}
        signature = self.key.sign(signed_text(exchange, headers, body, to=to))
        return {**headers, SIGNATURE: base64.b64encode(signature).decode("ascii")}


def signed_text(
    exchange: Exchange, headers: Mapping[str, str], body: bytes, *, to: str
) -> bytes:
    """The lines that are signed, in UTF-8, each ended by a line feed."""
    lines = (
        PROTOCOL,
        headers[SUITE_NAME],
        headers[KEY],
        to,
        exchange.method.upper(),
        exchange.path,
        str(exchange.status),
        headers[TIMESTAMP],
        headers[NONCE],
        hashlib.sha256(body).hexdigest(),
    )
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def check_request(
    raw: Raw, *, to: str, directory: Directory, now: datetime, nonces: Nonces
) -> Proven:
    """Who sent a request to us: signed, fresh, seen for the first time. Raises BadMessage.

    The nonce is kept only after all else holds: strangers cannot use nonces up.
    """
    proven = check_signature(raw, to=to, directory=directory)
    _check_fresh(proven.at, now)
    if not nonces.is_new(raw.headers[KEY], proven.nonce, at=now):
        raise BadMessage(Reason.REPLAYED, proven.nonce)
    return proven


def check_response(
    raw: Raw, *, to: str, nonce: str, directory: Directory, now: datetime
) -> Proven:
    """Who answered our request with that nonce. Raises BadMessage."""
    proven = check_signature(raw, to=to, directory=directory)
    _check_fresh(proven.at, now)
    if proven.nonce != nonce:
        raise BadMessage(Reason.REPLAYED, "the response belongs to another request")
    return proven


def check_signature(raw: Raw, *, to: str, directory: Directory) -> Proven:
    """Who signed a message, however old: also for evidence kept. Raises BadMessage."""
    headers = _well_formed(raw.headers)
    at = _instant(headers[TIMESTAMP])
    party, key = directory.key(headers[KEY], at=at)
    try:
        signature = base64.b64decode(headers[SIGNATURE], validate=True)
        key.verify(signature, signed_text(raw.exchange, headers, raw.body, to=to))
    except (InvalidSignature, binascii.Error) as error:
        raise BadMessage(Reason.WRONG_SIGNATURE, headers[KEY]) from error
    return Proven(party, at, headers[NONCE])


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of the protocol, by their names in lower case; the others are left."""
    lower = {name.lower(): value for name, value in headers.items()}
    return {name: lower[name] for name in HEADERS if name in lower}


def _well_formed(headers: Mapping[str, str]) -> dict[str, str]:
    found = kept_headers(headers)
    if set(found) != set(HEADERS):
        missing = ", ".join(name for name in HEADERS if name not in found)
        raise BadMessage(Reason.NOT_SIGNED, f"missing: {missing}")
    for name, form in FORMATS.items():
        if form.fullmatch(found[name]) is None:
            raise BadMessage(Reason.NOT_SIGNED, f"{name} is malformed")
    if found[SUITE_NAME] != SUITE:
        raise BadMessage(Reason.NOT_SIGNED, f"unknown suite {found[SUITE_NAME]}")
    if BASE64.fullmatch(found[SIGNATURE]) is None:
        raise BadMessage(Reason.WRONG_SIGNATURE, "no signature of 64 bytes in base64")
    return found


def _instant(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise BadMessage(Reason.NOT_SIGNED, f"{TIMESTAMP} is no instant") from error


def _check_fresh(at: datetime, now: datetime) -> None:
    if abs(now - at) > SKEW:
        raise BadMessage(Reason.STALE, f"signed at {at.isoformat()}")
