"""Whatever is sent to a sandbox or a client, properly signed or not, it answers."""

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from integration.gateways.payout_ground import (
    PayoutGround,
    lay_payout_ground,
    make_transfer,
)
from zhipo.gateways.institutions.moments import utc_now
from zhipo.gateways.payouts.alipay.client import (
    ACCOUNT_LOG,
    QUERY,
    TRANSFER,
    AlipayChannel,
)
from zhipo.gateways.payouts.outcomes import BadCallback, Unknown
from zhipo.gateways.payouts.sandbox.spoken import Reply, Request
from zhipo.gateways.payouts.wechat.client import BILLS, WechatChannel
from zhipo.gateways.payouts.wechat.signing import authorization
from zhipo.gateways.payouts.wire import Callback

texts = st.text(max_size=30)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
WECHAT_FIELDS = {
    "appid": "wx0000000000000001",
    "out_bill_no": "FUZZ00000001",
    "transfer_scene_id": "1000",
    "openid": "payee",
    "transfer_amount": 100,
    "transfer_remark": "分配",
    "transfer_scene_report_infos": [{"info_type": "活动名称", "info_content": "分配"}],
    "user_name": "",
}
ALIPAY_FIELDS = {
    "product_code": "TRANS_ACCOUNT_NO_PWD",
    "biz_scene": "DIRECT_TRANSFER",
    "out_biz_no": "FUZZ00000001",
    "trans_amount": "1.00",
    "payee_info": {"identity": "a", "identity_type": "ALIPAY_LOGON_ID", "name": "张三"},
    "start_time": "2025-06-03 00:00:00",
    "page_no": "1",
    "page_size": "10",
}


@cache
def ground() -> PayoutGround:
    return lay_payout_ground(Path(tempfile.mkdtemp(prefix="payout-fuzz-")))


@settings(max_examples=150, deadline=None)
@given(field=st.sampled_from(sorted(WECHAT_FIELDS)), value=values, query=texts)
def test_signed_nonsense_is_answered_by_wechat(field: str, value: Any, query: str) -> None:
    channel = ground().channels["wechat"]
    assert isinstance(channel, WechatChannel)
    body = json.dumps({**WECHAT_FIELDS, field: value})
    targets = (
        ("POST", BILLS, body),
        ("POST", BILLS, json.dumps(value)),
        ("GET", f"/v3/bill/fundflowbill?bill_date={query.encode().hex()}", ""),
        ("GET", "/v3/bill/fundflowbill?bill_date=2025-13-01", ""),
        ("GET", "/v3/billdownload/file?token=0000", ""),
        ("GET", f"{BILLS}/out-bill-no/{query.encode().hex()}", ""),
    )
    for method, path, content in targets:
        signed = authorization(
            channel.account, method=method, path=path, body=content, at=utc_now()
        )
        headers = {
            "authorization": signed,
            "wechatpay-serial": channel.account.public_key_id,
        }
        request = Request(method, path, headers, content.encode())
        assert isinstance(ground().made["wechat"].answer(request), Reply)


@settings(max_examples=150, deadline=None)
@given(
    field=st.sampled_from(sorted(ALIPAY_FIELDS)),
    value=values,
    method=st.sampled_from([TRANSFER, QUERY, ACCOUNT_LOG]),
)
def test_signed_nonsense_is_answered_by_alipay(field: str, value: Any, method: str) -> None:
    channel = ground().channels["alipay"]
    assert isinstance(channel, AlipayChannel)

    said = channel._authentic(method, {**ALIPAY_FIELDS, field: value})

    assert isinstance(said, str)
    assert json.loads(said)["code"] in {"10000", "40004", "40006"}


@settings(max_examples=100, deadline=None)
@given(body=st.binary(max_size=200), headers=st.dictionaries(texts, texts, max_size=4))
def test_unsigned_nonsense_is_answered(body: bytes, headers: dict[str, str]) -> None:
    for name, path in (("wechat", BILLS), ("alipay", "/gateway.do")):
        request = Request("POST", path, headers, body)
        reply = ground().made[name].answer(request)
        assert isinstance(reply, Reply)
        assert ground().control(name, "book")["paid"] is not None
        read = (
            ground()
            .channels[name]
            .read_callback(Callback(headers, body), find=lambda _: None)
        )
        assert isinstance(read, BadCallback)


@settings(max_examples=100, deadline=None)
@given(content=values, channel=st.sampled_from(["wechat", "alipay"]))
def test_signed_nonsense_of_a_channel_is_unknown(content: Any, channel: str) -> None:
    """A channel that signs what is no answer moves nothing."""
    made, client = ground().made[channel], ground().channels[channel]
    transfer = make_transfer(channel)
    real = type(made.front).answer

    def answer(front: Any, request: Request) -> Reply:
        text = json.dumps(content)
        if channel == "alipay":
            return front._reply(QUERY, content, None, is_early=False)
        return Reply(200, front._signed(text.encode()), text.encode())

    type(made.front).answer = answer  # type: ignore[method-assign]
    try:
        assert isinstance(client.ask(transfer), Unknown)
    finally:
        type(made.front).answer = real  # type: ignore[method-assign]
