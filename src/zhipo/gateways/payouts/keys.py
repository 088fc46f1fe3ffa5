"""RSA keys of merchants and channels, from PEM or the bare base64 that consoles print."""

import textwrap

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
)


class BadKey(ValueError):
    """This text is not a key of the kind asked for; the text is not repeated."""


def read_private_key(text: str) -> RSAPrivateKey:
    """A private RSA key without passphrase, PKCS#8 or PKCS#1. Raises BadKey."""
    for label in ("PRIVATE KEY", "RSA PRIVATE KEY"):
        try:
            key = load_pem_private_key(_pem(text, label), password=None)
        except (ValueError, TypeError):
            continue
        if isinstance(key, RSAPrivateKey):
            return key
    raise BadKey("not a private RSA key")


def read_public_key(text: str) -> RSAPublicKey:
    """A public RSA key. Raises BadKey."""
    try:
        key = load_pem_public_key(_pem(text, "PUBLIC KEY"))
    except ValueError as error:
        raise BadKey("not a public key") from error
    if not isinstance(key, RSAPublicKey):
        raise BadKey("not an RSA key")
    return key


def _pem(text: str, label: str) -> bytes:
    """PEM as it is, or made of the base64 that consoles give without its frame."""
    stripped = text.strip()
    if not stripped.startswith("-----BEGIN"):
        lines = "\n".join(textwrap.wrap("".join(stripped.split()), 64))
        stripped = f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----"
    return f"{stripped}\n".encode("ascii", "replace")
