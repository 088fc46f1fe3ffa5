"""What the sandboxes are made of: limits, funds, who calls whom, and everybody's keys."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from pydantic import BaseModel, ConfigDict, Field

from zhipo.gateways.payouts import limits as known
from zhipo.gateways.payouts.alipay.account import PREFIX as ALIPAY
from zhipo.gateways.payouts.keys import read_private_key, read_public_key
from zhipo.gateways.payouts.limits import Limits
from zhipo.gateways.payouts.sandbox.alipay_front import AlipayKeys
from zhipo.gateways.payouts.sandbox.behaviour import DIFFICULT
from zhipo.gateways.payouts.sandbox.wechat_front import WechatKeys
from zhipo.gateways.payouts.wechat.account import PREFIX as WECHAT
from zhipo.kernel.money import MAX_FEN

PLAN, NUMBERS = "plan.json", "numbers.private.json"
CHANNELS = ("wechat", "alipay", "bank")
OWNERS = ("wechat", "wechat-merchant", "alipay", "alipay-merchant")
KEY_BITS = 2048
MERCHANT, WECHAT_APP, ALIPAY_APP = "1900000001", "wx0000000000000001", "2021000000000001"
SERIAL, WECHAT_KEY_ID = "5157F09EFDC096DE15EBE81A47057A7200000001", "PUB_KEY_ID_SANDBOX"
SCENE = "1000"
SCENE_REPORTS = {"活动名称": "破产财产分配", "奖励说明": "按分配方案清偿债权"}
NOBODY = "http://127.0.0.1:9/callback"
"""Where callbacks go that nobody waits for: the discard port, on which nobody listens."""


class ChannelPlan(BaseModel):
    """One channel. `callback_to` is where its callbacks are posted, "" for none.

    `difficult` is the share of transfers that a seed other than 0 meets otherwise than
    promptly.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    limits: Limits
    funds_fen: int = Field(default=MAX_FEN // 100, ge=0, le=MAX_FEN)
    confirms_at_once: bool = True
    callback_to: str = NOBODY
    slow_seconds: float = Field(default=1.0, ge=0, le=60)
    difficult: float = Field(default=DIFFICULT, ge=0, le=1)


class Plan(BaseModel):
    """The three channels; a channel's own speed limit is for a plan to set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wechat: ChannelPlan = ChannelPlan(
        limits=known.WECHAT.model_copy(update={"per_second": None})
    )
    alipay: ChannelPlan = ChannelPlan(limits=known.ALIPAY)
    bank: ChannelPlan = ChannelPlan(limits=known.BANK)

    def channel(self, name: str) -> ChannelPlan:
        found: ChannelPlan = getattr(self, name)
        return found


def read_plan(path: Path) -> Plan:
    """The plan in a file. Raises OSError, or ValueError with what is wrong in it."""
    return Plan.model_validate_json(path.read_bytes())


def with_callbacks(plan: Plan, addresses: Mapping[str, str]) -> Plan:
    """The plan with callbacks to these addresses. Raises ValueError for no channel."""
    unknown = set(addresses) - set(CHANNELS)
    if unknown:
        raise ValueError(f"no such channel: {', '.join(sorted(unknown))}")
    changed = {
        name: plan.channel(name).model_copy(update={"callback_to": address})
        for name, address in addresses.items()
    }
    return plan.model_copy(update=changed)


def lay_out(plan: Plan, home: Path) -> None:
    """Write plan, keys and numbers into `home`; there again, only the plan is new."""
    home.mkdir(parents=True, exist_ok=True)
    (home / PLAN).write_text(plan.model_dump_json(indent=1), encoding="utf-8")
    if (home / NUMBERS).exists():
        return
    for owner in OWNERS:
        key = generate_private_key(public_exponent=65537, key_size=KEY_BITS)
        _write_private(home / f"{owner}.private.pem", _private_pem(key))
        (home / f"{owner}.pem").write_bytes(_public_pem(key.public_key()))
    numbers = {"api_key": secrets.token_hex(16)}
    _write_private(home / NUMBERS, json.dumps(numbers).encode("utf-8"))


def settings(home: Path, plan: Plan, *, addresses: Mapping[str, str]) -> dict[str, str]:
    """The environment with which a payer's side finds the channels and its own keys."""
    return {
        f"{WECHAT}MERCHANT": MERCHANT,
        f"{WECHAT}APP_ID": WECHAT_APP,
        f"{WECHAT}SERIAL": SERIAL,
        f"{WECHAT}PRIVATE_KEY": str(home / "wechat-merchant.private.pem"),
        f"{WECHAT}PUBLIC_KEY_ID": WECHAT_KEY_ID,
        f"{WECHAT}PUBLIC_KEY": str(home / "wechat.pem"),
        f"{WECHAT}API_KEY": _api_key(home),
        f"{WECHAT}NOTIFY_URL": plan.wechat.callback_to,
        f"{WECHAT}SCENE_ID": SCENE,
        f"{WECHAT}SCENE_REPORTS": json.dumps(SCENE_REPORTS, ensure_ascii=False),
        f"{WECHAT}BASE": addresses["wechat"],
        f"{WECHAT}LIMITS": plan.wechat.limits.model_dump_json(),
        f"{ALIPAY}APP_ID": ALIPAY_APP,
        f"{ALIPAY}PRIVATE_KEY": str(home / "alipay-merchant.private.pem"),
        f"{ALIPAY}PUBLIC_KEY": str(home / "alipay.pem"),
        f"{ALIPAY}GATEWAY": f"{addresses['alipay']}/gateway.do",
        f"{ALIPAY}LIMITS": plan.alipay.limits.model_dump_json(),
        "ZHIPO_BANK_DESK": addresses["bank"],
    }


def wechat_keys(home: Path) -> WechatKeys:
    return WechatKeys(
        merchant=MERCHANT,
        app_id=WECHAT_APP,
        serial=SERIAL,
        merchant_key=_public(home, "wechat-merchant"),
        own_id=WECHAT_KEY_ID,
        own_key=_private(home, "wechat"),
        api_key=_api_key(home),
    )


def alipay_keys(home: Path, *, callback_to: str) -> AlipayKeys:
    return AlipayKeys(
        app_id=ALIPAY_APP,
        merchant_key=_public(home, "alipay-merchant"),
        own_key=_private(home, "alipay"),
        callback_to=callback_to,
    )


def _api_key(home: Path) -> str:
    return str(json.loads((home / NUMBERS).read_text("utf-8"))["api_key"])


def _private(home: Path, owner: str) -> RSAPrivateKey:
    return read_private_key((home / f"{owner}.private.pem").read_text("ascii"))


def _public(home: Path, owner: str) -> RSAPublicKey:
    return read_public_key((home / f"{owner}.pem").read_text("ascii"))


def _private_pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public_pem(key: RSAPublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _write_private(path: Path, content: bytes) -> None:
    """For its owner alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
