"""Consumers over real HTTP: find the case, prove the phone, look, tap, keep the receipt.

What they do is what a phone does: forms are taken from the page that was shown, cookies
are kept, redirects followed. No step knows an address that no page told it.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import urlencode, urlsplit

from zhipo.demo.http_line import Answer, Line, LineBroken
from zhipo.demo.outbox import NoCode, Outbox

AT_ONCE = 8
MOST_REDIRECTS = 5
FORM = re.compile(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
RECEIPT = re.compile(r'<dd class="mono">([^<]+)</dd>')
CLAIM = re.compile(r'href="(/c/[^"/]+/claims/\d+)"')
STEPS = ("case", "code", "money", "receipt")
"""The pages a consumer waits for: from the tap until it is there, redirects and all."""


class NotFiled(RuntimeError):
    """A consumer did not get to the receipt; the message says where it ended."""


GONE_WRONG = (NotFiled, LineBroken, NoCode)


@dataclass(frozen=True)
class Visit:
    """What one consumer has in hand at the end, and how long each page took, in seconds."""

    phone: str
    receipts: list[str]
    seconds: dict[str, float]


@dataclass
class Consumer:
    """One person with a phone and a browser of their own."""

    phone: str
    slug: str
    outbox: Outbox
    cookies: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    tapped: tuple[str, str] | None = None  # the form that files, once it was sent

    async def file(self, line: Line) -> Visit:
        """The whole way; a second time it ends at the same receipt. Raises GONE_WRONG."""
        self.cookies, self.seconds = {}, {}
        page = await self._shown(line, "case", f"/c/{self.slug}/")
        page = await self._submitted(line, "code", page, "/sign-in", phone=self.phone)
        code = await self.outbox.code_of(self.phone)
        page = await self._submitted(line, "money", page, "/code", code=code)
        if _form(page, "/file") is not None:
            self.tapped = _form(page, "/file")
            page = await self._submitted(line, "receipt", page, "/file")
        return Visit(self.phone, await self._receipts(line, page), dict(self.seconds))

    async def tap_again(self, line: Line) -> Visit:
        """Send the form that files once more, as it was. Raises GONE_WRONG."""
        if self.tapped is None:
            raise NotFiled("nothing was tapped")
        target, fields = self.tapped
        page = await self._shown(line, "receipt", target, form=fields)
        return Visit(self.phone, await self._receipts(line, page), dict(self.seconds))

    async def _submitted(
        self, line: Line, step: str, page: Answer, action: str, **typed: str
    ) -> Answer:
        form = _form(page, action)
        if form is None:
            raise NotFiled(f"{step}: no form to {action} on the page before")
        target, fields = form
        sent = f"{fields}&{urlencode(typed)}" if typed else fields
        return await self._shown(line, step, target, form=sent)

    async def _shown(
        self, line: Line, step: str, path: str, form: str | None = None
    ) -> Answer:
        """The page that is there in the end."""
        began = perf_counter()
        answer = await self._ask(line, "GET" if form is None else "POST", path, form)
        for _ in range(MOST_REDIRECTS):
            if not answer.location:
                break
            answer = await self._ask(line, "GET", answer.location)
        self.seconds[step] = perf_counter() - began
        if answer.status != 200:
            raise NotFiled(f"{step}: {answer.status}")
        return answer

    async def _ask(
        self, line: Line, method: str, path: str, form: str | None = None
    ) -> Answer:
        answer = await line.ask(method, path, cookies=self.cookies, form=form)
        self.cookies |= answer.cookies
        return answer

    async def _receipts(self, line: Line, page: Answer) -> list[str]:
        """On the page of one claim; those with several accounts open each of theirs."""
        found = RECEIPT.findall(page.text)
        links = [] if found else list(dict.fromkeys(CLAIM.findall(page.text)))
        for link in links:
            answer = await self._ask(line, "GET", link)
            found += RECEIPT.findall(answer.text)
        if not found:
            raise NotFiled("no receipt on the last page")
        return found


def file_over_http(
    address: str, slug: str, phones: Sequence[str], *, told: Callable[[int, int], None]
) -> list[str]:
    """File for each phone as its owner would; the receipts, several where one has several.

    `told(done, all)` is called as they come. Raises GONE_WRONG.
    """
    visits = asyncio.run(_file_all(address, slug, phones, told))
    return [receipt for visit in visits for receipt in visit.receipts]


async def _file_all(
    address: str, slug: str, phones: Sequence[str], told: Callable[[int, int], None]
) -> list[Visit]:
    outbox, visits = Outbox(), list[Visit]()
    waiting = iter(phones)

    async def keep_filing() -> None:
        line = line_to(address)
        for phone in waiting:
            visits.append(await Consumer(phone, slug, outbox).file(line))
            told(len(visits), len(phones))
        line.close()

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(keep_filing())
    except ExceptionGroup as several:
        raise several.exceptions[0] from None
    finally:
        await outbox.close()
    return visits


def line_to(address: str) -> Line:
    """A line to http://host:port."""
    place = urlsplit(address)
    return Line(place.hostname or "127.0.0.1", place.port or 80)


def _form(page: Answer, action: str) -> tuple[str, str] | None:
    """(address, hidden fields, encoded) of the form to an action; the fullest one."""
    found = [
        (target, HIDDEN.findall(inside))
        for target, inside in FORM.findall(page.text)
        if target.endswith(action)
    ]
    if not found:
        return None
    target, fields = max(found, key=lambda form: len(form[1]))
    return target, urlencode(fields)
