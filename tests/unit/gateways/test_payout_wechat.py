"""WeChat Pay's answers are read as what they are, its signatures to the second."""

import json
from datetime import timedelta
from typing import Any

import pytest
from wechatpayv3.utils import rsa_sign

from unit.gateways.payout_samples import KEY, NOW, transfer, wechat_account
from zhipo.gateways.payouts.outcomes import (
    Closed,
    ClosedBy,
    Failed,
    Paid,
    Reason,
    Refused,
    Unknown,
    Waiting,
)
from zhipo.gateways.payouts.wechat.account import PREFIX, read_account
from zhipo.gateways.payouts.wechat.answers import (
    FAIL_REASONS,
    REFUSALS,
    BillState,
    Created,
    Queried,
    refusal,
    standing,
    told_at_once,
)
from zhipo.gateways.payouts.wechat.signing import SCHEME, SKEW, check
from zhipo.gateways.payouts.wire import Came, NotAuthentic, NotUnderstood, read

LATER = NOW + timedelta(hours=3)
BILL = {
    "mch_id": "1900000001",
    "out_bill_no": "ZP0000000001",
    "transfer_bill_no": "1330000071100999991182020050700019480001",
    "appid": "wx1",
    "openid": "openid-1",
    "transfer_amount": 27_216,
    "state": "SUCCESS",
    "create_time": NOW.isoformat(),
    "update_time": LATER.isoformat(),
}


def queried(**changes: Any) -> Queried:
    return read(Queried, json.dumps({**BILL, **changes}))


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("ACCEPTED", Waiting()),
        ("PROCESSING", Waiting()),
        ("WAIT_USER_CONFIRM", Waiting(True, NOW + timedelta(hours=24))),
        ("TRANSFERING", Waiting(True, NOW + timedelta(hours=24))),
        ("SUCCESS", Paid(LATER, BILL["transfer_bill_no"])),
        ("FAIL", Failed(Reason.UNSPECIFIED)),
        ("CANCELING", Waiting()),
        ("CANCELLED", Closed(ClosedBy.CANCELLATION, LATER)),
    ],
)
def test_state_is_an_outcome(state: str, expected: object) -> None:
    assert standing(queried(state=state), transfer(), wechat_account()) == expected


def test_every_state_is_tried() -> None:
    marks = test_state_is_an_outcome.pytestmark  # type: ignore[attr-defined]

    assert {case[0] for case in marks[0].args[1]} == set(BillState)


def test_overdue_bill_is_closed_and_others_have_failed() -> None:
    def outcome(code: str) -> object:
        bill = queried(state="FAIL", fail_reason=code)
        return standing(bill, transfer(), wechat_account())

    assert outcome("OVERDUE_CLOSE") == Closed(ClosedBy.EXPIRY, LATER)
    assert outcome("SOMETHING_NEW") == Failed(Reason.UNSPECIFIED, "SOMETHING_NEW")
    for code, reason in FAIL_REASONS.items():
        assert outcome(code) == Failed(reason, code)


@pytest.mark.parametrize(
    "change",
    [
        {"out_bill_no": "ZP0000000002"},
        {"mch_id": "1900000002"},
        {"appid": "wx2"},
        {"openid": "openid-2"},
        {"transfer_amount": 27_215},
    ],
)
def test_bill_of_another_transfer_is_nothing(change: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood, match="OtherTransfer"):
        standing(queried(**change), transfer(), wechat_account())


@pytest.mark.parametrize(
    "change",
    [
        {"transfer_amount": "27216"},
        {"transfer_amount": 272.16},
        {"state": "PAID"},
        {"update_time": "2025-06-03T10:00:00"},
        {"transfer_bill_no": ""},
    ],
)
def test_bill_in_another_form_is_not_read(change: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood):
        queried(**change)


def test_first_answer_never_says_paid() -> None:
    for state in BillState:
        content = {**BILL, "state": state, "package_info": "p"}
        told = told_at_once(read(Created, json.dumps(content)))
        assert told is None or isinstance(told, Waiting)


def test_error_is_final_only_where_the_content_is_wrong() -> None:
    def outcome(status: int, code: str) -> object:
        return refusal(Came(status, {}, json.dumps({"code": code}).encode()))

    for code, (reason, is_final) in REFUSALS.items():
        assert outcome(400, code) == Refused(reason, is_final, code)
        assert outcome(503, code) == Unknown(code)
    assert [code for code, (_, is_final) in REFUSALS.items() if is_final] == ["PARAM_ERROR"]
    assert outcome(400, "NEVER_HEARD_OF") == Unknown("NEVER_HEARD_OF")
    assert outcome(500, "SYSTEM_ERROR") == Unknown("SYSTEM_ERROR")
    with pytest.raises(NotUnderstood):
        refusal(Came(400, {}, b"<html>"))


def signed(body: str, *, seconds: float = 0, **changes: str) -> dict[str, str]:
    stamp = str(int(NOW.timestamp() + seconds))
    headers = {
        "wechatpay-timestamp": stamp,
        "wechatpay-nonce": "n",
        "wechatpay-serial": "PUB_KEY_ID_1",
        "wechatpay-signature": str(rsa_sign(KEY, f"{stamp}\nn\n{body}\n")),
        "wechatpay-signature-type": SCHEME,
    }
    return {**headers, **changes}


@pytest.mark.parametrize("seconds", [0, SKEW.total_seconds(), -SKEW.total_seconds()])
def test_signature_holds_for_five_minutes(seconds: float) -> None:
    check(wechat_account(), signed("{}", seconds=seconds), "{}", now=NOW)


@pytest.mark.parametrize(
    ("headers", "cause"),
    [
        ({}, "NotSigned"),
        (signed("{}", seconds=301), "Stale"),
        (signed("{}", seconds=-301), "Stale"),
        (signed("{ }"), "WrongSignature"),
        (signed("{}", **{"wechatpay-nonce": "m"}), "WrongSignature"),
        (signed("{}", **{"wechatpay-timestamp": "1"}), "WrongSignature"),
        (signed("{}", **{"wechatpay-signature": "AAAA"}), "WrongSignature"),
        (signed("{}", **{"wechatpay-signature": "%%"}), "WrongSignature"),
        (signed("{}", **{"wechatpay-serial": "PUB_KEY_ID_2"}), "UnknownKey"),
        (signed("{}", **{"wechatpay-signature-type": "SM2"}), "OtherScheme"),
    ],
)
def test_what_is_not_signed_now_is_not_authentic(
    headers: dict[str, str], cause: str
) -> None:
    with pytest.raises(NotAuthentic, match=cause):
        check(wechat_account(), headers, "{}", now=NOW)


def test_account_is_none_without_a_number_and_refused_with_a_short_secret() -> None:
    assert read_account({}) is None
    with pytest.raises(ValueError, match="32 bytes"):
        read_account({f"{PREFIX}MERCHANT": "1", f"{PREFIX}API_KEY": "short"})
    with pytest.raises(KeyError):
        read_account({f"{PREFIX}MERCHANT": "1"})


def test_account_tells_no_secret() -> None:
    told = repr(wechat_account())

    assert "kkkk" not in told
    assert "key=" not in told.replace("public_key_id", "")
