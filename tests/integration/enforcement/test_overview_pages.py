"""The bureau's list of debtors and the first page of one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from devices import device_of
from factories import make_debtor, make_enforcement_case, make_staff
from zhipo.accounts.models import Organisation
from zhipo.accounts.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def judge(court: Organisation) -> Client:
    return device_of(make_staff(Role.ENFORCEMENT_JUDGE, court))


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_new_court_reads_what_to_do_first(judge: Client) -> None:
    assert "还没有登记执行案件" in text_of(judge, "/bureau/")


def test_the_list_sums_all_courts_but_names_own_debtors_alone(
    court: Organisation, judge: Client
) -> None:
    debtor = make_debtor(name="湘潭甲商贸有限公司")
    make_enforcement_case(debtor=debtor, court=court, amount_fen=100_00, paid_fen=30_00)
    make_enforcement_case(debtor=debtor, amount_fen=200_00)
    make_enforcement_case(debtor=debtor, amount_fen=500_00, state="closed")
    make_enforcement_case(debtor=make_debtor(name="别处乙商贸有限公司"))

    page = text_of(judge, "/bureau/")

    assert "湘潭甲商贸有限公司" in page
    assert "¥270.00" in page
    assert "别处乙商贸有限公司" not in page


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("q=甲商贸", True),
        ("q=91430302MA4L123456", True),
        ("q=鲜享家", True),
        ("q=执9001号", True),
        ("q=丙", False),
        ("stage=referring", False),
        ("stage=enforcing&entity=company", True),
        ("entity=sole_trader", False),
    ],
)
def test_the_list_is_searched(
    court: Organisation, judge: Client, query: str, is_found: bool
) -> None:
    debtor = make_debtor(name="湘潭甲商贸有限公司", credit_code="91430302MA4L123456")
    make_enforcement_case(debtor=debtor, court=court, number="（2025）湘0302执9001号")

    page = text_of(judge, f"/bureau/?{query}")

    assert ("湘潭甲商贸有限公司" in page) == is_found


def test_a_sole_traders_page_says_why_it_is_kept_out_of_referral(
    court: Organisation, judge: Client
) -> None:
    shop = make_debtor(name="雨湖区小李水果店", entity="sole_trader")
    make_enforcement_case(debtor=shop, court=court)

    page = text_of(judge, f"/bureau/{shop.slug}/")

    assert "不进入移送" in page
    assert "参与分配" in page


def test_the_pages_speak_english(court: Organisation, judge: Client) -> None:
    debtor = make_enforcement_case(court=court).debtor
    judge.cookies["zhipo_lang"] = "en"

    assert "Still owed" in text_of(judge, "/bureau/")
    assert "Who it is" in text_of(judge, f"/bureau/{debtor.slug}/")


def test_another_courts_debtor_is_not_there(judge: Client) -> None:
    debtor = make_enforcement_case().debtor

    assert judge.get(f"/bureau/{debtor.slug}/").status_code == 404


@pytest.mark.parametrize(
    "tab", ["cases", "inquiries", "properties", "referral", "stay", "memo"]
)
def test_a_page_asks_for_a_persons_powers_once(
    court: Organisation, judge: Client, tab: str
) -> None:
    """The frame of every page says which of the acts are open: not a query for each."""
    case = make_enforcement_case(court=court)
    address = f"/bureau/{case.debtor.slug}/{tab}"
    judge.get(address)

    with CaptureQueriesContext(connection) as asked:
        assert judge.get(address).status_code == 200

    courts = [one for one in asked if 'SELECT "enforcement_enforcementcase"."court_id"'
              in one["sql"]]  # fmt: skip
    assert len(courts) <= 2, f"{len(courts)} of {len(asked)} queries"
