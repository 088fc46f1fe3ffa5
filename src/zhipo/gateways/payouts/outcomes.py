"""What a channel says of a transfer: typed, closed lists, nothing guessed.

Only `Paid` says that money has arrived, only `Failed` and `Closed` say that it never will
under this reference. Everything else leaves the reference in use: ask again.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Reason(StrEnum):
    """Why a transfer was refused, or has failed."""

    WRONG_NAME = "wrong_name"  # 姓名与账户不符
    NAME_MISSING = "name_missing"  # 缺少收款人姓名
    NO_SUCH_ACCOUNT = "no_such_account"  # 收款账户不存在
    ACCOUNT_CLOSED = "account_closed"  # 收款账户已注销或冻结
    ACCOUNT_LIMITED = "account_limited"  # 收款账户收款受限
    PAYEE_CAP = "payee_cap"  # 超过收款人单日限额
    MERCHANT_CAP = "merchant_cap"  # 超过付款方单日限额
    BELOW_MINIMUM = "below_minimum"  # 低于单笔最低金额
    ABOVE_MAXIMUM = "above_maximum"  # 超过单笔最高金额
    NO_MONEY = "no_money"  # 付款账户余额不足
    CLOSED_HOURS = "closed_hours"  # 通道维护时段
    TOO_OFTEN = "too_often"  # 请求过于频繁
    OTHER_TRANSFER = "other_transfer"  # 同一单号内容不同
    NOT_AUTHENTIC = "not_authentic"  # 通道未认可我方签名
    NO_POWER = "no_power"  # 未开通该付款产品
    RISK = "risk"  # 通道风险控制
    NOT_TAKEN = "not_taken"  # 通道不予受理
    NOT_CANCELLABLE = "not_cancellable"  # 不能撤销
    RETURNED = "returned"  # 收款行退回
    NOT_DELIVERED = "not_delivered"  # 未能送达收款人
    UNSPECIFIED = "unspecified"  # 通道未说明原因


class ClosedBy(StrEnum):
    """Why the money came back without anything having gone wrong."""

    EXPIRY = "expiry"  # 收款人逾期未确认
    CANCELLATION = "cancellation"  # 付款方撤销


@dataclass(frozen=True)
class Waiting:
    """The channel has the transfer and no end yet.

    With `must_confirm` the payee has to take the money in the channel's own client, with
    `package` where the channel gave one, before `until`. After `until` nothing is known
    before the channel says so: it closes when it gets round to it.
    """

    must_confirm: bool = False
    until: datetime | None = None
    package: str | None = None


@dataclass(frozen=True)
class Paid:
    """The payee has the money; `number` is the channel's."""

    at: datetime
    number: str


@dataclass(frozen=True)
class Failed:
    """The payee will not have it under this reference; a new one may be issued."""

    reason: Reason
    code: str = ""


@dataclass(frozen=True)
class Closed:
    """Back with the payer, under this reference for good; a new one may be issued."""

    by: ClosedBy
    at: datetime | None = None


@dataclass(frozen=True)
class NotFound:
    """The channel knows no such reference, now.

    It may still arrive if a request is under way: send the same transfer again, or ask
    again. A new reference is issued only after a person has seen to it.
    """


@dataclass(frozen=True)
class Unknown:
    """Nothing that may be relied on came; `cause` names no payee."""

    cause: str


@dataclass(frozen=True)
class Sent:
    """The channel has taken the transfer, or had it already; `told` if it says more.

    Whether it is paid is asked: this answer repeats no sum that could be held against ours.
    """

    number: str
    told: Waiting | None = None


@dataclass(frozen=True)
class Refused:
    """This request was turned away; it says nothing about an earlier one.

    `is_final`: the same content would be refused again. After an `Unknown` under the same
    reference only `ask` can tell whether the earlier request was taken.
    """

    reason: Reason
    is_final: bool
    code: str = ""


@dataclass(frozen=True)
class BadCallback:
    """A message that is not what it should be; nothing in it is used."""

    cause: str


@dataclass(frozen=True)
class Told:
    """What an authentic callback says of one of our transfers."""

    reference: str
    outcome: "Standing"


Standing = Waiting | Paid | Failed | Closed
SendOutcome = Sent | Refused | Unknown
AskOutcome = Standing | NotFound | Unknown
CancelOutcome = Waiting | Closed | Refused | Unknown
CallbackOutcome = Told | BadCallback
