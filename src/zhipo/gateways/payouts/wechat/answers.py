"""What WeChat Pay answers about a transfer bill, read into outcomes."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from zhipo.gateways.payouts.outcomes import (
    Closed,
    ClosedBy,
    Failed,
    Paid,
    Reason,
    Refused,
    Standing,
    Unknown,
    Waiting,
)
from zhipo.gateways.payouts.transfers import Transfer
from zhipo.gateways.payouts.wechat.account import WechatAccount
from zhipo.gateways.payouts.wire import Came, NotUnderstood, read

CONFIRM_WITHIN = timedelta(hours=24)
EXPIRED = "OVERDUE_CLOSE"

Text = Annotated[str, Field(min_length=1, max_length=256)]


class BillState(StrEnum):
    """The states of a transfer bill (单据状态)."""

    ACCEPTED = "ACCEPTED"  # 转账已受理
    PROCESSING = "PROCESSING"  # 转账锁定资金中
    WAIT_USER_CONFIRM = "WAIT_USER_CONFIRM"  # 待收款用户确认
    TRANSFERING = "TRANSFERING"  # 转账中
    SUCCESS = "SUCCESS"  # 转账成功
    FAIL = "FAIL"  # 转账失败
    CANCELING = "CANCELING"  # 转账撤销中
    CANCELLED = "CANCELLED"  # 转账撤销完成


FAIL_REASONS = {
    "NAME_NOT_CORRECT": Reason.WRONG_NAME,
    "ID_CARD_NOT_CORRECT": Reason.WRONG_NAME,
    "REAL_NAME_CHECK_FAIL": Reason.ACCOUNT_LIMITED,
    "REALNAME_ACCOUNT_RECEIVED_QUOTA_EXCEED": Reason.ACCOUNT_LIMITED,
    "PAYEE_ACCOUNT_ABNORMAL": Reason.ACCOUNT_LIMITED,
    "RECEIVE_ACCOUNT_NOT_PERMMIT": Reason.ACCOUNT_LIMITED,
    "ACCOUNT_FROZEN": Reason.ACCOUNT_CLOSED,
    "ACCOUNT_NOT_EXIST": Reason.NO_SUCH_ACCOUNT,
    "OPENID_INVALID": Reason.NO_SUCH_ACCOUNT,
    "TRANSFER_QUOTA_EXCEED": Reason.ABOVE_MAXIMUM,
    "DAY_RECEIVED_QUOTA_EXCEED": Reason.PAYEE_CAP,
    "MONTH_RECEIVED_QUOTA_EXCEED": Reason.PAYEE_CAP,
    "DAY_RECEIVED_COUNT_EXCEED": Reason.PAYEE_CAP,
    "PRODUCT_AUTH_CHECK_FAIL": Reason.NO_POWER,
    "PAYER_ACCOUNT_ABNORMAL": Reason.NO_POWER,
    "TRANSFER_RISK": Reason.RISK,
}
"""失败原因; a code that is not here is `UNSPECIFIED`: it has failed all the same."""

REFUSALS = {
    "PARAM_ERROR": (Reason.NOT_TAKEN, True),
    "INVALID_REQUEST": (Reason.NOT_TAKEN, False),
    "APPID_MCHID_NOT_MATCH": (Reason.NO_POWER, False),
    "NO_AUTH": (Reason.NO_POWER, False),
    "SIGN_ERROR": (Reason.NOT_AUTHENTIC, False),
    "NOT_ENOUGH": (Reason.NO_MONEY, False),
    "ACCOUNTERROR": (Reason.NO_POWER, False),
    "QUOTA_EXCEED": (Reason.MERCHANT_CAP, False),
    "FREQUENCY_LIMITED": (Reason.TOO_OFTEN, False),
    "RATELIMIT_EXCEEDED": (Reason.TOO_OFTEN, False),
}
"""业务错误码; one that is not here is `Unknown`, as WeChat Pay asks: never a new number on
the strength of an error, a query first."""

NOT_FOUND = "NOT_FOUND"


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Created(_Read):
    """The answer to 发起转账."""

    out_bill_no: Text
    transfer_bill_no: Text
    create_time: AwareDatetime
    state: BillState
    package_info: str | None = None


class Queried(_Read):
    """The answer to 商户单号查询转账单; a callback carries the same but `appid`."""

    mch_id: Text
    out_bill_no: Text
    transfer_bill_no: Text
    appid: Text | None = None
    openid: Text | None = None
    transfer_amount: int = Field(strict=True)
    state: BillState
    fail_reason: str | None = None
    create_time: AwareDatetime
    update_time: AwareDatetime


class Cancelled(_Read):
    """The answer to 撤销转账: taken, not yet done."""

    out_bill_no: Text
    transfer_bill_no: Text
    state: BillState
    update_time: AwareDatetime


class Problem(_Read):
    code: Text


class Resource(_Read):
    algorithm: str
    nonce: str
    ciphertext: str
    associated_data: str = ""


class Notice(_Read):
    """The envelope of a callback."""

    event_type: str
    resource_type: str
    resource: Resource


def told_at_once(created: Created) -> Waiting | None:
    """What the first answer says: only that the transfer waits, never that it is paid."""
    if created.state is BillState.WAIT_USER_CONFIRM:
        until = created.create_time + CONFIRM_WITHIN
        return Waiting(must_confirm=True, until=until, package=created.package_info or None)
    is_open = created.state in (BillState.ACCEPTED, BillState.PROCESSING)
    return Waiting() if is_open else None


def standing(bill: Queried, transfer: Transfer, account: WechatAccount) -> Standing:
    """How our transfer stands. Raises NotUnderstood where the bill is of another one."""
    _check_same(bill, transfer, account)
    match bill.state:
        case BillState.SUCCESS:
            return Paid(at=bill.update_time, number=bill.transfer_bill_no)
        case BillState.FAIL if bill.fail_reason == EXPIRED:
            return Closed(by=ClosedBy.EXPIRY, at=bill.update_time)
        case BillState.FAIL:
            code = bill.fail_reason or ""
            return Failed(FAIL_REASONS.get(code, Reason.UNSPECIFIED), code)
        case BillState.CANCELLED:
            return Closed(by=ClosedBy.CANCELLATION, at=bill.update_time)
        case BillState.WAIT_USER_CONFIRM | BillState.TRANSFERING:
            return Waiting(must_confirm=True, until=bill.create_time + CONFIRM_WITHIN)
        case _:
            return Waiting()


def refusal(came: Came) -> Refused | Unknown:
    """What an authentic error says; a server's own fault leaves everything open."""
    code = read(Problem, came.text).code
    if came.status >= 500 or code not in REFUSALS:
        return Unknown(code)
    reason, is_final = REFUSALS[code]
    return Refused(reason, is_final, code)


def _check_same(bill: Queried, transfer: Transfer, account: WechatAccount) -> None:
    is_same = (
        bill.out_bill_no == transfer.reference
        and bill.mch_id == account.merchant
        and bill.appid in (None, account.app_id)
        and bill.openid in (None, transfer.payee.account)
        and bill.transfer_amount == transfer.fen
    )
    if not is_same:
        raise NotUnderstood("OtherTransfer")
