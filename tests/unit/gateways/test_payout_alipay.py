"""Alipay: exactly what was signed is read; requests are signed as its SDK signs them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from unit.gateways.payout_samples import KEY, transfer
from zhipo.gateways.payouts.alipay.account import read_account
from zhipo.gateways.payouts.alipay.answers import (
    AT_THE_GATE,
    REASONS,
    REFUSALS,
    OrderStatus,
    Outcome,
    Queried,
    absence,
    refusal,
    standing,
)
from zhipo.gateways.payouts.alipay.signing import (
    is_signed,
    proven_node,
    request_content,
    sign,
)
from zhipo.gateways.payouts.outcomes import (
    Closed,
    ClosedBy,
    Failed,
    NotFound,
    Paid,
    Reason,
    Refused,
    Unknown,
    Waiting,
)
from zhipo.gateways.payouts.transfers import Payee, PayeeKind
from zhipo.gateways.payouts.wire import NotAuthentic, NotUnderstood, read

METHOD = "alipay.fund.trans.common.query"
NODE = '{"code":"10000","remark":"} , \\"sign\\":\\"x\\" {"}'
OURS = transfer(payee=Payee(PayeeKind.ALIPAY_USER, "2088000000000001", name="张三丰"))
ORDER = {
    "out_biz_no": "ZP0000000001",
    "order_id": "20250603110070001",
    "trans_amount": "272.16",
    "status": "SUCCESS",
    "pay_date": "2025-06-03 10:00:00",
}


def test_request_is_signed_as_the_official_sdk_signs_it() -> None:
    """Signature made once with alipay-sdk-python 3.7.1411 and this key."""
    parameters = {
        "version": "1.0",
        "app_id": "2021000000000001",
        "method": "alipay.fund.trans.uni.transfer",
        "format": "JSON",
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": "2025-06-03 10:00:00",
        "notify_url": "",
        "biz_content": '{"out_biz_no":"ZP0000000001","remark":"第一期 & 分配=1"}',
    }

    assert sign(request_content(parameters), KEY) == (
        "hWy9SCht+Mh/i9iMTQkiTabiK+9oHEqXZtf2qqjewl/vqUnP6PHP32mOFIe8KEC1x8nNjrzXWl1HGv"
        "dMTH9mbDf5jAbhaWq8mB9qOv55RI3NIVbEjBI1nMJvB/cYnqvo59YX8IZPpJqFNDu1R9jsePidmfYY"
        "Bb36BbxYUTJt5LM="
    )


def answer(node: str = NODE, **others: str) -> str:
    rest = {"sign": sign(NODE, KEY), **others}
    tail = ",".join(
        f"{json.dumps(name)}:{json.dumps(value)}" for name, value in rest.items()
    )
    return f'{{"alipay_fund_trans_common_query_response":{node},{tail}}}'


def test_node_is_read_as_it_was_signed() -> None:
    text = answer(alipay_cert_sn="1")

    assert proven_node(text, method=METHOD, key=KEY.public_key()) == NODE


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (answer(NODE.replace("10000", "10001")), NotAuthentic),
        (answer(sign=""), NotAuthentic),
        (answer(sign="AAAA"), NotAuthentic),
        ("<html>", NotUnderstood),
        ("", NotUnderstood),
        (answer().replace("common", "other"), NotUnderstood),
        (answer()[:-5], NotUnderstood),
        ('["alipay_fund_trans_common_query_response"]', NotUnderstood),
        ("[" * 100_000 + '"alipay_fund_trans_common_query_response"', NotUnderstood),
    ],
)
def test_answer_that_is_not_proven_is_none(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        proven_node(text, method=METHOD, key=KEY.public_key())


def test_second_node_of_the_name_is_not_read() -> None:
    forged = answer().replace(
        '"sign":', '"alipay_fund_trans_common_query_response":{},"sign":'
    )

    assert proven_node(forged, method=METHOD, key=KEY.public_key()) == NODE


def test_signature_is_base64_and_nothing_else() -> None:
    good = sign("a", KEY)

    assert is_signed("a", good, KEY.public_key())
    assert not is_signed("a", f"{good[:10]}\n{good[10:]}", KEY.public_key())
    assert not is_signed("b", good, KEY.public_key())
    assert not is_signed("a", "密", KEY.public_key())


def queried(**changes: Any) -> Queried:
    return read(Queried, json.dumps({**ORDER, **changes}))


PAID = Paid(datetime(2025, 6, 3, 2, 0, tzinfo=UTC), "20250603110070001")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("SUCCESS", PAID),
        ("FAIL", Failed(Reason.UNSPECIFIED)),
        ("DEALING", Waiting()),
        ("INIT", Waiting()),
        ("WAIT_PAY", Waiting()),
        ("CLOSED", Closed(ClosedBy.EXPIRY)),
        ("REFUND", Failed(Reason.RETURNED)),
    ],
)
def test_status_is_an_outcome(status: str, expected: object) -> None:
    assert standing(queried(status=status), OURS) == expected


def test_every_status_is_tried() -> None:
    marks = test_status_is_an_outcome.pytestmark  # type: ignore[attr-defined]

    assert {case[0] for case in marks[0].args[1]} == set(OrderStatus)


def test_sum_is_yuan_as_text_or_number() -> None:
    assert queried(trans_amount="272.16").trans_amount == 27_216
    assert queried(trans_amount=272.16).trans_amount == 27_216
    assert queried(trans_amount=1).trans_amount == 100


@pytest.mark.parametrize(
    "change",
    [
        {"out_biz_no": "ZP0000000002"},
        {"trans_amount": "272.15"},
        {"receiver_user_id": "2088000000000002"},
        {"pay_date": None},
    ],
)
def test_order_of_another_transfer_is_nothing(change: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood):
        standing(queried(**change), OURS)


@pytest.mark.parametrize(
    "change", [{"trans_amount": "272.165"}, {"status": "OK"}, {"pay_date": "today"}]
)
def test_order_in_another_form_is_not_read(change: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood):
        queried(**change)


def test_errors_are_refusals_where_they_are_known() -> None:
    def outcome(code: str, sub_code: str = "") -> object:
        return refusal(Outcome(code=code, sub_code=sub_code))

    for code, reason in REASONS.items():
        assert outcome("40004", code) == Refused(reason, True, code)
    for code, (reason, is_final) in REFUSALS.items():
        assert outcome("40004", code) == Refused(reason, is_final, code)
    for code, reason in AT_THE_GATE.items():
        assert outcome("40002", code) == Refused(reason, False, code)
    assert outcome("40005") == Refused(Reason.TOO_OFTEN, False, "40005")
    for code, sub_code in (("20000", "isp.unknow-error"), ("40004", "SYSTEM_ERROR")):
        assert outcome(code, sub_code) == Unknown(sub_code)


def test_only_the_missing_order_is_not_found() -> None:
    def outcome(code: str, sub_code: str) -> object:
        return absence(Outcome(code=code, sub_code=sub_code))

    assert outcome("40004", "ORDER_NOT_EXIST") == NotFound()
    assert outcome("20000", "ORDER_NOT_EXIST") == Unknown("ORDER_NOT_EXIST")
    assert outcome("40004", "PAYEE_NOT_EXIST") == Unknown("PAYEE_NOT_EXIST")


def test_application_is_none_without_its_number() -> None:
    assert read_account({}) is None
