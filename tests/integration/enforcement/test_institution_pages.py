"""Pages of institutions: by hand, from a workbook, a fingerprint compared, switched on."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from devices import device_of
from factories_inquiries import Bureau
from factories_institutions import (
    PARTY,
    Office,
    letter_digits,
    make_entry,
    make_office,
    make_own_institution,
)
from zhipo.enforcement import courts
from zhipo.enforcement.actions.institutions import register_institutions
from zhipo.enforcement.entries import BadEntries
from zhipo.enforcement.institution_sheet import COLUMNS, read_institutions, write_template
from zhipo.enforcement.models import Institution
from zhipo.gateways.institutions.messages import ObjectKind

pytestmark = pytest.mark.django_db
HOME = "/bureau/institutions"


@pytest.fixture
def office(bureau: Bureau) -> Office:
    return make_office(bureau.court)


@pytest.fixture
def clerk(office: Office) -> Client:
    return device_of(office.clerk)


@pytest.fixture
def president(office: Office) -> Client:
    return device_of(office.president)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def filled_in(**changes: str) -> dict[str, Any]:
    entry = make_entry()
    return {
        "party": entry.party,
        "institution": entry.name,
        "institution_kind": "bank",
        "server_address": entry.address,
        "key_id": entry.key_id,
        "public_key": entry.public_key,
        "holds": ["bank_account"],
        "contact": entry.contact,
        **changes,
    }


def test_from_the_form_to_being_asked(clerk: Client, president: Client) -> None:
    added = clerk.post(f"{HOME}/add", filled_in(), follow=True)
    made = Institution.objects.get(party=PARTY)
    one = f"{HOME}/{made.pk}"
    assert "待院长确认" in text(added)
    assert "confirm" not in text(added)

    key = made.keys.get()
    shown = text(president.get(one))
    assert f"{key.fingerprint[-12:-8]} {key.fingerprint[-8:-4]}" in shown
    wrong = president.post(f"{one}/keys/{key.pk}/confirm", {"digits": "0" * 12})
    assert wrong.status_code == 409
    assert "与这个公钥的指纹不符" in text(wrong)
    president.post(f"{one}/keys/{key.pk}/confirm", {"digits": letter_digits(key)})
    on = president.post(f"{one}/switch", {"is_active": "yes"}, follow=True)

    made.refresh_from_db()
    assert made.is_active
    assert "已启用" in text(on)
    assert courts.directory().party(PARTY).address == made.address


def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(clerk: Client) -> None:
    answer = clerk.post(
        f"{HOME}/add", filled_in(public_key="AAAA", server_address="ftp://x")
    )

    assert answer.status_code == 400
    assert "不是有效的签名公钥" in text(answer)
    assert "不是可用的接口地址" in text(answer)
    assert 'value="ftp://x"' in text(answer)
    assert not Institution.objects.filter(party=PARTY).exists()


def test_the_directorys_own_are_offered_and_filled_in(clerk: Client) -> None:
    Institution.objects.filter(party="wallet-green").delete()

    offered = text(clerk.get(HOME))
    form = text(clerk.get(f"{HOME}/add?party=wallet-green"))

    assert f"{HOME}/add?party=wallet-green" in offered
    assert 'value="wallet-green"' in form
    assert 'value="湘潭' not in text(clerk.get(f"{HOME}/add?party=court-yuhu"))


def test_without_institutions_the_table_says_so(clerk: Client) -> None:
    Institution.objects.all().delete()

    assert "还没有登记协助机构" in text(clerk.get(HOME))


def test_a_further_key_and_its_faults(clerk: Client, office: Office) -> None:
    made = make_own_institution(office, make_entry())
    one = f"{HOME}/{made.pk}"

    bad = clerk.post(f"{one}/keys", {"key_id": f"{PARTY}-1", "public_key": "?"})
    assert bad.status_code == 400
    assert "不是有效的签名公钥" in text(bad)
    good = make_entry(party="x").public_key
    clerk.post(f"{one}/keys", {"key_id": "k2", "public_key": good})
    key = made.keys.get(key_id="k2")
    clerk.post(f"{one}/keys/{key.pk}/discard")

    key.refresh_from_db()
    assert key.discarded_at is not None


def test_the_address_of_a_clerk_stays_as_it_was(clerk: Client, office: Office) -> None:
    made = make_own_institution(office, make_entry())
    posted = {"institution": "新名", "server_address": "https://evil.example"}

    answer = clerk.post(f"{HOME}/{made.pk}/describe", posted, follow=True)

    made.refresh_from_db()
    assert "已保存" in text(answer)
    assert (made.name, made.address) == ("新名", make_entry().address)


def test_a_key_of_another_institution_is_not_there(
    president: Client, office: Office
) -> None:
    made = make_own_institution(office, make_entry())
    other = Institution.objects.get(party="bank-north")

    answer = president.post(f"{HOME}/{other.pk}/keys/{made.keys.get().pk}/confirm", {})

    assert answer.status_code == 404


def workbook(path: Path, *rows: dict[str, str]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(rows[0]))
        for line, row in enumerate(rows, start=1):
            sheet.write_row(line, 0, list(row.values()))
    return path


def row(number: int, **changes: str) -> dict[str, str]:
    values = {
        "机构代号": f"bank-{number}",
        "机构名称": f"银行{number}",
        "机构类别": "银行",
        "接口地址": f"https://{number}.example",
        "公钥名称": f"bank-{number}-1",
        "公钥": make_entry().public_key,
        "保管的财产种类": "银行账户、待结算款",
        "联系人和电话": "",
    }
    return {**values, **changes}


def post_file(client: Client, path: Path) -> Any:
    upload = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(f"{HOME}/file", {"file": upload}, follow=True)


def test_a_workbook_registers_many_and_again_none(clerk: Client, tmp_path: Path) -> None:
    book = workbook(tmp_path / "a.xlsx", *(row(one) for one in range(40)))

    said = text(post_file(clerk, book))
    post_file(clerk, book)

    assert "已登记 40 个机构" in said
    found = Institution.objects.filter(name__startswith="银行")
    assert found.count() == 40
    assert found.get(party="bank-7").holds == ["bank_account", "settlement_balance"]


def test_every_fault_of_a_workbook_is_told_by_row(clerk: Client, tmp_path: Path) -> None:
    before = Institution.objects.count()
    book = workbook(
        tmp_path / "a.xlsx", row(1), row(2, 机构类别="当铺"),
        row(3, 保管的财产种类="黄金"),
    )  # fmt: skip

    answer = post_file(clerk, book)

    assert answer.status_code == 400
    for word in ("当铺", "黄金", "机构类别"):
        assert word in text(answer)
    assert Institution.objects.count() == before


def test_the_template_is_what_is_read(clerk: Client, tmp_path: Path) -> None:
    answer = clerk.get(f"{HOME}/template")
    file = io.BytesIO(b"".join(answer.streaming_content))  # type: ignore[attr-defined]

    sheet: Any = openpyxl.load_workbook(file).worksheets[0]

    assert [cell.value for cell in sheet[1]] == list(row(1))
    empty = tmp_path / "empty.xlsx"
    with empty.open("wb") as target:
        write_template(target)
    assert read_institutions(empty) == []


def test_a_csv_with_bare_names_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    key = make_entry().public_key
    lines = [",".join(COLUMNS), f"bank-1,B,bank,https://b.example,k,{key},shop;domain,"]
    path.write_text("\n".join(lines), encoding="utf-8")

    (entry,) = read_institutions(path)

    assert entry.holds == (ObjectKind.SHOP, ObjectKind.DOMAIN)
    assert entry.place == 2


def test_a_column_too_many_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadEntries) as refused:
        read_institutions(workbook(tmp_path / "a.xlsx", row(1, 备注="x")))

    assert [one.key for one in refused.value.faults] == ["column_unknown"]


def test_a_refused_switch_says_why(president: Client, office: Office) -> None:
    (made,) = register_institutions(entries=[make_entry()], by=office.clerk)

    answer = president.post(f"{HOME}/{made.pk}/switch", {"is_active": "yes"})

    assert answer.status_code == 409
    assert "还没有确认的公钥" in text(answer)
