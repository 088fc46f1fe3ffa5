"""The court's papers on its page: made, refused in words, read by those of the case."""

import io
from pathlib import Path

import docx
import pytest
from django.test import Client
from test_court_pages import signed_in

from factories import make_case, make_claim, make_staff
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.documents.models import Document

pytestmark = pytest.mark.django_db
NOTICE = {
    "kind": "public_notice",
    "lang": "zh",
    "petitioner": "长沙冷链物流有限公司",
    "filing_place": "手机网页或管理人办公地址",
    "meeting_place": "第一法庭",
    "meeting_time": "09:30",
}


@pytest.fixture
def case() -> Case:
    return make_case(phase=Phase.CHECKING, checked_on="2025-11-06")


@pytest.fixture
def judge(case: Case) -> Client:
    return signed_in(make_staff(Role.BANKRUPTCY_JUDGE, case.court))


@pytest.fixture
def clerk(case: Case) -> Client:
    return signed_in(make_staff(Role.COURT_CLERK, case.court))


def said_in(client: Client, case: Case, document: Document) -> str:
    answer = client.get(f"/court/{case.slug}/documents/{document.pk}")
    assert answer.status_code == 200
    read = docx.Document(io.BytesIO(b"".join(answer)))  # type: ignore[arg-type]
    return "\n".join(paragraph.text for paragraph in read.paragraphs)


def test_clerk_prepares_a_notice_and_the_administrator_reads_it(
    case: Case, clerk: Client
) -> None:
    answer = clerk.post(f"/court/{case.slug}/documents/notice", NOTICE)

    assert answer.status_code == 302
    document = Document.objects.get(chain=case.number)
    lead = signed_in(make_staff(Role.ADMINISTRATOR_LEAD, case.administrator))
    said = said_in(lead, case, document)
    assert "长沙冷链物流有限公司" in said
    assert "9时30分" in said
    assert Entry.objects.filter(event=Event.DOCUMENT_MADE, chain=case.number).count() == 1


def test_the_same_notice_again_is_the_same_document(case: Case, clerk: Client) -> None:
    for _ in range(2):
        clerk.post(f"/court/{case.slug}/documents/notice", NOTICE)

    assert Document.objects.filter(chain=case.number).count() == 1


def test_notice_to_a_creditor_without_addressee_comes_back_with_what_is_missing(
    case: Case, clerk: Client
) -> None:
    given = NOTICE | {"kind": "acceptance_notice"}

    answer = clerk.post(f"/court/{case.slug}/documents/notice", given)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "收件人。" in page
    assert "长沙冷链物流有限公司" in page  # what was typed is not lost
    assert not Document.objects.exists()


def test_public_notice_has_no_english_copy(case: Case, clerk: Client) -> None:
    answer = clerk.post(f"/court/{case.slug}/documents/notice", NOTICE | {"lang": "en"})

    assert answer.status_code == 400
    assert "没有英文阅读本" in answer.content.decode()


def test_ruling_is_drafted_from_the_register(case: Case, judge: Client) -> None:
    for fen in (100_00, 200_00):
        make_claim(case, state="checked", decision="admit", admitted_fen=fen,
                   claimed_fen=fen)  # fmt: skip

    given = {"ruling_number": "（2025）湘0302破3号之二", "lang": "zh"}
    judge.post(f"/court/{case.slug}/documents/draft", given)

    said = said_in(judge, case, Document.objects.get(chain=case.number))
    assert "均无异议的债权2笔" in said
    assert "300.00" in said
    assert "草稿" in said


def test_draft_with_nothing_to_confirm_is_refused(case: Case, judge: Client) -> None:
    given = {"ruling_number": "之二", "lang": "zh"}

    answer = judge.post(f"/court/{case.slug}/documents/draft", given)

    assert answer.status_code == 400
    assert not Document.objects.exists()


def test_administrator_does_not_make_the_courts_papers(case: Case) -> None:
    lead = signed_in(make_staff(Role.ADMINISTRATOR_LEAD, case.administrator))

    answer = lead.post(f"/court/{case.slug}/documents/notice", NOTICE)

    assert answer.status_code == 403
    assert not Document.objects.exists()


def test_another_courts_papers_are_not_there(case: Case, clerk: Client) -> None:
    clerk.post(f"/court/{case.slug}/documents/notice", NOTICE)
    document = Document.objects.get(chain=case.number)
    own = make_case()
    stranger = signed_in(make_staff(Role.BANKRUPTCY_JUDGE, own.court))

    for slug in (case.slug, own.slug):
        answer = stranger.get(f"/court/{slug}/documents/{document.pk}")
        assert answer.status_code == 404


def test_changed_file_is_not_handed_out(
    case: Case, clerk: Client, settings: object
) -> None:
    clerk.post(f"/court/{case.slug}/documents/notice", NOTICE)
    document = Document.objects.get(chain=case.number)
    path = Path(settings.ENVIRONMENT.files) / document.path  # type: ignore[attr-defined]
    kept = path.read_bytes()
    try:
        path.write_bytes(kept + b" ")
        answer = clerk.get(f"/court/{case.slug}/documents/{document.pk}")
    finally:
        path.write_bytes(kept)

    assert answer.status_code == 409
