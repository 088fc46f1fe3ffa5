"""The administrator's team and the court at their desks."""

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from journeys.web.conftest import Visit
from journeys.web.sites import Site, Visitor

pytestmark = pytest.mark.browser
WIDTHS = pytest.mark.parametrize("width", ["phone", "desktop"])
WAIT = 30_000
"""Milliseconds for the worker."""


@WIDTHS
def test_books_come_in_are_reported_and_sealed(
    visit: Visit, site: Site, width: str
) -> None:
    lead = visit(width).signs_in_as("lead").goes(site.desk("evidence"))
    case = site.out / "case"
    books = sorted((case / "books").iterdir())
    lead.page.set_input_files("input[name=books]", books)
    lead.page.set_input_files("input[name=holders]", case / "holders.csv")
    lead.page.select_option("select[name=read_as]", "xianxiangjia")
    lead.taps("form[enctype] button.btn-primary")
    expect(lead.page.locator("#seal")).to_be_visible(timeout=WAIT)
    lead.looks("evidence-read")

    lead.page.check("input[name=confirmed]")
    lead.taps("form[action$='/seal'] button", "evidence-sealed")

    lead.sees("已封存")


def test_a_file_that_is_no_book_is_refused_in_words(visit: Visit, site: Site) -> None:
    lead = visit("desktop").signs_in_as("lead").goes(site.desk("evidence"))
    lie = {"name": "books.xlsx", "mimeType": "text/csv", "buffer": b"<html></html>"}
    lead.page.set_input_files("input[name=books]", lie)

    lead.taps("form[enctype] button.btn-primary")

    lead.is_refused("evidence-refused").sees("books.xlsx")


@WIDTHS
def test_many_are_decided_at_once_and_taken_back(
    visit: Visit, site: Site, width: str
) -> None:
    lead = visit(width).signs_in_as("lead")
    lead.goes(site.desk("bulk?kind=social_tax&do=admit"), "bulk-preview").sees("2")
    lead.taps("form[action*='/bulk/confirm'] button", "bulk-done")

    lead.taps("form[action$='/undo'] button", "bulk-undone")

    lead.goes(site.desk("bulk?kind=social_tax")).sees("需要人工审查")


def test_queue_by_keyboard(visit: Visit, site: Site) -> None:
    reviewer = visit("desktop").signs_in_as("reviewer-1").goes(site.desk("queue"))
    keys = reviewer.page.keyboard
    first = reviewer.page.locator("#claim-title").inner_text().split()[0]

    keys.press("j")
    reviewer.page.wait_for_function(
        "one => !document.querySelector('#claim-title').innerText.includes(one)", arg=first
    )
    second = reviewer.page.locator("#claim-title").inner_text().split()[0]
    keys.press("x")
    keys.type("没有合同，也没有送货单。")
    keys.press("Control+Enter")
    expect(reviewer.page.locator("#told")).to_contain_text(second, timeout=WAIT)
    reviewer.looks("queue-decided")
    keys.press("u")
    expect(reviewer.page.locator("#claim-title")).to_contain_text(second, timeout=WAIT)
    reviewer.looks("queue-undone")


@WIDTHS
def test_reviewer_at_the_queue(visit: Visit, site: Site, width: str) -> None:
    reviewer = visit(width, lang="en").signs_in_as("reviewer-2")

    reviewer.goes(site.desk("queue"), "queue-reviewer")

    assert reviewer.page.locator("form[action$='/decide']").count() == 1


@WIDTHS
def test_clerk_sees_and_asks_but_does_not_rule(
    visit: Visit, site: Site, width: str
) -> None:
    clerk = visit(width).signs_in_as("clerk").goes("/court/", "clerk-home")
    clerk.goes(site.court(), "clerk-case")
    assert clerk.page.locator("form[action$='/ruling']").count() == 0

    clerk.types(text="网络故障期间的申报怎么处理？")
    clerk.taps("form[action$='/ask'] button", "clerk-asked")

    clerk.sees("网络故障期间的申报怎么处理？")


def test_register_from_the_desk_to_the_ruling(
    visit: Visit, site_of_its_own: Site, tmp_path: Path
) -> None:
    own = site_of_its_own
    judge = visit("desktop", at=own).signs_in_as("judge")
    lead = visit("desktop", at=own).signs_in_as("lead")
    _asks_and_is_answered(judge, lead, own)
    _moves(judge, own, "review")

    lead.goes(own.desk("register")).taps("form[action$='/register/table'] button", "tabled")
    _exports(lead, tmp_path)
    _moves(judge, own, "checking")
    judge.page.fill("form[action$='/checked'] input[type=date]", _today(judge))
    judge.taps("form[action$='/checked'] button", "checked")
    judge.types(ruling="（2025）湘0302破3号之一").page.check("input[name=is_read]")
    judge.taps("form[action$='/ruling'] button", "ruled").sees("已裁定确认")

    consumer = visit("phone", at=own).signs_in_by_phone(next(own.filed))
    consumer.taps("main .list a", "confirmed").sees("已确认")
    judge.goes(own.court("audit"))
    judge.taps("form[action$='/verify'] button", "audit-verified").sees("没有发现改动")


def _asks_and_is_answered(judge: Visitor, lead: Visitor, own: Site) -> None:
    judge.goes(own.court()).types(text="预留份额怎样计算？")
    judge.taps("form[action$='/ask'] button", "asked").sees("预留份额怎样计算？")
    lead.goes(own.court(), "question-open").types(text="按申报额全额预留。")
    lead.taps("form[action*='/questions/'] button", "answered")
    judge.goes(own.court()).sees("按申报额全额预留。")


def _moves(judge: Visitor, own: Site, phase: str) -> None:
    judge.goes(own.court())
    judge.page.locator(f"form:has(input[name=to][value={phase}]) button").click()
    judge.page.wait_for_load_state()
    judge.looks(f"phase-{phase}")


def _exports(lead: Visitor, folder: Path) -> None:
    """The register for the meeting: masked, one sheet a class, no name whole."""
    with lead.page.expect_download() as downloading:
        lead.page.locator("form[action$='/register/meeting'] button[value=xlsx]").click()
    path = folder / "register.xlsx"
    downloading.value.save_as(path)
    rows = [
        str(cell)
        for sheet in openpyxl.load_workbook(path, read_only=True)
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    ]
    assert any(re.fullmatch(r"A-\d{3}-\d{3}", cell) for cell in rows)
    assert not any(re.fullmatch(r"\d{17}[\dX]", cell) for cell in rows)
    assert any("*" in cell for cell in rows)


def _today(visitor: Visitor) -> str:
    return str(visitor.page.evaluate("new Date().toLocaleDateString('sv')"))
