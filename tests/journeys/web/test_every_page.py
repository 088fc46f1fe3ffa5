"""Every page that somebody may see, seen: on a phone and on a desk, with no fault."""

import pytest

from journeys.web.conftest import Visit
from journeys.web.sites import Site

pytestmark = pytest.mark.browser
SCREENS = pytest.mark.parametrize(
    ("width", "lang"), [("phone", "zh"), ("desktop", "zh"), ("phone", "en")]
)
CLAIM = (
    "why", "why?page=1", "papers", "amend", "withdraw", "payout", "objection", "messages",
    "identity",
)  # fmt: skip
OTHERS = ("consumer", "supplier", "secured", "employee", "social_tax", "platform", "bank")
PUBLIC = {
    "case": "", "real": "real", "privacy": "privacy", "help": "help", "form": "form",
    "help-phone": "help/phone", "other": "other", "sign-in": "sign-in",
}  # fmt: skip
DESK = {
    "dashboard": "", "evidence": "evidence", "silent": "silent", "entering": "entering",
    "queue": "queue", "claims": "claims", "bulk": "bulk?decision=manual&do=reject",
    "search": "search", "late": "late", "objections": "objections",
    "register": "register", "money": "money", "movements": "money/movements",
    "bills": "money/bills", "plans": "plans", "what-if": "plans/what-if",
    "compare": "plans/compare",
}  # fmt: skip


@SCREENS
def test_open_pages(visit: Visit, site: Site, width: str, lang: str) -> None:
    visitor = visit(width, lang=lang)

    visitor.goes("/", "home")
    for name, path in PUBLIC.items():
        visitor.goes(site.phone(path), f"public-{name}")


@SCREENS
def test_desk_pages(visit: Visit, site: Site, width: str, lang: str) -> None:
    lead = visit(width, lang=lang).signs_in_as("lead")

    for name, path in DESK.items():
        lead.goes(site.desk(path), f"desk-{name}")
    lead.goes(site.desk("evidence/1"), "desk-evidence-version")
    lead.goes("/desk/", "desk-cases")
    lead.goes("/enter/account", "account")


@SCREENS
def test_court_pages(visit: Visit, site: Site, width: str, lang: str) -> None:
    judge = visit(width, lang=lang).signs_in_as("judge")

    judge.goes("/court/", "court-home")
    judge.goes(site.court(), "court-case")
    judge.goes(site.court("audit"), "court-audit")
    judge.goes(site.court("plans"), "court-plans")


@SCREENS
def test_creditor_pages(visit: Visit, site: Site, width: str, lang: str) -> None:
    visitor = visit(width, lang=lang)
    visitor.signs_in_by_phone(next(site.filed))
    visitor.looks("creditor-money-filed")
    visitor.taps(".list a", "creditor-claim")

    here = visitor.page.url
    for page in CLAIM:
        visitor.goes(f"{here}/{page}", f"creditor-{page.replace('?page=', '-events-')}")
    visitor.goes(site.phone("me"), "creditor-me")
    for kind in OTHERS:
        visitor.goes(site.phone(f"other/{kind}"), f"creditor-other-{kind}")


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_pages_in_the_dark(visit: Visit, site: Site, width: str) -> None:
    lead = visit(width, color_scheme="dark").signs_in_as("lead")
    consumer = visit(width, color_scheme="dark")

    for name in ("dashboard", "queue", "bulk", "register"):
        lead.goes(site.desk(DESK[name]), f"dark-{name}")
    consumer.goes(site.phone(), "dark-case").signs_in_by_phone(next(site.filed))
    consumer.taps("main .list a", "dark-claim")
