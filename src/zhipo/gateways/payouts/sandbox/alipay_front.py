"""Alipay's side of single transfers: RSA2, `code` and `sub_code`, yuan as text."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from zhipo.gateways.institutions.moments import CHINA, utc_now
from zhipo.gateways.payouts.alipay.answers import TIME
from zhipo.gateways.payouts.alipay.client import ACCOUNT_LOG, CHANGED, QUERY, TRANSFER
from zhipo.gateways.payouts.alipay.signing import (
    SIGN_TYPE,
    callback_content,
    is_signed,
    request_content,
    sign,
)
from zhipo.gateways.payouts.outcomes import Reason
from zhipo.gateways.payouts.sandbox.behaviour import Manner
from zhipo.gateways.payouts.sandbox.book import Book, Books, Entry, State
from zhipo.gateways.payouts.sandbox.spoken import (
    Dropped,
    Meter,
    Reply,
    Request,
    door_fault,
    exit_fault,
)
from zhipo.gateways.payouts.sandbox.teller import Asked, Teller, TurnedAway
from zhipo.kernel.money import MAX_FEN, MoneyError, parse_yuan, plain_yuan

SKEW_SECONDS = 24 * 3600
"""Alipay's gateway is generous with clocks: a day."""

WORDS = {
    State.TAKEN: "DEALING",
    State.WITH_PAYEE: "DEALING",
    State.DONE: "SUCCESS",
    State.TURNED_DOWN: "FAIL",
    State.LAPSED: "CLOSED",
    State.TAKEN_BACK: "CLOSED",
}
CAUSES = {
    Manner.WRONG_NAME: "PAYEE_USER_INFO_ERROR",
    Manner.ACCOUNT_CLOSED: "PAYEE_ACCOUNT_STATUS_ERROR",
}
CODES = {
    Reason.BELOW_MINIMUM: "EXCEED_LIMIT_SM_MIN_AMOUNT",
    Reason.ABOVE_MAXIMUM: "EXCEED_LIMIT_SM_AMOUNT",
    Reason.NAME_MISSING: "INVALID_PARAMETER",
    Reason.MERCHANT_CAP: "EXCEED_LIMIT_DM_AMOUNT",
    Reason.PAYEE_CAP: "EXCEED_LIMIT_UNRN_DM_AMOUNT",
    Reason.NO_MONEY: "PAYER_BALANCE_NOT_ENOUGH",
    Reason.OTHER_TRANSFER: "PAYMENT_INFO_INCONSISTENCY",
    Reason.CLOSED_HOURS: "SYSTEM_ERROR",
}
AT_THE_DOOR = {
    Manner.ERROR_BEFORE: ("20000", "aop.unknow-error"),
    Manner.MAINTENANCE: ("20000", "isp.unknow-error"),
    Manner.RATE_LIMIT: ("40005", "isv.app-call-limited"),
}
NOT_A_REQUEST = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
PRODUCT = ("TRANS_ACCOUNT_NO_PWD", "DIRECT_TRANSFER")
OK = {"code": "10000", "msg": "Success"}


class NotTaken(ValueError):
    """A request that is answered with an error: code and sub-code."""

    def __init__(self, code: str, sub_code: str) -> None:
        super().__init__(sub_code)
        self.code = code
        self.sub_code = sub_code


@dataclass(frozen=True)
class AlipayKeys:
    app_id: str
    merchant_key: RSAPublicKey = field(repr=False)
    own_key: RSAPrivateKey = field(repr=False)
    callback_to: str = ""


@dataclass
class AlipayFront:
    books: Books
    teller: Teller
    keys: AlipayKeys
    clock: Callable[[], datetime] = utc_now

    def __post_init__(self) -> None:
        self.meter = Meter(self.teller.limits.per_second)

    def answer(self, request: Request) -> Reply:
        """What goes back to a request. Raises Dropped where nothing does."""
        given = self._given(request)
        method = given.get("method", "")
        with self.books.opened() as book:
            try:
                self._check(given, book)
                content, fault, is_early = self._said(method, given, book)
            except (NotTaken, TurnedAway) as error:
                content, fault, is_early = _coded(error), None, False
        if content.get("code") == "0" or fault is Manner.ANSWER_LOST:
            raise Dropped
        if fault is Manner.ERROR_AFTER:
            content = _coded(NotTaken("20000", "aop.unknow-error"))
        return self._reply(method, content, fault, is_early=is_early)

    def callback(self, entry: Entry, manner: Manner) -> tuple[dict[str, str], bytes]:
        """Headers and body of the notice of an order's change, signed now."""
        order = _order(entry)
        if manner is Manner.CALLBACK_WRONG:
            order["trans_amount"] = plain_yuan(entry.fen + 1)
        parameters = {
            "notify_id": f"{entry.number}{time.monotonic_ns()}",
            "utc_timestamp": str(int(self.clock().timestamp() * 1000)),
            "msg_method": CHANGED,
            "app_id": self.keys.app_id,
            "version": "1.1",
            "charset": "UTF-8",
            "biz_content": json.dumps(order, ensure_ascii=False),
        }
        content = callback_content(parameters)
        content = f"forged {content}" if manner is Manner.CALLBACK_FORGED else content
        signed = sign(content, self.keys.own_key)
        form = urlencode({**parameters, "sign": signed, "sign_type": SIGN_TYPE})
        headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        return headers, form.encode("ascii")

    def _given(self, request: Request) -> dict[str, str]:
        """Parameters of address and form together: the gateway takes either."""
        body = request.body.decode("utf-8", "replace")
        return {**request.query, **dict(parse_qsl(body))}

    def _check(self, given: dict[str, str], book: Book) -> None:
        """Raise NotTaken unless the application has signed this request, about now."""
        if given.get("app_id") != self.keys.app_id:
            raise NotTaken("40002", "isv.invalid-app-id")
        content, signature = request_content(given), given.get("sign", "")
        is_right = given.get("sign_type") == SIGN_TYPE and is_signed(
            content, signature, self.keys.merchant_key
        )
        if not is_right:
            raise NotTaken("40002", "isv.invalid-signature")
        try:
            at = datetime.strptime(given.get("timestamp", ""), TIME).replace(tzinfo=CHINA)
        except ValueError as error:
            raise NotTaken("40002", "isv.invalid-timestamp") from error
        if abs((self.clock() - at).total_seconds()) > SKEW_SECONDS:
            raise NotTaken("40002", "isv.invalid-timestamp")
        if self.meter.is_over():
            raise NotTaken("40005", "isv.app-call-limited")

    def _said(
        self, method: str, given: dict[str, str], book: Book
    ) -> tuple[dict[str, Any], Manner | None, bool]:
        self.teller.work_off(book)
        try:
            content = json.loads(given.get("biz_content", ""))
            if method == TRANSFER:
                return self._transfer(content, book)
            if method == QUERY:
                return self._query(str(content["out_biz_no"]), book)
            if method == ACCOUNT_LOG:
                return _log(book, content), None, False
        except NOT_A_REQUEST as error:
            if isinstance(error, NotTaken | TurnedAway):
                raise
            raise NotTaken("40004", "INVALID_PARAMETER") from error
        raise NotTaken("40002", "isv.invalid-method")

    def _transfer(
        self, content: dict[str, Any], book: Book
    ) -> tuple[dict[str, Any], Manner | None, bool]:
        if (content["product_code"], content["biz_scene"]) != PRODUCT:
            raise NotTaken("40006", "isv.insufficient-isv-permissions")
        asked = _asked(content, self.keys.callback_to)
        book.arrive(asked.reference)
        self._meet(book, asked.reference)
        behaviour = self.teller.behaviour(book, asked.reference)
        entry = self.teller.take(book, asked, behaviour)
        if entry.state is State.TURNED_DOWN:
            raise NotTaken("40004", CAUSES[Manner(entry.cause)])
        answer = {
            "out_biz_no": entry.reference,
            "order_id": entry.number,
            "pay_fund_order_id": entry.number[::-1],
            "status": WORDS[entry.state],
            "trans_date": _moment(entry.updated_at),
        }
        is_early = behaviour.manner is Manner.CALLBACK_FIRST
        return *self._leaving(book, answer, entry), is_early

    def _query(
        self, reference: str, book: Book
    ) -> tuple[dict[str, Any], Manner | None, bool]:
        self._meet(book, reference)
        entry = book.find(reference)
        if entry is None:
            raise NotTaken("40004", "ORDER_NOT_EXIST")
        return *self._leaving(book, _order(entry), entry), False

    def _meet(self, book: Book, reference: str) -> None:
        manner = door_fault(self.teller, book, reference)
        if manner is Manner.SILENT:
            raise NotTaken("0", "silent")
        if manner is not None:
            raise NotTaken(*AT_THE_DOOR[manner])

    def _leaving(
        self, book: Book, content: dict[str, Any], entry: Entry
    ) -> tuple[dict[str, Any], Manner | None]:
        """The answer, and what befalls it on the way."""
        has_sum = "trans_amount" in content
        fault = exit_fault(self.teller, book, entry.reference, has_sum=has_sum)
        if fault is Manner.OTHER_SUM:
            content["trans_amount"] = plain_yuan(entry.fen + 1)
        if fault is Manner.OTHER_REFERENCE:
            content["out_biz_no"] = f"OTHER{entry.reference[5:]}"
        return {**OK, **content}, fault

    def _reply(
        self,
        method: str,
        content: dict[str, Any],
        fault: Manner | None,
        *,
        is_early: bool,
    ) -> Reply:
        """An answer carries no time: ANSWER_SKEWED is an ordinary one here."""
        node = json.dumps(content, ensure_ascii=False)
        is_forged = fault is Manner.ANSWER_FORGED
        signature = sign(f"forged {node}" if is_forged else node, self.keys.own_key)
        name = method.replace(".", "_") or "error"
        text = f'{{"{name}_response":{node},"sign":"{signature}"}}'
        headers = {"content-type": "text/html;charset=utf-8"}
        return Reply(
            200,
            headers,
            text.encode("utf-8"),
            wait=fault is Manner.SLOW,
            after_callbacks=is_early,
        )


def _asked(content: dict[str, Any], callback_to: str) -> Asked:
    payee = content["payee_info"]
    try:
        fen = parse_yuan(str(content["trans_amount"]))
    except MoneyError as error:
        raise NotTaken("40004", "INVALID_PARAMETER") from error
    if not 0 < fen <= MAX_FEN or payee["identity_type"] not in (
        "ALIPAY_USER_ID",
        "ALIPAY_LOGON_ID",
    ):
        raise NotTaken("40004", "INVALID_PARAMETER")
    return Asked(
        reference=str(content["out_biz_no"]),
        fen=fen,
        payee=str(payee["identity"]),
        payee_name=str(payee.get("name", "")),
        remark=str(content.get("remark", "")),
        callback_to=callback_to,
    )


def _order(entry: Entry) -> dict[str, Any]:
    content = {
        "out_biz_no": entry.reference,
        "order_id": entry.number,
        "pay_fund_order_id": entry.number[::-1],
        "trans_amount": plain_yuan(entry.fen),
        "status": WORDS[entry.state],
        "product_code": PRODUCT[0],
        "biz_scene": PRODUCT[1],
    }
    if entry.state is State.DONE:
        content["pay_date"] = _moment(entry.updated_at)
    if entry.cause:
        content["error_code"] = CAUSES[Manner(entry.cause)]
    return content


def _log(book: Book, content: dict[str, Any]) -> dict[str, Any]:
    """A page of the account's log of one day."""
    begin = datetime.strptime(content["start_time"], TIME).replace(tzinfo=CHINA)
    number, size = int(content["page_no"]), int(content["page_size"])
    rows = book.movements(begin.date())
    return {
        **OK,
        "page_no": str(number),
        "page_size": str(size),
        "total_size": str(len(rows)),
        "detail_list": [
            {
                "account_log_id": order,
                "alipay_order_no": order,
                "merchant_order_no": reference,
                "trans_dt": _moment(at),
                "trans_amount": plain_yuan(fen),
                "direction": "支出",
                "type": "转账",
            }
            for at, reference, order, fen in rows[(number - 1) * size : number * size]
        ],
    }


def _coded(error: NotTaken | TurnedAway) -> dict[str, Any]:
    if isinstance(error, NotTaken):
        code, sub_code = error.code, error.sub_code
    else:
        code, sub_code = "40004", CODES.get(error.reason, "SYSTEM_ERROR")
    return {"code": code, "msg": "Failed", "sub_code": sub_code, "sub_msg": sub_code}


def _moment(at: datetime) -> str:
    return at.astimezone(CHINA).strftime(TIME)
