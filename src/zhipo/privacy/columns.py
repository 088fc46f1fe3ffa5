"""Personal data at rest: encrypted in columns, found by a keyed hash, shown masked.

AES-256-GCM with a fresh nonce per value; the key comes from the environment. A keyed hash
(HMAC-SHA-256 under a second key) finds a phone or an identity number without decrypting.
"""

import hashlib
import hmac
import os
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

NONCE_BYTES = 12


class Undecipherable(RuntimeError):
    """A stored value does not open with the key of this installation."""


def encrypt(text: str) -> bytes:
    """Nonce and ciphertext; the empty text stays empty, so that "none" is visible."""
    if not text:
        return b""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher().encrypt(nonce, text.encode(), None)


def decrypt(sealed: bytes) -> str:
    """The text of `encrypt`. Raises Undecipherable."""
    if not sealed:
        return ""
    try:
        opened = _cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
    except InvalidTag as error:
        raise Undecipherable("wrong data key, or the value was changed") from error
    return opened.decode()


def lookup_hash(kind: str, text: str) -> str:
    """The keyed hash by which a value of its kind is found; empty for the empty text."""
    if not text:
        return ""
    key = bytes.fromhex(settings.ENVIRONMENT.lookup_key)
    return hmac.new(key, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()


@cache
def _cipher() -> AESGCM:
    return AESGCM(bytes.fromhex(settings.ENVIRONMENT.data_key))


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]
    """A text that stands encrypted in its column and plain on the instance."""

    def __init__(self, **options: Any) -> None:
        options = {"default": b"", "editable": True, **options}
        super().__init__(**options)

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if isinstance(value, str) else value

    def get_default(self) -> str:
        return ""

    def from_db_value(self, value: Any, *_: Any) -> str:
        return decrypt(bytes(value or b""))
