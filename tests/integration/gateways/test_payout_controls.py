"""The controls of a sandbox: whole or not at all; its post is tried until it is taken."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from integration.gateways.payout_ground import (
    START,
    PayoutGround,
    lay_payout_ground,
    make_transfer,
)
from zhipo.gateways.payouts.sandbox.behaviour import Manner
from zhipo.gateways.payouts.sandbox.controls import NotUnderstood
from zhipo.gateways.payouts.sandbox.posting import TRIES
from zhipo.gateways.payouts.sandbox.spoken import Reply, Request


@pytest.fixture
def ground(tmp_path: Path) -> PayoutGround:
    return lay_payout_ground(tmp_path)


@pytest.mark.parametrize(
    ("method", "name", "body"),
    [
        ("GET", "nothing", b""),
        ("POST", "book", b"{}"),
        ("POST", "clock", b"no"),
        ("POST", "clock", b'{"now": "2025-06-03T10:00:00"}'),
        ("POST", "clock", b'{"hours": -1}'),
        ("POST", "behaviour", b'{"manner": "kind"}'),
        ("POST", "behaviour", b'{"manner": "late", "hours": 0}'),
        ("POST", "confirm", b'{"reference": "NOBODY000001"}'),
        ("POST", "confirm", b'{"package": "nothing"}'),
        ("POST", "funds", b'{"fen": "much"}'),
    ],
)
def test_control_that_is_none_is_refused_in_words(
    ground: PayoutGround, method: str, name: str, body: bytes
) -> None:
    made = ground.made["wechat"]
    before = made.controls.do("GET", "book", b"")

    with pytest.raises(NotUnderstood):
        made.controls.do(method, name, body)
    reply = made.answer(Request(method, f"/sandbox/{name}", {}, body))

    assert reply.status == 422
    assert made.controls.do("GET", "book", b"") == before


def test_funds_are_added_and_taken(ground: PayoutGround) -> None:
    before = ground.control("alipay", "book")["funds_fen"]

    after = ground.control("alipay", "funds", '{"fen": -7}')

    assert after == {"funds_fen": before - 7}


def test_book_tells_what_was_taken_and_what_left(ground: PayoutGround) -> None:
    paid, failed = make_transfer(), make_transfer()
    ground.behave("wechat", Manner.WRONG_NAME, failed.reference)
    ground.send(paid)
    ground.send(failed)

    book = ground.control("wechat", "book")

    assert book["now"] == START.isoformat()
    assert [(row["reference"], row["fen"]) for row in book["paid"]] == [
        (paid.reference, paid.fen)
    ]
    assert [(row["reference"], row["state"]) for row in book["transfers"]] == [
        (paid.reference, "done"),
        (failed.reference, "turned_down"),
    ]


def test_payee_confirms_once_and_not_when_it_is_too_late(ground: PayoutGround) -> None:
    early, late = make_transfer(), make_transfer()
    for transfer in (early, late):
        ground.behave("wechat", Manner.NEVER_CONFIRMS, transfer.reference)
        ground.send(transfer)
    control = f'{{"reference": "{early.reference}"}}'

    assert ground.control("wechat", "confirm", control) == {"state": "done"}
    with pytest.raises(NotUnderstood):
        ground.control("wechat", "confirm", control)
    ground.set_clock(START + timedelta(hours=24))
    with pytest.raises(NotUnderstood):
        ground.control("wechat", "confirm", f'{{"reference": "{late.reference}"}}')

    assert list(ground.paid("wechat")) == [early.reference]


@pytest.mark.parametrize("failure", ["refused", "broken"])
def test_callback_that_is_not_taken_comes_again(ground: PayoutGround, failure: str) -> None:
    tried = []

    def receive(request: httpx.Request) -> httpx.Response:
        tried.append(request)
        if len(tried) > 2:
            return httpx.Response(200)
        if failure == "broken":
            raise httpx.ConnectError("nobody", request=request)
        return httpx.Response(503)

    poster = ground.made["alipay"].poster
    poster.http = httpx.Client(transport=httpx.MockTransport(receive))
    ground.send(make_transfer("alipay"))

    posted = [poster.once() for _ in range(5)]

    assert posted == [1, 1, 1, 0, 0]
    assert len(tried) == 3


def test_callback_nobody_ever_takes_is_given_up(ground: PayoutGround) -> None:
    poster = ground.made["alipay"].poster
    poster.http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(500)))
    ground.send(make_transfer("alipay"))

    assert sum(poster.once() for _ in range(TRIES + 5)) == TRIES


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v3/other"), ("DELETE", "/v3/other"), ("GET", "/")]
)
def test_unsigned_request_is_refused_whatever_it_asks_for(
    ground: PayoutGround, method: str, path: str
) -> None:
    reply = ground.made["wechat"].answer(Request(method, path, {}, b""))

    assert isinstance(reply, Reply)
    assert reply.status == 401
