"""The money pages: entered by the cashier, taken back by the lead, held against a bill."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from devices import device_of, text_of
from factories import make_case, make_staff
from factories_plans import (
    TODAY,
    People,
    make_approved,
    make_confirmed,
    make_funded_case,
    put_money,
)
from zhipo.accounts.roles import Role
from zhipo.cases.models import Case
from zhipo.distributions.chart import BANK, GENERAL
from zhipo.distributions.models import Bill
from zhipo.ledger.models import Account, Transaction
from zhipo.ledger.queries import balance_fen

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).resolve().parents[2] / "unit" / "engine" / "evidence" / "samples"


@pytest.fixture
def funded() -> tuple[Case, People]:
    return make_funded_case()


def at(case: Case, rest: str = "") -> str:
    return f"/desk/{case.slug}/money{rest}"


def form(**given: Any) -> dict[str, Any]:
    values = {
        "form_key": "f-1", "source": "recovered", "account": BANK, "pool": GENERAL,
        "fen": "1,234.56", "value_on": TODAY.isoformat(), "reference": "R-7",
        "evidence": "回单7",
    }  # fmt: skip
    return values | given


def test_the_cashier_enters_money_and_it_stands_in_the_balance(
    funded: tuple[Case, People],
) -> None:
    case, people = funded
    browser = device_of(people.cashier)

    answer = browser.post(at(case, "/enter"), form(), follow=True)

    assert answer.status_code == 200
    assert "¥1,234.56" in text_of(answer)
    assert balance_fen(case.number, BANK) == 10_000_000 + 123_456
    browser.post(at(case, "/enter"), form())
    assert balance_fen(case.number, BANK) == 10_000_000 + 123_456


@pytest.mark.parametrize(
    "wrong",
    [
        {"fen": "0"},
        {"fen": "ten"},
        {"value_on": (TODAY + timedelta(days=1)).isoformat()},
        {"source": "luck"},
        {"pool": "bank"},
        {"evidence": ""},
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(
    funded: tuple[Case, People], wrong: dict[str, str]
) -> None:
    case, people = funded

    answer = device_of(people.cashier).post(at(case, "/enter"), form(**wrong))

    assert answer.status_code in (400, 409)
    assert 'value="R-7"' in text_of(answer)
    assert 'role="alert"' in text_of(answer)
    assert Transaction.objects.filter(book=case.number).count() == 1


def test_others_enter_nothing_and_see_no_form(funded: tuple[Case, People]) -> None:
    case, people = funded

    for user in (people.lead, people.reviewer, people.judge, people.clerk):
        browser = device_of(user)
        assert at(case, "/enter") not in text_of(browser.get(at(case)))
        assert browser.post(at(case, "/enter"), form()).status_code == 403
    assert Transaction.objects.filter(book=case.number).count() == 1


def test_the_lead_takes_a_wrong_entry_back_with_a_reason(
    funded: tuple[Case, People],
) -> None:
    case, people = funded
    (receipt,) = Transaction.objects.filter(book=case.number)
    address = at(case, f"/movements/{receipt.pk}/back")

    refused = device_of(people.lead).post(address, {"reason": " "})
    assert refused.status_code == 400
    assert device_of(people.cashier).post(address, {"reason": "x"}).status_code == 403
    done = device_of(people.lead).post(address, {"reason": "误记"}, follow=True)

    assert done.status_code == 200
    assert balance_fen(case.number, BANK) == 0
    again = device_of(people.lead).post(address, {"reason": "误记"})
    assert again.status_code == 302
    assert Transaction.objects.filter(book=case.number).count() == 2


def test_an_account_and_a_pool_are_opened_with_their_earmark(
    funded: tuple[Case, People],
) -> None:
    case, people = funded
    lien = make_confirmed(case, 9_000, kind="secured")

    device_of(people.cashier).post(
        at(case, "/accounts"), {"title": "微信商户号", "kind": "payment", "code": "wx"}
    )
    pool = {"title": "质押存货", "name": "lien-1", "secures": f"{lien.number},",
            "basis": "", "evidence": ""}  # fmt: skip
    device_of(people.lead).post(at(case, "/pools"), pool)

    assert Account.objects.get(book=case.number, code="payment:wx").title == "微信商户号"
    found = Account.objects.get(book=case.number, code="pool:lien-1")
    assert found.earmark == {"secures": [lien.number]}
    assert lien.number in text_of(device_of(people.judge).get(at(case)))
    other = device_of(people.lead).post(at(case, "/pools"), {**pool, "secures": "X-1"})
    assert other.status_code == 409


def test_the_balance_of_a_past_day_is_empty_before_the_first_entry(
    funded: tuple[Case, People],
) -> None:
    case, people = funded
    browser = device_of(people.judge)
    yesterday = TODAY - timedelta(days=1)

    now, before = browser.get(at(case)), browser.get(at(case), {"on": f"{yesterday}"})

    assert "¥100,000.00" in _balance(now)
    assert "¥100,000.00" not in _balance(before)
    assert browser.get(at(case), {"on": "soon"}).status_code == 200


def _balance(answer: Any) -> str:
    return text_of(answer).split("<tfoot>")[0]


def test_movements_are_found_by_reference_sum_and_account_and_exported(
    funded: tuple[Case, People],
) -> None:
    case, people = funded
    put_money(case, people, 777_700, reference="R-777")
    browser = device_of(people.lead)

    for query in ({"text": "R-777"}, {"text": "7777"}, {"text": "¥7,777.00"}):
        shown = text_of(browser.get(at(case, "/movements"), query))
        assert "¥7,777.00" in shown
        assert "¥100,000.00" not in shown
    assert "R-777" in text_of(browser.get(at(case, "/movements"), {"account": BANK}))
    none = browser.get(at(case, "/movements"), {"account": "tax"})
    assert "R-777" not in text_of(none)
    late = {"since": (TODAY + timedelta(days=1)).isoformat()}
    assert "R-777" not in text_of(browser.get(at(case, "/movements"), late))
    file = browser.post(f"/desk/{case.slug}/lists/movements/export?text=R-777")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    assert sheet.max_row == 2
    row = Transaction.objects.get(reference="R-777")
    assert "R-777" in text_of(browser.get(at(case, f"/movements/{row.pk}")))


def test_queries_do_not_grow_with_the_movements(funded: tuple[Case, People]) -> None:
    case, people = funded
    browser = device_of(people.lead)

    def asked(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert browser.get(at(case, path)).status_code == 200
        return len(found)

    before = {path: asked(path) for path in ("", "/movements")}
    for place in range(5):
        put_money(case, people, 1_000 + place)

    assert {path: asked(path) for path in before} == before


def test_a_bill_is_held_against_the_book_and_the_rest_listed_both_ways(
    funded: tuple[Case, People],
) -> None:
    case, people = funded
    browser = device_of(people.cashier)

    answer = upload(browser, case, (SAMPLES / "icbc.csv").read_bytes())

    assert answer.status_code == 302
    bill = Bill.objects.get(case=case)
    page = text_of(browser.get(answer.headers["Location"]))
    assert bill.matched == 0
    assert "¥1,200.00" in page
    file = browser.get(at(case, f"/bills/{bill.pk}/export"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    assert sheet.max_row == 1 + len(bill.differences)
    assert bill.name in text_of(browser.get(at(case, "/bills")))
    again = upload(browser, case, (SAMPLES / "icbc.csv").read_bytes())
    assert again.headers["Location"] == answer.headers["Location"]


def test_a_file_that_is_no_bill_is_refused_with_its_faults(
    funded: tuple[Case, People],
) -> None:
    case, people = funded

    answer = upload(device_of(people.lead), case, b"a,b\n1,2\n")

    assert answer.status_code == 422
    assert "bill.csv" in text_of(answer)
    assert not Bill.objects.exists()
    assert upload(device_of(people.judge), case, b"").status_code in (400, 403)


def test_an_approval_is_one_movement_whose_sides_fit_a_row(
    funded: tuple[Case, People],
) -> None:
    case, people = funded
    make_confirmed(case, 9_000_000)
    make_confirmed(case, 9_000_000, kind="supplier")
    make_approved(case, people)
    browser = device_of(people.judge)

    page = text_of(browser.get(at(case, "/movements")))
    file = browser.post(f"/desk/{case.slug}/lists/movements/export")

    assert "另外 2 个账户" in page
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert any("应付普通债权" in one and "应付消费者预付款债权" in one for one in cells)
    assert "✓ 借贷相等" in text_of(browser.get(at(case)))


def test_a_case_without_a_book_says_so() -> None:
    case = make_case(phase="filing")
    lead = make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)

    page = text_of(device_of(lead).get(at(case)))

    assert "还没有账簿" in page
    assert "还没有登记收入" in page


def test_the_money_of_another_case_is_not_there(funded: tuple[Case, People]) -> None:
    case, _ = funded
    _, others = make_funded_case()
    (receipt,) = Transaction.objects.filter(book=case.number)
    stranger = device_of(others.lead)

    for rest in ("", "/movements", f"/movements/{receipt.pk}", "/bills"):
        assert stranger.get(at(case, rest)).status_code == 404
    back = stranger.post(at(case, f"/movements/{receipt.pk}/back"), {"reason": "x"})
    assert back.status_code == 404


def upload(browser: Client, case: Case, content: bytes) -> Any:
    file = SimpleUploadedFile("对账单.csv", content)
    given = {"account": BANK, "read_as": "icbc", "bill": file}
    return browser.post(at(case, "/bills/read"), given)
