"""Pages of identification: read, state, suppose, conclude, fetch the paper."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from devices import device_of
from factories import make_enforcement_case, make_organisation, make_staff
from factories_memos import make_insolvent
from zhipo.accounts.models import Organisation
from zhipo.accounts.roles import Role
from zhipo.enforcement.identification.facts import SPECS, FactKey, FactKind
from zhipo.enforcement.models import Debtor, Fact, Memo, OrderBook
from zhipo.enforcement.queries.facts import ground_of
from zhipo.web.words import say

pytestmark = pytest.mark.django_db
SAID = {"evidence": "hearing", "reference": "2025-10-20 笔录", "reason": ""}


@pytest.fixture
def debtor(court: Organisation) -> Debtor:
    return make_insolvent(court)


@pytest.fixture
def judge(court: Organisation) -> Client:
    return device_of(make_staff(Role.ENFORCEMENT_JUDGE, court))


@pytest.fixture
def clerk(court: Organisation) -> Client:
    return device_of(make_staff(Role.COURT_CLERK, court))


def page(client: Client, debtor: Debtor, part: str = "") -> str:
    answer = client.get(f"/bureau/{debtor.slug}/memo{part}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def seen(text: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', text)
    assert found
    return found[1]


def test_the_result_says_proposal_answers_articles_and_money(
    judge: Client, debtor: Debtor
) -> None:
    text = page(judge, debtor)

    assert "继续执行" in text
    assert "取得书面同意后：移送破产清算" in text
    assert "《破产法解释一》第一条" in text
    assert "条文待核对" in text  # the fast track rests on a text that nobody has read
    assert 'data-recovery="recovery"' in text
    assert "¥200,000.00" in text
    assert f"/bureau/{debtor.slug}/memo/facts/consent" in text


@pytest.mark.parametrize("key", FactKey)
def test_every_fact_has_its_page_in_both_languages(
    judge: Client, debtor: Debtor, key: FactKey
) -> None:
    chinese = page(judge, debtor, f"/facts/{key}")
    judge.cookies["zhipo_lang"] = "en"
    english = page(judge, debtor, f"/facts/{key}")

    assert f"<h1>{say(f'enforcement.fact.{key}', lang='zh')}</h1>" in chinese
    assert f"<h1>{escape(say(f'enforcement.fact.{key}', lang='en'))}</h1>" in english


def test_unknown_facts_are_not_there(judge: Client, debtor: Debtor) -> None:
    assert judge.get(f"/bureau/{debtor.slug}/memo/facts/horoscope").status_code == 404


def test_facts_are_listed_with_their_source(judge: Client, debtor: Debtor) -> None:
    text = page(judge, debtor, "/facts")

    assert "件执行案件的执行依据已发生法律效力" in text
    assert "cn.bi1.4.zhongben" in text
    assert text.count("未知") > 10


def test_a_yes_or_no_is_stated(judge: Client, debtor: Debtor) -> None:
    address = f"/bureau/{debtor.slug}/memo/facts/consent"

    answer = judge.post(address, {"value": "yes", **SAID})

    assert answer.status_code == 302
    assert ground_of(debtor).values[FactKey.CONSENT] is True
    assert "2025-10-20 笔录" in page(judge, debtor, "/facts")


def test_a_range_is_stated_in_yuan_and_a_correction_needs_its_reason(
    judge: Client, debtor: Debtor
) -> None:
    address = f"/bureau/{debtor.slug}/memo/facts/estate"
    sums = {"low": "1,000", "likely": "2000.50", "high": "3000"}

    silent = judge.post(address, {**sums, **SAID})
    downhill = judge.post(address, {**sums, "high": "1", **SAID, "reason": "x"})
    stated = judge.post(address, {**sums, **SAID, "reason": "已被划走"})

    assert (silent.status_code, downhill.status_code, stated.status_code) == (422, 400, 302)
    assert "请写明理由" in silent.content.decode()
    assert 'value="2000.50"' in silent.content.decode()
    assert ground_of(debtor).values[FactKey.ESTATE] == [100_000, 200_050, 300_000]
    assert "系统现在的数据是¥100,000.00" in page(judge, debtor, "/facts")


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        (FactKind.COUNT, "-1"),
        (FactKind.COUNT, "many"),
        (FactKind.SUM, "1.234"),
        (FactKind.YES_NO, "maybe"),
        (FactKind.ONE_OF, "firm"),
    ],
)
def test_a_bad_value_comes_back_with_its_fault(
    judge: Client, debtor: Debtor, kind: FactKind, bad: str
) -> None:
    key = next(key for key, spec in SPECS.items() if spec.kind == kind)

    answer = judge.post(f"/bureau/{debtor.slug}/memo/facts/{key}", {"value": bad, **SAID})

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert not Fact.objects.exists()


def test_a_statement_is_taken_back(judge: Client, debtor: Debtor) -> None:
    address = f"/bureau/{debtor.slug}/memo/facts/staff"
    judge.post(address, {"value": "40", **SAID})

    without = judge.post(f"{address}/withdraw", {"reason": ""})
    done = judge.post(f"{address}/withdraw", {"reason": "误认"})

    assert (without.status_code, done.status_code) == (400, 302)
    assert FactKey.STAFF not in ground_of(debtor).values
    assert "误认" in page(judge, debtor, "/facts/staff")


def test_a_clerk_reads_and_changes_nothing(clerk: Client, debtor: Debtor) -> None:
    address = f"/bureau/{debtor.slug}/memo"

    assert "作出结论" not in page(clerk, debtor)
    assert "由执行法官认定" in page(clerk, debtor, "/facts/staff")
    assert clerk.post(f"{address}/facts/staff", {"value": "1", **SAID}).status_code == 403
    assert clerk.post(f"{address}/facts/staff/withdraw", {"reason": "x"}).status_code == 403
    sent = {"road": "ENFORCE_ONLY", "seen": seen_of_judge(debtor)}
    assert clerk.post(f"{address}/make", sent).status_code == 403
    assert not Fact.objects.exists()
    assert not Memo.objects.exists()


def seen_of_judge(debtor: Debtor) -> str:
    case = debtor.cases.all()[0]
    judge = device_of(make_staff(Role.ENFORCEMENT_JUDGE, case.court))
    return seen(page(judge, debtor))


def test_a_memo_is_concluded_downloaded_and_compared(judge: Client, debtor: Debtor) -> None:
    address = f"/bureau/{debtor.slug}/memo"
    shown = seen(page(judge, debtor))

    made = judge.post(
        f"{address}/make", {"road": "ENFORCE_ONLY", "seen": shown}, follow=True
    )
    judge.post(f"{address}/facts/consent", {"value": "yes", **SAID})
    again = seen(page(judge, debtor))
    judge.post(f"{address}/make", {"road": "REFER_LIQUIDATION", "seen": again})

    assert "识别报告第1版已制作" in made.content.decode()
    second = page(judge, debtor, "/2")
    assert "事实：有书面同意移送" in second
    assert "程序建议" in second
    paper = judge.get(f"{address}/1/document")
    assert b"".join(paper.streaming_content)[:2] == b"PK"
    assert judge.get(f"{address}/3").status_code == 404
    assert judge.get(f"{address}/3/document").status_code == 404


def test_a_departure_without_reason_comes_back_with_what_was_chosen(
    judge: Client, debtor: Debtor
) -> None:
    sent = {"road": "REFER_REORG", "seen": seen(page(judge, debtor))}

    answer = judge.post(f"/bureau/{debtor.slug}/memo/make", sent)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="REFER_REORG" selected' in text
    assert not Memo.objects.exists()


def test_a_stale_page_is_shown_anew_and_can_be_sent_then(
    judge: Client, debtor: Debtor
) -> None:
    address = f"/bureau/{debtor.slug}/memo"
    old = seen(page(judge, debtor))
    judge.post(f"{address}/facts/staff", {"value": "40", **SAID})

    answer = judge.post(f"{address}/make", {"road": "ENFORCE_ONLY", "seen": old})
    fresh = seen(answer.content.decode())
    then = judge.post(f"{address}/make", {"road": "ENFORCE_ONLY", "seen": fresh})

    assert (answer.status_code, then.status_code) == (409, 302)
    assert "事实已有变化" in answer.content.decode()


def test_what_if_shows_both_and_keeps_nothing(judge: Client, debtor: Debtor) -> None:
    text = page(judge, debtor, "/what-if?consent=yes&estate=1&handling_cost=5000000")

    assert "→ <strong>无产可破，需要援助资金</strong>" in text
    assert not Fact.objects.exists()
    bad = page(judge, debtor, "/what-if?estate=much")
    assert 'role="alert"' in bad


def test_creditors_are_paged_and_named_by_number(
    judge: Client, debtor: Debtor, court: Organisation
) -> None:
    for _ in range(55):
        make_enforcement_case(debtor=debtor, court=court)

    first, second = (
        page(judge, debtor, "/creditors"),
        page(judge, debtor, "/creditors?page=2"),
    )

    names = [case.applicant for case in debtor.cases.all()]
    assert first.count("¥120,000.00") >= 50
    assert "2 / 2" in second
    assert not any(name in first + second for name in names)


def test_an_order_book_is_handed_in(judge: Client, debtor: Debtor) -> None:
    address = f"/bureau/{debtor.slug}/memo/orders"
    orders = b"order_id,buyer_id,at,fen\nO1,A,2025-10-22T10:00:00,100\n"
    bad = b"order_id,buyer_id,at,fen\nO1,A,soon,100\n"

    refused = judge.post(
        address, {"source": "某平台", "file": SimpleUploadedFile("o.csv", bad)}
    )
    empty = judge.post(address, {"source": "某平台"})
    taken = judge.post(
        address, {"source": "某平台", "file": SimpleUploadedFile("o.csv", orders)}
    )

    assert [one.status_code for one in (refused, empty, taken)] == [422, 400, 302]
    assert "没有接收" in refused.content.decode()
    assert OrderBook.objects.get().buyers == 1
    assert "1行，买家1人" in page(judge, debtor, "/facts")


def test_another_bureaus_debtor_is_not_there(judge: Client) -> None:
    other = make_insolvent(make_organisation())

    for part in ("", "/facts", "/facts/staff", "/what-if", "/creditors", "/1"):
        assert judge.get(f"/bureau/{other.slug}/memo{part}").status_code == 404


def test_a_sole_trader_sees_why_no_bankruptcy_is_open(
    judge: Client, court: Organisation
) -> None:
    shop = make_insolvent(court, entity="sole_trader")

    text = page(judge, shop)

    assert "按比例参与分配" in text
    assert "不具备破产资格" in text
    assert "如果情况不同" in page(judge, shop, "/what-if?consent=yes")
    assert page(judge, shop, "/creditors")


def test_a_debtor_without_open_cases_has_designed_empty_pages(
    judge: Client, court: Organisation
) -> None:
    case = make_enforcement_case(court=court, state="closed")

    assert "没有未结的执行案件" in page(judge, case.debtor)
    assert "没有未结的执行案件" in page(judge, case.debtor, "/creditors")
    assert page(judge, case.debtor, "/what-if?estate=100")
