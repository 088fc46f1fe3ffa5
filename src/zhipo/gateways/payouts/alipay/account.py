"""A merchant's application at Alipay: number and keys, from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from zhipo.gateways.payouts.keys import read_private_key, read_public_key
from zhipo.gateways.payouts.limits import ALIPAY, Limits, read_limits

LIVE = "https://openapi.alipay.com/gateway.do"
PREFIX = "ZHIPO_ALIPAY_"


@dataclass(frozen=True)
class AlipayAccount:
    """`title` is what payees read in their account's history."""

    app_id: str
    private_key: RSAPrivateKey = field(repr=False)
    public_key: RSAPublicKey = field(repr=False)
    title: str
    gateway: str = LIVE
    limits: Limits = ALIPAY


def read_account(environment: Mapping[str, str] = os.environ) -> AlipayAccount | None:
    """The application that ZHIPO_ALIPAY_* sets up, None without its number.

    Keys are given as text or as the path of a file. Raises KeyError for what is missing,
    ValueError for what is not right.
    """
    app_id = environment.get(f"{PREFIX}APP_ID", "")
    if not app_id:
        return None
    return AlipayAccount(
        app_id=app_id,
        private_key=read_private_key(_key(environment, "PRIVATE_KEY")),
        public_key=read_public_key(_key(environment, "PUBLIC_KEY")),
        title=environment.get(f"{PREFIX}TITLE", "破产财产分配"),
        gateway=environment.get(f"{PREFIX}GATEWAY", LIVE),
        limits=read_limits(environment.get(f"{PREFIX}LIMITS", ""), ALIPAY),
    )


def _key(environment: Mapping[str, str], name: str) -> str:
    given = environment[f"{PREFIX}{name}"]
    return Path(given).read_text("utf-8") if given.endswith(".pem") else given
