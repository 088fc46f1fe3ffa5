"""One payment to one payee, as every channel is told it.

A reference is one for life: the same reference with the same content is the same transfer,
with other content it is refused. Sums are integer fen.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from enum import StrEnum

from zhipo.kernel.money import MAX_FEN

REFERENCE = re.compile(r"[A-Za-z0-9]{6,32}")
"""What WeChat Pay takes as a merchant's number; every other channel takes it too."""

REMARK_CHARACTERS = 32
ACCOUNT = re.compile(r"\S{1,64}")
NAME_CHARACTERS = 64


class PayeeKind(StrEnum):
    """How a payee is named to the channel."""

    WECHAT_OPENID = "wechat_openid"  # 微信用户标识
    ALIPAY_USER = "alipay_user"  # 支付宝用户号
    ALIPAY_LOGON = "alipay_logon"  # 支付宝登录账号
    BANK_ACCOUNT = "bank_account"  # 银行账号
    CASH_DESK = "cash_desk"  # 现场领取人
    POSTAL_ADDRESS = "postal_address"  # 邮政汇款收款人


@dataclass(frozen=True)
class Payee:
    """Where the money goes; neither account nor name is in what `repr` says of it."""

    kind: PayeeKind
    account: str = field(repr=False)
    name: str = field(default="", repr=False)
    bank: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not ACCOUNT.fullmatch(self.account):
            raise ValueError("an account is 1 to 64 characters without spaces")
        if any(not one.isprintable() for one in (self.name, self.bank)):
            raise ValueError("a name is printable text")
        if max(len(self.name), len(self.bank)) > NAME_CHARACTERS:
            raise ValueError(f"a name has at most {NAME_CHARACTERS} characters")


@dataclass(frozen=True)
class Transfer:
    """What is to be paid; raises ValueError for what no channel would take."""

    reference: str
    fen: int
    payee: Payee
    remark: str

    def __post_init__(self) -> None:
        if not REFERENCE.fullmatch(self.reference):
            raise ValueError("a reference is 6 to 32 letters and digits")
        if isinstance(self.fen, bool) or not 0 < self.fen <= MAX_FEN:
            raise ValueError(f"not a sum to pay: {self.fen} fen")
        if not 0 < len(self.remark) <= REMARK_CHARACTERS or not self.remark.isprintable():
            raise ValueError(f"a remark is 1 to {REMARK_CHARACTERS} printable characters")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that a channel is told: equal exactly for the same transfer."""
        payee = self.payee
        content = [self.reference, self.fen, payee.kind, payee.account, payee.name]
        told = json.dumps([*content, payee.bank, self.remark], ensure_ascii=False)
        return hashlib.sha256(told.encode("utf-8")).hexdigest()
