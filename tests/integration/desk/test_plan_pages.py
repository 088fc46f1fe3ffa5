"""Plans on the desk: tried, kept, compared, put forward, with what each page must say."""

import io
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import docx
import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from devices import device_of, text_of
from factories_plans import (
    TODAY,
    People,
    make_adopted,
    make_approved,
    make_confirmed,
    make_funded_case,
    make_plan,
    make_submitted,
    make_terms,
)
from zhipo.audit.models import Entry
from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.distributions.building import terms_of
from zhipo.distributions.costs import Cost, CostKind
from zhipo.distributions.models import Plan
from zhipo.distributions.states import PlanState
from zhipo.portals.desk.forms_plans import TermsForm, asked_of, cost_forms

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def ready() -> tuple[Case, People]:
    """100,000 yuan; consumers owed 870,000 and 500, suppliers 630,000."""
    case, people = make_funded_case()
    make_confirmed(case, 870_000_00)
    make_confirmed(case, 500_00)
    make_confirmed(case, 630_000_00, kind="supplier")
    return case, people


def at(case: Case, rest: str = "") -> str:
    return f"/desk/{case.slug}/plans{rest}"


def asked(**given: Any) -> dict[str, str]:
    """Terms as the form sends them."""
    costs = given.pop("costs", ())
    values = asked_of(make_terms(costs=costs)).dict()
    return {**values, **given}


def test_what_if_begins_with_the_statutory_order(ready: tuple[Case, People]) -> None:
    case, people = ready

    page = text_of(device_of(people.lead).get(at(case, "/what-if")))

    assert "¥100,000.00" in page
    assert "✓" in page
    assert "desk.plans" not in page


def test_a_change_answers_with_the_result_alone(ready: tuple[Case, People]) -> None:
    case, people = ready
    query = asked(consumer="rate", rate="10", basis="ALL_CREDITORS", evidence="协议")

    answer = device_of(people.lead).get(at(case, "/what-if"), query, **HTMX)

    page = text_of(answer)
    assert "<html" not in page
    assert "HX-Request" in answer.headers["Vary"]
    assert "▼" in page
    assert "10.0000 %" in page


def test_what_cannot_be_carried_out_says_so_with_the_article_and_is_not_kept(
    ready: tuple[Case, People],
) -> None:
    case, people = ready
    query = asked(consumer="rate", rate="90", basis="ALL_CREDITORS", evidence="协议")
    browser = device_of(people.lead)

    page = text_of(browser.get(at(case, "/what-if"), query))
    kept = browser.post(at(case, "/keep"), {**query, "into": "new"})

    assert "第一百一十三条" in page
    assert at(case, "/keep") not in page
    assert kept.status_code == 422
    assert "第一百一十三条" in text_of(kept)
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"consumer": "rate", "rate": ""},
        {"rate": "101"},
        {"ceiling": "free"},
        {"day_0": "soon"},
        {"cost-0-title": "审计费"},
        {"cost-0-fen": "9"},
        {"cost-TOTAL_FORMS": "x"},
        {"cost-TOTAL_FORMS": "4000"},
        {"law_date": ""},
    ],
)
def test_wrong_terms_are_named_and_change_nothing(
    ready: tuple[Case, People], wrong: dict[str, str]
) -> None:
    case, people = ready
    browser = device_of(people.lead)

    page = browser.get(at(case, "/what-if"), asked(**wrong))
    kept = browser.post(at(case, "/keep"), asked(**wrong, into="new"))

    assert page.status_code == 200
    assert 'role="alert"' in text_of(page)
    assert kept.status_code == 400
    assert not Plan.objects.exists()


def test_terms_are_kept_as_a_draft_and_changed_in_it(ready: tuple[Case, People]) -> None:
    case, people = ready
    browser = device_of(people.reviewer)
    cost = Cost("", "expense", 5_000_00, "审计费", "《企业破产法》第四十一条")

    made = browser.post(at(case, "/keep"), asked(costs=(cost,), into="new"))
    plan = Plan.objects.get(case=case)
    assert made.headers["Location"] == at(case, f"/{plan.number}")
    assert [one["title"] for one in plan.costs][-1] == "审计费"
    form = text_of(browser.get(at(case, "/what-if"), {"plan": plan.number}))
    assert 'value="审计费"' in form

    changed = asked(title="第二稿", plan=str(plan.number), into="plan")
    browser.post(at(case, "/keep"), changed)
    plan.refresh_from_db()
    assert plan.title == "第二稿"
    browser.post(at(case, "/keep"), asked(title="第三稿", into="new"))
    assert [one.title for one in Plan.objects.order_by("number")] == ["第二稿", "第三稿"]


def test_terms_come_back_from_the_form_as_they_went_in(
    ready: tuple[Case, People],
) -> None:
    case, _ = ready
    over = case.claims.order_by("-claimed_fen")[0]
    costs = (
        Cost("", "expense", 1_00, "审计费", "《企业破产法》第四十一条"),
        Cost("", "common_benefit", 2_00, "继续履行合同", "《企业破产法》第四十二条"),
        Cost("", "expense", 3_00, "担保物报酬", "《管理人报酬规定》第十三条",
             CostKind.COLLATERAL_PAY),
    )  # fmt: skip
    terms = make_terms(
        basis="ALL_CREDITORS", evidence="协议", consumer="0.0125", mode="flat",
        opted_down=(over.number,), pay_fen=0, is_last=True, costs=costs,
        due_days=(TODAY, TODAY + timedelta(days=30)),
    )  # fmt: skip
    query = asked_of(terms)
    form, rows = TermsForm(query), cost_forms(case, query)

    assert form.is_valid(), form.errors
    assert rows.is_valid(), rows.errors
    assert form.terms(rows) == terms


def test_a_plan_gives_its_own_terms_back(ready: tuple[Case, People]) -> None:
    case, people = ready
    cost = Cost("", "expense", 5_000_00, "审计费", "《企业破产法》第四十一条")
    terms = make_terms(basis="ALL_CREDITORS", evidence="协议", consumer="0.05",
                       costs=(cost,))  # fmt: skip
    plan = make_plan(case, people, basis="ALL_CREDITORS", evidence="协议",
                     consumer="0.05", costs=(cost,))  # fmt: skip

    query = asked_of(terms_of(plan))

    form, rows = TermsForm(query), cost_forms(case, query)
    assert form.is_valid()
    assert rows.is_valid()
    assert form.terms(rows).costs[0].title == terms.costs[0].title
    assert form.terms(rows).consumer == terms.consumer


def test_more_rows_for_costs_are_given_without_a_script(
    ready: tuple[Case, People],
) -> None:
    case, people = ready

    page = text_of(device_of(people.lead).get(at(case, "/what-if"), asked(more_costs="1")))

    assert "cost-3-title" in page


def test_each_creditor_is_found_sorted_and_exported(ready: tuple[Case, People]) -> None:
    case, people = ready
    browser = device_of(people.lead)
    numbers = list(case.claims.order_by("confirmed_fen").values_list("number", flat=True))
    address = at(case, "/what-if/creditors")

    up = text_of(browser.get(address, asked(sort="fen")))
    down = text_of(browser.get(address, asked(sort="-fen")))
    one = text_of(browser.get(address, asked(number=numbers[1].lower())))
    supplier = text_of(browser.get(address, asked(**{"class": "ordinary"})))

    assert [up.index(number) for number in numbers] == sorted(map(up.index, numbers))
    assert down.index(numbers[-1]) < down.index(numbers[0])
    assert numbers[0] not in one
    assert numbers[0] not in supplier
    file = browser.post(f"{address}/export?{urlencode(asked())}")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    assert sheet.max_row == 4
    away = browser.get(address, asked(rate="x"))
    assert away.status_code == 302


def test_a_cliff_and_who_would_come_down_are_told(ready: tuple[Case, People]) -> None:
    case, people = ready
    make_confirmed(case, 600_00)
    query = asked(mode="flat", basis="ALL_CREDITORS", evidence="协议")

    page = text_of(device_of(people.lead).get(at(case, "/what-if"), query))

    assert "¥500.00" in page
    assert "降到上限反而得的更多" in page


def test_two_versions_stand_side_by_side(ready: tuple[Case, People]) -> None:
    case, people = ready
    make_plan(case, people)
    make_plan(case, people, consumer="0.1", basis="ALL_CREDITORS", evidence="协议",
              title="第二稿")  # fmt: skip
    browser = device_of(people.judge)

    page = text_of(browser.get(at(case, "/compare"), {"a": "1", "b": "2"}))

    assert "▲" in page
    assert "▼" in page
    assert browser.get(at(case, "/compare"), {"a": "1", "b": "x"}).status_code == 200


def test_the_way_of_a_plan_to_the_court(ready: tuple[Case, People]) -> None:
    case, people = ready
    plan = make_plan(case, people)
    lead = device_of(people.lead)
    do = at(case, f"/{plan.number}/do/")

    assert lead.post(f"{do}propose", {}).status_code == 400
    assert lead.post(f"{do}submit", {"is_sure": "on"}).status_code == 409
    lead.post(f"{do}propose", {"is_sure": "on"})
    assert f"{do}submit" not in text_of(lead.get(at(case, f"/{plan.number}")))
    vote = {"voted_on": TODAY.isoformat(), "present": "10", "heads_for": "6",
            "fen_for": "6", "all_fen": "10", "minutes": "记录一"}  # fmt: skip
    wrong = lead.post(f"{do}vote", {**vote, "heads_for": "11"})
    assert wrong.status_code == 409
    assert 'value="记录一"' in text_of(wrong)
    lead.post(f"{do}vote", vote)
    assert f"{do}submit" in text_of(lead.get(at(case, f"/{plan.number}")))
    assert (
        device_of(people.reviewer).post(f"{do}submit", {"is_sure": "on"}).status_code == 403
    )
    done = lead.post(f"{do}submit", {"is_sure": "on"}, follow=True)

    plan.refresh_from_db()
    assert plan.state == PlanState.SUBMITTED
    assert plan.result_sha256[:16] in text_of(done)
    assert lead.post(f"{do}nonsense", {}).status_code == 404


def test_a_plan_whose_ground_has_moved_says_so(ready: tuple[Case, People]) -> None:
    case, people = ready
    plan = make_plan(case, people)
    from factories_plans import put_money

    put_money(case, people, 5_000_000)

    page = text_of(device_of(people.lead).get(at(case, f"/{plan.number}")))

    assert "有变化" in page


def test_a_withdrawn_plan_is_copied_not_changed(ready: tuple[Case, People]) -> None:
    case, people = ready
    plan = make_plan(case, people)
    lead = device_of(people.lead)

    lead.post(at(case, f"/{plan.number}/do/withdraw"), {"is_sure": "on"})

    page = text_of(lead.get(at(case, f"/{plan.number}")))
    assert "/do/" not in page
    assert f"what-if?plan={plan.number}" in page


@pytest.mark.parametrize("make", [make_plan, make_adopted, make_submitted, make_approved])
def test_document_and_workbook_say_what_the_plan_does(
    ready: tuple[Case, People], make: Any
) -> None:
    case, people = ready
    plan = make(case, people, consumer="0.1", basis="ALL_CREDITORS", evidence="协议十")
    lead = device_of(people.lead)

    paper = lead.post(at(case, f"/{plan.number}/document"))
    book = lead.post(at(case, f"/{plan.number}/workbook"))

    said = _paper(b"".join(paper.streaming_content))
    assert "固定清偿率（10.0000 %）" in said
    assert "协议十" in said
    assert "¥100,000.00" in said
    found = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content)))
    assert len(found.sheetnames) == 5
    assert found.worksheets[-1].max_row == 1 + Claim.objects.filter(case=case).count()


def _paper(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_others_read_and_do_nothing(ready: tuple[Case, People]) -> None:
    case, people = ready
    plan = make_plan(case, people)
    before = Entry.objects.count()

    for user in (people.cashier, people.judge, people.clerk):
        browser = device_of(user)
        for rest in ("", "/what-if", f"/{plan.number}", f"/{plan.number}/creditors"):
            assert browser.get(at(case, rest)).status_code == 200
        assert at(case, "/keep") not in text_of(browser.get(at(case, "/what-if")))
        for name in ("propose", "submit", "withdraw"):
            posted = browser.post(at(case, f"/{plan.number}/do/{name}"), {"is_sure": "on"})
            assert posted.status_code == 403
        assert browser.post(at(case, "/keep"), asked(into="new")).status_code == 403
        assert browser.post(at(case, f"/{plan.number}/document")).status_code == 403
    assert Entry.objects.count() == before


def test_a_plan_of_another_case_is_not_there(ready: tuple[Case, People]) -> None:
    case, people = ready
    plan = make_plan(case, people)
    other, others = make_funded_case()

    for rest in ("", "/creditors"):
        found = device_of(others.lead).get(at(other, f"/{plan.number}{rest}"))
        assert found.status_code == 404
        found = device_of(others.lead).get(at(case, f"/{plan.number}{rest}"))
        assert found.status_code == 404


def test_queries_do_not_grow_with_the_creditors(ready: tuple[Case, People]) -> None:
    case, people = ready
    plan = make_plan(case, people)
    browser = device_of(people.lead)

    def count(rest: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert browser.get(at(case, rest)).status_code == 200
        return len(found)

    pages = ("", "/what-if", f"/{plan.number}", f"/{plan.number}/creditors")
    before = [count(rest) for rest in pages]
    for place in range(5):
        make_confirmed(case, 1_000 + place)

    assert [count(rest) for rest in pages] <= before
