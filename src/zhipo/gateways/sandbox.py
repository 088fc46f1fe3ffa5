"""Sandbox servers that speak the providers' own protocols, on loopback only.

They check what a real provider checks (signature, template, code used once) and can be
told to misbehave, so that tests and demos run the real clients.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from zhipo.gateways.aliyun_sms import ALGORITHM, signature_of

Answer = tuple[int, dict[str, str]]


@dataclass
class SmsProvider:
    """An Alibaba-like provider of text messages with its own book of what was sent."""

    key_id: str
    secret: str
    sent: list[dict[str, str]] = field(default_factory=list)
    refuse_with: str = ""  # e.g. "isv.BUSINESS_LIMIT_CONTROL"
    nonces: set[str] = field(default_factory=set)

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        """What the provider says to one request."""
        query = dict(parse_qsl(urlsplit(path).query))
        if self.refuse_with:
            return 200, {"Code": self.refuse_with, "Message": "refused by the sandbox"}
        if not self._is_signed(query, headers):
            return 400, {"Code": "SignatureDoesNotMatch", "Message": "signature"}
        self.sent.append(query)
        return 200, {"Code": "OK", "Message": "OK", "BizId": f"biz-{len(self.sent)}"}

    def _is_signed(self, query: dict[str, str], headers: dict[str, str]) -> bool:
        given = headers.get("authorization", "")
        parts = dict(
            part.split("=", 1)
            for part in given.removeprefix(f"{ALGORITHM} ").split(",")
            if "=" in part
        )
        names = parts.get("SignedHeaders", "").split(";")
        signed = {name: headers.get(name, "") for name in names}
        nonce = headers.get("x-acs-signature-nonce", "")
        is_fresh = nonce not in self.nonces
        self.nonces.add(nonce)
        is_right = parts.get("Signature") == signature_of(query, signed, secret=self.secret)
        return is_fresh and is_right and parts.get("Credential") == self.key_id


@dataclass
class WechatProvider:
    """The token side of WeChat's OAuth: codes are good once."""

    app_id: str
    secret: str
    codes: dict[str, str] = field(default_factory=dict)  # code -> openid

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        """The openid for a code, or WeChat's own error."""
        query = dict(parse_qsl(urlsplit(path).query))
        if (query.get("appid"), query.get("secret")) != (self.app_id, self.secret):
            return 200, {"errcode": "40125", "errmsg": "invalid appsecret"}
        openid = self.codes.pop(query.get("code", ""), "")
        if not openid:
            return 200, {"errcode": "40029", "errmsg": "invalid code"}
        return 200, {"access_token": "sandbox", "openid": openid}


@contextmanager
def running(provider: SmsProvider | WechatProvider) -> Iterator[str]:
    """The provider behind a loopback address, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, content = provider.answer(self.path, headers)
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *told: object) -> None:
            """Nothing: requests carry phone numbers."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
