"""A running case and the people who use it, each page they see looked at closely."""

import base64
import html
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django_otp.oath import TOTP
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from wechat_sandbox import Wechat

SLUG = "xianxiangjia"
WIDTHS = {"phone": (390, 844), "desktop": (1280, 800)}
NARROWEST = 320
PATIENCE = 10_000
"""Milliseconds after which something does not come any more."""
AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
AXE_RUN = """async () => (await axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    resultTypes: ['violations']})).violations
  .filter(one => ['serious', 'critical'].includes(one.impact))
  .map(one => one.id + ': ' + one.nodes.slice(0, 3).map(
    node => node.target.join(' ') + ' ' + node.failureSummary).join(' | '))"""
TOO_WIDE = """() => document.documentElement.scrollWidth > window.innerWidth ?
  [...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().right > window.innerWidth + 1)
    .slice(0, 12).map(one => one.tagName + '.' + one.className) .concat(
      ['scrollWidth ' + document.documentElement.scrollWidth]) : []"""


SQUEEZED = """() => [...document.querySelectorAll('.desk-body > main')]
  .map(one => one.getBoundingClientRect().width)
  .filter(width => width < window.innerWidth / 2).map(width => 'main is ' + width)"""


@dataclass
class Site:
    """The address of a running case, and who can sign in to it."""

    address: str
    out: Path
    sign_ins: dict[str, dict[str, str]]
    silent: Iterator[str]
    filed: Iterator[str]
    wechat: Wechat | None
    cookies: dict[str, list[Any]] = field(default_factory=dict)

    def phone(self, path: str = "") -> str:
        """A path of the creditor's pages."""
        return f"/c/{SLUG}/{path}"

    def desk(self, path: str = "") -> str:
        return f"/desk/{SLUG}/{path}"

    def court(self, path: str = "") -> str:
        return f"/court/{SLUG}/{path}"


def site_at(address: str, out: Path, wechat: Wechat) -> Site:
    """The site whose case prepare_case.py has made in `out`."""
    people = json.loads((out / "people.json").read_text(encoding="utf-8"))
    sign_ins = sign_ins_of(out)
    silent, filed = iter(people["silent"]), iter(people["filed"])
    return Site(address, out, sign_ins, silent, filed, wechat)


def sign_ins_of(out: Path) -> dict[str, dict[str, str]]:
    """How the people of a home below `out` sign in, by their names."""
    kept = json.loads((out / "home" / "demo-sign-ins.json").read_text(encoding="utf-8"))
    return {one["login"]: one for one in kept}


class Visitor:
    """Somebody at a screen: goes, types, taps, and has every page looked at."""

    def __init__(
        self, browser: Browser, site: Site, *, width: str, lang: str = "zh", **how: Any
    ) -> None:
        self.site, self.width, self.lang = site, width, lang
        size = WIDTHS[width]
        self.context: BrowserContext = browser.new_context(
            base_url=site.address,
            viewport={"width": size[0], "height": size[1]},
            locale="en" if lang == "en" else "zh-CN",
            accept_downloads=True,
            **how,
        )
        self.has_script = how.get("java_script_enabled", True)
        cookie = {"name": "zhipo_lang", "value": "en" if lang == "en" else "zh-hans"}
        self.context.add_cookies([{**cookie, "url": site.address}])  # type: ignore[typeddict-item]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.said: list[str] = []
        self.faults: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def goes(self, path: str, name: str = "") -> "Visitor":
        """Open a page; with a name, look at it."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        if name:
            self.looks(name)
        return self

    def taps(self, selector: str, name: str = "") -> "Visitor":
        """Click what is there once, and look at where it leads."""
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()
        if name:
            self.looks(name)
        return self

    def types(self, **fields: str) -> "Visitor":
        """Fill in fields by their names."""
        for field_name, text in fields.items():
            self.page.locator(f"[name={field_name}]:visible").first.fill(text)
        return self

    def sees(self, text: str) -> "Visitor":
        """Assert that the page's main part says so."""
        assert text in self.text(), (text, self.text()[:1500])
        return self

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def looks(self, name: str) -> None:
        """Keep what is wrong: errors in the console, serious faults of access, too wide.

        Told when the visitor leaves, so that one walk shows all there is to mend.
        """
        self._shoot(name)
        squeezed = list(self.page.evaluate(SQUEEZED)) if self.has_script else []
        found = self.said + self._barriers() + self._too_wide() + squeezed
        self.faults += [f"{name} ({self.width}, {self.lang}): {one}" for one in found]
        self.said = []

    def is_refused(self, name: str) -> "Visitor":
        """Look at a page that came with a status of refusal, which the browser tells of."""
        self.said = [one for one in self.said if "the server responded with" not in one]
        self.looks(name)
        return self

    def _barriers(self) -> list[str]:
        if not self.has_script:
            return []
        self.page.evaluate(AXE)
        return list(self.page.evaluate(AXE_RUN))

    def _too_wide(self) -> list[str]:
        if self.width != "phone":
            return []
        self.page.set_viewport_size({"width": NARROWEST, "height": 640})
        found = list(self.page.evaluate(TOO_WIDE))
        width, height = WIDTHS["phone"]
        self.page.set_viewport_size({"width": width, "height": height})
        return found

    def signs_in_by_phone(self, phone: str) -> "Visitor":
        """The way by the sign-in page and the outbox's code."""
        self.goes(self.site.phone("sign-in"), "sign-in")
        self.types(phone=phone)
        self.taps("main form button.button", "code")
        self.types(code=self.code_of(phone))
        return self.taps("main form button.button")

    def code_of(self, phone: str) -> str:
        """The last code sent to a phone, as the outbox page shows it."""
        text = self.context.request.get("/enter/outbox").text()
        plain = html.unescape(re.sub(r"<[^>]+>", " ", text))
        found = re.search(rf"{phone}.*?(\d{{6}})", plain, re.DOTALL)
        assert found is not None, plain
        return found[1]

    def signs_in_as(self, login: str) -> "Visitor":
        """By name, password and app once; a code is good once, so later by the cookie."""
        if login in self.site.cookies:
            self.context.add_cookies(self.site.cookies[login])
            return self
        known = self.site.sign_ins[login]
        self.goes("/enter/", "enter")
        self.types(login=known["login"], password=known["password"])
        self.taps("main form button.button", "second-factor")
        code = TOTP(base64.b32decode(known["totp_secret"])).token()
        self.types(code=f"{code:06d}")
        self.taps("main form button.button")
        self.site.cookies[login] = [
            one for one in self.context.cookies() if one["name"] == "zhipo_session"
        ]
        self.looks(f"home-{login}")
        return self

    def leaves(self) -> None:
        """Close the screen; nothing may have been wrong on any page looked at."""
        self.context.close()
        assert not self.faults, "\n".join(self.faults)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(f"{message.type}: {message.text}")

    def _shoot(self, name: str) -> None:
        folder = os.environ.get("ZHIPO_SHOTS")
        if folder:
            path = Path(folder) / f"{name}-{self.width}-{self.lang}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=path, full_page=True)
