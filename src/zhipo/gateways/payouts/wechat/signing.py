"""Signatures and secrets of WeChat Pay API v3: WECHATPAY2-SHA256-RSA2048, AES-256-GCM.

The cryptography is `wechatpayv3`'s; what is checked around it is ours: who signed, when,
and errors as strictly as successes, which the library takes unsigned (docs/adr/0019).
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from wechatpayv3.utils import aes_decrypt, rsa_encrypt, rsa_sign, rsa_verify

from zhipo.gateways.payouts.wechat.account import WechatAccount
from zhipo.gateways.payouts.wire import NotAuthentic

SCHEME = "WECHATPAY2-SHA256-RSA2048"
SKEW = timedelta(minutes=5)
"""WeChat Pay refuses requests further off, and asks the same of us."""


def authorization(
    account: WechatAccount, *, method: str, path: str, body: str, at: datetime
) -> str:
    """The Authorization header for one request; `path` with its query."""
    stamp, nonce = str(int(at.timestamp())), secrets.token_hex(16).upper()
    signed = f"{method}\n{path}\n{stamp}\n{nonce}\n{body}\n"
    signature = rsa_sign(account.private_key, signed)
    return (
        f'{SCHEME} mchid="{account.merchant}",nonce_str="{nonce}",'
        f'signature="{signature}",timestamp="{stamp}",serial_no="{account.serial}"'
    )


def check(
    account: WechatAccount, headers: Mapping[str, str], body: str, *, now: datetime
) -> None:
    """Raise NotAuthentic unless WeChat Pay has signed this body, within five minutes."""
    given = {
        name: headers.get(f"wechatpay-{name}", "")
        for name in ("signature", "serial", "timestamp", "nonce")
    }
    if not given["signature"]:
        raise NotAuthentic("NotSigned")
    if headers.get("wechatpay-signature-type", SCHEME) != SCHEME:
        raise NotAuthentic("OtherScheme")
    if given["serial"] != account.public_key_id:
        raise NotAuthentic("UnknownKey")
    is_right = rsa_verify(
        given["timestamp"], given["nonce"], body, given["signature"], account.public_key
    )
    if not is_right:
        raise NotAuthentic("WrongSignature")
    if not _is_fresh(given["timestamp"], now):
        raise NotAuthentic("Stale")


def encrypted(account: WechatAccount, text: str) -> str:
    """A payee's name for WeChat Pay's eyes alone (RSA-OAEP)."""
    return str(rsa_encrypt(text, account.public_key))


def decrypted(account: WechatAccount, resource: Mapping[str, str]) -> str:
    """What a callback carries (AEAD_AES_256_GCM). Raises NotAuthentic."""
    try:
        text = aes_decrypt(
            nonce=resource["nonce"],
            ciphertext=resource["ciphertext"],
            associated_data=resource.get("associated_data", ""),
            apiv3_key=account.api_key,
        )
    except ValueError as error:
        raise NotAuthentic("NotDecrypted") from error
    if text is None:
        raise NotAuthentic("NotDecrypted")
    return str(text)


def _is_fresh(stamp: str, now: datetime) -> bool:
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        return False
    return abs(int(stamp) - now.timestamp()) <= SKEW.total_seconds()
