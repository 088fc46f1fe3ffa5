"""WeChat Pay's side of merchant transfers: signatures, codes and words of API v3."""

import base64
import json
import re
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from wechatpayv3.utils import rsa_decrypt, rsa_sign

from zhipo.gateways.institutions.moments import CHINA, utc_now
from zhipo.gateways.payouts.alipay.signing import is_signed
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
from zhipo.gateways.payouts.sandbox.wechat_bill import bill_location, bill_text
from zhipo.gateways.payouts.wechat.client import ALGORITHM, BILLS, ENCRYPTED, FINISHED
from zhipo.gateways.payouts.wechat.signing import SCHEME
from zhipo.kernel.money import MAX_FEN

SKEW_SECONDS = 300
FIELD = re.compile(r'(\w+)="([^"]*)"')
REFERENCE = re.compile(r"[A-Za-z0-9]{1,32}")
NOT_A_REQUEST = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
WORDS = {
    State.TAKEN: "ACCEPTED",
    State.WITH_PAYEE: "WAIT_USER_CONFIRM",
    State.DONE: "SUCCESS",
    State.TURNED_DOWN: "FAIL",
    State.LAPSED: "FAIL",
    State.TAKEN_BACK: "CANCELLED",
}
CAUSES = {
    Manner.WRONG_NAME: "NAME_NOT_CORRECT",
    Manner.ACCOUNT_CLOSED: "ACCOUNT_NOT_EXIST",
    "expired": "OVERDUE_CLOSE",
}
CODES = {
    Reason.BELOW_MINIMUM: (400, "PARAM_ERROR"),
    Reason.NAME_MISSING: (400, "PARAM_ERROR"),
    Reason.NO_MONEY: (403, "NOT_ENOUGH"),
    Reason.MERCHANT_CAP: (403, "QUOTA_EXCEED"),
    Reason.CLOSED_HOURS: (500, "SYSTEM_ERROR"),
}
"""What is not listed is 400 INVALID_REQUEST: against a rule of the business."""

AT_THE_DOOR = {
    Manner.ERROR_BEFORE: (500, "SYSTEM_ERROR"),
    Manner.MAINTENANCE: (503, "SYSTEM_ERROR"),
    Manner.RATE_LIMIT: (429, "FREQUENCY_LIMITED"),
}


class NotTaken(ValueError):
    """A request that is answered with an error: status and code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class WechatKeys:
    """What the channel holds: its own key, the merchant's public one, the shared secret."""

    merchant: str
    app_id: str
    serial: str
    merchant_key: RSAPublicKey = field(repr=False)
    own_id: str
    own_key: RSAPrivateKey = field(repr=False)
    api_key: str = field(repr=False)


@dataclass
class WechatFront:
    """`address` is where it is reached, for the bill's download."""

    books: Books
    teller: Teller
    keys: WechatKeys
    address: str
    clock: Callable[[], datetime] = utc_now

    def __post_init__(self) -> None:
        self.meter = Meter(self.teller.limits.per_second)

    def answer(self, request: Request) -> Reply:
        """What goes back to a request. Raises Dropped where nothing does."""
        try:
            with self.books.opened() as book:
                self._check(request, book)
                try:
                    said = self._said(request, book)
                except (NotTaken, TurnedAway) as error:
                    said = Said(*_coded(error))
        except NotTaken as error:
            said = Said(error.status, {"code": error.code, "message": error.code})
        return self._reply(said)

    def callback(self, entry: Entry, manner: Manner) -> tuple[dict[str, str], bytes]:
        """Headers and body of the notice of a bill's end, signed now."""
        content = _bill(entry, self.keys)
        del content["appid"]
        if manner is Manner.CALLBACK_WRONG:
            content["transfer_amount"] = entry.fen + 1
        nonce, label = secrets.token_hex(6), "mch_payment"
        sealed = AESGCM(self.keys.api_key.encode("utf-8")).encrypt(
            nonce.encode(), json.dumps(content).encode("utf-8"), label.encode()
        )
        notice = {
            "id": str(uuid.uuid4()),
            "create_time": _moment(entry.updated_at),
            "resource_type": ENCRYPTED,
            "event_type": FINISHED,
            "summary": "商家转账单据终态通知",
            "resource": {
                "original_type": label,
                "algorithm": ALGORITHM,
                "ciphertext": base64.b64encode(sealed).decode("ascii"),
                "associated_data": label,
                "nonce": nonce,
            },
        }
        body = json.dumps(notice, ensure_ascii=False).encode("utf-8")
        is_forged = manner is Manner.CALLBACK_FORGED
        return self._signed(body, is_forged=is_forged), body

    def _check(self, request: Request, book: Book) -> None:
        """Raise NotTaken unless the merchant has signed this request, now and once."""
        scheme, _, rest = request.headers.get("authorization", "").partition(" ")
        given = dict(FIELD.findall(rest))
        named = (given.get("mchid"), given.get("serial_no"))
        if scheme != SCHEME or named != (self.keys.merchant, self.keys.serial):
            raise NotTaken(401, "SIGN_ERROR")
        stamp, nonce = given.get("timestamp", ""), given.get("nonce_str", "")
        now = self.clock().timestamp()
        if not stamp.isdigit() or abs(int(stamp) - now) > SKEW_SECONDS:
            raise NotTaken(401, "SIGN_ERROR")
        body = request.body.decode("utf-8", "replace")
        signed = f"{request.method}\n{request.target}\n{stamp}\n{nonce}\n{body}\n"
        if not is_signed(signed, given.get("signature", ""), self.keys.merchant_key):
            raise NotTaken(401, "SIGN_ERROR")
        if not nonce or not book.is_new(nonce, at=now):
            raise NotTaken(401, "SIGN_ERROR")
        if self.meter.is_over():
            raise NotTaken(429, "FREQUENCY_LIMITED")

    def _said(self, request: Request, book: Book) -> "Said":
        self.teller.work_off(book)
        last = request.path.removeprefix(f"{BILLS}/out-bill-no/")
        reference, _, verb = last.partition("/")
        match request.method, request.path:
            case "POST", path if path == BILLS:
                return self._create(request, book)
            case "GET", "/v3/bill/fundflowbill":
                day = request.query.get("bill_date", "")
                return _at(bill_location(book, day, address=self.address))
            case "GET", "/v3/billdownload/file":
                return Said(200, text=bill_text(book, request.query.get("token", "")))
            case "GET", _ if REFERENCE.fullmatch(reference) and not verb:
                return self._query(reference, book)
            case "POST", _ if REFERENCE.fullmatch(reference) and verb == "cancel":
                return self._cancel(reference, book)
        raise NotTaken(404, "NOT_FOUND")

    def _create(self, request: Request, book: Book) -> "Said":
        asked = self._read(request)
        book.arrive(asked.reference)
        self._meet(book, asked.reference)
        behaviour = self.teller.behaviour(book, asked.reference)
        entry = self.teller.take(book, asked, behaviour)
        is_early = behaviour.manner is Manner.CALLBACK_FIRST
        content = {
            "out_bill_no": entry.reference,
            "transfer_bill_no": entry.number,
            "create_time": _moment(entry.created_at),
            "state": WORDS[entry.state],
        }
        if entry.state is State.WITH_PAYEE:
            content["package_info"] = entry.package
        if is_early:
            self.teller.work_off(book)
        return self._leaving(book, content, entry, is_early=is_early)

    def _query(self, reference: str, book: Book) -> "Said":
        self._meet(book, reference)
        entry = book.find(reference)
        if entry is None:
            raise NotTaken(404, "NOT_FOUND")
        return self._leaving(book, _bill(entry, self.keys), entry)

    def _cancel(self, reference: str, book: Book) -> "Said":
        self._meet(book, reference)
        entry = book.find(reference)
        if entry is None:
            raise NotTaken(404, "NOT_FOUND")
        is_first = entry.state is not State.TAKEN_BACK
        done = self.teller.take_back(book, entry)
        content = {
            "out_bill_no": done.reference,
            "transfer_bill_no": done.number,
            "state": "CANCELING" if is_first else "CANCELLED",
            "update_time": _moment(done.updated_at),
        }
        return self._leaving(book, content, done)

    def _read(self, request: Request) -> Asked:
        try:
            given = json.loads(request.body)
            name = given.get("user_name", "")
            has_key = request.headers.get("wechatpay-serial") == self.keys.own_id
            if name and not has_key:
                raise NotTaken(400, "PARAM_ERROR")
            asked = Asked(
                reference=str(given["out_bill_no"]),
                fen=int(given["transfer_amount"]),
                payee=str(given["openid"]),
                payee_name=rsa_decrypt(name, self.keys.own_key) if name else "",
                remark=str(given["transfer_remark"]),
                callback_to=str(given.get("notify_url", "")),
            )
        except NOT_A_REQUEST as error:
            raise NotTaken(400, "PARAM_ERROR") from error
        is_whole = REFERENCE.fullmatch(asked.reference) and 0 < asked.fen <= MAX_FEN
        is_ours = given.get("appid") == self.keys.app_id and given.get("transfer_scene_id")
        if not is_whole or not is_ours or not given.get("transfer_scene_report_infos"):
            raise NotTaken(400, "PARAM_ERROR")
        return asked

    def _meet(self, book: Book, reference: str) -> None:
        manner = door_fault(self.teller, book, reference)
        if manner is Manner.SILENT:
            raise NotTaken(0, "SILENT")
        if manner is not None:
            raise NotTaken(*AT_THE_DOOR[manner])

    def _leaving(
        self, book: Book, content: dict[str, Any], entry: Entry, *, is_early: bool = False
    ) -> "Said":
        """The answer, and what befalls it on the way."""
        has_sum = "transfer_amount" in content
        fault = exit_fault(self.teller, book, entry.reference, has_sum=has_sum)
        if fault is Manner.OTHER_SUM:
            content["transfer_amount"] = entry.fen + 1
        if fault is Manner.OTHER_REFERENCE:
            content["out_bill_no"] = f"OTHER{entry.reference[5:]}"
        return Said(200, content, fault=fault, is_early=is_early)

    def _reply(self, said: "Said") -> Reply:
        if said.status == 0 or said.fault is Manner.ANSWER_LOST:
            raise Dropped
        status, content = said.status, said.content
        if said.fault is Manner.ERROR_AFTER:
            status, content = 500, {"code": "SYSTEM_ERROR", "message": "系统错误"}
        text = said.text or json.dumps(content, ensure_ascii=False)
        body = text.encode("utf-8")
        headers = self._signed(
            body,
            is_forged=said.fault is Manner.ANSWER_FORGED,
            off=timedelta(minutes=10 if said.fault is Manner.ANSWER_SKEWED else 0),
        )
        is_slow = said.fault is Manner.SLOW
        return Reply(status, headers, body, wait=is_slow, after_callbacks=said.is_early)

    def _signed(
        self, body: bytes, *, is_forged: bool = False, off: timedelta = timedelta()
    ) -> dict[str, str]:
        stamp = str(int((self.clock() + off).timestamp()))
        nonce = secrets.token_hex(16)
        signed = f"{stamp}\n{nonce}\n{body.decode('utf-8')}\n"
        signed = f"forged {signed}" if is_forged else signed
        return {
            "content-type": "application/json",
            "wechatpay-nonce": nonce,
            "wechatpay-serial": self.keys.own_id,
            "wechatpay-signature": str(rsa_sign(self.keys.own_key, signed)),
            "wechatpay-signature-type": SCHEME,
            "wechatpay-timestamp": stamp,
        }


@dataclass(frozen=True)
class Said:
    """An answer before it is signed; status 0: none."""

    status: int
    content: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    fault: Manner | None = None
    is_early: bool = False


def _at(location: Mapping[str, str] | None) -> Said:
    if location is None:
        raise NotTaken(400, "NO_STATEMENT_EXIST")
    return Said(200, location)


def _coded(error: NotTaken | TurnedAway) -> tuple[int, dict[str, str]]:
    if isinstance(error, NotTaken):
        status, code = error.status, error.code
    else:
        status, code = CODES.get(error.reason, (400, "INVALID_REQUEST"))
    return status, {"code": code, "message": code}


def _bill(entry: Entry, keys: WechatKeys) -> dict[str, Any]:
    content = {
        "mch_id": keys.merchant,
        "out_bill_no": entry.reference,
        "transfer_bill_no": entry.number,
        "appid": keys.app_id,
        "state": WORDS[entry.state],
        "transfer_amount": entry.fen,
        "transfer_remark": "",
        "openid": entry.payee,
        "create_time": _moment(entry.created_at),
        "update_time": _moment(entry.updated_at),
    }
    if entry.cause:
        content["fail_reason"] = CAUSES[entry.cause]
    return content


def _moment(at: datetime) -> str:
    return at.astimezone(CHINA).isoformat(timespec="seconds")
