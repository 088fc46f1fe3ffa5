"""Search at the desk: found by what people say, in no address, by every act findable."""

import logging
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from factories import TODAY, make_case, make_claim, make_creditor, make_holder, make_staff
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.claims.actions import entering, filing, others
from zhipo.claims.actions.entering import Arrival
from zhipo.claims.actions.others import Statement
from zhipo.claims.models import Claim, Holder
from zhipo.claims.queries.finding import found
from zhipo.claims.states import ClaimKind, FiledThrough
from zhipo.portals.desk import searching
from zhipo.privacy.columns import lookup_hash

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
ID_NO, PHONE, CODE = "11010519491231002X", "+8613800138000", "91430300MA4L00000R"
FIRM = "湘潭市诚信商贸有限公司"
SAID = Statement(ClaimKind.SUPPLIER, FIRM, 7_000_000, "货款", details={"credit_code": CODE})
WAYS = ["王小明", "13800138000", "138 0013 8000", "8000", "002X", "002x", ID_NO, "number"]


def in_books(case: Any, **given: Any) -> Claim:
    holder = make_holder(case, id_no=ID_NO, id_hash=lookup_hash("id_no", ID_NO), **given)
    return make_claim(case, holder, state="filed")


def search(client: Client, case: Any, text: str) -> Any:
    return client.post(f"/desk/{case.slug}/search", {"looked_for": text}, follow=True)


@pytest.mark.parametrize("text", WAYS)
def test_somebody_in_the_books_is_found_by_what_they_say(
    case: Any, lead: User, signed_in: SignIn, text: str
) -> None:
    claim, elsewhere = in_books(case), in_books(make_case())
    stranger = make_claim(
        case, make_holder(case, "+8613900139999", name_hash="x"), state="filed"
    )

    page = search(signed_in(lead), case, claim.number if text == "number" else text)

    shown = page.content.decode()
    assert f'/claims/{claim.pk}"' in shown
    assert f'/claims/{elsewhere.pk}"' not in shown
    assert f'/claims/{stranger.pk}"' not in shown


@pytest.mark.parametrize(
    "text",
    [
        FIRM,
        "湘潭市诚信商贸",
        "湘潭市诚信商贸有限责任公司",
        " 湘潭市 诚信商贸",
        CODE,
        CODE.lower(),
    ],
)
def test_a_firm_is_found_by_name_and_credit_code(case: Any, lead: Any, text: str) -> None:
    claim = entering.enter_statement(
        case_id=case.pk, said=SAID, form_key="k", by=lead,
        arrival=Arrival(FiledThrough.POST, TODAY),
    )  # fmt: skip
    make_claim(case, kind="supplier", state="filed", claimant="湘潭市诚信果业有限公司")
    make_claim(make_case(), kind="supplier", state="filed", claimant=FIRM)

    assert list(found(case, text)) == [claim]


def test_supplier_is_found_by_the_phone_they_signed_in_with(case: Any) -> None:
    by = make_creditor("+8613911112222")
    claim = others.file_statement(case_id=case.pk, said=SAID, form_key="k", by=by)

    assert list(found(case, "139 1111 2222")) == [claim]
    assert not found(case, "13911112223").exists()


def test_every_act_that_names_a_creditor_makes_the_claim_findable(
    case: Any, lead: Any
) -> None:
    by = make_creditor()
    stated = others.file_statement(case_id=case.pk, said=SAID, form_key="k", by=by)
    filing.withdraw_claim(claim_id=stated.pk, by=by)
    again = filing.file_again(claim_id=stated.pk, by=by)
    worker = Statement(ClaimKind.EMPLOYEE, "李职工", 500_000, "工资")
    listed = entering.list_employee(case_id=case.pk, said=worker, form_key="l", by=lead)

    assert set(found(case, CODE)) == set(found(case, FIRM)) == {stated, again}
    assert list(found(case, "李职工")) == [listed]


@pytest.mark.parametrize("text", ["", "  ", "0000", "13800000000", "无此人", CODE, "*"])
def test_nobody_is_found_by_what_nobody_is_called(case: Any, text: str) -> None:
    in_books(case)
    make_claim(case, kind="supplier", state="filed", claimant="")

    assert not found(case, text).exists()


@pytest.mark.parametrize(
    "change",
    [
        {"claimant": "别的公司", "claimant_hash": ""},
        {"claimant": b"", "claimant_hash": "x"},
        {"details": {"credit_code": CODE}, "credit_code_hash": ""},
    ],
)
def test_database_refuses_a_claim_that_cannot_be_found(
    case: Any, change: dict[str, Any]
) -> None:
    claim = make_claim(case, kind="supplier", state="filed", claimant="甲")

    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(**change)


def test_database_refuses_a_holder_whose_number_cannot_be_found(case: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Holder.objects.create(case=case, holder_id="H", id_no=ID_NO)


def test_migration_makes_those_findable_who_were_there_before(case: Any) -> None:
    migration = import_module("zhipo.claims.migrations.0004_search_hashes")
    claim, known = make_claim(case, kind="supplier", claimant=FIRM), in_books(case)
    right = (claim.claimant_hash, known.holder.id_tail_hash)
    Claim.objects.filter(pk=claim.pk).update(claimant_hash="stale")
    Holder.objects.filter(pk=known.holder_id).update(id_tail_hash="stale")

    migration.fill(apps, None)

    claim.refresh_from_db()
    known.holder.refresh_from_db()
    assert (claim.claimant_hash, known.holder.id_tail_hash) == right


def test_what_is_looked_for_stands_in_no_address_and_no_log(
    case: Any, lead: User, signed_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client, address = signed_in(lead), f"/desk/{case.slug}/search"
    in_books(case)

    first = client.post(address, {"looked_for": "王小明"}).headers["Location"]
    second = client.post(address, {"looked_for": "王小明"}).headers["Location"]
    page = client.get(first).content.decode()

    assert first != second
    assert "王小明" not in first
    assert "%E7" not in first
    assert 'value="王小明"' in page
    assert "王小明" not in caplog.text
    plain = client.get(address, {"q": "王小明"}).content.decode()
    assert "desk-found" not in plain
    assert "/claims/" not in plain.split("<main")[1]


def test_page_of_a_search_can_be_sorted_reloaded_and_gone_back_to(
    case: Any, lead: User, signed_in: SignIn
) -> None:
    client, claim = signed_in(lead), in_books(case)
    address = client.post(f"/desk/{case.slug}/search", {"looked_for": ID_NO}).headers[
        "Location"
    ]

    for again in (address, f"{address}&sort=-claimed_fen", f"{address}&page=1", address):
        assert claim.number in client.get(again).content.decode()


def test_search_is_for_the_one_who_asked_and_for_the_day(
    case: Any, lead: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    colleague = make_staff(Role.ADMINISTRATOR_REVIEWER, case.administrator)
    token, claim = searching.sealed(ID_NO, by=lead), in_books(case)
    address = f"/desk/{case.slug}/search?q={token}"

    assert claim.number in signed_in(lead).get(address).content.decode()
    assert claim.number not in signed_in(colleague).get(address).content.decode()
    late = timezone.now() + timedelta(hours=13)
    monkeypatch.setattr(searching.time, "time", late.timestamp)
    assert searching.opened(token, by=lead) == ""


@pytest.mark.parametrize("token", ["", "x", "QQ", "A" * 60, "é", "=" * 9, "W10"])
def test_what_is_no_search_of_ours_finds_nothing(lead: User, token: str) -> None:
    assert searching.opened(token, by=lead) == ""


@pytest.mark.parametrize(
    ("code", "status", "kept"),
    [(CODE.lower(), 302, CODE), ("", 302, None), ("9143", 422, None)],
)
def test_paper_of_a_firm_is_entered_with_its_credit_code(
    case: Any, lead: User, signed_in: SignIn, code: str, status: int, kept: str | None
) -> None:
    form = {"form_key": "p", "through": "post", "received_on": f"{TODAY}", "kind": "bank",
            "claimant": "某银行", "claimed": "100", "credit_code": code}  # fmt: skip

    answer = signed_in(lead).post(f"/desk/{case.slug}/entering", form)

    assert answer.status_code == status
    claim = Claim.objects.filter(case=case).first()
    assert (claim.details.get("credit_code") if claim else None) == kept
