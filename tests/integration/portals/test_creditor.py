"""The creditor's way over HTTP: what is shown, to whom, how lean, and what is refused."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from factories import (
    make_balance,
    make_case,
    make_claim,
    make_creditor,
    make_evidence,
    make_staff,
    working_day_before,
)
from factories import make_holder as holder_of
from zhipo.accounts.models import Session
from zhipo.accounts.roles import Role
from zhipo.claims.actions.messages import send_message
from zhipo.claims.models import Claim, Message, Paper
from zhipo.gateways.models import OutboxMessage
from zhipo.portals.creditor.views.status import REACHED
from zhipo.web import static_files

pytestmark = pytest.mark.django_db
PHONE, STRANGER = "13800138000", "13900139000"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 64
PAGES = ("", "/why", "/amend", "/withdraw", "/papers", "/payout", "/identity", "/messages")
PUBLIC = ("", "real", "privacy", "help", "help/phone", "help/heir", "help/minor", "form",
          "help/account", "help/paper", "help/payment", "other", "sign-in")  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _files_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)


@pytest.fixture
def case() -> Any:
    return make_case(slug="xian")


@pytest.fixture
def claim(case: Any) -> Claim:
    holder = holder_of(case, f"+86{PHONE}")
    make_balance(make_evidence(case), holder)
    return make_claim(case, holder)


def signed_in(phone: str = PHONE) -> Client:
    client = Client(headers={"accept-language": "zh-CN"})
    client.post("/c/xian/sign-in", {"phone": phone})
    newest = OutboxMessage.objects.order_by("-pk")[0]
    code = re.findall(r"\d{6}", newest.text)[0]
    assert client.post("/c/xian/code", {"phone": phone, "code": code}).status_code == 302
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_from_link_to_receipt(claim: Claim) -> None:
    client = signed_in()

    shown = client.get("/c/xian/money")
    tapped = client.post("/c/xian/file", {"claim": claim.pk})
    receipt = client.get(tapped["Location"])

    assert "¥271.88" in text_of(shown)
    assert "500.00 − 250.93 × 500.00 ÷ 550.00" in text_of(shown)
    claim.refresh_from_db()
    assert claim.receipt in text_of(receipt)
    assert "微信零钱" in text_of(receipt)
    assert claim.creditor.code_word in text_of(receipt)


def test_the_way_is_lean(claim: Claim, django_assert_max_num_queries: Any) -> None:
    client = signed_in()

    with django_assert_max_num_queries(6):
        client.get("/c/xian/money")
    with django_assert_max_num_queries(7):  # savepoint of the test's own transaction too
        tapped = client.post("/c/xian/file", {"claim": claim.pk})
    with django_assert_max_num_queries(6):
        client.get(tapped["Location"])
    client.get("/c/xian/")
    with django_assert_max_num_queries(2):
        client.get("/c/xian/")


def test_second_tap_leads_to_the_same_receipt(claim: Claim) -> None:
    client = signed_in()

    answers = [client.post("/c/xian/file", {"claim": claim.pk}) for _ in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]


def test_case_page_weighs_less_than_60_kilobytes(claim: Claim) -> None:
    css = Path(static_files.__file__).parent / "static" / "zhipo" / "phone.css"

    page = Client().get("/c/xian/")

    assert len(page.content) + css.stat().st_size < 60_000
    assert b"<script" not in page.content


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_speak_both_languages(path: str, lang: str, claim: Claim) -> None:
    client = Client()
    client.cookies["zhipo_lang"] = lang

    page = client.get(f"/c/xian/{path}")

    assert page.status_code == 200
    assert ("zh-CN" if lang == "zh-hans" else 'lang="en"') in text_of(page)[:200]
    assert "style=" not in text_of(page)


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_a_claim_are_its_creditors_alone(path: str, claim: Claim) -> None:
    mine, other = signed_in(), signed_in(STRANGER)
    mine.post("/c/xian/file", {"claim": claim.pk})
    address = f"/c/xian/claims/{claim.pk}{path}"

    assert mine.get(address).status_code == 200
    assert other.get(address).status_code == 404
    assert Client().get(address)["Location"].startswith("/c/xian/sign-in")


def test_claim_is_not_found_under_another_case(claim: Claim) -> None:
    make_case(slug="other")
    client = signed_in()
    client.post("/c/xian/file", {"claim": claim.pk})

    assert client.get(f"/c/other/claims/{claim.pk}").status_code == 404


def test_strangers_tap_is_refused_without_a_word_about_the_claim(claim: Claim) -> None:
    client = signed_in(STRANGER)

    theirs = client.post("/c/xian/file", {"claim": claim.pk})
    nobodys = client.post("/c/xian/file", {"claim": 10**9})

    assert (theirs.status_code, nobodys.status_code) == (403, 403)
    assert re.sub(r'value="[^"]*"', "", text_of(theirs)) == re.sub(
        r'value="[^"]*"', "", text_of(nobodys)
    )
    claim.refresh_from_db()
    assert claim.state == "prefilled"


def test_phone_without_account_meets_ways_and_no_dead_end(claim: Claim) -> None:
    page = text_of(signed_in(STRANGER).get("/c/xian/money"))

    assert "/c/xian/other/consumer" in page
    assert "/c/xian/help/phone" in page
    assert "271.88" not in page


@pytest.mark.parametrize("phone", ["", "123", "abc", "138001380"])
def test_what_is_no_phone_is_said_and_kept_in_the_form(phone: str, case: Any) -> None:
    page = Client().post("/c/xian/sign-in", {"phone": phone})

    assert page.status_code == 400
    assert f'value="{phone}"' in text_of(page)


def test_wrong_code_lets_nobody_in(case: Any) -> None:
    client = Client()
    client.post("/c/xian/sign-in", {"phone": PHONE})

    page = client.post("/c/xian/code", {"phone": PHONE, "code": "000000x"})

    assert page.status_code == 400
    assert not Session.objects.exists()


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/c/xian/", "/x"])
def test_next_page_stays_in_the_case(wanted: str, case: Any) -> None:
    client = Client()
    client.post("/c/xian/sign-in", {"phone": PHONE})
    code = re.findall(r"\d{6}", OutboxMessage.objects.latest("pk").text)[0]

    sent = {"phone": PHONE, "code": code, "next": wanted}

    assert client.post("/c/xian/code", sent)["Location"] == "/c/xian/money"


def test_late_filing_says_what_it_costs_before_the_tap() -> None:
    case = make_case(slug="xian", filing_until=working_day_before(timezone.localdate()))
    claim = make_claim(case, holder_of(case, f"+86{PHONE}"))
    client = signed_in()

    assert "第五十六条" in text_of(client.get("/c/xian/money"))
    client.post("/c/xian/file", {"claim": claim.pk})

    claim.refresh_from_db()
    assert claim.is_late


def test_dispute_with_a_lying_file_files_nothing(claim: Claim) -> None:
    client = signed_in()
    bad = SimpleUploadedFile("a.jpg", b"PK\x03\x04" + b"0" * 99, content_type="image/jpeg")
    said = {"claimed_fen": "500", "statement": "少算了"}
    address = f"/c/xian/claims/{claim.pk}/dispute"

    refused = client.post(address, {**said, "uploads": bad})
    claim.refresh_from_db()
    assert refused.status_code == 400
    assert 'value="500"' in text_of(refused)
    assert claim.state == "prefilled"

    good = SimpleUploadedFile("a.jpg", JPEG, content_type="image/jpeg")
    client.post(address, {**said, "uploads": good})
    claim.refresh_from_db()
    assert (claim.state, claim.claimed_fen) == ("filed", 50_000)
    assert Paper.objects.get().claim == claim


def test_four_gigabytes_are_refused_before_they_are_read(claim: Claim) -> None:
    client = signed_in()

    page = client.generic(
        "POST",
        f"/c/xian/claims/{claim.pk}/dispute",
        b"x",
        content_type="multipart/form-data; boundary=b",
        CONTENT_LENGTH=str(4 * 1024**3),
    )

    assert page.status_code == 413


def test_upload_without_the_forms_token_is_refused(claim: Claim) -> None:
    client = signed_in()
    client.handler.enforce_csrf_checks = True

    page = client.post(f"/c/xian/claims/{claim.pk}/dispute", {"claimed_fen": "1"})

    assert page.status_code == 403


def test_payout_asks_for_the_code_again_after_ten_minutes(claim: Claim) -> None:
    client = signed_in()
    client.post("/c/xian/file", {"claim": claim.pk})
    address = f"/c/xian/claims/{claim.pk}/payout"
    card = {"channel": "bank", "account": "6222 0202 0011 2233 445"}

    Session.objects.update(confirmed_at=timezone.now() - timedelta(minutes=11))
    stale = client.post(address, card)
    claim.refresh_from_db()
    assert "/c/xian/sign-in?" in stale["Location"]
    assert claim.payout_channel == "wechat"

    Session.objects.update(confirmed_at=timezone.now())
    client.post(address, card)
    claim.refresh_from_db()
    assert (claim.payout_channel, claim.payout_account) == ("bank", "6222020200112233445")
    assert "6222020200112233445" not in text_of(client.get(address))


@pytest.mark.parametrize("kind", ["consumer", "supplier", "platform", "bank", "secured",
                                  "employee", "social_tax"])  # fmt: skip
def test_every_kind_of_creditor_can_file(kind: str, case: Any) -> None:
    client = signed_in(STRANGER)
    form = {
        "claimant": "湘潭某供货行", "claimed_fen": "70,000.00", "text": "货款",
        "form_key": "k", "contract": "2024-1", "invoices": "1", "set_off_fen": "100",
        "collateral": "车", "period": "2025", "paid_first": "7",
    }  # fmt: skip
    assert client.get(f"/c/xian/other/{kind}").status_code == 200

    answers = [client.post(f"/c/xian/other/{kind}", form) for _ in range(2)]

    claim = Claim.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/c/xian/claims/{claim.pk}"}
    assert (claim.kind, claim.claimed_fen, claim.identity) == (kind, 7_000_000, "unproven")
    assert claim.set_off_fen == (10_000 if kind == "supplier" else 0)


@pytest.mark.parametrize("state", sorted(REACHED))
def test_status_of_every_state_is_a_page(state: str, claim: Claim) -> None:
    client = signed_in()
    client.post("/c/xian/file", {"claim": claim.pk})
    Claim.objects.filter(pk=claim.pk).update(
        state=state, decision="reduce", admitted_fen=100, reasons=["CLAIMED_MORE"],
        rules=["cn.ebl.57.1"], confirmed_fen=100, ruling="（2026）裁1号",
    )  # fmt: skip

    page = client.get(f"/c/xian/claims/{claim.pk}")

    assert page.status_code == 200
    assert ("第五十七条" in text_of(page)) is (state not in ("filed", "withdrawn"))


def test_message_is_read_proven_and_answered(claim: Claim) -> None:
    client = signed_in()
    client.post("/c/xian/file", {"claim": claim.pk})
    send_message(claim_id=claim.pk, phrase="state.reviewed", values={}, by=None)
    address = f"/c/xian/claims/{claim.pk}/messages"
    code = Message.objects.get().proof_code

    assert code in text_of(client.get(address))
    assert Message.objects.get().read_at is not None
    assert "是真的" in text_of(client.get("/c/xian/real", {"code": code.lower()}))
    assert "没有发出过" in text_of(client.get("/c/xian/real", {"code": "AAAA"}))

    for _ in range(2):
        client.post(address, {"text": "请看材料", "form_key": "k"})
    assert Message.objects.filter(from_administrator=False).count() == 1


def test_language_and_type_are_kept(case: Any) -> None:
    client = signed_in()

    client.post("/settings", {"lang": "en", "next": "/c/xian/"})
    client.post("/settings", {"large": "1", "next": "//evil.example"})
    page = text_of(client.get("/c/xian/"))

    assert '<html lang="en" class="large">' in page
    assert make_is_large(PHONE)
    assert client.post("/settings", {"next": "//evil.example"})["Location"] == "/"


def make_is_large(phone: str) -> bool:
    return bool(Session.objects.get(user__login__startswith="phone:").user.is_large_type)


def test_signing_out_everywhere_ends_every_device(case: Any) -> None:
    here, there = signed_in(), signed_in()

    here.post("/c/xian/sign-out-everywhere")

    assert there.get("/c/xian/money")["Location"].startswith("/c/xian/sign-in")


def test_staff_have_no_money_page(case: Any) -> None:
    client = signed_in()
    Session.objects.update(user=make_staff(Role.BANKRUPTCY_JUDGE))

    assert client.get("/c/xian/money").status_code == 403


def test_paper_comes_back_to_its_owner_alone(claim: Claim) -> None:
    mine, other = signed_in(), signed_in(STRANGER)
    mine.post("/c/xian/file", {"claim": claim.pk})
    photo = SimpleUploadedFile("付款.jpg", JPEG, content_type="image/jpeg")
    mine.post(f"/c/xian/claims/{claim.pk}/papers", {"kind": "photo", "uploads": photo})
    address = f"/c/xian/papers/{Paper.objects.get().pk}"

    answer = mine.get(address)

    assert answer.content == JPEG
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert other.get(address).status_code == 404


@pytest.mark.parametrize("query", ["鲜享", "湘潭", "破"])
def test_case_is_found_by_name_firm_or_number(query: str, case: Any) -> None:
    make_creditor()

    assert "/c/xian/" in text_of(Client().get("/", {"q": query}))
    assert "/c/xian/" not in text_of(Client().get("/", {"q": "不存在的"}))
