"""The court's pages: what needs it, acts with their refusals, other courts see nothing."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from factories import make_case, make_claim, make_staff
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.accounts.sessions import COOKIE, start_session
from zhipo.audit.events import Event
from zhipo.audit.export import write_trail
from zhipo.audit.links import first_broken_line
from zhipo.audit.models import Entry
from zhipo.cases import actions
from zhipo.cases.models import Case, Question
from zhipo.cases.phases import Phase
from zhipo.claims.models import Claim
from zhipo.documents.models import Document

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    response = HttpResponse()
    start_session(RequestFactory().get("/"), response, user=user, is_second_factor=True)
    client = Client()
    client.cookies[COOKIE] = response.cookies[COOKIE].value
    return client


@pytest.fixture
def case() -> Case:
    return make_case(phase=Phase.CHECKING)


@pytest.fixture
def judge(case: Case) -> Client:
    return signed_in(make_staff(Role.BANKRUPTCY_JUDGE, case.court))


def test_home_shows_what_waits_nearest_first(case: Case, judge: Client) -> None:
    today = datetime.now(UTC).date()
    for days in (20, 2):
        case.clocks.create(
            deadline="D12",
            event_on=today - timedelta(days=days),
            last_day=today + timedelta(days=days),
            is_calendar_known=True,
        )

    page = judge.get("/court/").content.decode()

    near, far = (str(today + timedelta(days=days)) for days in (2, 20))
    assert page.index(near) < page.index(far)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_case_page_shows_in_both_languages(
    case: Case, judge: Client, language: str
) -> None:
    judge.cookies["zhipo_lang"] = language
    make_claim(case, state="reviewed", decision="admit", admitted_fen=27_188,
               reasons=["MATCH"])  # fmt: skip

    answer = judge.get(f"/court/{case.slug}/")

    assert answer.status_code == 200
    assert ("Undisputed" if language == "en" else "无异议") in answer.content.decode()


def test_another_courts_case_is_not_there(case: Case) -> None:
    stranger = signed_in(make_staff(Role.BANKRUPTCY_JUDGE))

    for path in ("", "audit"):
        assert stranger.get(f"/court/{case.slug}/{path}").status_code == 404
    assert stranger.post(f"/court/{case.slug}/ask", {"text": "?"}).status_code == 404
    assert not Question.objects.exists()


def test_ruling_needs_the_box_that_says_it_was_read(case: Case, judge: Client) -> None:
    make_claim(case, state="tabled", decision="admit", admitted_fen=27_188)
    judge.post(f"/court/{case.slug}/checked", {"checked_on": "2025-11-05"})

    unread = judge.post(f"/court/{case.slug}/ruling", {"ruling": "之二"})
    read = judge.post(f"/court/{case.slug}/ruling", {"ruling": "之二", "is_read": "on"})

    assert (unread.status_code, read.status_code) == (400, 302)
    assert Claim.objects.get().confirmed_fen == 27_188


def test_refusal_comes_back_in_words_with_what_was_typed(judge: Client, case: Case) -> None:
    answer = judge.post(f"/court/{case.slug}/ruling", {"ruling": "之九", "is_read": "on"})

    assert answer.status_code == 400
    assert "先登记核查结果" in answer.content.decode()
    assert "之九" in answer.content.decode()


def test_clerk_may_not_rule(case: Case) -> None:
    clerk = signed_in(make_staff(Role.COURT_CLERK, case.court))

    answer = clerk.post(f"/court/{case.slug}/ruling", {"ruling": "x", "is_read": "on"})

    assert answer.status_code == 403
    assert "破产法官" in answer.content.decode()


def test_question_is_answered_by_the_administrator(case: Case, judge: Client) -> None:
    lead = signed_in(make_staff(Role.ADMINISTRATOR_LEAD, case.administrator))
    judge.post(f"/court/{case.slug}/ask", {"text": "账目何时封存？"})
    question = Question.objects.get()

    lead.post(f"/court/{case.slug}/questions/{question.pk}", {"text": "今日。"})

    assert "今日。" in judge.get(f"/court/{case.slug}/").content.decode()


def test_publication_outside_the_law_comes_back(judge: Client) -> None:
    user = User.objects.get(sessions__isnull=False)
    case = make_case(
        phase=Phase.ACCEPTED, court=user.appointments.get().organisation,
        published_on=None, filing_until=None, meeting_on=None,
    )  # fmt: skip
    posted = {"published_on": "2025-09-10", "filing_until": "2025-09-20",
              "meeting_on": "2025-09-25"}  # fmt: skip

    answer = judge.post(f"/court/{case.slug}/publish", posted)

    assert answer.status_code == 400
    assert "2025-10-10" in answer.content.decode()


def test_audit_is_shown_verified_and_exported(
    case: Case, judge: Client, tmp_path: Path
) -> None:
    by = User.objects.get(sessions__isnull=False)
    for text in ("一", "二"):
        actions.ask_question(case_id=case.pk, text=text, by=by)

    shown = judge.get(f"/court/{case.slug}/audit?event=question_asked").content.decode()
    judge.post(f"/court/{case.slug}/audit/verify")
    exported = b"".join(judge.post(f"/court/{case.slug}/audit/export"))  # type: ignore[arg-type]

    assert shown.count("法院已询问</td>") == 2
    lines = exported.decode().splitlines()
    assert [json.loads(line).get("position") for line in lines] == [1, 2, 3, None]
    assert json.loads(lines[-1])["end"] == 3
    path = tmp_path / "trail.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert first_broken_line(path) is None


def test_audit_as_csv_has_every_entry_and_its_own_export(case: Case, judge: Client) -> None:
    by = User.objects.get(sessions__isnull=False)
    for text in ("一", '二, "引号"'):
        actions.ask_question(case_id=case.pk, text=text, by=by)

    answer = judge.post(f"/court/{case.slug}/audit/export", {"format": "csv"})
    text = b"".join(answer).decode("utf-8-sig")  # type: ignore[arg-type]

    rows = list(csv.DictReader(io.StringIO(text)))
    entries = list(Entry.objects.filter(chain=case.number).order_by("position"))
    assert [one["hash"] for one in rows] == [one.hash for one in entries]
    assert [one["event"] for one in rows][-1] == Event.AUDIT_EXPORTED
    assert json.loads(rows[-1]["detail"]) == {"format": "csv"}
    assert datetime.fromisoformat(rows[0]["at"]) == entries[0].at
    assert rows[0]["at"].endswith("+08:00")
    assert f'filename="{case.slug}-audit.csv"' in answer["Content-Disposition"]


def test_the_administrator_exports_no_trail(case: Case) -> None:
    lead = signed_in(make_staff(Role.ADMINISTRATOR_LEAD, case.administrator))

    assert lead.post(f"/court/{case.slug}/audit/export").status_code == 403
    assert not Entry.objects.filter(event=Event.AUDIT_EXPORTED).exists()


def test_home_lists_the_papers_of_its_cases_and_no_others(
    case: Case, judge: Client, settings: Any, tmp_path: Path
) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)
    other = make_case()
    ours, for_lead, theirs = (
        paper(case.number, "受理公告"),
        paper(case.number, "清单", for_role=Role.ADMINISTRATOR_LEAD),
        paper(other.number, "别的公告"),
    )

    page = judge.get("/court/").content.decode()

    assert f"/court/{case.slug}/documents/{ours.pk}" in page
    assert "受理公告" in page
    assert "清单" not in page
    assert "别的公告" not in page
    whole = judge.get(f"/court/{case.slug}/documents/{ours.pk}")
    assert (whole.status_code, whole.getvalue()) == (200, b"paper")
    for one in (for_lead, theirs):
        assert judge.get(f"/court/{case.slug}/documents/{one.pk}").status_code == 404


def test_home_without_papers_says_so(judge: Client) -> None:
    assert "还没有制作文书" in judge.get("/court/").content.decode()


def paper(chain: str, title: str, for_role: str = "") -> Document:
    path = Path(settings.ENVIRONMENT.files) / f"{title}.docx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"paper")
    return Document.objects.create(
        chain=chain, kind="notice", title=title, path=path.name, for_role=for_role,
        sha256=hashlib.sha256(b"paper").hexdigest(), size=5, made_at=datetime.now(UTC),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tamper", "reason"),
    [
        (lambda lines: [lines[0], lines[2]], "missing"),
        (lambda lines: [lines[1], lines[0], lines[2]], "missing"),
        (lambda lines: [lines[0], lines[1].replace("user", "nobody"), lines[2]], "changed"),
        (lambda lines: lines[:2], "cut off"),
        (lambda lines: lines[:3], "cut off"),
        (lambda lines: [*lines[:2], lines[3]], "cut off"),
        (lambda lines: [*lines, lines[2]], "after the end"),
        (lambda lines: [], "unreadable"),
    ],
)
def test_tampered_export_is_found_without_the_database(
    case: Case, judge: Client, tmp_path: Path, tamper: object, reason: str
) -> None:
    by = User.objects.get(sessions__isnull=False)
    for text in ("一", "二", "三"):
        actions.ask_question(case_id=case.pk, text=text, by=by)
    path = tmp_path / "trail.jsonl"
    assert write_trail([case.number], path) == 3

    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(tamper(lines)) + "\n", encoding="utf-8")  # type: ignore[operator]
    broken = first_broken_line(path)

    assert broken is not None
    assert broken.reason == reason


def test_broken_chain_is_said_on_the_page(case: Case, judge: Client) -> None:
    by = User.objects.get(sessions__isnull=False)
    actions.ask_question(case_id=case.pk, text="一", by=by)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_refuse")
        cursor.execute("UPDATE audit_entry SET role = 'x'")
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_refuse")

    page = judge.post(f"/court/{case.slug}/audit/verify", follow=True).content.decode()

    assert "不能校验" in page
