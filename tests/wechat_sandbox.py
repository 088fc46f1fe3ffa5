"""WeChat as a person's browser meets it: the page that sends back with a code, on loopback.

The token side is the package's own sandbox; this adds the other half of the protocol, so
that a browser can walk the whole way.
"""

import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

from zhipo.gateways.sandbox import WechatProvider

AUTHORIZE = "/connect/oauth2/authorize"
NEEDED = {"response_type": "code", "scope": "snsapi_base"}


@dataclass
class Wechat:
    """Both halves of WeChat; whoever comes is the person of `openid`."""

    provider: WechatProvider = field(default_factory=lambda: WechatProvider("app", "key"))
    openid: str = "oNobody"
    address: str = ""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def settings(self) -> dict[str, str]:
        """What an installation sets to use it."""
        return {
            "ZHIPO_WECHAT_APP_ID": self.provider.app_id,
            "ZHIPO_WECHAT_SECRET": self.provider.secret,
            "ZHIPO_WECHAT_OPEN": self.address,
            "ZHIPO_WECHAT_API": self.address,
        }

    def code(self) -> str:
        """A code that is good once for the person who came."""
        code = f"code-{next(self._numbers)}"
        self.provider.codes[code] = self.openid
        return code

    def way_back(self, query: dict[str, str]) -> str:
        """Where WeChat sends the browser; empty for what it would not take."""
        is_right = query.get("appid") == self.provider.app_id and all(
            query.get(name) == value for name, value in NEEDED.items()
        )
        if not is_right or not query.get("redirect_uri"):
            return ""
        given = {"code": self.code(), "state": query.get("state", "")}
        return f"{query['redirect_uri']}?{urlencode(given)}"


@contextmanager
def wechat_running() -> Iterator[Wechat]:
    """WeChat behind one loopback address, until the block ends."""
    wechat = Wechat()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if asked.path == AUTHORIZE:
                self._send_back(wechat.way_back(dict(parse_qsl(asked.query))))
                return
            status, content = wechat.provider.answer(self.path, {})
            self._say(status, json.dumps(content).encode())

        def _send_back(self, where: str) -> None:
            self.send_response(302 if where else 400)
            self.send_header("Location", where)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *told: object) -> None:
            """Nothing: requests carry codes."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    wechat.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield wechat
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
