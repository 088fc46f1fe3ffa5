"""The pages on which staff enter how creditors on paper are paid."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from factories import make_creditor
from factories_payouts import FakeChannel, Paying, make_paying, speak_to
from integration.payouts.test_entered_ways import CARD, PNG, SOURCE, first_claim
from integration.payouts.unchanged import nothing_changes
from zhipo.accounts.models import Session
from zhipo.claims.models import Claim
from zhipo.payouts.models import EnteredWay
from zhipo.payouts.states import WayState

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]
HEADS = ("债权编号", "次序", "收款方式", "账号", "依据")


@pytest.fixture(autouse=True)
def channels(monkeypatch: pytest.MonkeyPatch) -> None:
    speak_to(monkeypatch, FakeChannel())


@pytest.fixture
def paying() -> Paying:
    return make_paying(30_000, 40_000, channel=None)


@pytest.fixture
def claim(paying: Paying) -> Claim:
    return first_claim(paying)


def here(claim: Claim, rest: str = "") -> str:
    return f"/desk/{claim.case.slug}/claims/{claim.pk}/ways{rest}"


def lists(paying: Paying, rest: str = "") -> str:
    return f"/desk/{paying.case.slug}/ways{rest}"


def said(**given: Any) -> dict[str, Any]:
    scan = SimpleUploadedFile("form.png", PNG, content_type="image/png")
    values: dict[str, Any] = {"place": "1", "channel": "bank", "account": CARD,
                              "source": SOURCE, "paper": "", "upload": scan}  # fmt: skip
    return values | given


def text_at(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def sheet(*rows: tuple[str, ...], heads: tuple[str, ...] = HEADS) -> SimpleUploadedFile:
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for line, row in enumerate((heads, *rows)):
            for place, cell in enumerate(row):
                page.write_string(line, place, cell)
    return SimpleUploadedFile("ways.xlsx", content.getvalue())


def test_one_enters_another_checks_and_the_page_keeps_the_account_masked(
    paying: Paying, claim: Claim, signed_in: SignIn
) -> None:
    reviewer, lead = signed_in(paying.people.reviewer), signed_in(paying.people.lead)
    assert reviewer.post(here(claim, "/do/enter"), said()).status_code == 302
    way = EnteredWay.objects.get()
    own = text_at(reviewer, here(claim))
    assert "请另一人对照材料复核" in own
    assert "/do/check" not in own
    page = text_at(lead, here(claim))
    assert "************2233" in page
    assert CARD not in page
    assert f"/papers/{way.paper_id}" in page

    unticked = lead.post(here(claim, "/do/check"), {"way": way.pk})
    assert unticked.status_code == 400
    given = {"way": way.pk, "is_read": "on"}
    assert lead.post(here(claim, "/do/check"), given).status_code == 302

    claim.refresh_from_db()
    assert claim.payout_account == CARD
    assert "已复核" in text_at(lead, here(claim))


def test_a_refusal_comes_back_with_what_was_typed(
    paying: Paying, claim: Claim, signed_in: SignIn
) -> None:
    reviewer = signed_in(paying.people.reviewer)
    wrong = ({"account": "12"}, {"source": ""}, {"upload": ""}, {"channel": "wechat"})

    with nothing_changes():
        for given in wrong:
            answer = reviewer.post(here(claim, "/do/enter"), said(**given))
            assert answer.status_code == 400
    bad = said(upload=SimpleUploadedFile("x.png", b"abc", content_type="image/png"))
    with nothing_changes():
        answer = reviewer.post(here(claim, "/do/enter"), bad)
    assert answer.status_code == 422
    assert CARD in answer.content.decode()


def test_what_may_not_be_entered_is_said_instead_of_a_form(
    paying: Paying, claim: Claim, signed_in: SignIn
) -> None:
    assert claim.holder is not None
    Claim.objects.filter(pk=claim.pk).update(creditor=make_creditor(claim.holder.phone))
    reviewer = signed_in(paying.people.reviewer)

    page = text_at(reviewer, here(claim))
    assert "已用手机登录" in page
    assert "/do/enter" not in page
    with nothing_changes():
        answer = reviewer.post(here(claim, "/do/enter"), said())
    assert answer.status_code == 409


def test_the_claims_page_leads_there(
    paying: Paying, claim: Claim, signed_in: SignIn
) -> None:
    page = text_at(
        signed_in(paying.people.reviewer), f"/desk/{paying.case.slug}/claims/{claim.pk}"
    )

    assert here(claim) in page


def test_a_list_is_handed_in_shown_and_checked_by_another(
    paying: Paying, signed_in: SignIn
) -> None:
    reviewer, lead = signed_in(paying.people.reviewer), signed_in(paying.people.lead)
    first, second = paying.case.claims.order_by("pk")
    table = sheet(
        (first.number, "", "银行账户", "6222 0202 0011 2233", SOURCE),
        (second.number.lower(), "1", "cash", "", "函件第1页"),
    )

    answer = reviewer.post(lists(paying, "/do/hand-in"), {"file": table})

    batch = EnteredWay.objects.values_list("batch", flat=True).distinct().get()
    assert answer["Location"] == lists(paying, f"/lists/{batch}")
    page = text_at(reviewer, answer["Location"])
    assert "************2233" in page
    assert CARD not in page
    assert "请另一人对照材料复核" in page
    with nothing_changes():
        own = reviewer.post(lists(paying, f"/lists/{batch}/do/check"), {"is_read": "on"})
    assert own.status_code == 403
    done = lead.post(lists(paying, f"/lists/{batch}/do/check"), {"is_read": "on"})
    assert done.status_code == 302
    first.refresh_from_db()
    assert first.payout_account == CARD
    with nothing_changes():
        lead.post(lists(paying, f"/lists/{batch}/do/check"), {"is_read": "on"})
    assert batch[:4] in text_at(lead, lists(paying))


def test_a_list_is_taken_back_with_a_reason(paying: Paying, signed_in: SignIn) -> None:
    lead = signed_in(paying.people.lead)
    number = first_claim(paying).number
    table = sheet((number, "1", "现场领取", "", SOURCE))
    lead.post(lists(paying, "/do/hand-in"), {"file": table})
    address = lists(paying, f"/lists/{EnteredWay.objects.get().batch}/do/take_back")

    assert lead.post(address, {"why": ""}).status_code == 400
    assert lead.post(address, {"why": "表格填错"}).status_code == 302

    assert EnteredWay.objects.get().state == WayState.TAKEN_BACK
    again = sheet((number, "1", "现场领取", "", SOURCE))
    lead.post(lists(paying, "/do/hand-in"), {"file": again})
    assert EnteredWay.objects.filter(state=WayState.ENTERED).count() == 1


def test_every_fault_of_a_list_is_told_and_nothing_entered(
    paying: Paying, signed_in: SignIn
) -> None:
    reviewer = signed_in(paying.people.reviewer)
    first, second = paying.case.claims.order_by("pk")
    reviewer.post(here(first, "/do/enter"), said())
    rows = (
        ("X-1", "1", "银行账户", CARD, SOURCE),  # no such claim
        (first.number, "1", "银行账户", CARD, SOURCE),  # one waits at this place
        (second.number, "1", "银行账户", "123", SOURCE),  # no card
        (second.number, "1", "支付宝", "", SOURCE),  # no account, and stands twice
        (second.number, "3", "现场领取", "", ""),  # no paper named
        (second.number, "4", "现场领取", "", SOURCE),  # no such place
        (second.number, "2", "微信零钱", "o123", SOURCE),  # no way of a paper
        (second.number, "2", "现场领取", "", "页" * 201),
    )

    def told(*given: tuple[str, ...]) -> tuple[int, str]:
        with nothing_changes():
            answer = reviewer.post(lists(paying, "/do/hand-in"), {"file": sheet(*given)})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert CARD not in page
        return answer.context["fault_count"], page

    count, page = told(*rows[5:])
    assert count == 3
    assert "微信零钱须债权人本人" in page
    count, page = told(*rows[:5])
    assert count == 7
    for words in (
        "不能为空",
        "没有这个债权编号",
        "等待复核",
        "12至24位",
        "需要账号",
        "重复",
    ):
        assert words in page
    assert told()[0] == 1
    assert told((second.number,))[0] >= 1


def test_a_file_that_is_no_table_is_refused(paying: Paying, signed_in: SignIn) -> None:
    reviewer = signed_in(paying.people.reviewer)

    for name, content in (("a.pdf", b"%PDF"), ("a.xlsx", b"abc"), ("a.csv", b"x,y\n1,2\n")):
        file = SimpleUploadedFile(name, content)
        with nothing_changes():
            answer = reviewer.post(lists(paying, "/do/hand-in"), {"file": file})
        assert answer.status_code == 422, name


def test_the_template_has_the_claims_that_lack_a_way_and_is_read_back(
    paying: Paying, claim: Claim, signed_in: SignIn
) -> None:
    reviewer = signed_in(paying.people.reviewer)
    first, second = paying.case.claims.order_by("pk")
    assert "⚠ 2" in text_at(reviewer, lists(paying))
    reviewer.post(here(first, "/do/enter"), said())

    answer = reviewer.get(lists(paying, "/template"))

    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    heads, *numbers = rows.to_python()
    assert tuple(heads) == HEADS
    assert [row[0] for row in numbers] == [second.number]
    assert "⚠ 1" in text_at(reviewer, lists(paying))


def test_rows_that_nobody_filled_in_are_left_out(paying: Paying, signed_in: SignIn) -> None:
    first, second = paying.case.claims.order_by("pk")
    table = sheet((first.number, "", "", "", ""), (second.number, "1", "cash", "", SOURCE))

    signed_in(paying.people.reviewer).post(lists(paying, "/do/hand-in"), {"file": table})

    assert EnteredWay.objects.get().claim_id == second.pk


def test_the_letter_is_fetched_by_those_who_may(
    paying: Paying, claim: Claim, signed_in: SignIn
) -> None:
    reviewer, lead = signed_in(paying.people.reviewer), signed_in(paying.people.lead)
    reviewer.post(here(claim, "/do/enter"), said())
    way = EnteredWay.objects.get()
    lead.post(here(claim, "/do/check"), {"way": way.pk, "is_read": "on"})

    made = lead.post(lists(paying, f"/{way.pk}/letter"))
    assert made["Content-Disposition"].endswith(".docx")
    cashier = signed_in(paying.people.cashier)
    assert cashier.post(lists(paying, f"/{way.pk}/letter")).status_code == 403


def test_where_money_goes_asks_for_the_code_again(
    paying: Paying, claim: Claim, signed_in: SignIn
) -> None:
    lead = signed_in(paying.people.lead)
    Session.objects.update(confirmed_at="2020-01-01T00:00:00Z")

    answer = lead.post(here(claim, "/do/enter"), said())

    assert answer["Location"] == f"/enter/code?next={here(claim)}"
    assert not EnteredWay.objects.exists()


def test_the_court_looks_on(paying: Paying, claim: Claim, signed_in: SignIn) -> None:
    judge = signed_in(paying.people.judge)

    page = text_at(judge, here(claim)) + text_at(judge, lists(paying))

    assert "/do/" not in page
    with nothing_changes():
        assert judge.post(here(claim, "/do/enter"), said()).status_code == 403
        table = sheet((claim.number, "1", "现场领取", "", SOURCE))
        refused = judge.post(lists(paying, "/do/hand-in"), {"file": table})
    assert refused.status_code == 403
