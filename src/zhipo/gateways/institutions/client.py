"""The court's side of the protocol: send an order, ask after it, take an answer posted.

Nothing is tried twice here and nothing is guessed: each call ends in one of the outcomes
below, and whoever calls decides when to ask again. The bytes that came are in the outcome.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import httpx

from zhipo.gateways.bodies import body_of
from zhipo.gateways.institutions.answers import Status
from zhipo.gateways.institutions.keys import Directory, Party, PrivateKey
from zhipo.gateways.institutions.messages import (
    PREFIX,
    Message,
    ObjectionReply,
    Order,
    Problem,
    Receipt,
)
from zhipo.gateways.institutions.moments import utc_now
from zhipo.gateways.institutions.reading import (
    MAX_BYTES,
    read_problem,
    read_receipt,
    read_status,
)
from zhipo.gateways.institutions.refusals import BadMessage, Reason
from zhipo.gateways.institutions.signing import (
    NONCE,
    Exchange,
    Nonces,
    Raw,
    Signer,
    check_request,
    check_response,
    kept_headers,
)

SECONDS = 10.0
CALLBACK_PATH = f"{PREFIX}/answers"


@dataclass(frozen=True)
class Received:
    """The institution has the order; it answers by `order.answer_by` or is overdue."""

    receipt: Receipt
    raw: Raw


@dataclass(frozen=True)
class Told:
    """How the order stands; `status.answers` may be empty or partial."""

    status: Status
    raw: Raw


@dataclass(frozen=True)
class Refused:
    """The institution turned the request away at the door, signed; nothing was done."""

    problem: Problem
    raw: Raw


@dataclass(frozen=True)
class Unknown:
    """No answer came: the order may have arrived or not. Send or ask again, same body."""

    cause: str


@dataclass(frozen=True)
class BadAnswer:
    """Something came that is not what it should be: nothing in it may be relied on.

    After a send it is as open as after Unknown whether the order has arrived.
    """

    reason: Reason
    detail: str
    raw: Raw


SendOutcome = Received | Refused | Unknown | BadAnswer
AskOutcome = Told | Refused | Unknown | BadAnswer
CallbackOutcome = Told | BadAnswer


@dataclass(frozen=True)
class CourtClient:
    """One court's client for every institution in the directory.

    `clock` is the machine's, for signatures; the times of the procedure are in the orders.
    `http` is the caller's to close; redirects are not followed and proxies not asked.
    An order for an institution outside of the directory raises BadMessage: nothing is sent.
    """

    key: PrivateKey
    directory: Directory
    clock: Callable[[], datetime] = utc_now
    http: httpx.Client = field(
        default_factory=lambda: httpx.Client(timeout=SECONDS, trust_env=False)
    )

    def send(self, order: Order) -> SendOutcome:
        """Send an order; sent again with the same body it gets the same receipt."""
        return self._post(order, order, f"{PREFIX}/orders")

    def reply(self, reply: ObjectionReply, *, order: Order) -> SendOutcome:
        """Send the court's reply to an objection against `order`."""
        path = f"{PREFIX}/orders/{order.order_id}/objection-reply"
        return self._post(reply, order, path)

    def ask(self, order: Order) -> AskOutcome:
        """How an order stands, every answer so far held against it.

        Refused with UNKNOWN_ORDER means that it never arrived: send it.
        """
        return self._ask(order.order_id, order.institution, order)

    def probe(self, party: str) -> AskOutcome:
        """Ask an institution after an order that nobody has made.

        Refused with UNKNOWN_ORDER proves address, keys and clocks of both sides.
        """
        return self._ask(uuid4(), party)

    def verify(
        self, raw: Raw, *, find_order: Callable[[UUID], Order | None], nonces: Nonces
    ) -> CallbackOutcome:
        """An answer that an institution has posted to this court, checked like a poll.

        `find_order` gives the order of an id as it was sent, or None.
        """
        try:
            proven = check_request(
                raw,
                to=self.key.party,
                directory=self.directory,
                now=self.clock(),
                nonces=nonces,
            )
            order = find_order(_order_id(raw))
            if order is None:
                raise BadMessage(Reason.UNKNOWN_ORDER, raw.exchange.path)
            _check_sender(proven.party, order.institution)
            return Told(read_status(raw.body, order=order), raw)
        except BadMessage as bad:
            return BadAnswer(bad.reason, bad.detail, raw)

    def _ask(self, order_id: UUID, party: str, order: Order | None = None) -> AskOutcome:
        """Ask after an id; only an order that was made can be told of."""
        came = self._exchange("GET", f"{PREFIX}/orders/{order_id}", b"", to=party)
        if isinstance(came, Unknown | BadAnswer):
            return came
        try:
            if order is not None and came.exchange.status == httpx.codes.OK:
                return Told(read_status(came.body, order=order), came)
            return _refused(came)
        except BadMessage as bad:
            return BadAnswer(bad.reason, bad.detail, came)

    def _post(self, message: Message, order: Order, path: str) -> SendOutcome:
        body = message.to_bytes()
        came = self._exchange("POST", path, body, to=order.institution)
        if isinstance(came, Unknown | BadAnswer):
            return came
        try:
            if came.exchange.status == httpx.codes.ACCEPTED:
                digest = hashlib.sha256(body).hexdigest()
                receipt = read_receipt(came.body, order=order, body_sha256=digest)
                return Received(receipt, came)
            return _refused(came)
        except BadMessage as bad:
            return BadAnswer(bad.reason, bad.detail, came)

    def _exchange(
        self, method: str, path: str, body: bytes, *, to: str
    ) -> Raw | Unknown | BadAnswer:
        """One request and its response, proven to be of the institution and for us."""
        signer = Signer(self.key, self.clock)
        headers = signer.request(Exchange(method, path), body, to=to)
        sent = {**headers, "content-type": "application/json"}
        try:
            address = self.directory.party(to).address
            with self.http.stream(
                method, f"{address}{path}", content=body, headers=sent
            ) as response:
                content = body_of(response, most=MAX_BYTES)
        except httpx.HTTPError as error:
            return Unknown(type(error).__name__)
        raw = Raw(
            Exchange(method, path, response.status_code),
            kept_headers(response.headers),
            content,
        )
        try:
            self._check_response(raw, to=to, nonce=headers[NONCE])
        except BadMessage as bad:
            return BadAnswer(bad.reason, bad.detail, raw)
        return raw

    def _check_response(self, raw: Raw, *, to: str, nonce: str) -> None:
        if len(raw.body) > MAX_BYTES:
            raise BadMessage(Reason.TOO_LARGE, "the body, of which the beginning is kept")
        proven = check_response(
            raw,
            to=self.key.party,
            nonce=nonce,
            directory=self.directory,
            now=self.clock(),
        )
        _check_sender(proven.party, to)


def _check_sender(party: Party, expected: str) -> None:
    if party.party != expected:
        raise BadMessage(Reason.WRONG_PARTY, f"signed by {party.party}")


def _refused(came: Raw) -> Refused:
    """The problem of a refusal. Raises BadMessage where there is none."""
    if not httpx.codes.is_client_error(came.exchange.status):
        raise BadMessage(Reason.WRONG_STATUS, str(came.exchange.status))
    return Refused(read_problem(came.body), came)


def _order_id(raw: Raw) -> UUID:
    """The order that a posted answer names in its path, which is signed."""
    try:
        return UUID(raw.exchange.path.removeprefix(f"{CALLBACK_PATH}/"))
    except ValueError as error:
        raise BadMessage(Reason.WRONG_ORDER, raw.exchange.path) from error
