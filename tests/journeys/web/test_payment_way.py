"""兑付 in a browser: every state, the countdown, WeChat, proofs, the public pages."""

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Download, expect

from journeys.web.conftest import Visit
from journeys.web.sites import Site, Visitor

pytestmark = pytest.mark.browser
SCREENS = pytest.mark.parametrize(
    ("width", "lang"), [("phone", "zh"), ("desktop", "zh"), ("phone", "en")]
)
SAID = {
    "planned": ("已排期", "Scheduled"),
    "sending": ("在路上", "On the way"),
    "waiting_user": ("等您确认收款", "Waiting for you"),
    "paid": ("已全部到账", "All of it has arrived"),
    "failed": ("请换一个收款方式", "Choose another way"),
    "returned": ("管理人撤回了这一笔", "took this one back"),
    "deposited": ("怎样领取", "How to get it"),
    "reserved": ("现在核对身份", "Prove it now"),
    "several": ("为什么是这个数", "Why this amount"),
}
BRIDGE = """
window.WeixinJSBridge = { invoke(name, given, told) {
  window.asked = [name, given]; told({ err_msg: name + ":cancel" }); } };
"""


@pytest.fixture(scope="module")
def site(paid_site: Site) -> Site:
    """The one case of these journeys: no other is started."""
    return paid_site


@pytest.fixture(scope="module")
def payees(site: Site) -> dict[str, str]:
    """State -> the phone of the creditor whose first payment is in it."""
    found: dict[str, str] = json.loads((site.out / "payees.json").read_text("utf-8"))
    assert set(found) == set(SAID)
    return found


def payment_of(visitor: Visitor, phone: str, *, is_fresh: bool = False) -> Visitor:
    """From the money to the claim's own payment page; a code is sent once for a phone."""
    if is_fresh or phone not in visitor.site.cookies:
        visitor.signs_in_by_phone(phone)
        visitor.page.wait_for_url("**/money")
        visitor.site.cookies[phone] = [
            one for one in visitor.context.cookies() if one["name"] == "zhipo_session"
        ]
    visitor.context.add_cookies(visitor.site.cookies[phone])
    visitor.goes(visitor.site.phone("money"))
    visitor.taps("main a[href$='/payment']", "creditor-payments")
    return visitor.taps("main .list a[href$='/payment']")


@SCREENS
def test_every_state_is_said_with_its_next_step(
    visit: Visit, payees: dict[str, str], width: str, lang: str
) -> None:
    for state, phone in payees.items():
        creditor = payment_of(visit(width, lang=lang), phone)
        creditor.page.evaluate(
            "document.querySelectorAll('details').forEach(one => one.open = true)"
        )
        creditor.looks(f"creditor-payment-{state}")
        assert SAID[state][lang == "en"] in creditor.text()


def test_it_all_works_without_a_script(visit: Visit, payees: dict[str, str]) -> None:
    creditor = visit("phone", java_script_enabled=False)

    payment_of(creditor, payees["waiting_user"])

    creditor.sees("请在").sees("还剩 23 小时").sees("钱退回管理人账户，还是您的")
    assert not creditor.page.locator("[data-package]").is_visible()


def test_the_countdown_runs_and_ends(visit: Visit, payees: dict[str, str]) -> None:
    creditor = visit("phone")
    payment_of(creditor, payees["waiting_user"])
    left = creditor.page.locator("[data-until]")

    creditor.page.clock.install()
    creditor.page.reload()
    creditor.page.clock.fast_forward("03:00:00")
    expect(left).to_have_text(re.compile("^还剩 20 小时"))

    creditor.page.clock.fast_forward("24:00:00")
    expect(left).to_have_text("确认时间已过，正在等微信退回")


def test_wechat_opens_the_transfer_to_confirm(visit: Visit, payees: dict[str, str]) -> None:
    creditor = visit("phone")
    creditor.page.add_init_script(BRIDGE)
    payment_of(creditor, payees["waiting_user"])

    creditor.taps("[data-package]", "creditor-confirm")

    name, given = creditor.page.evaluate("window.asked")
    assert name == "requestMerchantTransfer"
    assert given == {
        "mchId": "1900000001", "appId": "wx0000000000000001",
        "package": "opened-by-the-client",
    }  # fmt: skip
    creditor.sees("还没有收到。可以再点一次")


def test_outside_of_wechat_there_is_no_button(visit: Visit, payees: dict[str, str]) -> None:
    creditor = payment_of(visit("phone"), payees["waiting_user"])

    assert not creditor.page.locator("[data-package]").is_visible()
    creditor.sees("用微信打开本页")


def test_another_way_is_chosen_for_what_was_not_paid(
    visit: Visit, payees: dict[str, str]
) -> None:
    creditor = payment_of(visit("phone"), payees["failed"], is_fresh=True)
    here = creditor.page.url

    creditor.taps("a[href$='/payout']", "creditor-payout-again")
    creditor.page.check("input[name=channel][value=alipay]")
    creditor.types(account="new@example.com")
    creditor.taps("main form button.button")
    creditor.goes(here).sees("支付宝").sees("*.com")
    creditor.taps("a[href$='/payout/2']", "creditor-second-way")
    creditor.page.check("input[name=channel][value=bank]")
    creditor.types(account="12")
    creditor.taps("main form button.button").is_refused("creditor-second-way-wrong")
    creditor.sees("卡号")
    creditor.types(account="6222020000000001234")
    creditor.taps("main form button.button", "creditor-payment-ways")

    creditor.sees("银行账户").sees("1234")
    assert "6222020000000001234" not in creditor.text()


def test_a_receipt_is_shown_fetched_and_found_real(
    visit: Visit, site: Site, payees: dict[str, str]
) -> None:
    creditor = payment_of(visit("phone"), payees["paid"])

    creditor.taps("a[href*='/orders/']", "creditor-receipt")
    reference = creditor.page.locator("dd.mono").first.inner_text()
    paper = fetched(creditor, "a[href$='receipt.docx']")

    assert zipfile.is_zipfile(paper)
    stranger = visit("phone").goes(site.phone("real"))
    stranger.types(code=reference)
    stranger.taps("main form button.button", "real-payment").sees("是真的")


def test_a_proof_is_checked_at_home_without_us(
    visit: Visit, site: Site, payees: dict[str, str], tmp_path: Path
) -> None:
    creditor = payment_of(visit("phone"), payees["paid"])
    creditor.page.locator("details:has(a[href$='proof.json']) summary").click()
    proof = fetched(creditor, "a[href$='proof.json']")
    creditor.taps("a[href$='/distributions/1']", "public-distribution")
    statement = fetched(creditor, "a[href$='statement.json']")
    root = creditor.page.locator("p.mono").inner_text()

    told = verified(proof, "--statement", str(statement))

    assert root in told


@SCREENS
def test_anybody_looks_at_progress_and_checks_the_sum(
    visit: Visit, site: Site, width: str, lang: str, tmp_path: Path
) -> None:
    anybody = visit(width, lang=lang).goes(site.phone())

    anybody.taps("a[href$='/distributions']", "public-distributions")
    assert anybody.page.locator("svg.curve polyline").is_visible()
    anybody.sees("Celsius")
    anybody.page.locator("summary").first.click()
    anybody.looks("public-distributions-open")
    anybody.taps("main .list a", "public-distribution")
    bundle = fetched(anybody, "a[href$='bundle.zip']")
    root = anybody.page.locator("p.mono").inner_text()
    with zipfile.ZipFile(io.BytesIO(bundle.read_bytes())) as archive:
        archive.extractall(tmp_path)

    assert root in verified(tmp_path / "bundle")


def test_public_pages_can_be_read_large(visit: Visit, site: Site) -> None:
    anybody = visit("phone").goes(site.phone("distributions"))

    anybody.taps("button[name=large]", "public-distributions-large")

    assert anybody.page.locator("html.large").count() == 1
    anybody.goes(site.phone("distributions/1"), "public-distribution-large")


@pytest.mark.parametrize("who", ["lead", "judge"])
@SCREENS
def test_desk_and_court_see_the_effect(
    visit: Visit, site: Site, who: str, width: str, lang: str
) -> None:
    reader = visit(width, lang=lang).signs_in_as(who)

    reader.goes(site.desk("effect"), "desk-effect")

    assert reader.page.locator(".canvas canvas").count() == 3
    reader.page.locator("summary").first.click()
    reader.looks("desk-effect-open")


def fetched(visitor: Visitor, link: str) -> Path:
    """The file that a link gives to somebody who clicks it."""
    with visitor.page.expect_download() as download:
        visitor.page.locator(link).first.click()
    file: Download = download.value
    return Path(file.path())


def verified(*given: object) -> str:
    """What `zhipo verify` says, run as anybody runs it; it must hold."""
    command = [sys.executable, "-m", "zhipo.cli", "verify", *map(str, given)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
