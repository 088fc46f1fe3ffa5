"""Transfers and accounts for tests of the payout channels, without any channel."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicNumbers,
    rsa_crt_dmp1,
    rsa_crt_dmq1,
    rsa_crt_iqmp,
    rsa_recover_private_exponent,
)
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateNumbers as PrivateNumbers,
)

from zhipo.gateways.payouts.transfers import Payee, PayeeKind, Transfer
from zhipo.gateways.payouts.wechat.account import WechatAccount

NOW = datetime(2025, 6, 3, 2, 0, tzinfo=UTC)
EXPONENT = 65537
P = int(
    "d8d32ea0391cee023f82497feba7b05130388d790dd9ab6c4eb1f5934bc96719"
    "06a098f04629f8875a731803aaf348fb76ca767ad0796fe986dc41fcbdc43ba7",
    16,
)
Q = int(
    "d7a1d3b39b28b20f4ef48f7f21100bfeefab63039fe45ddc7a18ce5066c493dd"
    "d575887f992ab4038b868f11a2b005ee54a13706ce99ed4754329947cfb91e03",
    16,
)


def _key() -> RSAPrivateKey:
    """A key for tests alone: its primes are printed above."""
    secret = rsa_recover_private_exponent(EXPONENT, P, Q)
    numbers = PrivateNumbers(
        p=P,
        q=Q,
        d=secret,
        dmp1=rsa_crt_dmp1(secret, P),
        dmq1=rsa_crt_dmq1(secret, Q),
        iqmp=rsa_crt_iqmp(P, Q),
        public_numbers=RSAPublicNumbers(EXPONENT, P * Q),
    )
    return numbers.private_key()


KEY = _key()


def transfer(**changes: Any) -> Transfer:
    payee = Payee(PayeeKind.WECHAT_OPENID, "openid-1", name="张三丰")
    return replace(Transfer("ZP0000000001", 27_216, payee, "第一期分配"), **changes)


def bank_transfer(number: int = 1, **changes: Any) -> Transfer:
    account = f"62220000000000{number:04d}"
    payee = Payee(PayeeKind.BANK_ACCOUNT, account, name=f"李四{number}", bank="某银行")
    made = Transfer(f"ZP{number:010d}", 100_000 + number, payee, "第一期分配")
    return replace(made, **changes)


def wechat_account(**changes: Any) -> WechatAccount:
    made = WechatAccount(
        merchant="1900000001",
        app_id="wx1",
        serial="AB",
        private_key=KEY,
        public_key_id="PUB_KEY_ID_1",
        public_key=KEY.public_key(),
        api_key="k" * 32,
        notify_url="https://case.example/callback",
        scene_id="1000",
        scene_reports={"活动名称": "分配"},
    )
    return replace(made, **changes)
