"""Clients over answers that no sandbox gives: properly signed, and yet not of use."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from wechatpayv3.utils import rsa_sign

from unit.gateways.payout_samples import KEY, NOW, transfer, wechat_account
from zhipo.gateways.payouts.alipay.account import AlipayAccount
from zhipo.gateways.payouts.alipay.client import PAGE, AlipayChannel
from zhipo.gateways.payouts.alipay.signing import callback_content, sign
from zhipo.gateways.payouts.bills import Bill, BillFault
from zhipo.gateways.payouts.keys import BadKey, read_private_key, read_public_key
from zhipo.gateways.payouts.outcomes import BadCallback, Unknown
from zhipo.gateways.payouts.transfers import Payee, PayeeKind
from zhipo.gateways.payouts.wechat.client import WechatChannel
from zhipo.gateways.payouts.wechat.signing import SCHEME
from zhipo.gateways.payouts.wire import MAX_BYTES, Callback

DAY = date(2025, 6, 3)
ALIPAY_OURS = transfer(payee=Payee(PayeeKind.ALIPAY_LOGON, "a@b.example", name="张三丰"))
Answer = Callable[[httpx.Request], httpx.Response]


def wechat(answer: Answer) -> WechatChannel:
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return WechatChannel(wechat_account(), clock=lambda: NOW, http=http)


def alipay(answer: Answer) -> AlipayChannel:
    account = AlipayAccount("1", KEY, KEY.public_key(), "分配", "https://gateway.example")
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return AlipayChannel(account, clock=lambda: NOW, http=http)


def by_wechat(status: int, content: Any) -> Answer:
    """WeChat Pay's answer, signed as it signs."""
    body = content if isinstance(content, str) else json.dumps(content)
    stamp = str(int(NOW.timestamp()))
    headers = {
        "wechatpay-timestamp": stamp,
        "wechatpay-nonce": "n",
        "wechatpay-serial": "PUB_KEY_ID_1",
        "wechatpay-signature": str(rsa_sign(KEY, f"{stamp}\nn\n{body}\n")),
        "wechatpay-signature-type": SCHEME,
    }
    return lambda _: httpx.Response(status, headers=headers, content=body.encode())


def by_alipay(*contents: Any) -> Answer:
    """Alipay's answers, one after the other, signed as it signs."""
    left = list(contents)

    def answer(request: httpx.Request) -> httpx.Response:
        form = dict(httpx.QueryParams(request.content.decode()))
        node = json.dumps(left.pop(0))
        name = form["method"].replace(".", "_")
        text = f'{{"{name}_response":{node},"sign":"{sign(node, KEY)}"}}'
        return httpx.Response(200, text=text)

    return answer


CREATED = {
    "out_bill_no": "ZP0000000002",
    "transfer_bill_no": "1",
    "create_time": NOW.isoformat(),
    "update_time": NOW.isoformat(),
    "state": "CANCELING",
}


def test_wechats_answer_to_another_number_is_unknown() -> None:
    channel = wechat(by_wechat(200, CREATED))

    assert channel.send(transfer()) == Unknown("OtherTransfer")
    assert channel.cancel(transfer()) == Unknown("OtherTransfer")


@pytest.mark.parametrize("content", ["<html>", {}, [], {"code": 5}])
@pytest.mark.parametrize("status", [200, 400])
def test_wechats_answer_that_is_none_is_unknown(status: int, content: Any) -> None:
    channel = wechat(by_wechat(status, content))

    for call in (channel.send, channel.ask, channel.cancel):
        assert isinstance(call(transfer()), Unknown)
    assert isinstance(channel.bill(DAY), Unknown)


def test_wechats_error_that_is_not_of_absence_is_unknown() -> None:
    assert wechat(by_wechat(404, {"code": "NO_AUTH"})).ask(transfer()) == Unknown("NO_AUTH")
    assert wechat(by_wechat(400, {"code": "NOT_FOUND"})).ask(transfer()) == Unknown(
        "NOT_FOUND"
    )


def test_unsigned_error_is_not_believed() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(404, json={"code": "NOT_FOUND"})

    assert wechat(answer).ask(transfer()) == Unknown("NotSigned")


@pytest.mark.parametrize("channel", [wechat, alipay])
def test_answer_without_end_is_cut_and_unknown(channel: Callable[..., Any]) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b" " * (MAX_BYTES + 1))

    ours = transfer() if channel is wechat else ALIPAY_OURS
    assert channel(answer).ask(ours) == Unknown("TooLong")
    assert channel(answer).send(ours) == Unknown("TooLong")


@pytest.mark.parametrize("channel", [wechat, alipay])
def test_answer_that_is_not_text_is_unknown(channel: Callable[..., Any]) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"\xff\xfe")

    ours = transfer() if channel is wechat else ALIPAY_OURS
    assert channel(answer).ask(ours) == Unknown("not UTF-8")


@pytest.mark.parametrize("channel", [wechat, alipay])
def test_redirection_is_not_followed(channel: Callable[..., Any]) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"location": "https://elsewhere.example"})

    ours = transfer() if channel is wechat else ALIPAY_OURS
    assert isinstance(channel(answer).send(ours), Unknown)
    assert len(asked) == 1


def test_wechats_bill_that_cannot_be_fetched_is_unknown() -> None:
    found = {
        "hash_type": "SHA1",
        "hash_value": "0",
        "download_url": f"{wechat_account().base}/v3/billdownload/file?token=1",
    }
    located = by_wechat(200, found)

    def answer(request: httpx.Request) -> httpx.Response:
        is_download = "billdownload" in request.url.path
        return httpx.Response(503) if is_download else located(request)

    assert wechat(answer).bill(DAY) == Unknown("HTTP 503")
    with pytest.raises(BillFault):
        wechat(by_wechat(200, {**found, "download_url": "https://evil.example/"})).bill(DAY)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"event_type": "TRANSACTION.SUCCESS"}, "OtherEvent"),
        ({"resource_type": "plain"}, "OtherEvent"),
        ({"resource": {"algorithm": "X", "nonce": "n", "ciphertext": ""}}, "OtherEvent"),
        ({}, "NotDecrypted"),
        ({"resource": None}, "not a Notice"),
    ],
)
def test_authentic_callback_of_another_kind_is_not_used(
    change: dict[str, Any], cause: str
) -> None:
    resource = {"algorithm": "AEAD_AES_256_GCM", "nonce": "n" * 12, "ciphertext": "AAAA"}
    notice = {
        "event_type": "MCHTRANSFER.BILL.FINISHED",
        "resource_type": "encrypt-resource",
        "resource": resource,
    }
    signed = by_wechat(200, {**notice, **change})(httpx.Request("GET", "https://a.example"))
    callback = Callback(dict(signed.headers), signed.content)

    channel = wechat(by_wechat(200, {}))
    read = channel.read_callback(callback, find=lambda _: transfer())

    assert read == BadCallback(cause)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"app_id": "2"}, "OtherApplication"),
        ({"msg_method": "alipay.trade.paid"}, "OtherEvent"),
        ({"biz_content": "{}"}, "not a Queried"),
    ],
)
def test_authentic_notice_of_another_kind_is_not_used(
    change: dict[str, str], cause: str
) -> None:
    form = {"app_id": "1", "msg_method": "alipay.fund.trans.order.changed", **change}
    form["sign"] = sign(callback_content(form), KEY)
    callback = Callback({}, str(httpx.QueryParams(form)).encode())

    read = alipay(by_alipay()).read_callback(callback, find=lambda _: ALIPAY_OURS)

    assert read == BadCallback(cause)


def test_alipays_answer_to_another_number_or_status_is_unknown() -> None:
    created = {"code": "10000", "out_biz_no": "X", "order_id": "1", "status": "SUCCESS"}

    assert alipay(by_alipay(created)).send(ALIPAY_OURS) == Unknown("OtherTransfer")
    assert isinstance(alipay(by_alipay({"code": "10000"})).send(ALIPAY_OURS), Unknown)
    assert alipay(lambda _: httpx.Response(502)).ask(ALIPAY_OURS) == Unknown("HTTP 502")


def entry(number: int, **changes: str) -> dict[str, str]:
    made = {
        "account_log_id": str(number),
        "merchant_order_no": f"ZP{number:010d}",
        "trans_dt": "2025-06-03 10:00:00",
        "trans_amount": "-1.00" if number % 2 else "1.00",
        "direction": "支出",
        "type": "转账",
    }
    return {**made, **changes}


def page(*entries: dict[str, str], total: int) -> dict[str, Any]:
    return {"code": "10000", "total_size": str(total), "detail_list": list(entries)}


def test_alipays_log_is_read_page_by_page_and_by_day() -> None:
    first = page(*(entry(number) for number in range(PAGE)), total=PAGE + 2)
    midnight = entry(PAGE + 1, trans_dt="2025-06-04 00:00:00")
    second = page(entry(PAGE, direction="收入"), midnight, total=PAGE + 2)

    bill = alipay(by_alipay(first, second)).bill(DAY)

    assert isinstance(bill, Bill)
    assert len({row.reference for row in bill.rows}) == PAGE + 1
    assert sum(row.fen for row in bill.rows) == -100 * PAGE + 100


def test_alipays_log_that_is_short_or_strange_is_not_used() -> None:
    with pytest.raises(BillFault):
        alipay(by_alipay(page(entry(1), total=2))).bill(DAY)
    with pytest.raises(BillFault):
        alipay(by_alipay(page(entry(1, direction="冻结"), total=1))).bill(DAY)
    failed = {"code": "20000", "sub_code": "isp.unknow-error"}
    assert alipay(by_alipay(failed)).bill(DAY) == Unknown("isp.unknow-error")
    assert isinstance(alipay(by_alipay({"code": "10000"})).bill(DAY), Unknown)
    assert alipay(lambda _: httpx.Response(500)).bill(DAY) == Unknown("HTTP 500")


def private_text(form: PrivateFormat) -> str:
    return KEY.private_bytes(Encoding.PEM, form, NoEncryption()).decode("ascii")


def public_text() -> str:
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode("ascii")


def bare(pem: str) -> str:
    """What a channel's console shows: the base64 in one line."""
    return "".join(line for line in pem.splitlines() if not line.startswith("-----"))


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_private_key_is_read_with_its_frame_and_without(form: PrivateFormat) -> None:
    for text in (private_text(form), bare(private_text(form))):
        assert read_private_key(text).private_numbers() == KEY.private_numbers()


def test_public_key_is_read_with_its_frame_and_without() -> None:
    for text in (public_text(), bare(public_text())):
        numbers = read_public_key(text).public_numbers()
        assert numbers == KEY.public_key().public_numbers()


def test_what_is_no_rsa_key_is_refused_and_not_repeated() -> None:
    curve = generate_private_key(SECP256R1())
    curve_text = curve.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    ).decode("ascii")
    curve_public = curve.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    for text in ("", "密钥", "AAAA", curve_text, public_text()):
        with pytest.raises(BadKey) as refused:
            read_private_key(text)
        assert not text or text not in str(refused.value)
    for text in ("", "AAAA", curve_public.decode("ascii")):
        with pytest.raises(BadKey):
            read_public_key(text)
