"""Letters, search, exports and bulk decisions at the desk, in the browser."""

import io
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from playwright.sync_api import expect

from journeys.web.conftest import Visit
from journeys.web.sites import Site, Visitor

pytestmark = pytest.mark.browser
SCREENS = pytest.mark.parametrize(
    ("width", "lang"), [("phone", "zh"), ("desktop", "zh"), ("phone", "en")]
)
WAIT = 30_000
"""Milliseconds for the worker."""


@SCREENS
def test_letters_to_the_silent_come_down_as_documents(
    visit: Visit, site: Site, width: str, lang: str
) -> None:
    lead = visit(width, lang=lang).signs_in_as("lead").goes(site.desk("silent"), "silent")
    one = _words(_download(lead, "form[action*='/silent/letter/'] button"))
    assert "提醒申报函" in one

    lead.types(most="500").taps("form.filter button", "silent-filtered")
    lead.taps("form[action*='/remind'] button[value=letter]", "silent-ordered")
    batch = _words(_download(lead, "form[action$='/letters'] button"))

    assert batch.count("提醒申报函") > 1
    assert "¥" in batch


def test_search_leaves_nothing_in_the_address(visit: Visit, site: Site) -> None:
    lead = visit("desktop").signs_in_as("lead").goes(site.desk())
    lead.page.keyboard.press("Control+k")
    lead.page.keyboard.type("A-000-001")
    lead.page.keyboard.press("Enter")
    lead.page.wait_for_url("**/search?q=*")
    lead.looks("search-found")

    lead.sees("A-000-001")
    assert "A-000-001" not in lead.page.url
    lead.page.reload()
    lead.taps("main thead th a").sees("A-000-001")
    lead.page.go_back()
    lead.sees("A-000-001")


@SCREENS
def test_large_export_is_made_while_one_is_away(
    visit: Visit, busy_site: Site, width: str, lang: str
) -> None:
    lead = visit(width, lang=lang, at=busy_site).signs_in_as("lead")
    lead.goes(busy_site.desk("claims?sort=-claimed_fen"), "claims")
    lead.taps("form[action*='/lists/claims/export'] button", "task-begun")
    lead.goes(busy_site.desk("tasks"), "tasks")

    lead.taps("main tbody a")
    fetch = lead.page.locator("a[href$='/file']")
    expect(fetch).to_be_visible(timeout=WAIT)
    lead.looks("task-done")
    content = _download(lead, "a[href$='/file']")

    book: Any = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) > 200
    claimed = [row[3] for row in rows[1:]]
    assert claimed == sorted(claimed, reverse=True)
    assert any("*" in row[2] for row in rows[1:])


def test_large_bulk_decision_is_made_by_the_worker_and_undone(
    visit: Visit, busy_site: Site
) -> None:
    lead = visit("desktop", at=busy_site).signs_in_as("lead")
    lead.goes(busy_site.desk("bulk?kind=social_tax&do=admit"))
    lead.taps("form[action*='/bulk/confirm'] button", "task-decision")

    onward = lead.page.locator("main a.btn-primary")
    expect(onward).to_be_visible(timeout=WAIT)
    lead.looks("task-decided")
    onward.click()
    lead.taps("form[action$='/undo'] button", "bulk-undone")

    lead.goes(busy_site.desk("bulk?kind=social_tax")).sees("需要人工审查")


def test_reply_to_an_objection_is_a_document(visit: Visit, busy_site: Site) -> None:
    judge = visit("desktop", at=busy_site).signs_in_as("judge").goes(busy_site.court())
    judge.page.locator("form:has(input[name=to][value=review]) button").click()
    judge.page.wait_for_load_state()
    consumer = visit("phone", at=busy_site).signs_in_by_phone(next(busy_site.filed))
    consumer.taps("main .list a").goes(f"{consumer.page.url}/objection")
    consumer.types(text="少算了一次充值。").taps("main form button.button")

    lead = visit("phone", at=busy_site).signs_in_as("lead")
    lead.goes(busy_site.desk("objections"), "objections").taps("main tbody a", "objection")
    assert lead.page.locator("form[action$='/reply']").count() == 0
    lead.page.select_option("select[name=is_upheld]", "no")
    lead.types(text="核对了支付流水，没有这次充值。")
    lead.taps("main form:has(textarea) button.btn-primary", "objection-answered")
    reply = _words(_download(lead, "form[action$='/reply'] button"))

    assert "少算了一次充值。" in reply
    assert "核对了支付流水，没有这次充值。" in reply


def test_another_role_does_not_reach_what_the_lead_had_made(
    visit: Visit, busy_site: Site
) -> None:
    lead = visit("desktop", at=busy_site).signs_in_as("lead")
    lead.goes(busy_site.desk("claims"))
    lead.taps("form[action*='/lists/claims/export'] button")
    address = lead.page.url

    reviewer = visit("desktop", at=busy_site).signs_in_as("reviewer-1")
    answer = reviewer.page.goto(address)

    assert answer is not None
    assert answer.status == 404


def _download(visitor: Visitor, selector: str) -> bytes:
    with visitor.page.expect_download() as downloading:
        visitor.page.locator(selector).first.click()
    return Path(downloading.value.path()).read_bytes()


def _words(content: bytes) -> str:
    return "\n".join(one.text for one in docx.Document(io.BytesIO(content)).paragraphs)
