"""Callbacks over HTTP, signed as the channels sign them: right, forged, twice, late."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import OperationalError
from django.test import Client

from factories_payouts import make_paying, make_released, orders_of, take_up
from integration.gateways.payout_ground import PayoutGround, lay_payout_ground
from integration.payouts.unchanged import nothing_changes
from zhipo.claims.states import PayoutChannel
from zhipo.distributions.chart import IN_TRANSIT
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.ledger.queries import balance_fen
from zhipo.payouts import channels
from zhipo.payouts.models import Order
from zhipo.payouts.queries.orders import as_work
from zhipo.payouts.states import Ending, OrderState
from zhipo.portals.hooks import views

pytestmark = pytest.mark.django_db
S = OrderState
CHOICE = {"wechat": PayoutChannel.WECHAT, "alipay": PayoutChannel.ALIPAY}
TAKEN = {"wechat": b'{"code": "SUCCESS", "message": ""}', "alipay": b"success"}
FAILED = {"wechat": b'{"code": "FAIL", "message": "not taken"}', "alipay": b"fail"}


@dataclass
class Hook:
    """Both channels' sandboxes, whose callbacks arrive at our address."""

    ground: PayoutGround
    client: Client = field(default_factory=Client)
    posted: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)
    is_open: bool = True  # else what arrives is kept and goes no further

    def listen(self, name: str) -> None:
        def hear(request: httpx.Request) -> httpx.Response:
            headers = {key.lower(): value for key, value in request.headers.items()}
            if not self.is_open:
                self.posted.append((name, headers, request.content))
                return httpx.Response(503)
            answer = self.post(name, headers, request.content)
            return httpx.Response(answer.status_code)

        self.ground.made[name].poster.http = httpx.Client(
            transport=httpx.MockTransport(hear)
        )

    def post(self, name: str, headers: dict[str, str], body: bytes) -> Any:
        self.posted.append((name, headers, body))
        kind = headers.get("content-type", "application/octet-stream")
        headers = {key: one for key, one in headers.items() if key != "content-length"}
        answer = self.client.post(
            f"/hooks/payouts/{name}", body, content_type=kind, headers=headers
        )
        self.answers.append(answer)
        return answer

    def last_again(self) -> Any:
        return self.post(*self.posted[-1])


@pytest.fixture
def hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hook:
    ground = lay_payout_ground(tmp_path)
    ground.set_clock(views.timezone.now())

    def spoken(name: ChannelName) -> Any:
        return ground.channels[name]

    monkeypatch.setattr(channels, "spoken", spoken)
    monkeypatch.setattr(views, "spoken", spoken)
    made = Hook(ground)
    for name in ground.made:
        made.listen(name)
    return made


@pytest.fixture(params=sorted(CHOICE))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def sent(hook: Hook, name: str) -> Order:
    """An order that its channel has, as a worker hands it over."""
    (order,) = orders_of(make_released(make_paying(30_000, channel=CHOICE[name])))
    take_up(order)
    hook.ground.channels[name].send(as_work(order).transfer())
    return order


def is_paid(order: Order) -> bool:
    order.refresh_from_db()
    return order.state == S.PAID


def test_a_paid_order_is_entered_by_its_channels_own_word(hook: Hook, name: str) -> None:
    order = sent(hook, name)

    hook.ground.post()

    assert is_paid(order)
    assert (hook.answers[-1].status_code, hook.answers[-1].content) == (200, TAKEN[name])
    assert balance_fen(order.share.plan.case.number, IN_TRANSIT) == 0
    assert [one.asked for one in order.answers.all()] == ["callback"]


def test_the_same_message_again_changes_nothing(hook: Hook, name: str) -> None:
    order = sent(hook, name)
    hook.ground.post()

    with nothing_changes():
        assert hook.last_again().status_code == 200

    assert is_paid(order)


def test_a_message_of_what_has_been_asked_already_is_taken(hook: Hook, name: str) -> None:
    order = sent(hook, name)
    hook.ground.post()
    first = hook.posted[-1]
    Order.objects.filter(pk=order.pk).update(reason="", ask_at=None)

    assert hook.post(*first).content == TAKEN[name]


def test_a_changed_message_is_not_used(hook: Hook, name: str) -> None:
    order = sent(hook, name)
    hook.is_open = False
    hook.ground.post()
    _, headers, body = hook.posted[-1]
    with nothing_changes():
        answer = hook.post(name, headers, body.replace(b"a", b"b"))
    assert (answer.status_code, answer.content) == (401, FAILED[name])

    hook.post(name, headers, body)

    assert is_paid(order)


def test_a_message_without_a_signature_is_not_used(hook: Hook, name: str) -> None:
    sent(hook, name)
    hook.ground.post()
    _, headers, body = hook.posted[-1]
    bare = {key: value for key, value in headers.items() if "signature" not in key}
    unsigned = b"&".join(one for one in body.split(b"&") if not one.startswith(b"sign="))

    with nothing_changes():
        answer = hook.post(name, bare, unsigned)

    assert answer.status_code == 401


@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe", b"a=b", b"{}", b"[" * 10_000])
def test_noise_is_answered_and_changes_nothing(hook: Hook, name: str, body: bytes) -> None:
    with nothing_changes():
        answer = hook.post(name, {"content-type": "application/json"}, body)

    assert (answer.status_code, answer.content) == (401, FAILED[name])


def test_an_authentic_message_of_no_order_of_ours_is_taken_and_left(
    hook: Hook, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(hook, name)
    monkeypatch.setattr("zhipo.payouts.actions.calling_back.work_of", lambda _: None)

    with nothing_changes():
        hook.ground.post()

    assert (hook.answers[-1].status_code, hook.answers[-1].content) == (200, TAKEN[name])


def test_a_message_that_comes_after_the_end_is_held_against_it(
    hook: Hook, name: str
) -> None:
    order = sent(hook, name)
    Order.objects.filter(pk=order.pk).update(
        state=S.FAILED, ended_at=views.timezone.now() - timedelta(days=1)
    )

    hook.ground.post()

    order.refresh_from_db()
    assert (order.state, order.reason) == (S.FAILED, Ending.CONTRADICTED)
    assert hook.answers[-1].status_code == 200


def test_a_database_that_is_busy_asks_the_channel_to_come_again(
    hook: Hook, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = sent(hook, name)

    def busy(*_: object, **__: object) -> None:
        raise OperationalError("deadlock detected")

    with monkeypatch.context() as patched:
        patched.setattr(views, "hear", busy)
        hook.ground.post()
    assert (hook.answers[-1].status_code, hook.answers[-1].content) == (409, FAILED[name])

    hook.ground.post()

    assert is_paid(order)


def test_a_message_that_is_too_long_is_not_read(
    hook: Hook, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MAX_BYTES", 10)

    assert hook.post(name, {}, b"x" * 11).status_code == 413


@pytest.mark.parametrize("path", ["wechat", "alipay", "bank_batch", "nobody"])
def test_a_channel_that_is_not_set_up_has_no_word_here(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(name: ChannelName) -> Any:
        raise channels.NotSetUp(name)

    monkeypatch.setattr(views, "spoken", none)

    for ask in (Client().get, Client().post):
        assert ask(f"/hooks/payouts/{path}").status_code == 401
