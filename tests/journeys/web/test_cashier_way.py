"""From an approved plan to payments: cashier, lead and bankruptcy judge at their desks."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from integration.gateways.test_payout_bank_desk import Desk, lay_desk
from journeys.web.conftest import Visit
from journeys.web.sites import Site, Visitor
from zhipo.gateways.payouts.sandbox.spoken import Request

pytestmark = pytest.mark.browser
WALKS = pytest.mark.parametrize(
    ("width", "lang", "days"),
    [("desktop", "zh", 0), ("phone", "en", 90)],
    ids=["desktop", "phone"],
)
"""Each walk has the part of the plan that is due so many days from now."""

SCAN: Any = {
    "name": "slip.png",
    "mimeType": "image/png",
    "buffer": b"\x89PNG\r\n\x1a\n" + bytes(64),
}
"""The bank's slip, as it comes from a scanner."""


@pytest.fixture(scope="module")
def site(cashier_site: Site) -> Site:
    """The one case of these journeys: no other is started."""
    return cashier_site


@WALKS
def test_what_is_due_is_prepared_let_go_and_paid(
    visit: Visit, site: Site, tmp_path: Path, width: str, lang: str, days: int
) -> None:
    cashier = visit(width, lang=lang).signs_in_as("cashier")
    lead = visit(width, lang=lang).signs_in_as("lead")

    release = _prepares(cashier, site, days)
    _lets_go(lead, release)
    if days == 0:  # what is due later waits for a file on its own day
        _exchanges_files(cashier, release, lay_desk(tmp_path))
    _pays_at_the_desk(cashier, lead, site)
    _pays_a_cost(cashier, lead, site, days)
    _finds(cashier, site)
    _holds_up(visit(width, lang=lang).signs_in_as("judge"), site, release)
    lead.goes(site.desk("deposits"), "deposits")


def test_a_release_goes_without_a_script(visit: Visit, site: Site) -> None:
    reviewer = visit("desktop", java_script_enabled=False)
    reviewer.signs_in_as("reviewer-1").goes(site.desk("payouts"), "payouts-plain")

    reviewer.taps("main a[href*='/payouts/releases/']", "release-plain")

    assert reviewer.page.locator("#progress table, .figures").count() > 0
    assert reviewer.page.locator("form[action*='/do/']").count() == 0


def _prepares(cashier: Visitor, site: Site, days: int) -> str:
    """Fill the account, prepare what is due; the address of the release."""
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
    until = (today + dt.timedelta(days=days)).isoformat()
    cashier.goes(site.desk("payouts"), "payouts")
    cashier.page.locator("details:has(form[action$='/do/fill']) > summary").click()
    cashier.page.select_option("[name=channel]", "wechat")
    cashier.types(fen="20000", value_on=today.isoformat(), reference=f"B-{until}")
    cashier.taps("form[action$='/do/fill'] button", "payouts-filled")
    assert cashier.page.locator(".alert-success").count() == 1

    cashier.types(until=until)
    cashier.taps("form[action$='/prepare'] button", "release-prepared")

    assert cashier.page.locator("form[action$='/do/release']").count() == 0
    assert cashier.page.locator("form[action$='/do/discard']").count() == 1
    return re.sub(r"^https?://[^/]+", "", cashier.page.url)


def _lets_go(lead: Visitor, release: str) -> None:
    """Without the tick nothing goes; then it goes, is paused and goes on."""
    lead.goes(release, "release-to-let-go")
    lead.page.locator("form[action$='/do/release'] [type=checkbox]").check()
    lead.taps("form[action$='/do/release'] button", "release-running")
    assert lead.page.locator("#progress table").count() == 1
    _opens(lead, "pause")
    lead.types(why="check")
    lead.taps("form[action$='/do/pause'] button", "release-paused").sees("check")
    _opens(lead, "resume")
    lead.taps("form[action$='/do/resume'] button")
    assert lead.page.locator("form[action$='/do/pause']").count() == 1


def _exchanges_files(cashier: Visitor, release: str, bank: Desk) -> None:
    """The payment file goes to the bank, and what the bank says comes in."""
    cashier.goes(release).taps("form[action$='/do/bank_file'] button", "bank-file-made")
    link = cashier.page.locator("#bank a[download]").first.get_attribute("href")
    assert link is not None
    content = cashier.context.request.get(link).body()
    number = cashier.page.locator("#bank strong.mono").first.inner_text()
    bank.made.answer(Request("POST", f"/files/{number}", {}, content))
    returned = bank.made.answer(Request("GET", f"/files/{number}/return", {}, b"")).body
    _hands_in(cashier, b"a,b\n1,2\n").is_refused("bank-return-refused")

    _hands_in(cashier, returned).looks("bank-returned")

    assert cashier.page.locator("#bank .text-danger").count() == 0
    assert cashier.page.locator(".alert-success").count() == 1


def _hands_in(cashier: Visitor, content: bytes) -> Visitor:
    file = {"name": "return.csv", "mimeType": "text/csv", "buffer": content}
    cashier.page.set_input_files("#bank input[type=file]", file)
    return cashier.taps("#bank form[enctype] button")


def _pays_at_the_desk(cashier: Visitor, lead: Visitor, site: Site) -> None:
    """One enters the receipt, the other checks it: only then is it paid."""
    cashier.goes(f"{site.desk('payouts/orders')}?channel=by_cash&state=planned")
    cashier.taps("tbody a[href*='/payouts/orders/']", "order-at-the-desk")
    order = re.sub(r"^https?://[^/]+", "", cashier.page.url)
    cashier.types(number="S-77", taken_by="王小明")
    cashier.taps("form[action$='/do/enter'] button", "receipt-entered").sees("S-77")
    assert cashier.page.locator("form[action$='/do/check']").count() == 0
    lead.goes(order)
    _opens(lead, "check")
    lead.page.locator("form[action$='/do/check'] [type=checkbox]").check()

    lead.taps("form[action$='/do/check'] button", "order-paid")

    lead.sees({"zh": "已经到账", "en": "It has arrived"}[lead.lang])


def _pays_a_cost(cashier: Visitor, lead: Visitor, site: Site, place: int) -> None:
    """A part of the court's fee: entered from the bank's slip, checked, in the book."""
    cashier.goes(site.desk("payouts/costs"), "costs")
    cashier.taps("tbody a[href$='/COST-01']", "cost")
    cashier.types(payee="法院", fen="99999999", reference=f"FY-{place}")
    cashier.page.set_input_files("[name=paper]", SCAN)
    cashier.taps("form[action$='/do/enter'] button", "").is_refused("cost-refused")
    cashier.types(fen="100.00")
    cashier.page.set_input_files("[name=paper]", SCAN)
    cashier.taps("form[action$='/do/enter'] button", "cost-entered").sees(f"FY-{place}")
    assert cashier.page.locator("form[action$='/do/check_cost']").count() == 0
    payment = re.sub(r"^https?://[^/]+", "", cashier.page.url)
    lead.goes(payment)
    _opens(lead, "check_cost")
    lead.page.locator("form[action$='/do/check_cost'] [type=checkbox]").check()

    lead.taps("form[action$='/do/check_cost'] button", "cost-paid")

    lead.taps("a[href*='/money/movements/']", "cost-in-the-book").sees("100.00")
    cashier.goes(site.desk("payouts/costs"), "costs-after")
    cashier.goes(site.desk("payouts/costs/advance"), "advance")


def _finds(cashier: Visitor, site: Site) -> None:
    """The list, searched by what a person says of themselves, and as a file."""
    cashier.goes(site.desk("payouts/orders"), "orders")
    number = cashier.page.locator("tbody a[href*='/claims/']").first.inner_text()
    cashier.page.locator("main input[name=asked]").fill(number)
    cashier.taps("main form[role=search] button", "orders-found")
    assert number not in cashier.page.url
    found = cashier.page.locator("tbody a[href*='/claims/']").all_inner_texts()
    assert set(found) == {number}
    link = cashier.page.locator("a[href*='orders.csv']").get_attribute("href")
    assert link is not None
    assert number in cashier.context.request.get(link).body().decode("utf-8-sig")


def _holds_up(judge: Visitor, site: Site, release: str) -> None:
    """The court sees all of it and may stop it for a while."""
    judge.goes(site.desk("payouts"), "payouts-court")
    judge.goes(release, "release-court")
    assert judge.page.locator("form[action$='/do/bank_file']").count() == 0
    _opens(judge, "pause")
    judge.types(why="court")
    judge.taps("form[action$='/do/pause'] button", "release-paused-by-court")
    _opens(judge, "resume")
    judge.taps("form[action$='/do/resume'] button")


def _opens(visitor: Visitor, name: str) -> None:
    """Unfold an act that is folded."""
    folded = visitor.page.locator(f"details:has(form[action$='/do/{name}']):not([open])")
    if folded.count():
        folded.locator("summary").first.click()
