"""The court's way in the browser: asked, frozen, decided, sent, received, taken over.

Institutions run as processes and answer to the court's own web; the worker sends.
"""

import re
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from installations import Kept, run_script
from journeys.web.sites import Site, Visitor, sign_ins_of
from ports import free_ports
from web_ground import copy_folder
from zhipo.demo.processes import HOST, running
from zhipo.gateways.institutions.moments import china_day, utc_now
from zhipo.gateways.institutions.sandbox.plan import at_addresses, read_plan
from zhipo.gateways.institutions.sandbox.running import running_institutions

pytestmark = pytest.mark.browser

USCC, DEBTOR = "91430302MA4XJ0001C", "湘潭鲜享家科技有限公司"
REFERRED = "湘潭云店科技有限公司"
ANSWER_SECONDS = 90
"""Until the worker has sent and the institutions have answered, on a busy machine."""

PAGES = (
    "", "/cases", "/inquiries", "/properties", "/clues", "/memo", "/memo/facts",
    "/referral", "/stay", "/bundle",
)  # fmt: skip
GENERAL = ("freezes", "calendar", "signing", "courts", "register", "register/file",
           "joinings", "institutions", "institutions/add", "institutions/file")  # fmt: skip


@pytest.fixture(scope="module")
def court_site(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A court with its institutions up; the processes end with this module."""
    out = tmp_path_factory.mktemp("court-site")
    port = free_ports(7)
    plan = at_addresses(read_plan(), {"court-yuhu": f"http://{HOST}:{port}"})
    with running_institutions(out / "books", port_base=port + 1, plan=plan) as network:
        ours = {"DATABASE_URL": "", **network.settings()}
        copy_folder(kept.bare_home(), out / "home")
        run_script(Path(__file__).with_name("prepare_court.py"), out, **ours)
        with running(out / "home", port=port, processes=1, settings=ours) as up:
            yield Site(up.address, out, sign_ins_of(out), iter(()), iter(()), None)


@pytest.fixture
def come(browser: Browser, court_site: Site) -> Iterator[Callable[..., Visitor]]:
    """Somebody at a screen of the court: `come("judge")`, on a desk unless told."""
    came: list[Visitor] = []

    def arrive(login: str, *, width: str = "desktop", lang: str = "zh") -> Visitor:
        came.append(Visitor(browser, court_site, width=width, lang=lang))
        return came[-1].signs_in_as(login)

    yield arrive
    faults = [fault for visitor in came for fault in visitor.faults]
    for visitor in came:
        visitor.context.close()
    assert not faults, "\n".join(faults)


def test_a_judge_asks_everybody_and_freezes_what_is_found(
    come: Callable[..., Visitor],
) -> None:
    judge = come("enforcement")
    slug = _registers(judge)
    judge.goes(f"/bureau/{slug}/inquiries", "board-empty")
    judge.taps("form[action$='/inquiries/ask'] button", "board-asked")

    _until(judge, f"/bureau/{slug}/properties", "微信商户号 A")
    judge.looks("properties")
    judge.goes(f"/bureau/{slug}/inquiries", "board-answered")

    judge.goes(f"/bureau/{slug}/properties")
    judge.page.get_by_role("link", name=re.compile("微信商户号 A")).first.click()
    judge.page.wait_for_load_state()
    thing = judge.page.url
    _opens(judge, "form[action$='/freeze']")
    until = _today() + timedelta(days=300)
    form = judge.page.locator("form[action$='/freeze']")
    form.locator("[name=limit]").fill("10000")
    form.locator("[name=until]").fill(until.isoformat())
    form.locator("button").click()
    judge.page.wait_for_load_state()
    judge.looks("freeze-ordered")
    _until(judge, thing, "生效")
    judge.looks("freeze-in-force")

    judge.goes("/bureau/freezes?all=1", "freezes").sees("10,000.00")
    judge.goes(f"/bureau/{slug}/memo", "memo").sees("程序")
    _reads_every_page(come, slug)


def _registers(judge: Visitor) -> str:
    """The first case, by the form; the debtor's address afterwards."""
    judge.goes("/bureau/register", "register")
    judge.types(
        number="（2026）湘0302执901号", title="（2026）湘0302民初9号民事判决书",
        amount="2000000", debtor=DEBTOR, credit_code=USCC, applicant="湘潭供货商行",
        filed_on=(_today() - timedelta(days=9)).isoformat(),
    )  # fmt: skip
    judge.page.select_option("[name=applicant_kind]", "supplier")
    judge.taps("main form button.btn-primary", "registered").sees("执901号")
    return judge.page.url.rstrip("/").split("/")[-2]


def _reads_every_page(come: Callable[..., Visitor], slug: str) -> None:
    for width, lang in (("phone", "zh"), ("phone", "en"), ("desktop", "en")):
        reader = come("enforcement", width=width, lang=lang)
        for path in PAGES:
            reader.goes(f"/bureau/{slug}{path or '/'}", f"bureau{path.replace('/', '-')}")
        for path in GENERAL:
            reader.goes(f"/bureau/{path}", f"bureau-{path.replace('/', '-')}")


def test_a_clerk_registers_an_institution_and_a_president_trusts_its_key(
    come: Callable[..., Visitor],
) -> None:
    clerk = come("clerk").goes("/bureau/institutions", "institutions")
    clerk.taps("main a[href*='party=platform-video']", "institution-offered")
    clerk.page.select_option("[name=institution_kind]", "platform")
    clerk.page.check("[name=holds][value=traffic_account]")
    clerk.taps("main form button.btn-primary", "institution-added").sees("已登记")
    clerk.taps("form[action$='/try'] button", "institution-tried").sees("连通")

    clerk.goes("/bureau/institutions/add")
    clerk.types(
        party="bank-river", institution="大河银行股份有限公司",
        server_address="https://inquiry.river.example", key_id="bank-river-1",
        public_key="11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    )  # fmt: skip
    clerk.page.select_option("[name=institution_kind]", "bank")
    clerk.taps("main form button.btn-primary", "institution-waits").sees("待院长确认")
    address = clerk.page.url

    president = come("president", width="phone").goes(address, "institution-confirm")
    shown = president.page.locator("code.fingerprint").first.inner_text()
    president.types(digits="0000 0000 0000")
    president.taps("form[action$='/confirm'] button")
    president.is_refused("institution-other-digits").sees("指纹不符")
    president.types(digits=shown[-14:])
    president.taps("form[action$='/confirm'] button", "institution-confirmed")
    president.taps("form[action$='/switch'] button", "institution-on").sees("已启用")


def test_from_the_signatures_to_the_administrators_take_over(
    come: Callable[..., Visitor],
) -> None:
    handler = come("enforcement").goes("/bureau/", "overview")
    handler.page.get_by_role("link", name=REFERRED).first.click()
    handler.page.wait_for_load_state()
    home = f"{handler.page.url.rstrip('/')}"
    _signs(handler, home, "handler")
    for login in ("enforcement-2", "enforcement-3"):
        _signs(come(login), home, "panel")
    president = come("president", width="phone").goes("/bureau/signing", "signing")
    president.sees(REFERRED)
    president.goes(f"{home}/referral").types(number="（2026）湘0302执移1号")
    _signs(president, home, "president", is_there=True)

    clerk = come("clerk", width="phone").goes(f"{home}/referral", "to-serve")
    form = clerk.page.locator("form[action$='/serve']")
    form.locator("[name=served_on]").fill(_today().isoformat())
    form.locator("[name=proof]").fill("XA1234567CN")
    form.locator("button").click()
    clerk.page.wait_for_load_state()
    clerk.looks("served")

    handler.goes(f"{home}/bundle", "bundle-empty")
    handler.page.check("[name=is_read]")
    handler.taps("form[action$='/bundle/send'] button", "bundle-sent").sees("已移送")
    _received(come, handler, home)


def _signs(who: Visitor, home: str, signer: str, *, is_there: bool = False) -> None:
    if not is_there:
        who.goes(f"{home}/referral", f"to-sign-{signer}")
    form = who.page.locator(f"form[action$='/sign/{signer}']")
    form.locator("[name=agrees]").select_option("yes")
    form.locator("[name=text]").fill("符合移送条件，同意移送。")
    form.locator("[name=is_sure]").check()
    form.locator("button").click()
    who.page.wait_for_load_state()
    who.looks(f"signed-{signer}")


def _received(come: Callable[..., Visitor], handler: Visitor, home: str) -> None:
    """Received, added to, accepted; what came of it on the administrator's page."""
    judge = come("judge").goes("/court/referrals", "referrals")
    judge.page.get_by_role("link", name=REFERRED).first.click()
    judge.page.wait_for_load_state()
    address = judge.page.url
    _court_does(judge, "receive", review_number="（2026）湘0302破申7号")
    judge.goes(address)
    _court_does(judge, "supplement", what="最近一年的财务报表")

    handler.goes(f"{home}/referral", "asked-for-supplement")
    handler.page.locator("form[action*='/supplements/'] [name=answer]").fill("附后。")
    handler.taps("form[action*='/supplements/'] button", "supplemented")

    judge.goes(address)
    _opens(judge, "form[action$='/accept']")
    judge.page.select_option("form[action$='/accept'] [name=administrator_id]", index=0)
    _court_does(
        judge, "accept", number="（2026）湘0302破申7号之一",
        case_number="（2026）湘0302破7号", slug="yundian",
    )  # fmt: skip
    judge.sees("（2026）湘0302破7号")
    for width, lang in (("desktop", "zh"), ("phone", "en")):
        lead = come("lead", width=width, lang=lang)
        lead.goes("/desk/yundian/estate", "estate")
    handler.goes(f"{home}/inquiries", "after-acceptance")
    assert handler.page.locator("form[action$='/inquiries/ask']").count() == 0


def test_a_petition_to_the_court_itself_opens_its_case(
    come: Callable[..., Visitor],
) -> None:
    """The debtor asks; what enforcement knows of it stands in the case at once."""
    judge = come("judge").goes("/court/petitions/", "petitions-empty")
    judge.types(
        number="（2026）湘0302破申8号", name=DEBTOR, credit_code=USCC, petitioner=DEBTOR
    )
    judge.page.select_option("[name=by_whom]", "debtor_petitions")
    judge.taps("form[action$='/petitions/receive'] button", "petition-received")
    address = judge.page.url
    _opens(judge, "form[action$='/accept']")
    judge.page.select_option("form[action$='/accept'] [name=administrator_id]", index=0)
    _court_does(
        judge, "accept", number="（2026）湘0302破申8号之一",
        case_number="（2026）湘0302破8号", slug="xianxiang",
    )  # fmt: skip
    judge.sees("（2026）湘0302破8号")
    for width, lang in (("phone", "zh"), ("phone", "en"), ("desktop", "en")):
        come("judge", width=width, lang=lang).goes(address, "petition-accepted")
        come("judge", width=width, lang=lang).goes("/court/petitions/", "petitions")
    judge.goes("/court/xianxiang/", "case-of-a-petition")
    assert judge.page.locator("[name=petitioner]").first.input_value() == DEBTOR
    come("lead").goes("/desk/xianxiang/estate", "estate-of-a-petition")


def _court_does(judge: Visitor, act: str, **fields: str) -> None:
    _opens(judge, f"form[action$='/{act}']")
    form = judge.page.locator(f"form[action$='/{act}']")
    for name, text in fields.items():
        form.locator(f"[name={name}]").fill(text)
    for box in form.locator("input[type=checkbox]").all():
        box.check()
    form.locator("button").last.click()
    judge.page.wait_for_load_state()
    judge.looks(f"court-{act}")


def _opens(visitor: Visitor, selector: str) -> None:
    """Unfold whatever the form stands in."""
    visitor.page.locator(selector).first.evaluate(
        "one => { const fold = one.closest('details'); if (fold) fold.open = true; }"
    )


def _until(visitor: Visitor, path: str, text: str) -> None:
    """Look again until the page says so."""
    end = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < end:
        visitor.goes(path)
        if text in visitor.text():
            return
        time.sleep(1)
    visitor.sees(text)


def _today() -> date:
    """The day at the court."""
    return china_day(utc_now())
