"""An institution as it is handed in, by form or by file, and all that can be wrong."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from zhipo.enforcement.entries import EntryFault, form_faults
from zhipo.enforcement.states import InstitutionKind
from zhipo.gateways.institutions.messages import ObjectKind

PARTY = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LONGEST = {"institution": 200, "server_address": 200, "key_id": 120, "contact": 200}
KEY_BYTES = 32


class NoKey(ValueError):
    """The text is no public key of Ed25519."""


@dataclass(frozen=True)
class InstitutionEntry:
    """Who takes part in the inquiry network; `place` is where faults are told of.

    Without address and key it is one of the installation's own directory of parties.
    """

    party: str
    name: str
    kind: InstitutionKind
    address: str = ""
    key_id: str = ""
    public_key: str = ""
    holds: tuple[ObjectKind, ...] = ()
    contact: str = ""
    place: int = 0

    @property
    def is_own(self) -> bool:
        """Whether it comes with an address and a key, or the directory has them."""
        return bool(self.address or self.key_id or self.public_key)


def parse_public_key(text: str) -> bytes:
    """The 32 bytes of a key in base64 or PEM. Raises NoKey."""
    try:
        if "BEGIN" in text:
            key = load_pem_public_key(text.strip().encode("ascii"))
            if not isinstance(key, Ed25519PublicKey):
                raise NoKey
            return key.public_bytes_raw()
        raw = base64.b64decode("".join(text.split()), validate=True)
        if len(raw) != KEY_BYTES:
            raise NoKey
        Ed25519PublicKey.from_public_bytes(raw)
    except (ValueError, binascii.Error, UnsupportedAlgorithm) as error:
        raise NoKey from error
    return raw


def as_text(key: bytes) -> str:
    """A public key as it is kept: base64."""
    return base64.b64encode(key).decode("ascii")


def fingerprint(key: bytes) -> str:
    """The SHA-256 by which people compare a key, in 64 hexadecimal digits."""
    return hashlib.sha256(key).hexdigest()


def is_address(text: str) -> bool:
    """Whether orders can be sent there: https, and http on this machine alone."""
    try:
        parts = urlsplit(text)
        known = parts.hostname, parts.port
    except ValueError:
        return False
    is_plain = not (parts.query or parts.fragment or parts.username or parts.password)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and known[0] in LOOPBACK)
    return is_plain and is_safe and bool(known[0]) and not text.endswith("/")


def faults_of(entry: InstitutionEntry) -> Iterator[EntryFault]:
    """What is wrong with an entry in itself, whatever is registered already."""
    for column, value, key in (*_text_faults(entry), *_line_faults(entry)):
        yield EntryFault(entry.place, column, value, key)


def faults_of_key(key_id: str, public_key: str) -> Iterator[EntryFault]:
    """What is wrong with a key and its name."""
    for column, value, key in _key_faults(key_id, public_key):
        yield EntryFault(0, column, value, key)


def _text_faults(entry: InstitutionEntry) -> Iterator[tuple[str, str, str]]:
    texts = {
        "institution": entry.name,
        "server_address": entry.address,
        "contact": entry.contact,
    }
    for column, text in texts.items():
        yield from form_faults(column, text, most=LONGEST[column])
    if not entry.name.strip():
        yield "institution", entry.name, "required"
    if not PARTY.fullmatch(entry.party):
        yield "party", entry.party, "party"


def _line_faults(entry: InstitutionEntry) -> Iterator[tuple[str, str, str]]:
    """Address, name of the key and key come together or not at all."""
    if not entry.is_own:
        return
    if not is_address(entry.address):
        yield "server_address", entry.address, "server_address"
    yield from _key_faults(entry.key_id, entry.public_key)


def _key_faults(key_id: str, public_key: str) -> Iterator[tuple[str, str, str]]:
    yield from form_faults("key_id", key_id, most=LONGEST["key_id"])
    if not key_id.strip():
        yield "key_id", key_id, "required"
    try:
        parse_public_key(public_key)
    except NoKey:
        yield "public_key", public_key, "public_key"
