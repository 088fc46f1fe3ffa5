"""What Alipay answers about a transfer, read into outcomes. Its sums are yuan as text."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from zhipo.gateways.institutions.moments import CHINA
from zhipo.gateways.payouts.outcomes import (
    AskOutcome,
    Closed,
    ClosedBy,
    Failed,
    NotFound,
    Paid,
    Reason,
    Refused,
    Standing,
    Unknown,
    Waiting,
)
from zhipo.gateways.payouts.transfers import PayeeKind, Transfer
from zhipo.gateways.payouts.wire import NotUnderstood
from zhipo.kernel.money import MoneyError, parse_yuan

SUCCESS = "10000"
BUSINESS = "40004"
TOO_OFTEN = "40005"
TIME = "%Y-%m-%d %H:%M:%S"
NO_ORDER = ("ORDER_NOT_EXIST",)


class OrderStatus(StrEnum):
    """The states of a transfer order (转账单据状态)."""

    SUCCESS = "SUCCESS"  # 转账成功
    FAIL = "FAIL"  # 转账失败
    DEALING = "DEALING"  # 处理中
    INIT = "INIT"  # 等待处理
    WAIT_PAY = "WAIT_PAY"  # 等待支付
    CLOSED = "CLOSED"  # 超时关闭
    REFUND = "REFUND"  # 退票


REASONS = {
    "PAYEE_USER_INFO_ERROR": Reason.WRONG_NAME,
    "PAYEE_ACC_OCUPIED": Reason.NAME_MISSING,
    "PAYEE_NOT_EXIST": Reason.NO_SUCH_ACCOUNT,
    "PAYEE_ACCOUNT_NOT_EXSIT": Reason.NO_SUCH_ACCOUNT,
    "PAYEE_ACCOUNT_STATUS_ERROR": Reason.ACCOUNT_CLOSED,
    "PAYEE_USERINFO_STATUS_ERROR": Reason.ACCOUNT_CLOSED,
    "PERM_AML_NOT_REALNAME_REV": Reason.ACCOUNT_LIMITED,
    "PERMIT_NON_BANK_LIMIT_PAYEE": Reason.ACCOUNT_LIMITED,
    "PERMIT_LIMIT_PAYEE": Reason.ACCOUNT_LIMITED,
    "PAYEE_NOT_RELNAME_CERTIFY": Reason.ACCOUNT_LIMITED,
    "RELEASE_USER_FORBBIDEN_RECIEVE": Reason.ACCOUNT_LIMITED,
    "PAYEE_TRUSTEESHIP_ACC_OVER_LIMIT": Reason.PAYEE_CAP,
    "TRUSTEESHIP_RECIEVE_QUOTA_LIMIT": Reason.PAYEE_CAP,
    "EXCEED_LIMIT_SM_MIN_AMOUNT": Reason.BELOW_MINIMUM,
}
"""Of the payee or the sum: refused now, these are refused again with the same content."""

REFUSALS = {
    "PAYMENT_INFO_INCONSISTENCY": (Reason.OTHER_TRANSFER, True),
    "INVALID_PARAMETER": (Reason.NOT_TAKEN, True),
    "EXCEED_LIMIT_SM_AMOUNT": (Reason.ABOVE_MAXIMUM, True),
    "EXCEED_LIMIT_DM_AMOUNT": (Reason.MERCHANT_CAP, False),
    "EXCEED_LIMIT_MM_AMOUNT": (Reason.MERCHANT_CAP, False),
    "EXCEED_LIMIT_UNRN_DM_AMOUNT": (Reason.PAYEE_CAP, False),
    "PAYER_BALANCE_NOT_ENOUGH": (Reason.NO_MONEY, False),
    "BALANCE_IS_NOT_ENOUGH": (Reason.NO_MONEY, False),
    "PAYER_STATUS_ERROR": (Reason.NO_POWER, False),
    "PERMIT_PAYER_FORBIDDEN": (Reason.NO_POWER, False),
    "SECURITY_CHECK_FAILED": (Reason.RISK, False),
}
"""A code in neither table is `Unknown`: Alipay asks for the same request or a query."""

AT_THE_GATE = {
    "isv.invalid-signature": Reason.NOT_AUTHENTIC,
    "isv.invalid-timestamp": Reason.NOT_AUTHENTIC,
    "isv.invalid-app-id": Reason.NO_POWER,
    "isv.insufficient-isv-permissions": Reason.NO_POWER,
    "isv.app-call-limited": Reason.TOO_OFTEN,
}
"""公共错误码: nothing of the request was looked at."""


def _fen(value: object) -> int:
    """Yuan with two decimals as fen; Alipay gives text, or a number in some answers."""
    try:
        return parse_yuan(str(value))
    except MoneyError as error:
        raise ValueError("not a sum") from error


def _china(value: object) -> datetime:
    return datetime.strptime(str(value), TIME).replace(tzinfo=CHINA)


Fen = Annotated[int, BeforeValidator(_fen)]
Moment = Annotated[datetime, BeforeValidator(_china)]
Text = Annotated[str, Field(min_length=1, max_length=256)]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Outcome(_Read):
    """What every answer begins with."""

    code: str
    sub_code: str = ""


class Created(_Read):
    """The answer to alipay.fund.trans.uni.transfer."""

    out_biz_no: Text
    order_id: Text
    status: OrderStatus


class Queried(_Read):
    """The answer to alipay.fund.trans.common.query; a callback carries the like."""

    out_biz_no: Text
    order_id: Text
    trans_amount: Fen
    status: OrderStatus
    pay_date: Moment | None = None
    error_code: str = ""
    receiver_user_id: str = ""


class LoggedEntry(_Read):
    """One movement of alipay.data.bill.accountlog.query."""

    account_log_id: Text
    alipay_order_no: str = ""
    merchant_order_no: str = ""
    trans_dt: Moment
    trans_amount: Fen
    direction: str
    type: str = ""


class LogPage(_Read):
    total_size: int
    detail_list: tuple[LoggedEntry, ...] = ()


def standing(order: Queried, transfer: Transfer) -> Standing:
    """How our transfer stands. Raises NotUnderstood where the order is of another one."""
    _check_same(order, transfer)
    match order.status:
        case OrderStatus.SUCCESS if order.pay_date is not None:
            return Paid(at=order.pay_date, number=order.order_id)
        case OrderStatus.SUCCESS:
            raise NotUnderstood("paid without a time")
        case OrderStatus.FAIL:
            reason = REASONS.get(order.error_code, Reason.UNSPECIFIED)
            return Failed(reason, order.error_code)
        case OrderStatus.REFUND:
            return Failed(Reason.RETURNED, order.error_code)
        case OrderStatus.CLOSED:
            return Closed(by=ClosedBy.EXPIRY)
        case _:
            return Waiting()


def refusal(outcome: Outcome) -> Refused | Unknown:
    """What an authentic error says of the request that was sent."""
    code = outcome.sub_code or outcome.code
    if outcome.code == TOO_OFTEN:
        return Refused(Reason.TOO_OFTEN, is_final=False, code=code)
    if code in AT_THE_GATE:
        return Refused(AT_THE_GATE[code], is_final=False, code=code)
    if outcome.code != BUSINESS:
        return Unknown(code)
    if code in REASONS:
        return Refused(REASONS[code], is_final=True, code=code)
    if code in REFUSALS:
        reason, is_final = REFUSALS[code]
        return Refused(reason, is_final, code)
    return Unknown(code)


def absence(outcome: Outcome) -> AskOutcome:
    """What an error says to a query: that there is no such order, or nothing."""
    if outcome.code == BUSINESS and outcome.sub_code in NO_ORDER:
        return NotFound()
    return Unknown(outcome.sub_code or outcome.code)


def _check_same(order: Queried, transfer: Transfer) -> None:
    payee = transfer.payee
    is_other_payee = payee.kind is PayeeKind.ALIPAY_USER and order.receiver_user_id not in (
        "",
        payee.account,
    )
    if (
        order.out_biz_no != transfer.reference
        or order.trans_amount != transfer.fen
        or is_other_payee
    ):
        raise NotUnderstood("OtherTransfer")
