"""The institution's side of the protocol over HTTP: a WSGI application, no framework.

Beside the protocol it has /sandbox/ for whoever runs the sandbox: clock, behaviour, money
coming in, the book. Those are not signed; it listens on loopback alone.
"""

import http
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from zhipo.gateways.institutions.keys import Party
from zhipo.gateways.institutions.messages import PREFIX, Problem
from zhipo.gateways.institutions.moments import utc_now
from zhipo.gateways.institutions.nonces import NonceFile
from zhipo.gateways.institutions.reading import MAX_BYTES
from zhipo.gateways.institutions.refusals import BadMessage, Reason
from zhipo.gateways.institutions.sandbox.controls import Controls, NotUnderstood
from zhipo.gateways.institutions.sandbox.desk import Desk, Spoken
from zhipo.gateways.institutions.sandbox.letters import Letters
from zhipo.gateways.institutions.signing import (
    NONCE,
    Exchange,
    Raw,
    check_request,
    kept_headers,
)

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

STATUS = {
    Reason.UNKNOWN_ORDER: 404,
    Reason.OTHER_BODY: 409,
    Reason.NO_OBJECTION: 409,
    Reason.TOO_LARGE: 413,
    Reason.NOT_SIGNED: 401,
    Reason.UNKNOWN_KEY: 401,
    Reason.KEY_NOT_VALID: 401,
    Reason.WRONG_SIGNATURE: 401,
    Reason.STALE: 401,
    Reason.REPLAYED: 401,
}
"""What is not listed is 422: understood as a message, and not one of the protocol."""

STRANGER = "unknown"
ORDERS = f"{PREFIX}/orders"
REPLY = "objection-reply"


@dataclass(frozen=True)
class Application:
    """One institution on the wire."""

    desk: Desk
    letters: Letters
    nonces: NonceFile
    controls: Controls
    wake: Callable[[], None]

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        raw = raw_of(environ)
        if raw.exchange.path.startswith("/sandbox/"):
            status, headers, body = self._controlled(raw)
        else:
            status, headers, body = self._answered(raw)
        self.wake()
        phrase = http.HTTPStatus(status).phrase
        lines = {**headers, "content-type": "application/json"}
        lines["content-length"] = str(len(body))
        start_response(f"{status} {phrase}", list(lines.items()))
        return [body]

    def _controlled(self, raw: Raw) -> tuple[int, dict[str, str], bytes]:
        try:
            content = self.controls.do(raw.exchange.method, raw.exchange.path, raw.body)
            return 200, {}, json.dumps(content, ensure_ascii=False).encode("utf-8")
        except NotUnderstood as error:
            return 422, {}, json.dumps({"detail": str(error)}).encode("utf-8")

    def _answered(self, raw: Raw) -> tuple[int, dict[str, str], bytes]:
        """Whatever happens, the response is signed; to a stranger as to a stranger."""
        sender = STRANGER
        try:
            proven = self._proven(raw)
            sender = proven.party
            status, spoken = self._routed(raw, proven)
        except BadMessage as bad:
            status = STATUS.get(bad.reason, 422)
            problem = Problem(reason=bad.reason, detail=bad.detail or bad.reason)
            spoken = Spoken(problem.to_bytes())
            sender = self._claimed_sender(raw) if sender == STRANGER else sender
        exchange = Exchange(raw.exchange.method, raw.exchange.path, status)
        headers = self.letters.response(
            exchange,
            spoken.body,
            to=sender,
            nonce=raw.headers.get(NONCE, ""),
            manner=spoken.manner,
        )
        return status, headers, spoken.body

    def _proven(self, raw: Raw) -> Party:
        """The court that sent the request. Raises BadMessage."""
        if len(raw.body) > MAX_BYTES:
            raise BadMessage(Reason.TOO_LARGE, "body")
        proven = check_request(
            raw,
            to=self.desk.party,
            directory=self.letters.directory,
            now=utc_now(),
            nonces=self.nonces,
        )
        if proven.party.role != "court":
            raise BadMessage(Reason.WRONG_PARTY, f"{proven.party.party} is no court")
        return proven.party

    def _claimed_sender(self, raw: Raw) -> str:
        """Whom a refusal is addressed to: the party of the key that was named, if any."""
        named = raw.headers.get("zhipo-key", "")
        for party in self.letters.directory.parties:
            if any(key.key_id == named for key in party.keys):
                return party.party
        return STRANGER

    def _routed(self, raw: Raw, sender: Party) -> tuple[int, Spoken]:
        method, path = raw.exchange.method, raw.exchange.path
        court = sender.party
        if (method, path) == ("POST", ORDERS):
            return 202, self.desk.take_order(raw.body, court=court)
        order_id, last = _order_path(path)
        if method == "GET" and not last:
            return 200, self.desk.say(order_id, court=court)
        if method == "POST" and last == REPLY:
            return 202, self.desk.take_reply(raw.body, court=court, order_id=order_id)
        raise BadMessage(Reason.UNKNOWN_ORDER, f"{method} {path}")


def _order_path(path: str) -> tuple[UUID, str]:
    """The order's id and what follows it. Raises BadMessage for any other path."""
    order_id, _, last = path.removeprefix(f"{ORDERS}/").partition("/")
    try:
        found = UUID(order_id)
    except ValueError as error:
        raise BadMessage(Reason.UNKNOWN_ORDER, path) from error
    if str(found) != order_id:
        raise BadMessage(Reason.UNKNOWN_ORDER, path)
    return found, last


def raw_of(environ: "WSGIEnvironment") -> Raw:
    """A request as it came, its body up to one byte beyond the longest that is read."""
    names = {
        key.removeprefix("HTTP_").replace("_", "-"): str(value)
        for key, value in environ.items()
        if key.startswith("HTTP_")
    }
    length = min(int(environ.get("CONTENT_LENGTH") or 0), MAX_BYTES + 1)
    body = environ["wsgi.input"].read(length) if length else b""
    exchange = Exchange(str(environ["REQUEST_METHOD"]), str(environ["PATH_INFO"]))
    return Raw(exchange, kept_headers(names), body)
