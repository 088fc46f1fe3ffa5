"""A merchant's account at WeChat Pay: numbers and keys, from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from pydantic import TypeAdapter

from zhipo.gateways.payouts.keys import read_private_key, read_public_key
from zhipo.gateways.payouts.limits import WECHAT, Limits, read_limits

LIVE = "https://api.mch.weixin.qq.com"
PREFIX = "ZHIPO_WECHAT_PAY_"
API_KEY_BYTES = 32


@dataclass(frozen=True)
class WechatAccount:
    """`scene_id` and `scene_reports` are those WeChat has granted the merchant for payouts.

    The public key is WeChat Pay's own, with its id (微信支付公钥), not a certificate's.
    """

    merchant: str
    app_id: str
    serial: str
    private_key: RSAPrivateKey = field(repr=False)
    public_key_id: str
    public_key: RSAPublicKey = field(repr=False)
    api_key: str = field(repr=False)
    notify_url: str
    scene_id: str
    scene_reports: Mapping[str, str]
    base: str = LIVE
    limits: Limits = WECHAT


def read_account(environment: Mapping[str, str] = os.environ) -> WechatAccount | None:
    """The account that ZHIPO_WECHAT_PAY_* sets up, None without a merchant's number.

    Keys are given as text or as the path of a file. Raises KeyError for what is missing,
    ValueError for what is not right.
    """
    merchant = environment.get(f"{PREFIX}MERCHANT", "")
    if not merchant:
        return None
    api_key = environment[f"{PREFIX}API_KEY"]
    if len(api_key.encode("utf-8")) != API_KEY_BYTES:
        raise ValueError(f"{PREFIX}API_KEY has {API_KEY_BYTES} bytes")
    reports = environment.get(f"{PREFIX}SCENE_REPORTS", "{}")
    return WechatAccount(
        merchant=merchant,
        app_id=environment[f"{PREFIX}APP_ID"],
        serial=environment[f"{PREFIX}SERIAL"],
        private_key=read_private_key(_key(environment, "PRIVATE_KEY")),
        public_key_id=environment[f"{PREFIX}PUBLIC_KEY_ID"],
        public_key=read_public_key(_key(environment, "PUBLIC_KEY")),
        api_key=api_key,
        notify_url=environment[f"{PREFIX}NOTIFY_URL"],
        scene_id=environment[f"{PREFIX}SCENE_ID"],
        scene_reports=TypeAdapter(dict[str, str]).validate_json(reports),
        base=environment.get(f"{PREFIX}BASE", LIVE).rstrip("/"),
        limits=read_limits(environment.get(f"{PREFIX}LIMITS", ""), WECHAT),
    )


def _key(environment: Mapping[str, str], name: str) -> str:
    given = environment[f"{PREFIX}{name}"]
    return Path(given).read_text("utf-8") if given.endswith(".pem") else given
