"""The client of Alipay's single transfers to accounts (单笔转账)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl

import httpx

from zhipo.gateways.institutions.moments import CHINA, utc_now
from zhipo.gateways.payouts.alipay.account import AlipayAccount
from zhipo.gateways.payouts.alipay.answers import (
    SUCCESS,
    TIME,
    Created,
    LoggedEntry,
    LogPage,
    Outcome,
    Queried,
    absence,
    refusal,
    standing,
)
from zhipo.gateways.payouts.alipay.signing import (
    SIGN_TYPE,
    callback_content,
    is_signed,
    proven_node,
    request_content,
    sign,
)
from zhipo.gateways.payouts.bills import Bill, BillFault, BillNotReady, BillRow
from zhipo.gateways.payouts.channel import ChannelName, FindTransfer
from zhipo.gateways.payouts.limits import Limits
from zhipo.gateways.payouts.outcomes import (
    AskOutcome,
    BadCallback,
    CallbackOutcome,
    CancelOutcome,
    Reason,
    Refused,
    SendOutcome,
    Sent,
    Told,
    Unknown,
)
from zhipo.gateways.payouts.transfers import PayeeKind, Transfer
from zhipo.gateways.payouts.wire import (
    Callback,
    NotAuthentic,
    NotUnderstood,
    exchange,
    new_client,
    read,
)
from zhipo.kernel.money import plain_yuan

TRANSFER = "alipay.fund.trans.uni.transfer"
QUERY = "alipay.fund.trans.common.query"
CHANGED = "alipay.fund.trans.order.changed"
ACCOUNT_LOG = "alipay.data.bill.accountlog.query"
PRODUCT = {"product_code": "TRANS_ACCOUNT_NO_PWD", "biz_scene": "DIRECT_TRANSFER"}
IDENTITY = {
    PayeeKind.ALIPAY_USER: "ALIPAY_USER_ID",
    PayeeKind.ALIPAY_LOGON: "ALIPAY_LOGON_ID",
}
PAGE = 2000
SIGNS = {"收入": 1, "支出": -1}


@dataclass(frozen=True)
class AlipayChannel:
    """`clock` is the machine's, for signatures. `http` is the caller's to close."""

    account: AlipayAccount
    clock: Callable[[], datetime] = utc_now
    http: httpx.Client = field(default_factory=new_client)

    name = ChannelName.ALIPAY
    kinds = frozenset(IDENTITY)

    @property
    def limits(self) -> Limits:
        return self.account.limits

    def send(self, transfer: Transfer) -> SendOutcome:
        """Pay at once; sent again with the same content it is not paid again."""
        payee = transfer.payee
        content = {
            **PRODUCT,
            "out_biz_no": transfer.reference,
            "trans_amount": plain_yuan(transfer.fen),
            "order_title": self.account.title,
            "remark": transfer.remark,
            "payee_info": {
                "identity": payee.account,
                "identity_type": IDENTITY[payee.kind],
                **({"name": payee.name} if payee.name else {}),
            },
        }
        node = self._authentic(TRANSFER, content)
        if isinstance(node, Unknown):
            return node
        try:
            outcome = read(Outcome, node)
            if outcome.code != SUCCESS:
                return refusal(outcome)
            created = read(Created, node)
        except NotUnderstood as error:
            return Unknown(str(error))
        is_ours = created.out_biz_no == transfer.reference
        return Sent(created.order_id) if is_ours else Unknown("OtherTransfer")

    def ask(self, transfer: Transfer) -> AskOutcome:
        """How the order stands."""
        node = self._authentic(QUERY, {**PRODUCT, "out_biz_no": transfer.reference})
        if isinstance(node, Unknown):
            return node
        try:
            outcome = read(Outcome, node)
            if outcome.code != SUCCESS:
                return absence(outcome)
            return standing(read(Queried, node), transfer)
        except NotUnderstood as error:
            return Unknown(str(error))

    def cancel(self, transfer: Transfer) -> CancelOutcome:
        """Never: a transfer to an Alipay account is done when it is taken."""
        return Refused(Reason.NOT_CANCELLABLE, is_final=True)

    def read_callback(self, callback: Callback, *, find: FindTransfer) -> CallbackOutcome:
        """A posted change of an order. Played again it says the same; answer `success`."""
        try:
            text = callback.body.decode("utf-8")
            form = dict(parse_qsl(text, strict_parsing=True, max_num_fields=64))
        except ValueError:
            return BadCallback("NotForm")
        content = callback_content(form)
        if not is_signed(content, form.get("sign", ""), self.account.public_key):
            return BadCallback("WrongSignature")
        if form.get("app_id") != self.account.app_id:
            return BadCallback("OtherApplication")
        if form.get("msg_method") != CHANGED:
            return BadCallback("OtherEvent")
        try:
            order = read(Queried, form.get("biz_content", ""))
            transfer = find(order.out_biz_no)
            if transfer is None:
                return BadCallback("UnknownReference")
            return Told(transfer.reference, standing(order, transfer))
        except NotUnderstood as error:
            return BadCallback(str(error))

    def bill(self, day: date) -> Bill | BillNotReady | Unknown:
        """Every entry of the account's log (账务明细) of a day. Raises BillFault."""
        entries: list[LoggedEntry] = []
        while True:
            page = self._log_page(day, number=len(entries) // PAGE + 1)
            if isinstance(page, Unknown):
                return page
            entries += page.detail_list
            if len(entries) >= page.total_size:
                break
            if len(page.detail_list) < PAGE:
                raise BillFault("fewer entries than the log says it has")
        rows = (_row(entry) for entry in entries)
        return Bill(day, tuple(row for row in rows if row.at.date() == day))

    def _log_page(self, day: date, *, number: int) -> LogPage | Unknown:
        content = {
            "start_time": f"{day.isoformat()} 00:00:00",
            "end_time": f"{day + timedelta(days=1)} 00:00:00",
            "page_no": str(number),
            "page_size": str(PAGE),
        }
        node = self._authentic(ACCOUNT_LOG, content)
        if isinstance(node, Unknown):
            return node
        try:
            outcome = read(Outcome, node)
            if outcome.code != SUCCESS:
                return Unknown(outcome.sub_code or outcome.code)
            return read(LogPage, node)
        except NotUnderstood as error:
            return Unknown(str(error))

    def _authentic(self, method: str, content: Mapping[str, object]) -> str | Unknown:
        """The signed part of the answer; what is not signed is as good as none."""
        parameters = {
            "app_id": self.account.app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": SIGN_TYPE,
            "timestamp": self.clock().astimezone(CHINA).strftime(TIME),
            "version": "1.0",
            "biz_content": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        }
        signed = sign(request_content(parameters), self.account.private_key)
        request = self.http.build_request(
            "POST", self.account.gateway, data={**parameters, "sign": signed}
        )
        came = exchange(self.http, request)
        if isinstance(came, Unknown):
            return came
        if came.status != httpx.codes.OK:
            return Unknown(f"HTTP {came.status}")
        try:
            return proven_node(came.text, method=method, key=self.account.public_key)
        except (NotAuthentic, NotUnderstood) as error:
            return Unknown(str(error))


def _row(entry: LoggedEntry) -> BillRow:
    if entry.direction not in SIGNS:
        raise BillFault("an entry goes neither in nor out")
    return BillRow(
        reference=entry.merchant_order_no,
        number=entry.alipay_order_no or entry.account_log_id,
        at=entry.trans_dt,
        fen=SIGNS[entry.direction] * abs(entry.trans_amount),
        kind=entry.type,
    )
