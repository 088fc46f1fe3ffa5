"""RSA2 of Alipay's open platform: parameters sorted and joined, SHA256withRSA, both ways.

Written here and not taken from a library: docs/adr/0019 says why.
"""

import base64
import binascii
import json
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from zhipo.gateways.payouts.wire import NotAuthentic, NotUnderstood

SIGN_TYPE = "RSA2"
NOT_SIGNED = ("sign", "sign_type")
"""What a callback's signature leaves out; a request's leaves out `sign` alone."""


def sign(content: str, key: RSAPrivateKey) -> str:
    signature = key.sign(content.encode("utf-8"), PKCS1v15(), SHA256())
    return base64.b64encode(signature).decode("ascii")


def is_signed(content: str, signature: str, key: RSAPublicKey) -> bool:
    """Whether the key's owner has signed these characters."""
    try:
        raw = base64.b64decode(signature, validate=True)
        key.verify(raw, content.encode("utf-8"), PKCS1v15(), SHA256())
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True


def request_content(parameters: Mapping[str, str]) -> str:
    """What is signed of a request: every parameter that is not empty, but `sign`."""
    return _joined(parameters, without=("sign",))


def callback_content(parameters: Mapping[str, str]) -> str:
    """What is signed of a callback."""
    return _joined(parameters, without=NOT_SIGNED)


def proven_node(text: str, *, method: str, key: RSAPublicKey) -> str:
    """The characters of the answer to `method`, as they were signed.

    Exactly these are to be read: the rest of the text is not covered by the signature.
    Raises NotAuthentic or NotUnderstood.
    """
    node = f'"{method.replace(".", "_")}_response"'
    start = text.find(node)
    if start < 0:
        raise NotUnderstood("no answer to this method")
    try:
        signature = json.loads(text).get("sign", "")
        begin = text.index("{", start + len(node))
        _, end = json.JSONDecoder().raw_decode(text, begin)
    except (ValueError, AttributeError, RecursionError) as error:
        raise NotUnderstood("not JSON") from error
    if not isinstance(signature, str) or not signature:
        raise NotAuthentic("NotSigned")
    if not is_signed(text[begin:end], signature, key):
        raise NotAuthentic("WrongSignature")
    return text[begin:end]


def _joined(parameters: Mapping[str, str], *, without: tuple[str, ...]) -> str:
    kept = ((name, value) for name, value in sorted(parameters.items()) if value)
    return "&".join(f"{name}={value}" for name, value in kept if name not in without)
