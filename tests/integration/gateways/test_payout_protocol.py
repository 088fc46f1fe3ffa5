"""The sandboxes over real HTTP: what they refuse, what survives kill -9, who is served."""

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from wechatpayv3 import WeChatPay, WeChatPayType

from integration.gateways.payout_ground import (
    START,
    PayoutGround,
    keys_made_once,
    lay_payout_ground,
    make_transfer,
)
from ports import free_ports
from zhipo.gateways.institutions.moments import utc_now
from zhipo.gateways.payouts.alipay.account import read_account as read_alipay
from zhipo.gateways.payouts.alipay.client import AlipayChannel
from zhipo.gateways.payouts.outcomes import (
    NotFound,
    Paid,
    Reason,
    Refused,
    Sent,
    Unknown,
    Waiting,
)
from zhipo.gateways.payouts.sandbox.behaviour import Behaviour, Manner
from zhipo.gateways.payouts.sandbox.plan import ChannelPlan, Plan
from zhipo.gateways.payouts.sandbox.running import PayoutSandboxes, running_payouts
from zhipo.gateways.payouts.wechat.account import read_account as read_wechat
from zhipo.gateways.payouts.wechat.client import BILLS, WechatChannel
from zhipo.gateways.payouts.wechat.signing import authorization


@pytest.fixture
def ground(tmp_path: Path) -> PayoutGround:
    return lay_payout_ground(tmp_path)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PayoutSandboxes]:
    home = tmp_path_factory.mktemp("payouts")
    with running_payouts(home, port_base=free_ports(3)) as sandboxes:
        yield sandboxes


def wechat_of(running: PayoutSandboxes) -> WechatChannel:
    account = read_wechat(running.settings())
    assert account is not None
    return WechatChannel(account)


def alipay_of(running: PayoutSandboxes) -> AlipayChannel:
    account = read_alipay(running.settings())
    assert account is not None
    return AlipayChannel(account)


def signed_request(ground: PayoutGround, body: str, at: datetime) -> dict[str, str]:
    channel = ground.channels["wechat"]
    assert isinstance(channel, WechatChannel)
    signed = authorization(channel.account, method="POST", path=BILLS, body=body, at=at)
    key_id = channel.account.public_key_id
    return {"authorization": signed, "wechatpay-serial": key_id}


def test_wechat_refuses_what_the_merchant_has_not_signed_now_and_once(
    ground: PayoutGround,
) -> None:
    channel, now = ground.channels["wechat"], utc_now()
    body = channel._bill_of(make_transfer())
    good = signed_request(ground, body, now)
    other_serial = re.sub(r'serial_no="\w+"', 'serial_no="00"', good["authorization"])
    address = f"http://wechat.sandbox{BILLS}"

    def status(headers: dict[str, str], content: str = body) -> int:
        return channel.http.post(address, content=content, headers=headers).status_code

    late = signed_request(ground, body, now - timedelta(minutes=6))
    early = signed_request(ground, body, now + timedelta(minutes=6))

    assert status({}) == 401
    assert status(good, body.replace("27216", "27217")) == 401
    assert status({**good, "authorization": other_serial}) == 401
    assert status(late) == 401
    assert status(early) == 401
    assert status(good) == 200
    assert status(good) == 401, "a request is good once"
    assert len(ground.control("wechat", "book")["transfers"]) == 1


def test_clock_of_the_payer_that_is_wrong_moves_no_money(tmp_path: Path) -> None:
    ground = lay_payout_ground(tmp_path, clock=lambda: utc_now() - timedelta(minutes=20))
    transfer = make_transfer()

    answer = ground.send(transfer)

    assert answer == Unknown("Stale"), "the answer is of another time too"
    assert ground.control("wechat", "book")["transfers"] == []


def test_alipay_refuses_a_wrong_signature_and_a_day_old_one(tmp_path: Path) -> None:
    old = lay_payout_ground(tmp_path / "old", clock=lambda: utc_now() - timedelta(hours=25))
    transfer = make_transfer("alipay")
    channel = old.channels["alipay"]
    assert isinstance(channel, AlipayChannel)
    wechat = old.channels["wechat"]
    assert isinstance(wechat, WechatChannel)
    stranger = replace(channel.account, private_key=wechat.account.private_key)
    stray = AlipayChannel(stranger, http=channel.http)

    assert old.send(transfer) == Refused(
        Reason.NOT_AUTHENTIC, False, "isv.invalid-timestamp"
    )
    assert stray.send(transfer) == Refused(
        Reason.NOT_AUTHENTIC, False, "isv.invalid-signature"
    )
    assert old.control("alipay", "book")["transfers"] == []


def test_answer_signed_by_another_key_is_as_good_as_none(ground: PayoutGround) -> None:
    for name in ("wechat", "alipay"):
        channel = ground.channels[name]
        other = ground.channels["alipay" if name == "wechat" else "wechat"]
        account = replace(channel.account, public_key=other.account.public_key)
        transfer = make_transfer(name)
        ground.send(transfer)

        assert replace(channel, account=account).ask(transfer) == Unknown("WrongSignature")


def test_sandbox_limits_its_requests_a_second(tmp_path: Path) -> None:
    limits = Plan().alipay.limits.model_copy(update={"per_second": 3})
    ground = lay_payout_ground(tmp_path, plan=Plan(alipay=ChannelPlan(limits=limits)))

    answers = [ground.send(make_transfer("alipay")) for _ in range(10)]

    refused = [one for one in answers if isinstance(one, Refused)]
    assert refused
    assert {one.reason for one in refused} == {Reason.TOO_OFTEN}


def test_paid_is_paid_though_the_channel_is_killed(tmp_path: Path) -> None:
    with running_payouts(tmp_path, port_base=free_ports(3)) as running:
        channels = {"wechat": wechat_of(running), "alipay": alipay_of(running)}
        for name, channel in channels.items():
            transfer, lost = make_transfer(name), make_transfer(name)
            running.set_behaviour(
                name, Behaviour(manner=Manner.ANSWER_LOST), reference=lost.reference
            )
            assert isinstance(channel.send(transfer), Sent)
            assert isinstance(channel.send(lost), Unknown)
            running.kill(name)
            assert isinstance(channel.ask(transfer), Unknown)
            running.start(name)

            assert isinstance(channel.ask(transfer), Paid)
            assert isinstance(channel.ask(lost), Paid)
            paid = [row["reference"] for row in running.book(name)["paid"]]
            assert sorted(paid) == sorted([transfer.reference, lost.reference])


def test_many_at_once_are_each_paid_once(running: PayoutSandboxes) -> None:
    channel = alipay_of(running)
    transfers = [make_transfer("alipay") for _ in range(40)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(channel.send, transfers * 3))

    assert all(isinstance(one, Sent) for one in answers)
    paid = [row["reference"] for row in running.book("alipay")["paid"]]
    ours = {one.reference for one in transfers}
    assert sorted(one for one in paid if one in ours) == sorted(ours)


def test_slow_answer_ends_as_unknown_and_was_carried_out(tmp_path: Path) -> None:
    plan = Plan(
        wechat=ChannelPlan(limits=Plan().wechat.limits, slow_seconds=3),
    )
    with running_payouts(tmp_path, port_base=free_ports(3), plan=plan) as running:
        patient = wechat_of(running)
        hasty = replace(patient, http=httpx.Client(timeout=0.5, trust_env=False))
        transfer = make_transfer()
        running.set_behaviour("wechat", Behaviour(manner=Manner.SLOW))

        assert hasty.send(transfer) == Unknown("ReadTimeout")
        assert isinstance(patient.ask(transfer), Paid)


def test_payee_confirms_over_the_control(tmp_path: Path) -> None:
    plan = Plan(
        wechat=ChannelPlan(limits=Plan().wechat.limits, confirms_at_once=False),
    )
    with running_payouts(tmp_path, port_base=free_ports(3), plan=plan) as running:
        running.set_clock(START)
        channel, transfer, late = wechat_of(running), make_transfer(), make_transfer()
        channel.send(transfer)
        channel.send(late)
        assert isinstance(channel.ask(transfer), Waiting)

        assert running.confirm(transfer.reference) == {"state": "done"}
        running.set_clock(hours=24)

        assert isinstance(channel.ask(transfer), Paid)
        with pytest.raises(httpx.HTTPStatusError):
            running.confirm(late.reference)
        with pytest.raises(httpx.HTTPStatusError):
            running.set_clock(START)


def test_the_library_itself_speaks_to_the_sandbox(running: PayoutSandboxes) -> None:
    """An implementation that is not ours: wechatpayv3 as it is, but for the address."""
    account = read_wechat(running.settings())
    assert account is not None
    home = running.home
    library = WeChatPay(
        wechatpay_type=WeChatPayType.JSAPI,
        mchid=account.merchant,
        private_key=(home / "wechat-merchant.private.pem").read_text().strip(),
        cert_serial_no=account.serial,
        apiv3_key=account.api_key,
        appid=account.app_id,
        notify_url=account.notify_url,
        public_key=(home / "wechat.pem").read_text().strip(),
        public_key_id=account.public_key_id,
    )
    library._core._gate_way = account.base
    reports = [{"info_type": "活动名称", "info_content": "破产财产分配"}]

    status, text = library.mch_transfer_bills(
        out_bill_no="LIBRARY0001",
        transfer_scene_id=account.scene_id,
        openid="payee-of-the-library",
        transfer_amount=200_000,
        transfer_remark="第一期分配",
        user_name="张三丰",
        transfer_scene_report_infos=reports,
    )
    asked_status, asked = library.mch_transfer_bills_query(out_bill_no="LIBRARY0001")

    assert (status, json.loads(text)["state"]) == (200, "WAIT_USER_CONFIRM")
    assert (asked_status, json.loads(asked)["state"]) == (200, "SUCCESS")


def test_the_library_itself_reads_the_sandboxs_callbacks(ground: PayoutGround) -> None:
    channel = ground.channels["wechat"]
    assert isinstance(channel, WechatChannel)
    transfer = make_transfer()
    ground.send(transfer)
    ground.ask(transfer)
    front = ground.made["wechat"].front
    with front.books.opened() as book:
        entry = book.find(transfer.reference)
    assert entry is not None
    headers, body = front.callback(entry, Manner.PROMPT)
    account, home = channel.account, keys_made_once()
    library = WeChatPay(
        wechatpay_type=WeChatPayType.JSAPI,
        mchid=account.merchant,
        private_key=(home / "wechat-merchant.private.pem").read_text().strip(),
        cert_serial_no=account.serial,
        apiv3_key=account.api_key,
        appid=account.app_id,
        public_key=(home / "wechat.pem").read_text().strip(),
        public_key_id=account.public_key_id,
    )

    read = library.callback(headers, body)

    assert read["resource"]["out_bill_no"] == transfer.reference
    assert read["resource"]["transfer_amount"] == transfer.fen


def test_command_runs_three_channels_and_takes_them_along(tmp_path: Path) -> None:
    base = free_ports(3)
    command = [sys.executable, "-m", "zhipo.cli", "sandbox", "payouts"]
    options = ["--port-base", str(base), "--home", str(tmp_path)]
    process = subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.rstrip())
            if "Ctrl-C" in line:
                break
        environment = dict(
            line.split("=", 1) for line in lines if line.startswith("ZHIPO_")
        )
        account = read_wechat(environment)
        assert account is not None
        assert WechatChannel(account).ask(make_transfer()) == NotFound()
    finally:
        process.terminate()
        process.communicate(timeout=30)
    for port in range(base, base + 3):
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:{port}/sandbox/book", trust_env=False)


def test_command_refuses_a_plan_it_cannot_read(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "zhipo.cli", "sandbox", "payouts"]
    options = ["--home", str(tmp_path / "home"), "--callback", "nobody=http://127.0.0.1:1"]

    ended = subprocess.run([*command, *options], capture_output=True, text=True)

    assert ended.returncode == 2
    assert "nobody" in ended.stderr
    assert not (tmp_path / "home").exists()


def test_now_is_the_machines_until_it_is_set(running: PayoutSandboxes) -> None:
    now = datetime.fromisoformat(running.book("bank")["now"])

    assert abs(now - datetime.now(UTC)) < timedelta(minutes=5)


def test_no_log_names_a_payee(
    running: PayoutSandboxes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name, channel in (("wechat", wechat_of(running)), ("alipay", alipay_of(running))):
        transfer = make_transfer(name)
        channel.send(transfer)
        channel.ask(transfer)
        said = (running.home / f"{name}.log").read_text("utf-8")

        for secret in (transfer.payee.account, transfer.payee.name, "%E5%BC%A0%E4%B8%89"):
            assert secret not in caplog.text
            assert secret not in said
    assert caplog.text, "something is logged, or nothing was shown"
