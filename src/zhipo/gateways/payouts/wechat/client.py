"""The client of WeChat Pay's merchant transfers (商家转账)."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

import httpx

from zhipo.gateways.institutions.moments import utc_now
from zhipo.gateways.payouts.bills import Bill, BillNotReady
from zhipo.gateways.payouts.channel import ChannelName, FindTransfer
from zhipo.gateways.payouts.limits import Limits
from zhipo.gateways.payouts.outcomes import (
    AskOutcome,
    BadCallback,
    CallbackOutcome,
    CancelOutcome,
    Closed,
    ClosedBy,
    NotFound,
    SendOutcome,
    Sent,
    Told,
    Unknown,
    Waiting,
)
from zhipo.gateways.payouts.transfers import PayeeKind, Transfer
from zhipo.gateways.payouts.wechat import statement
from zhipo.gateways.payouts.wechat.account import WechatAccount
from zhipo.gateways.payouts.wechat.answers import (
    NOT_FOUND,
    BillState,
    Cancelled,
    Created,
    Notice,
    Problem,
    Queried,
    refusal,
    standing,
    told_at_once,
)
from zhipo.gateways.payouts.wechat.signing import (
    authorization,
    check,
    decrypted,
    encrypted,
)
from zhipo.gateways.payouts.wire import (
    Callback,
    Came,
    NotAuthentic,
    NotUnderstood,
    exchange,
    new_client,
    read,
)

BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
BY_OUR_NUMBER = f"{BILLS}/out-bill-no"
FINISHED = "MCHTRANSFER.BILL.FINISHED"
ENCRYPTED = "encrypt-resource"
ALGORITHM = "AEAD_AES_256_GCM"


@dataclass(frozen=True)
class WechatChannel:
    """`clock` is the machine's, for signatures. `http` is the caller's to close."""

    account: WechatAccount
    clock: Callable[[], datetime] = utc_now
    http: httpx.Client = field(default_factory=new_client)

    name = ChannelName.WECHAT
    kinds = frozenset({PayeeKind.WECHAT_OPENID})

    @property
    def limits(self) -> Limits:
        return self.account.limits

    def send(self, transfer: Transfer) -> SendOutcome:
        """Create the bill; created again it is the same one, with its package anew."""
        came = self._authentic("POST", BILLS, self._bill_of(transfer))
        if isinstance(came, Unknown):
            return came
        try:
            if came.status != httpx.codes.OK:
                return refusal(came)
            created = read(Created, came.text)
            if created.out_bill_no != transfer.reference:
                return Unknown("OtherTransfer")
            return Sent(created.transfer_bill_no, told_at_once(created))
        except NotUnderstood as error:
            return Unknown(str(error))

    def ask(self, transfer: Transfer) -> AskOutcome:
        """How the bill stands; WeChat Pay answers for thirty days, then its bills do."""
        came = self._authentic("GET", f"{BY_OUR_NUMBER}/{transfer.reference}")
        if isinstance(came, Unknown):
            return came
        try:
            if came.status == httpx.codes.OK:
                return standing(read(Queried, came.text), transfer, self.account)
            code = read(Problem, came.text).code
            is_missing = came.status == httpx.codes.NOT_FOUND and code == NOT_FOUND
            return NotFound() if is_missing else Unknown(code)
        except NotUnderstood as error:
            return Unknown(str(error))

    def cancel(self, transfer: Transfer) -> CancelOutcome:
        """Take the bill back before the user has confirmed."""
        path = f"{BY_OUR_NUMBER}/{transfer.reference}/cancel"
        came = self._authentic("POST", path)
        if isinstance(came, Unknown):
            return came
        try:
            if came.status != httpx.codes.OK:
                return refusal(came)
            cancelled = read(Cancelled, came.text)
        except NotUnderstood as error:
            return Unknown(str(error))
        if cancelled.out_bill_no != transfer.reference:
            return Unknown("OtherTransfer")
        if cancelled.state is BillState.CANCELLED:
            return Closed(by=ClosedBy.CANCELLATION, at=cancelled.update_time)
        return Waiting()

    def read_callback(self, callback: Callback, *, find: FindTransfer) -> CallbackOutcome:
        """A posted end of a bill. Played again it says the same; answer it with 200."""
        try:
            text = callback.body.decode("utf-8")
            check(self.account, callback.headers, text, now=self.clock())
            notice = read(Notice, text)
            kind = (notice.event_type, notice.resource_type, notice.resource.algorithm)
            if kind != (FINISHED, ENCRYPTED, ALGORITHM):
                return BadCallback("OtherEvent")
            bill = read(Queried, decrypted(self.account, notice.resource.model_dump()))
            transfer = find(bill.out_bill_no)
            if transfer is None:
                return BadCallback("UnknownReference")
            return Told(transfer.reference, standing(bill, transfer, self.account))
        except UnicodeDecodeError:
            return BadCallback("NotText")
        except (NotAuthentic, NotUnderstood) as error:
            return BadCallback(str(error))

    def bill(self, day: date) -> Bill | BillNotReady | Unknown:
        """The fund flow bill (资金账单) of a day, checked by its hash. Raises BillFault."""
        came = self._authentic("GET", statement.path_of(day))
        if isinstance(came, Unknown):
            return came
        try:
            if came.status != httpx.codes.OK:
                return statement.missing(came, day)
            found = read(statement.Location, came.text)
        except NotUnderstood as error:
            return Unknown(str(error))
        path = statement.download_path(found, self.account.base)
        content = self._exchange("GET", path, "")
        if isinstance(content, Unknown):
            return content
        if content.status != httpx.codes.OK:
            return Unknown(f"HTTP {content.status}")
        return statement.read_bill(content.body, found, day=day)

    def _bill_of(self, transfer: Transfer) -> str:
        account = self.account
        reports = account.scene_reports.items()
        content: dict[str, object] = {
            "appid": account.app_id,
            "out_bill_no": transfer.reference,
            "transfer_scene_id": account.scene_id,
            "openid": transfer.payee.account,
            "transfer_amount": transfer.fen,
            "transfer_remark": transfer.remark,
            "notify_url": account.notify_url,
            "transfer_scene_report_infos": [
                {"info_type": kind, "info_content": text} for kind, text in reports
            ],
        }
        if transfer.payee.name:
            content["user_name"] = encrypted(account, transfer.payee.name)
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    def _authentic(self, method: str, path: str, body: str = "") -> Came | Unknown:
        """An answer proven to be WeChat Pay's; what is not is as good as none."""
        came = self._exchange(method, path, body)
        if isinstance(came, Unknown):
            return came
        try:
            check(self.account, came.headers, came.text, now=self.clock())
        except (NotAuthentic, NotUnderstood) as error:
            return Unknown(str(error))
        return came

    def _exchange(self, method: str, path: str, body: str) -> Came | Unknown:
        account = self.account
        signed = authorization(
            account, method=method, path=path, body=body, at=self.clock()
        )
        headers = {
            "authorization": signed,
            "accept": "application/json",
            "content-type": "application/json",
            "wechatpay-serial": account.public_key_id,
        }
        content = body.encode("utf-8") or None
        request = self.http.build_request(
            method, f"{account.base}{path}", content=content, headers=headers
        )
        return exchange(self.http, request)
