"""The one interface that orders are paid through, whatever is behind it."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Protocol

from zhipo.gateways.payouts.bills import Bill, BillNotReady
from zhipo.gateways.payouts.limits import Limits
from zhipo.gateways.payouts.outcomes import (
    AskOutcome,
    CallbackOutcome,
    CancelOutcome,
    SendOutcome,
    Unknown,
)
from zhipo.gateways.payouts.transfers import PayeeKind, Transfer
from zhipo.gateways.payouts.wire import Callback

FindTransfer = Callable[[str], Transfer | None]
"""The transfer of a reference as it was sent, or None for one that is not ours."""


class ChannelName(StrEnum):
    """The ways to a payee."""

    WECHAT = "wechat"  # 微信零钱
    ALIPAY = "alipay"  # 支付宝
    BANK_BATCH = "bank_batch"  # 银行批量代发
    BY_CASH = "by_cash"  # 现场领取
    BY_POST = "by_post"  # 邮政汇款


class Channel(Protocol):
    """A channel that is spoken to, transfer by transfer.

    Every call ends in one of its outcomes; none is tried twice in here. An answer is held
    against the transfer that was sent, which is why `ask` takes it whole: another sum,
    another payee or another number under our reference is `Unknown`, never `Paid`.
    """

    @property
    def name(self) -> ChannelName: ...

    @property
    def kinds(self) -> frozenset[PayeeKind]:
        """The payees this channel reaches."""

    @property
    def limits(self) -> Limits: ...

    def send(self, transfer: Transfer) -> SendOutcome:
        """Hand a transfer over; sent again with the same content it is the same one."""

    def ask(self, transfer: Transfer) -> AskOutcome:
        """How it stands, by the channel."""

    def cancel(self, transfer: Transfer) -> CancelOutcome:
        """Take it back, if the payee has not confirmed; `Waiting` while it is under way."""

    def read_callback(self, callback: Callback, *, find: FindTransfer) -> CallbackOutcome:
        """What a posted message says, if it is authentic and of a transfer of ours."""

    def bill(self, day: date) -> Bill | BillNotReady | Unknown:
        """The channel's statement of that day. Raises BillFault."""
