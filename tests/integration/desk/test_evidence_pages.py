"""The books at the desk: hand in, watch, report, faults, seal, what changed."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factories import make_case, make_creditor, make_staff
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.claims.actions.evidence import read_evidence, seal_evidence
from zhipo.claims.actions.prefilling import prefill_claims
from zhipo.claims.models import Evidence
from zhipo.claims.policies.books import LARGEST_UPLOAD, MEGABYTE
from zhipo.claims.states import EvidenceState

SignIn = Callable[[User], Client]
HEADER = "流水号,会员号,时间,类型,金额(元)\n"
FORM_KEY = "6f1f7a52-53a5-4a3c-9c8a-0b7b3f6a1d11"


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = replace(settings.ENVIRONMENT, home=tmp_path)
    monkeypatch.setattr(settings, "ENVIRONMENT", home)


@pytest.fixture
def desk(case: Any, lead: User, signed_in: SignIn) -> Client:
    return signed_in(lead)


def book(**yuan: str) -> SimpleUploadedFile:
    rows = [
        f"{place},{member},2025-03-01T10:00:00,充值,{amount}\n"
        for place, (member, amount) in enumerate(yuan.items())
    ]
    return SimpleUploadedFile("账册.csv", (HEADER + "".join(rows)).encode(), "text/csv")


def address(case: Any, rest: str = "") -> str:
    return f"/desk/{case.slug}/evidence{rest}"


def send(desk: Client, case: Any, **given: Any) -> Any:
    form = {"read_as": "xianxiangjia", "form_key": FORM_KEY, **given}
    return desk.post(address(case, "/upload"), form)


def read(desk: Client, case: Any, **yuan: str) -> Evidence:
    count = Evidence.objects.filter(case=case).count()
    key = f"{FORM_KEY[:-1]}{count}"
    send(desk, case, books=book(**yuan), form_key=key)
    return read_evidence(evidence_id=Evidence.objects.get(version=count + 1).pk)


def test_a_version_handed_in_is_watched_until_it_is_read(desk: Client, case: Any) -> None:
    answer = send(desk, case, books=book(M1="100.00"))

    assert answer.status_code == 302
    assert answer["Location"] == address(case, "/1")
    assert "<progress" in desk.get(address(case, "/1")).content.decode()
    assert desk.get(address(case, "/1/progress")).status_code == 200
    read_evidence(evidence_id=Evidence.objects.get().pk)
    done = desk.get(address(case, "/1/progress"))
    assert (done.status_code, done["HX-Refresh"]) == (286, "true")
    assert "<progress" not in desk.get(address(case, "/1")).content.decode()


def test_the_same_form_again_leads_to_the_same_version(desk: Client, case: Any) -> None:
    first = send(desk, case, books=book(M1="100.00"))
    again = send(desk, case, books=book(M1="100.00"))

    assert first["Location"] == again["Location"]
    assert Evidence.objects.count() == 1


def test_progress_is_shown_with_stage_and_share(desk: Client, case: Any) -> None:
    send(desk, case, books=book(M1="100.00"))
    told = {"percent": 41, "stage": "claims.evidence.stage.read", "seconds_left": 3}
    Evidence.objects.update(progress=told, state=EvidenceState.READING)

    shown = desk.get(address(case, "/1/progress")).content.decode()

    assert 'value="41"' in shown
    assert "读取账册：41 %" in shown
    assert "大约还要 3 秒" in shown


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "请选择文件"),
        ({"folder": "x", "books": "a"}, "只能选一种"),
        ({"folder": "../../etc"}, "没有 ../../etc 这个文件夹"),
        ({"books": "exe"}, "内容与扩展名不符"),
    ],
)
def test_what_is_refused_is_said_beside_the_form(
    desk: Client, case: Any, given: dict[str, str], says: str
) -> None:
    files = {
        "a": book(M1="1.00"),
        "exe": SimpleUploadedFile("账册.csv", b"MZ\x90\x00", "text/csv"),
    }
    sent = {key: files.get(value, value) for key, value in given.items()}

    answer = send(desk, case, **sent)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Evidence.objects.exists()


def test_too_much_is_refused_before_it_is_read(
    desk: Client, case: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unread(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("the body was read")

    size = LARGEST_UPLOAD + 2 * MEGABYTE
    answer = desk.generic(
        "POST",
        address(case, "/upload"),
        b"",
        content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(size), "wsgi.input": Unread()},
    )

    assert answer.status_code == 422
    assert "收件文件夹" in answer.content.decode()


def test_the_upload_asks_for_the_forms_token(
    lead: User, case: Any, signed_in: SignIn
) -> None:
    cookies = signed_in(lead).cookies
    client = Client(enforce_csrf_checks=True)
    client.cookies = cookies

    answer = client.post(
        address(case, "/upload"), {"books": book(M1="1.00"), "form_key": FORM_KEY}
    )

    assert answer.status_code == 403
    assert not Evidence.objects.exists()


def test_faults_are_shown_and_downloaded(desk: Client, case: Any) -> None:
    read(desk, case, M1="十元")

    page = desk.get(address(case, "/1")).content.decode()
    assert "账册.csv" in page
    assert "十元" in page
    answer = desk.get(address(case, "/1/errors.csv"))
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode())))
    assert [(row["file"], row["row"], row["value"]) for row in rows] == [
        ("账册.csv", "2", "十元")
    ]
    assert "no-store" in answer["Cache-Control"]


def test_a_version_without_faults_has_no_file_of_them(desk: Client, case: Any) -> None:
    read(desk, case, M1="100.00")

    assert desk.get(address(case, "/1/errors.csv")).status_code == 404


def test_the_seal_needs_the_tick(desk: Client, case: Any) -> None:
    evidence = read(desk, case, M1="100.00")

    desk.post(address(case, "/1/seal"))
    evidence.refresh_from_db()
    assert evidence.state == EvidenceState.READ

    desk.post(address(case, "/1/seal"), {"confirmed": "yes"})
    evidence.refresh_from_db()
    assert evidence.state == EvidenceState.SEALED
    assert "<progress" in desk.get(address(case, "/1")).content.decode()


def test_a_seal_that_cannot_be_is_said_on_the_page(desk: Client, case: Any) -> None:
    send(desk, case, books=book(M1="100.00"))

    answer = desk.post(address(case, "/1/seal"), {"confirmed": "yes"}, follow=True)

    assert "还没有读取" in answer.content.decode()


def corrected(desk: Client, case: Any, lead: User) -> None:
    for yuan in ({"M1": "100.00", "M2": "50.00"}, {"M1": "90.00", "M3": "7.00"}):
        evidence = read(desk, case, **yuan)
        seal_evidence(evidence_id=evidence.pk, by=lead)
        prefill_claims(case_id=case.pk)


def test_what_changed_for_whom_is_listed(desk: Client, case: Any, lead: User) -> None:
    corrected(desk, case, lead)

    every = desk.get(address(case, "/2/changes")).content.decode()
    gone = desk.get(address(case, "/2/changes?kind=gone")).content.decode()

    assert all(member in every for member in ("M1", "M2", "M3"))
    assert "-¥10.00" in every.replace("−", "-")
    assert ("M2" in gone, "M1" in gone) == (True, False)
    for wrong in ("kind=x", "page=0", "page=x", "page=999999999999999999999"):
        assert desk.get(address(case, f"/2/changes?{wrong}")).status_code == 404


PAGES = ("", "/1", "/1/progress", "/2/changes")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_pages_answer_in_both_languages(
    desk: Client, case: Any, lead: User, page: str, language: str
) -> None:
    corrected(desk, case, lead)
    desk.cookies["zhipo_lang"] = language

    assert desk.get(address(case, page)).status_code in (200, 286)


@pytest.mark.parametrize("page", [*PAGES, "/1/errors.csv"])
def test_another_cases_people_find_nothing(
    case: Any, desk: Client, lead: User, signed_in: SignIn, page: str
) -> None:
    corrected(desk, case, lead)
    stranger = signed_in(make_staff(Role.ADMINISTRATOR_LEAD))

    assert stranger.get(address(case, page)).status_code == 404
    assert Client().get(address(case, page)).status_code == 302
    assert signed_in(make_creditor()).get(address(case, page)).status_code == 403


def test_a_version_of_another_case_is_not_found(
    case: Any, desk: Client, lead: User
) -> None:
    corrected(desk, case, lead)
    other = make_case(administrator=case.administrator)

    assert desk.get(address(other, "/1")).status_code == 404


def test_the_court_looks_and_does_not_touch(
    case: Any, desk: Client, signed_in: SignIn
) -> None:
    read(desk, case, M1="100.00")
    judge = signed_in(make_staff(Role.BANKRUPTCY_JUDGE, case.court))

    page = judge.get(address(case, "/1")).content.decode()
    assert 'name="confirmed"' not in page
    assert 'name="books"' not in judge.get(address(case)).content.decode()
    assert judge.post(address(case, "/1/seal"), {"confirmed": "yes"}).status_code == 403
    assert send(judge, case, books=book(M1="1.00")).status_code == 403
    assert Evidence.objects.get().state == EvidenceState.READ
