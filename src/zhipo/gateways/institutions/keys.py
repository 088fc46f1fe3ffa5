"""Who takes part and with which keys: the directory, and one's own private keys.

The directory is public and the same for all; keys in it have days of validity, so that a
retired key still proves what was signed while it was in use. Private keys come from the
environment (ZHIPO_INQUIRY_PRIVATE_KEYS) or from a file that only its owner can read.
"""

import base64
import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from zhipo.gateways.institutions.messages import Base64, PartyId, Reference, Text
from zhipo.gateways.institutions.refusals import BadMessage, Reason

SUITE = "ed25519-sha256"
DIRECTORY = "ZHIPO_INQUIRY_DIRECTORY"
PRIVATE_KEYS = "ZHIPO_INQUIRY_PRIVATE_KEYS"
PRIVATE_FILE = "ZHIPO_INQUIRY_PRIVATE_FILE"


class NoKeys(RuntimeError):
    """The directory or the private keys are not set up; the message says what to set."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class PublicKey(_Entry):
    """A key that signs for a party in [since, until)."""

    key_id: Reference
    suite: Literal["ed25519-sha256"] = "ed25519-sha256"
    public: Base64
    since: AwareDatetime
    until: AwareDatetime


class Party(_Entry):
    """A court or an institution; `address` is where its side of the protocol listens."""

    party: PartyId
    name: Text
    role: Literal["court", "institution"]
    address: str
    keys: tuple[PublicKey, ...]


class Directory(_Entry):
    """Everybody who takes part."""

    parties: tuple[Party, ...]

    def party(self, party_id: str) -> Party:
        """Raises BadMessage for a party nobody has entered."""
        found = next((one for one in self.parties if one.party == party_id), None)
        if found is None:
            raise BadMessage(Reason.WRONG_PARTY, f"no such party: {party_id}")
        return found

    def institutions(self) -> tuple[Party, ...]:
        return tuple(one for one in self.parties if one.role == "institution")

    def key(self, key_id: str, *, at: datetime) -> tuple[Party, Ed25519PublicKey]:
        """Whose key this is, valid at that instant. Raises BadMessage."""
        for party in self.parties:
            for key in party.keys:
                if key.key_id == key_id:
                    if not key.since <= at < key.until:
                        raise BadMessage(Reason.KEY_NOT_VALID, key_id)
                    return party, Ed25519PublicKey.from_public_bytes(key.public)
        raise BadMessage(Reason.UNKNOWN_KEY, key_id)


class PrivateKey(_Entry):
    """One party's key for signing: the seed of 32 bytes."""

    party: PartyId
    key_id: Reference
    seed: Base64

    def sign(self, content: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(content)

    def public_key(self, *, since: datetime, until: datetime) -> PublicKey:
        """The entry for the directory that belongs to this key."""
        own = Ed25519PrivateKey.from_private_bytes(self.seed)
        public = own.public_key().public_bytes_raw()
        return PublicKey(key_id=self.key_id, public=public, since=since, until=until)

    def __repr__(self) -> str:
        return f"PrivateKey({self.key_id})"


def new_private_key(party: str, key_id: str, *, seed: bytes | None = None) -> PrivateKey:
    """A fresh key; `seed` fixes it for tests."""
    return PrivateKey(party=party, key_id=key_id, seed=seed or os.urandom(32))


def read_directory(environment: Mapping[str, str] = os.environ) -> Directory:
    """The directory that ZHIPO_INQUIRY_DIRECTORY names. Raises NoKeys."""
    path = environment.get(DIRECTORY, "")
    if not path:
        raise NoKeys(f"{DIRECTORY} names no directory of parties")
    try:
        return Directory.model_validate_json(Path(path).read_bytes())
    except (OSError, ValidationError) as error:
        raise NoKeys(f"{DIRECTORY}: {type(error).__name__}") from error


def read_private_key(party: str, environment: Mapping[str, str] = os.environ) -> PrivateKey:
    """A party's key from the environment, else from the private file. Raises NoKeys."""
    text = environment.get(PRIVATE_KEYS, "")
    try:
        if not text:
            text = Path(environment.get(PRIVATE_FILE, "")).read_text(encoding="utf-8")
        keys = _private_keys(text)
    except (OSError, ValueError, TypeError) as error:
        raise NoKeys(f"neither {PRIVATE_KEYS} nor {PRIVATE_FILE} holds keys") from error
    found = next((one for one in keys if one.party == party), None)
    if found is None:
        raise NoKeys(f"no private key of {party}")
    return found


def read_private_keys(path: Path) -> list[PrivateKey]:
    """Every key of a private file. Raises NoKeys."""
    try:
        return _private_keys(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError) as error:
        raise NoKeys(f"{path.name} holds no keys") from error


def write_private_keys(keys: list[PrivateKey], path: Path) -> None:
    """Write keys for their owner alone, whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump([_as_text(one) for one in keys], file, indent=1)
    part.replace(path)


def _private_keys(text: str) -> list[PrivateKey]:
    return [PrivateKey.model_validate_json(json.dumps(one)) for one in json.loads(text)]


def _as_text(key: PrivateKey) -> dict[str, str]:
    seed = base64.b64encode(key.seed).decode("ascii")
    return {"party": key.party, "key_id": key.key_id, "seed": seed}
