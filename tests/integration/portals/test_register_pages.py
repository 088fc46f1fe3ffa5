"""The register on the phone: found, paged, masked; an objection to another's entry."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client

from devices import device_of
from factories import make_case, make_claim, make_creditor, make_holder, make_staff
from zhipo.accounts.roles import Role
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.actions.answering import answer_objection
from zhipo.claims.models import Claim, Objection, Paper

pytestmark = pytest.mark.django_db
MINE, THEIRS = "+8613800138000", "+8613900139000"
PAGE = "/c/xian/register"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
GROUNDS = "这笔货款 2024 年已经付清。"
NAME, PERSON = "湘潭果业有限公司", "李四海"


@pytest.fixture(autouse=True)
def _files_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)


@pytest.fixture
def case() -> Case:
    return make_case(slug="xian", phase=Phase.CHECKING)


@pytest.fixture
def mine(case: Case) -> Claim:
    return entered(case, MINE, number="A-000-001")


@pytest.fixture
def theirs(case: Case) -> Claim:
    return entered(case, THEIRS, number="A-000-002", name=PERSON)


def entered(case: Case, phone: str, *, number: str, name: str = "王小明") -> Claim:
    return make_claim(
        case, make_holder(case, phone, name=name), creditor=make_creditor(phone),
        number=number, state="tabled", decision="admit", admitted_fen=27_188,
    )  # fmt: skip


def browser(claim: Claim) -> Client:
    assert claim.creditor is not None
    return device_of(claim.creditor)


def text_of(page: Any) -> str:
    return str(page.content.decode())


def test_register_is_masked_summed_and_marks_ones_own(
    case: Case, mine: Claim, theirs: Claim
) -> None:
    make_claim(case, None, kind="supplier", claimant=NAME, state="rejected",
               number="S-000-001", claimed_fen=7_000_000, admitted_fen=0)  # fmt: skip
    make_claim(case, make_holder(case), state="filed", number="A-000-009")

    page = text_of(browser(mine).get(PAGE))

    assert "共 3 笔，确认金额合计 ¥543.76" in page
    assert f'href="/c/xian/claims/{mine.pk}"' in page
    assert f'href="/c/xian/register/{theirs.pk}"' in page
    assert "李**" in page
    assert PERSON not in page
    assert NAME not in page
    assert "A-000-009" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"number": "a-000-002"}, ["A-000-002"]),
        ({"number": "S-"}, ["S-000-001"]),
        ({"class": "SECURED"}, ["G-000-001"]),
        ({"class": "ORDINARY", "number": "S"}, ["S-000-001"]),
        ({"class": "<script>", "number": "A-000-001"}, ["A-000-001"]),
        ({"number": "'; DROP TABLE"}, []),
    ],
)
def test_claims_are_found_by_number_and_class(
    query: dict[str, str], found: list[str], case: Case, mine: Claim, theirs: Claim
) -> None:
    for number, kind in (("S-000-001", "supplier"), ("G-000-001", "secured")):
        make_claim(case, None, kind=kind, claimant=NAME, state="tabled", number=number,
                   admitted_fen=1)  # fmt: skip

    page = text_of(browser(mine).get(PAGE, query))

    rows = re.findall(r"[ASG]-\d{3}-\d{3}", page.split("</form>")[-1])
    assert rows == found
    assert "<script>" not in page


def test_pages_keep_what_was_looked_for(case: Case, mine: Claim) -> None:
    for number in range(120):
        make_claim(
            case, None, kind="supplier", claimant=NAME, claimed_fen=100, state="tabled",
            number=f"S-000-{number:03d}", admitted_fen=100,
        )  # fmt: skip

    client = browser(mine)
    first = text_of(client.get(PAGE, {"number": "S", "class": "ORDINARY"}))
    third = text_of(client.get(PAGE, {"number": "S", "page": 3}))

    assert "?number=S&amp;class=ORDINARY&amp;page=2" in first
    assert len(re.findall(r"S-000-\d{3}", first)) == 50
    assert len(re.findall(r"S-000-\d{3}", third)) == 20
    assert "共 120 笔，确认金额合计 ¥120.00" in third


def test_register_takes_as_many_queries_for_twenty_as_for_one(
    case: Case, mine: Claim, django_assert_max_num_queries: Any
) -> None:
    client = browser(mine)
    for number in range(20):
        holder = make_holder(case)
        make_claim(case, holder, state="tabled", number=f"A-001-{number:03d}")

    with django_assert_max_num_queries(7):
        client.get(PAGE)


def test_before_the_meeting_and_before_filing_it_says_why_it_is_empty(
    case: Case, mine: Claim
) -> None:
    Claim.objects.update(state="reviewed")
    assert "还没有提交债权人会议核查" in text_of(browser(mine).get(PAGE))

    Claim.objects.update(state="prefilled", filed_at=None, filed_through="")
    assert "申报债权以后才能查阅" in text_of(browser(mine).get(PAGE))


def test_objection_is_raised_with_papers_and_then_shown_once(
    mine: Claim, theirs: Claim
) -> None:
    client, where = browser(mine), f"{PAGE}/{theirs.pk}"
    form = text_of(client.get(where))
    assert "理由和法律依据" in form
    paper = SimpleUploadedFile("凭证.pdf", PDF, content_type="application/pdf")

    sent = client.post(where, {"text": GROUNDS, "uploads": paper})
    again = client.post(where, {"text": "另一个"})

    assert (sent.status_code, again.status_code) == (302, 302)
    objection = Objection.objects.get()
    assert (objection.claim, objection.text) == (theirs, GROUNDS)
    page = text_of(client.get(where))
    assert GROUNDS in page
    assert "待答复" in page
    assert "<textarea" not in page
    kept = Paper.objects.get()
    assert f"/c/xian/papers/{kept.pk}" in page
    assert client.get(f"/c/xian/papers/{kept.pk}").content == PDF
    assert browser(theirs).get(f"/c/xian/papers/{kept.pk}").status_code == 404
    assert "凭证.pdf" not in text_of(client.get(f"/c/xian/claims/{mine.pk}/papers"))


@pytest.mark.parametrize(
    "lie", [SimpleUploadedFile("a.pdf", b"<html>", content_type="application/pdf"), None]
)
def test_what_is_not_taken_comes_back_with_what_was_typed(
    lie: SimpleUploadedFile | None, mine: Claim, theirs: Claim
) -> None:
    said = {"text": GROUNDS, "uploads": lie} if lie else {"text": " "}

    page = browser(mine).post(f"{PAGE}/{theirs.pk}", said)

    assert page.status_code == 400
    assert (GROUNDS in text_of(page)) is bool(lie)
    assert not Objection.objects.exists()


def test_the_other_creditor_reads_the_grounds_and_not_the_name(
    mine: Claim, theirs: Claim
) -> None:
    browser(mine).post(f"{PAGE}/{theirs.pk}", {"text": GROUNDS})

    page = text_of(browser(theirs).get(f"/c/xian/claims/{theirs.pk}"))

    assert "另一位债权人提出的异议" in page
    assert GROUNDS in page
    assert "我的异议" not in page
    assert "王" not in page
    assert f"/c/xian/claims/{theirs.pk}/objection" in page


def test_the_desk_answers_it_in_its_list(case: Case, mine: Claim, theirs: Claim) -> None:
    browser(mine).post(f"{PAGE}/{theirs.pk}", {"text": GROUNDS})
    lead = make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)
    objection = Objection.objects.get()

    listed = text_of(device_of(lead).get("/desk/xian/objections"))
    answer_objection(objection_id=objection.pk, upheld_fen=None, text="有凭证", by=lead)

    assert f"/desk/xian/objections/{objection.pk}" in listed
    shown = text_of(browser(mine).get(f"{PAGE}/{theirs.pk}"))
    assert "有凭证" in shown
    assert "已作出解释" in shown


def test_the_desk_sees_the_papers_of_an_objection(
    case: Case, mine: Claim, theirs: Claim
) -> None:
    """They are kept with the objector's claim, and shown where they are answered."""
    paper = SimpleUploadedFile("凭证.pdf", PDF, content_type="application/pdf")
    browser(mine).post(f"{PAGE}/{theirs.pk}", {"text": GROUNDS, "uploads": paper})
    lead = make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)
    objection = Objection.objects.get()

    page = text_of(device_of(lead).get(f"/desk/xian/objections/{objection.pk}"))

    assert f"/desk/xian/papers/{objection.papers.get().pk}" in page


@pytest.mark.parametrize("state", ["confirmed", "rejected", "deferred"])
def test_what_cannot_be_objected_to_has_no_form(
    state: str, mine: Claim, theirs: Claim
) -> None:
    given = {"state": state, "ruling": "之一", "confirmed_fen": F("admitted_fen")}
    Claim.objects.filter(pk=theirs.pk).update(**given)
    client, where = browser(mine), f"{PAGE}/{theirs.pk}"

    assert "现在不能提出异议" in text_of(client.get(where))
    assert client.post(where, {"text": GROUNDS}).status_code == 409
    assert not Objection.objects.exists()


def test_ones_own_entry_leads_to_ones_own_page(mine: Claim) -> None:
    answer = browser(mine).get(f"{PAGE}/{mine.pk}")

    assert answer["Location"] == "/c/xian/money"


def test_strangers_find_no_entry(theirs: Claim, case: Case) -> None:
    stranger = entered(make_case(slug="other"), MINE, number="A-000-001")

    for where in (f"{PAGE}/{theirs.pk}", f"/c/other/register/{theirs.pk}"):
        answers = [getattr(browser(stranger), how)(where) for how in ("get", "post")]
        assert [one.status_code for one in answers] == [404, 404]
