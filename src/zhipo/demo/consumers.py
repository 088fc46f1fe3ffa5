"""Consumers over real HTTP: find the case, prove the phone, look, tap, keep the receipt."""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

import httpx

from zhipo.gateways.models import OutboxMessage
from zhipo.kernel.identifiers import parse_phone
from zhipo.privacy.columns import lookup_hash

AT_ONCE = 4
SECONDS = 30
FORM = re.compile(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"')
CODE = re.compile(r"\d{6}")


class NotFiled(RuntimeError):
    """A consumer did not get to the receipt; the step says where it ended."""


def file_over_http(
    address: str,
    slug: str,
    phones: Sequence[str],
    *,
    told: Callable[[int, int], None],
) -> list[str]:
    """File for each phone as its owner would; the addresses of the receipts.

    `told(done, all)` is called as they come. Raises NotFiled.
    """
    receipts: list[str] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(_file, address, slug, phone) for phone in phones]
        for done, one in enumerate(as_completed(waiting), start=1):
            receipts.append(one.result())
            told(done, len(phones))
    return receipts


def _file(address: str, slug: str, phone: str) -> str:
    """The whole way of one consumer; a second time it ends at the same receipt."""
    with httpx.Client(base_url=address, timeout=SECONDS, follow_redirects=True) as browser:
        browser.get(f"/c/{slug}/")
        page = browser.get(f"/c/{slug}/sign-in")
        page = _submit(browser, page, "/sign-in", {"phone": phone})
        page = _submit(browser, page, "/code", {"code": _code_of(phone)})
        if _form(page, "/file") is not None:
            page = _submit(browser, page, "/file", {})
        return str(page.url)


def _submit(
    browser: httpx.Client, page: httpx.Response, action: str, typed: dict[str, str]
) -> httpx.Response:
    """Send a form of the page with what a person typed. Raises NotFiled."""
    form = _form(page, action)
    if form is None:
        raise NotFiled(f"no form to {action}: {page.status_code} {page.url.path}")
    target, hidden = form
    answer = browser.post(target, data={**hidden, **typed})
    if answer.status_code != httpx.codes.OK:
        raise NotFiled(f"{action}: {answer.status_code}")
    return answer


def _form(page: httpx.Response, action: str) -> tuple[str, dict[str, list[str]]] | None:
    """(address, hidden fields) of the form to an action; the fullest of several."""
    found = []
    for target, inside in FORM.findall(page.text):
        if target.endswith(action):
            hidden: dict[str, list[str]] = {}
            for name, value in HIDDEN.findall(inside):
                hidden.setdefault(name, []).append(value)
            found.append((target, hidden))
    return max(found, key=lambda form: sum(map(len, form[1].values())), default=None)


def _code_of(phone: str) -> str:
    """The code that the sandbox kept instead of sending it."""
    key = lookup_hash("phone", parse_phone(phone))
    sent = OutboxMessage.objects.filter(phone_hash=key).order_by("-pk").first()
    found = CODE.search(sent.text) if sent is not None else None
    if found is None:
        raise NotFiled("no code was sent")
    return found[0]
