"""The pages walked: sealed and sent at the bureau, received and accepted at the court,
taken over at the desk; refusals come back with what was typed."""

import io
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from devices import device_of
from factories import make_staff
from factories_bundles import (
    DAY,
    World,
    empty_installation,
    kind_of_administrator,
    make_sender,
)
from zhipo.accounts.models import Appointment, Organisation
from zhipo.accounts.roles import Role
from zhipo.cases.models import Case
from zhipo.enforcement.bundle.storing import below_files
from zhipo.enforcement.models import (
    Asset,
    Debtor,
    ReceivedBundle,
    Referral,
    SealedBundle,
)
from zhipo.enforcement.referral_states import ReferralState

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return make_sender(
        tmp_path, monkeypatch, name="湘潭鲜享家电子商务有限公司", brand="鲜享家"
    )


def browser(role: Role, organisation: Organisation) -> Client:
    user = make_staff(role, organisation)
    Appointment.objects.filter(user=user).update(since=DAY)
    return device_of(user)


@pytest.fixture
def bureau(world: World) -> Client:
    return browser(Role.ENFORCEMENT_JUDGE, world[Referral].sending)


@pytest.fixture
def court(world: World) -> Client:
    return browser(Role.BANKRUPTCY_JUDGE, world[Referral].receiving)


def at_bureau(world: World, step: str = "") -> str:
    return f"/bureau/{world[Debtor].slug}/bundle{step}"


def sent(world: World, bureau: Client) -> SealedBundle:
    bureau.post(at_bureau(world, "/send"), {"is_read": "on"})
    return SealedBundle.objects.get()


def arrival() -> dict[str, str]:
    today = Referral.objects.values_list("sent_on", flat=True).first()
    return {"received_on": str(today or DAY), "review_number": "（2026）湘03破申1号"}


def test_sealing_shows_parts_gaps_and_the_file(world: World, bureau: Client) -> None:
    bureau.post(at_bureau(world, "/seal"))

    page = bureau.get(at_bureau(world)).content.decode()
    sealed = SealedBundle.objects.get()
    assert sealed.sha256[:16] in page
    assert "查封冻结清单" in page
    file = bureau.get(at_bureau(world, f"/{sealed.pk}"))
    assert b"".join(file.streaming_content) == below_files(sealed.path).read_bytes()


def test_sending_asks_for_a_tick_and_is_then_done(world: World, bureau: Client) -> None:
    refused = bureau.post(at_bureau(world, "/send"))
    assert refused.status_code == 400
    assert Referral.objects.get().state == ReferralState.SERVED

    sent(world, bureau)

    assert Referral.objects.get().state == ReferralState.SENT
    assert 'action="' + at_bureau(world, "/send") not in (
        bureau.get(at_bureau(world)).content.decode()
    )


def test_without_keys_the_page_says_so(
    world: World, bureau: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZHIPO_INQUIRY_DIRECTORY")

    answer = bureau.post(at_bureau(world, "/seal"))

    assert answer.status_code == 400
    assert "密钥目录" in answer.content.decode()


def test_received_in_one_click_content_and_gaps_are_shown(
    world: World, bureau: Client, court: Client
) -> None:
    sent(world, bureau)
    place = f"/court/referrals/{world[Referral].pk}/"
    assert "尚未校验" in court.get(place).content.decode()

    answer = court.post(f"{place}receive", arrival())

    assert answer.status_code == 302
    page = court.get(place).content.decode()
    assert "湘潭供应商有限公司" in page
    assert ReceivedBundle.objects.get().sha256[:16] in page


def test_a_changed_file_is_refused_with_its_faults_and_what_was_typed(
    world: World, bureau: Client, court: Client
) -> None:
    content = bytearray(below_files(sent(world, bureau).path).read_bytes())
    content[len(content) // 2] ^= 1
    file = SimpleUploadedFile("a.zip", bytes(content))

    answer = court.post("/court/referrals/file", {**arrival(), "bundle": file})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "移交包不可信" in page
    assert "（2026）湘03破申1号" in page
    assert not ReceivedBundle.objects.exists()


def test_a_file_of_another_installation_is_received(
    world: World, bureau: Client, court: Client
) -> None:
    content = below_files(sent(world, bureau).path).read_bytes()
    typed = arrival()
    empty_installation()

    file = SimpleUploadedFile("a.zip", content)
    answer = court.post("/court/referrals/file", {**typed, "bundle": file})

    referral = Referral.objects.get()
    assert answer.headers["Location"] == f"/court/referrals/{referral.pk}/"
    assert "湘潭鲜享家" in court.get("/court/referrals/").content.decode()


def test_acceptance_opens_the_case_and_the_desk_has_everything(
    world: World, bureau: Client, court: Client
) -> None:
    sent(world, bureau)
    place = f"/court/referrals/{world[Referral].pk}/"
    typed = arrival()
    court.post(f"{place}receive", typed)
    firm = kind_of_administrator()
    ruling = {
        "number": "（2026）湘03破申1号之一", "ruled_on": typed["received_on"],
        "case_number": "（2026）湘03破1号", "administrator_id": str(firm.pk),
    }  # fmt: skip
    assert court.post(f"{place}accept", ruling).status_code == 400

    answer = court.post(f"{place}accept", {**ruling, "is_read": "on"})

    assert answer.status_code == 302
    case = Case.objects.get()
    desk = browser(Role.ADMINISTRATOR_LEAD, firm)
    for reader in (desk, court):
        page = reader.get(f"/desk/{case.slug}/estate").content.decode()
        assert Asset.objects.get().target.label in page
        assert "湘潭供应商有限公司" in page
    asset = Asset.objects.get()
    taking = f"/desk/{case.slug}/estate/{asset.pk}"
    assert desk.post(taking, {"handed_over_on": "2000-01-01"}).status_code == 409
    assert court.post(taking, {"handed_over_on": typed["received_on"]}).status_code == 403
    assert desk.post(taking, {"handed_over_on": typed["received_on"]}).status_code == 302
    asset.refresh_from_db()
    assert str(asset.handed_over_on) == typed["received_on"]


def test_the_workbook_has_a_sheet_for_each_list(
    world: World, bureau: Client, court: Client
) -> None:
    test_acceptance_opens_the_case_and_the_desk_has_everything(world, bureau, court)

    answer = court.get(f"/desk/{Case.objects.get().slug}/estate/export")

    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["财产", "查封冻结", "执行款物", "已知债权人", "交易流水证据"]
    assert book["查封冻结"]["F2"].value == 5


def test_a_case_from_elsewhere_has_an_empty_page(court: Client, world: World) -> None:
    case = Case.objects.create(
        slug="plain", number="（2026）湘03破9号", debtor="另一公司", brand="另",
        court=world[Referral].receiving, administrator=kind_of_administrator(),
        accepted_on=DAY,
    )  # fmt: skip

    assert "没有可以接管" in court.get(f"/desk/{case.slug}/estate").content.decode()
    assert court.get(f"/desk/{case.slug}/estate/export").status_code == 404


def test_refusing_needs_grounds_and_comes_back(
    world: World, bureau: Client, court: Client
) -> None:
    sent(world, bureau)
    place = f"/court/referrals/{world[Referral].pk}/"
    typed = arrival()
    court.post(f"{place}receive", typed)

    answer = court.post(
        f"{place}refuse",
        {"number": "一号裁定", "ruled_on": typed["received_on"], "is_read": "on"},
    )

    assert answer.status_code == 400
    assert "一号裁定" in answer.content.decode()
    assert Referral.objects.get().state == ReferralState.UNDER_REVIEW
