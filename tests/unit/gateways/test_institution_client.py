"""Whatever a response may be, the client says which of its outcomes it is."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from unit.gateways.orders import AT, make_answer, make_order, make_parties, make_status
from zhipo.gateways.institutions.client import (
    CALLBACK_PATH,
    BadAnswer,
    CourtClient,
    Received,
    Refused,
    Told,
    Unknown,
)
from zhipo.gateways.institutions.messages import Problem, Receipt
from zhipo.gateways.institutions.moments import utc_now
from zhipo.gateways.institutions.nonces import NonceFile
from zhipo.gateways.institutions.reading import MAX_BYTES
from zhipo.gateways.institutions.refusals import Reason
from zhipo.gateways.institutions.signing import NONCE, Exchange, Raw, Signer

ORDER = make_order()
DIRECTORY, KEYS = make_parties({"wallet-a": "http://wallet.test"})
PATH = f"{CALLBACK_PATH}/{ORDER.order_id}"


def answering(status: int, body: bytes, *, by: str = "wallet-a", to: str = "") -> Any:
    """A client whose institution answers everything so, signed by that party."""

    def answer(request: httpx.Request) -> httpx.Response:
        headers = Signer(KEYS[by], utc_now).response(
            Exchange(request.method, request.url.path, status),
            body,
            to=to or "court-yuhu",
            nonce=request.headers[NONCE],
        )
        return httpx.Response(status, content=body, headers=headers)

    return client_over(answer)


def client_over(answer: Callable[[httpx.Request], httpx.Response]) -> CourtClient:
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return CourtClient(KEYS["court-yuhu"], DIRECTORY, http=http)


def receipt(body: bytes) -> bytes:
    return Receipt(
        receipt_id=UUID(int=3),
        order_id=ORDER.order_id,
        institution=ORDER.institution,
        court=ORDER.court.party,
        body_sha256=hashlib.sha256(body).hexdigest(),
        received_at=AT,
    ).to_bytes()


STATUS = make_status(ORDER, make_answer(ORDER)).to_bytes()
PROBLEM = Problem(reason=Reason.UNKNOWN_ORDER, detail="x").to_bytes()


def test_good_answers_are_received_and_told_with_the_bytes_that_came() -> None:
    good = receipt(ORDER.to_bytes())

    received = answering(202, good).send(ORDER)
    told = answering(200, STATUS).ask(ORDER)

    assert isinstance(received, Received)
    assert received.raw.body == good
    assert isinstance(told, Told)
    assert told.raw.body == STATUS


def test_signed_refusal_is_refused() -> None:
    for outcome in (
        answering(404, PROBLEM).ask(ORDER),
        answering(409, PROBLEM).send(ORDER),
    ):
        assert isinstance(outcome, Refused)
        assert outcome.problem.reason is Reason.UNKNOWN_ORDER


@pytest.mark.parametrize(
    ("client", "reason"),
    [
        (answering(200, STATUS, by="bank-a"), Reason.WRONG_PARTY),
        (answering(200, STATUS, by="court-yuhu"), Reason.WRONG_PARTY),
        (answering(200, STATUS, to="bank-a"), Reason.WRONG_SIGNATURE),
        (answering(500, b"{}"), Reason.WRONG_STATUS),
        (answering(302, b"{}"), Reason.WRONG_STATUS),
        (answering(202, STATUS), Reason.WRONG_STATUS),
        (answering(404, b"not found"), Reason.NOT_JSON),
        (answering(200, b" " * (MAX_BYTES + 2)), Reason.TOO_LARGE),
        (client_over(lambda _: httpx.Response(200, content=STATUS)), Reason.NOT_SIGNED),
        (client_over(lambda _: httpx.Response(502, text="gateway")), Reason.NOT_SIGNED),
    ],
)
def test_anything_else_is_a_bad_answer(client: CourtClient, reason: Reason) -> None:
    outcome = client.ask(ORDER)

    assert isinstance(outcome, BadAnswer)
    assert outcome.reason is reason


def test_receipt_of_another_body_is_a_bad_answer() -> None:
    outcome = answering(202, receipt(b"another")).send(ORDER)

    assert isinstance(outcome, BadAnswer)
    assert outcome.reason is Reason.WRONG_ECHO


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError]
)
def test_no_answer_is_unknown(error: type[httpx.TransportError]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error("no answer", request=request)

    assert client_over(fail).send(ORDER) == Unknown(error.__name__)
    assert client_over(fail).ask(ORDER) == Unknown(error.__name__)


def test_institution_outside_of_the_directory_is_a_fault_of_ours() -> None:
    """Not an outcome of the wire: nothing was sent anywhere."""
    with pytest.raises(ValueError, match="no such party"):
        answering(200, STATUS).ask(make_order(institution="bank-z"))


def posted(path: str = PATH, body: bytes = STATUS, *, by: str = "wallet-a") -> Raw:
    exchange = Exchange("POST", path)
    signer = Signer(KEYS[by], utc_now)
    return Raw(exchange, signer.request(exchange, body, to="court-yuhu"), body)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"by": "bank-a"}, Reason.WRONG_PARTY),
        ({"path": f"{CALLBACK_PATH}/x"}, Reason.WRONG_ORDER),
        ({"path": f"{CALLBACK_PATH}/{UUID(int=5)}"}, Reason.UNKNOWN_ORDER),
        ({"body": b"{}"}, Reason.UNKNOWN_VERSION),
    ],
)
def test_post_that_is_not_this_orders_is_a_bad_answer(
    given: dict[str, Any], reason: Reason, tmp_path: Path
) -> None:
    raw = posted(**given)  # signed now: collecting the suite takes longer than it is fresh
    outcome = answering(200, STATUS).verify(
        raw,
        find_order={ORDER.order_id: ORDER}.get,
        nonces=NonceFile(tmp_path / "nonces.sqlite"),
    )

    assert isinstance(outcome, BadAnswer)
    assert outcome.reason is reason
    assert outcome.raw is raw


def test_good_post_is_told(tmp_path: Path) -> None:
    outcome = answering(200, STATUS).verify(
        posted(), find_order={ORDER.order_id: ORDER}.get, nonces=NonceFile(tmp_path / "n")
    )

    assert isinstance(outcome, Told)
    assert outcome.status.answers == make_status(ORDER, make_answer(ORDER)).answers
