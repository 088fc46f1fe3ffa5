"""One HTTP/1.1 connection kept open: as little work for each page as Python allows.

The load run shares two cores with what it measures, so its own part must be small.
"""

import asyncio
import re
from dataclasses import dataclass

SECONDS = 30
MOST_HEAD = 64 * 1024
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\r]+)=([^;\r]*)([^\r]*)", re.IGNORECASE)


class LineBroken(ConnectionError):
    """The connection ended, or nothing came for SECONDS: whether it was done is unknown."""


@dataclass(frozen=True)
class Answer:
    """Status, where it sends the reader ("" for nowhere), the page, cookies set."""

    status: int
    location: str
    text: str
    cookies: dict[str, str]


class Line:
    """A connection to one server, opened at the first question and after each break."""

    def __init__(self, host: str, port: int) -> None:
        self._place = (host, port)
        self._head = f"Host: {host}:{port}\r\nUser-Agent: zhipo-consumer\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, *, cookies: dict[str, str], form: str | None = None
    ) -> Answer:
        """One request, one answer; redirects are the caller's. Raises LineBroken."""
        asked = self._request(method, path, cookies, form)
        try:
            async with asyncio.timeout(SECONDS):
                if self._streams is not None and self._streams[0].at_eof():
                    self.close()  # idle for so long that the server hung up
                if self._streams is None:
                    self._streams = await self._opened()
                return await self._exchange(asked, *self._streams)
        except (OSError, EOFError, asyncio.LimitOverrunError) as broken:
            self.close()  # TimeoutError is an OSError, IncompleteReadError an EOFError
            raise LineBroken(type(broken).__name__) from broken

    def close(self) -> None:
        """Hang up; the next question opens the line again."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(
            *self._place, limit=MOST_HEAD, local_addr=self.comes_from()
        )

    def comes_from(self) -> tuple[str, int] | None:
        """The address to come from; None for whichever the system gives."""
        return None

    def _request(
        self, method: str, path: str, cookies: dict[str, str], form: str | None
    ) -> bytes:
        head = f"{method} {path} HTTP/1.1\r\n{self._head}"
        if cookies:
            jar = "; ".join(f"{name}={value}" for name, value in cookies.items())
            head += f"Cookie: {jar}\r\n"
        if form is None:
            return f"{head}\r\n".encode()
        body = form.encode()
        kind = "application/x-www-form-urlencoded"
        head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body

    async def _exchange(
        self, asked: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Answer:
        writer.write(asked)
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length else b""
        location = LOCATION.search(head)
        return Answer(
            status=int(head[9:12]),
            location=location[1].decode() if location else "",
            text=body.decode(),
            cookies={
                name.decode(): "" if b"Max-Age=0" in rest else value.decode()
                for name, value, rest in COOKIE.findall(head)
            },
        )
