"""Every list of the desk goes out as a workbook: as its page shows it, names masked."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from factories import (
    make_case,
    make_claim,
    make_creditor,
    make_evidence,
    make_holder,
    make_staff,
)
from factories_payouts import approved, make_payee, make_released
from factories_plans import make_funded_case
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.claims.models import Claim, Objection
from zhipo.claims.states import PayoutChannel
from zhipo.payouts.actions.depositing import deposit_overdue
from zhipo.portals.desk.lists import LISTS
from zhipo.portals.desk.searching import sealed
from zhipo.web.words import say

SignIn = Callable[[User], Client]
NAME, PHONE = "王小明", "13800138000"


def rows_of(answer: Any) -> list[tuple[Any, ...]]:
    assert answer.status_code == 200
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    return [row for sheet in book for row in sheet.iter_rows(values_only=True)]


def export(client: Client, case: Any, name: str, query: str = "") -> Any:
    return client.post(f"/desk/{case.slug}/lists/{name}/export?{query}")


OF_PAYMENT = ("orders", "deposits", "movements")


def paid_case() -> tuple[Any, User]:
    """A case whose plan is being paid, one share of it reserved; and its lead."""
    case, people = make_funded_case()
    make_payee(case, 27_188, PayoutChannel.CASH)
    make_payee(case, 9_000, PayoutChannel.CASH, identity="unproven")
    make_released(approved(case, people))
    deposit_overdue()
    return case, people.lead


@pytest.fixture
def full(case: Any, lead: User) -> Any:
    """A case with one row at least in every list that is not of payment."""
    make_evidence(case, manifest={"rows": 12_000, "events": 11_999})
    make_claim(case, make_holder(case))
    doubtful = make_claim(case, make_holder(case), state="filed", decision="manual",
                          admitted_fen=0, reasons=["NO_LEDGER"], is_late=True)  # fmt: skip
    make_claim(case, kind="employee", state="filed", claimant="李职工",
               filed_through="listed")  # fmt: skip
    Objection.objects.create(claim=doubtful, by=make_creditor(), at=timezone.now(),
                             text="少算了。" * 40)  # fmt: skip
    return case


@pytest.mark.parametrize("name", list(LISTS))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_list_is_exported_with_its_own_columns_and_names_masked(
    full: Any, lead: User, signed_in: SignIn, name: str, language: str
) -> None:
    case, by = paid_case() if name in OF_PAYMENT else (full, lead)
    client = signed_in(by)
    client.cookies["zhipo_lang"] = language
    query = f"q={sealed(NAME, by=by)}" if name == "search" else ""

    head, *rows = rows_of(export(client, case, name, query))

    lang = "en" if language == "en" else "zh"
    titles = [say(f"desk.column.{key}", lang=lang) for key in LISTS[name].shown]
    assert [
        str(one).removesuffix("（元）").removesuffix(" (yuan)") for one in head
    ] == titles
    assert rows
    cells = [str(cell) for row in rows for cell in row]
    assert not any(NAME in cell or PHONE in cell or "李职工" in cell for cell in cells)


@pytest.mark.parametrize("name", list(LISTS))
def test_every_list_can_be_exported_empty(
    case: Any, lead: User, signed_in: SignIn, name: str
) -> None:
    assert len(rows_of(export(signed_in(lead), case, name))) == 1


def test_export_follows_filter_order_and_columns_of_the_page(
    case: Any, lead: User, signed_in: SignIn
) -> None:
    fens = (100, 90_000, 60_000)
    claims = {fen: make_claim(case, make_holder(case), claimed_fen=fen) for fen in fens}
    query = "least=500&sort=-claimed_fen&col=number&col=claimed_fen&page=2"

    _, *rows = rows_of(export(signed_in(lead), case, "claims", query))

    assert rows == [(claims[90_000].number, 900), (claims[60_000].number, 600)]


def test_export_says_an_objection_whole_and_counts_as_numbers(
    full: Any, lead: User, signed_in: SignIn
) -> None:
    client = signed_in(lead)
    text = Objection.objects.get().text

    page = client.get(f"/desk/{full.slug}/objections").content.decode()
    objections = rows_of(export(client, full, "objections"))
    books = rows_of(export(client, full, "evidence"))

    assert text not in page
    assert any(text in row for row in objections)
    assert any(12_000 in row for row in books)


def test_export_is_a_workbook_without_formulas(
    case: Any, lead: User, signed_in: SignIn
) -> None:
    make_claim(case, None, state="filed", claimant="=cmd|' /C calc'!A0", kind="supplier")
    answer = export(signed_in(lead), case, "claims")

    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert sheet.max_row == 2
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    amounts = [cell.value for cell in sheet[2] if cell.data_type == "n"]
    assert 271.88 in amounts


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMINISTRATOR_LEAD, 200), (Role.BANKRUPTCY_JUDGE, 200),
     (Role.ADMINISTRATOR_REVIEWER, 403), (Role.ADMINISTRATOR_CASHIER, 403)],
)  # fmt: skip
def test_list_of_the_register_goes_out_by_the_power_to_export_it(
    full: Any, signed_in: SignIn, role: Role, status: int
) -> None:
    home = full.court if role == Role.BANKRUPTCY_JUDGE else full.administrator
    client = signed_in(make_staff(role, home))

    assert export(client, full, "register").status_code == status
    page = client.get(f"/desk/{full.slug}/register").content.decode()
    assert ("lists/register/export" in page) is (status == 200)
    assert export(client, full, "claims").status_code == 200


def test_list_that_is_not_there_or_not_ones_own(
    full: Any, lead: User, signed_in: SignIn
) -> None:
    stranger = make_staff(Role.ADMINISTRATOR_LEAD, make_case().administrator)

    client = signed_in(lead)

    assert export(client, full, "nothing").status_code == 404
    assert export(signed_in(stranger), full, "claims").status_code == 404
    assert client.get(f"/desk/{full.slug}/lists/claims/export").status_code == 405
    assert Claim.objects.count() == 3
