"""From the tabled register to an objection to another's entry, and its answer."""

import re

import pytest

from journeys.web.conftest import Visit
from journeys.web.sites import Site, Visitor

pytestmark = pytest.mark.browser
SEND = "main form button.button"
TABLE = "form[action$='/register/table'] button"
DOCUMENT = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
NOT_YET = {
    "zh": "还没有提交债权人会议核查",
    "en": "has not been put before the creditors' meeting yet",
}
GROUNDS = "这笔充值在 2025 年 6 月已经全部提走，附对账单。"


@pytest.mark.parametrize(
    ("width", "lang", "waiting"),
    [("phone", "zh", "待答复"), ("desktop", "en", "waiting")],
    ids=["phone", "desktop"],
)
def test_a_creditor_consults_the_register_and_objects(
    visit: Visit, site_of_its_own: Site, width: str, lang: str, waiting: str
) -> None:
    tabled = site_of_its_own
    consumer = visit(width, at=tabled, lang=lang).signs_in_by_phone(next(tabled.filed))
    consumer.taps("main .list a").taps("main a[href$='/register']", "register-before")
    if consumer.page.locator("main nav.pages").count() == 0:  # the first to come here
        consumer.sees(NOT_YET[lang])
        _table(visit("desktop", at=tabled).signs_in_as("judge"),
               visit("desktop", at=tabled).signs_in_as("lead"), tabled)  # fmt: skip
        consumer.goes(tabled.phone("register"))
    consumer.looks("register-tabled")
    consumer.taps("main nav.pages a", "register-second-page")
    consumer.types(number="A-000-0").taps("main form[role=search] button", "register-found")

    consumer.taps("main .list a[href*='/register/']", "entry")
    paper = {"name": "对账单.pdf", "mimeType": "application/pdf", "buffer": DOCUMENT}
    consumer.page.set_input_files("input[type=file]", paper)
    consumer.types(text=GROUNDS).taps(SEND, "entry-objected")

    consumer.sees(GROUNDS).sees("对账单.pdf").sees(waiting)
    assert consumer.page.locator("main textarea").count() == 0
    number = re.search(r"A-\d{3}-\d{3}", consumer.text())
    assert number is not None
    lead = visit("desktop", at=tabled, lang=lang).signs_in_as("lead")
    lead.goes(tabled.desk("objections"), "objections-with-anothers").sees(number[0])


def _table(judge: Visitor, lead: Visitor, site: Site) -> None:
    judge.goes(site.court())
    judge.page.locator("form:has(input[name=to][value=review]) button").click()
    judge.page.wait_for_load_state()
    lead.goes(site.desk("register")).taps(TABLE)
