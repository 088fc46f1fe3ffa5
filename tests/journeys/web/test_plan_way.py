"""From money in to an approved plan: cashier, lead and bankruptcy judge at their desks."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from journeys.web.conftest import Visit
from journeys.web.sites import Site, Visitor

pytestmark = pytest.mark.browser
TODAY = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
SCREENS = pytest.mark.parametrize(
    ("width", "lang"), [("desktop", "zh"), ("phone", "en")], ids=["desktop", "phone"]
)
SUM = "20000"
RESULT = "#result .plan-classes"


@pytest.fixture(scope="module")
def site(register_site: Site) -> Site:
    """The one case of these journeys: no other is started."""
    return register_site


@pytest.fixture
def funded(visit: Visit, site: Site) -> Site:
    """Money is there once, whoever comes first."""
    cashier = visit("desktop").signs_in_as("cashier")
    cashier.goes(site.desk("money"), "money")
    if cashier.page.locator("a[href*='/money/movements/']").count() == 0:
        cashier.types(fen=SUM, value_on=TODAY.isoformat(), reference="R-1",
                      evidence="回单1")  # fmt: skip
        cashier.taps("form[action$='/money/enter'] button", "money-entered")
        cashier.sees("¥20,000.00")
    return site


@SCREENS
def test_terms_are_tried_with_results_at_once(
    visit: Visit, funded: Site, width: str, lang: str
) -> None:
    lead = visit(width, lang=lang).signs_in_as("lead")
    lead.goes(funded.desk("plans/what-if"), "what-if")
    before = lead.page.locator(RESULT).inner_text()

    lead.page.select_option("#id_consumer", "before_ordinary")
    expect(lead.page.locator("#result [role=alert]")).to_be_visible()
    lead.page.select_option("#id_basis", "ALL_CREDITORS")
    lead.types(evidence="全体债权人协议")
    lead.page.locator("#id_evidence").press("Tab")
    expect(lead.page.locator(RESULT)).to_be_visible()

    lead.looks("what-if-overlay")
    assert lead.page.locator(RESULT).inner_text() != before
    assert "consumer=before_ordinary" in lead.page.url
    lead.page.select_option("#id_mode", "flat")
    lead.page.locator("#id_ceiling + input[type=range]").fill("100")
    expect(lead.page.locator("#result")).to_contain_text("¥100.00")
    lead.looks("what-if-flat")
    lead.taps("a[href*='/what-if/creditors']", "what-if-creditors").sees("A-000-0")


def test_terms_are_tried_without_a_script(visit: Visit, funded: Site) -> None:
    lead = visit("desktop", java_script_enabled=False).signs_in_as("lead")
    lead.goes(funded.desk("plans/what-if"))
    lead.page.select_option("#id_consumer", "before_ordinary")

    lead.taps("#terms button.btn-primary").sees("偏离法定顺序须有法定依据")

    lead.page.locator("#terms summary").click()
    lead.taps("button[name=more_costs]")
    assert lead.page.locator(".cost-row").count() == 4


@pytest.mark.parametrize(
    ("width", "lang", "act"),
    [("desktop", "zh", "refuse"), ("phone", "en", "approve")],
    ids=["desktop", "phone"],
)
def test_a_plan_goes_from_the_form_to_the_ruling(
    visit: Visit, funded: Site, width: str, lang: str, act: str
) -> None:
    lead = visit(width, lang=lang).signs_in_as("lead")
    number = _built(lead, funded, f"{width} plan")
    _put_and_sealed(lead)

    judge = visit(width, lang=lang).signs_in_as("judge")
    judge.goes("/court/", "court-home-plan")
    judge.goes(funded.court("plans"), "court-plans")
    judge.goes(funded.court(f"plans/{number}"), "court-plan")
    judge.types(ruling=f"（2026）湘0302破3号之{number}")
    judge.page.check("[name=is_read]")
    judge.taps(f"button[formaction$='/{act}']", "court-ruled")
    has_root = judge.page.locator(".alert-success code").count() > 0
    assert has_root == (act == "approve")
    lead.goes(funded.desk("plans"), "plans")
    lead.goes(funded.desk(f"plans/{number}/creditors"), "plan-creditors")


def _built(lead: Visitor, site: Site, title: str) -> str:
    """The statutory order kept, an overlay built on it and compared; the other's number."""
    statutory = _kept(lead, site, f"{title} 1")
    lead.goes(f"{site.desk('plans/what-if')}?plan={statutory}")
    lead.page.select_option("#id_consumer", "rate")
    lead.page.select_option("#id_basis", "ALL_CREDITORS")
    lead.types(title=f"{title} 2", rate="50", evidence="协议")
    lead.page.locator("#id_evidence").press("Tab")
    expect(lead.page.locator("#result")).to_contain_text("49.99")
    lead.taps("button[name=into][value=new]", "plan-draft")
    number = _number(lead)
    lead.goes(f"{site.desk('plans/compare')}?a={statutory}&b={number}", "compare")
    lead.goes(site.desk(f"plans/{number}"))
    return number


def _put_and_sealed(lead: Visitor) -> None:
    """Put to the meeting, adopted, submitted."""
    _sure(lead, "propose", "plan-proposed")
    _opens(lead, "vote")
    lead.types(present="10", heads_for="6", fen_for="6", all_fen="10", minutes="记录一")
    lead.taps("form[action$='/do/vote'] button", "plan-adopted")
    _sure(lead, "submit", "plan-submitted")


def _kept(lead: Visitor, site: Site, title: str) -> str:
    """A plan of the statutory order, kept; its number."""
    lead.goes(site.desk("plans/what-if")).types(title=title)
    lead.page.locator("#id_title").press("Tab")
    lead.page.wait_for_url("**title=*")
    lead.taps("button[name=into][value=new]").sees(title)
    return _number(lead)


def _number(visitor: Visitor) -> str:
    found = re.search(r"/plans/(\d+)", visitor.page.url)
    assert found is not None, visitor.page.url
    return found[1]


def _opens(visitor: Visitor, name: str) -> None:
    visitor.page.locator(f"details:has(form[action$='/do/{name}']) summary").click()


def _sure(visitor: Visitor, name: str, look: str) -> None:
    _opens(visitor, name)
    visitor.page.check(f"form[action$='/do/{name}'] [name=is_sure]")
    visitor.taps(f"form[action$='/do/{name}'] button", look)
