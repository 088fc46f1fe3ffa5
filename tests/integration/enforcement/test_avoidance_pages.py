"""Pages of avoidable acts: listed, entered, searched, judged, exported; refusals shown."""

import io
from datetime import date
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client

from devices import device_of, text_of
from factories import make_case, make_debtor, make_enforcement_case, make_staff
from factories_avoidance import ACCEPTED, booking, make_candidates, make_history
from integration.web.bundle_addresses import make_referral
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases.models import Case
from zhipo.enforcement.finding_states import CandidateState
from zhipo.enforcement.models import (
    AvoidanceSearch,
    Candidate,
    Dealing,
    EnforcementCase,
    TakeOver,
)
from zhipo.enforcement.states import Stage

pytestmark = pytest.mark.django_db
JUNE = date(2025, 6, 1)


@pytest.fixture
def case(court: Organisation) -> EnforcementCase:
    return make_enforcement_case(debtor=make_debtor(), court=court)


@pytest.fixture
def candidate(case: EnforcementCase, judge: User) -> Candidate:
    made = make_candidates(case, judge)
    return Candidate.objects.get(pk=made["candidate_id"])


@pytest.fixture
def taken(candidate: Candidate, judge: User) -> Case:
    """The bankruptcy that the debtor went over into."""
    case = make_case(accepted_on=ACCEPTED)
    referral = make_referral(case.court, state="accepted", case=case)
    referral.debtor = candidate.debtor
    referral.save(update_fields=["debtor"])
    candidate.debtor.stage = Stage.ACCEPTED
    candidate.debtor.save(update_fields=["stage"])
    TakeOver.objects.create(referral=referral, case=case, by=judge, at="2025-09-01T00:00Z")
    return case


@pytest.fixture
def desk(judge: User) -> Client:
    return device_of(judge)


def at(case: EnforcementCase, rest: str = "") -> str:
    return f"/bureau/{case.debtor.slug}/avoidance{rest}"


def search_form(**given: Any) -> dict[str, Any]:
    values = {"counted_on": "2025-09-01", "cause_since": "2024-01-01",
              "cause_grounds": "首件执行案件立案", "least_fen": "0"}  # fmt: skip
    return values | given


def waiver(**given: Any) -> dict[str, Any]:
    values = {"form_key": uuid4().hex, "kind": "waiver", "counterparty": "戊公司",
              "done_on": "2025-06-01", "fen": "1,234.50", "evidence": "paper",
              "grounds": "卷一第3页"}  # fmt: skip
    return values | given


def test_an_empty_page_says_what_is_missing_and_how_to_begin(
    case: EnforcementCase, desk: Client
) -> None:
    page = text_of(desk.get(at(case)))

    assert "还没有封存的交易流水" in page
    assert "还没有查找过" in page
    assert "首件执行案件立案" in page  # the ground is proposed, a person changes it
    assert 'value="2025-03-03"' in page  # the day on which the first case was filed


def test_a_search_lists_what_it_found_by_kind_with_its_article(
    case: EnforcementCase, desk: Client
) -> None:
    make_history(case, [booking(JUNE, 5_000_00, case.applicant)])

    answer = desk.post(at(case, "/search"), search_form(), follow=True)

    page = text_of(answer)
    assert "查找完毕，列出 1 项" in page
    assert "《企业破产法》第三十二条" in page
    assert "假定（尚未受理）" in page
    assert "¥5,000.00" in page


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"cause_grounds": ""}, 400, 'role="alert"'),
        ({"cause_since": "2025-09-02"}, 409, "不能晚于 2025-09-01"),
        ({"least_fen": "-1"}, 400, 'role="alert"'),
    ],
)
def test_a_refused_search_comes_back_with_what_was_typed(
    case: EnforcementCase, desk: Client, given: dict[str, str], status: int, said: str
) -> None:
    answer = desk.post(at(case, "/search"), search_form(**given))

    assert answer.status_code == status
    assert said in text_of(answer)
    assert 'value="2025-09-01"' in text_of(answer)
    assert not AvoidanceSearch.objects.exists()


@pytest.mark.parametrize(
    ("kind", "there", "absent"),
    [
        ("debt", "债务到期日", "成交价"),
        ("price", "合理价值", "债务到期日"),
        ("related", "相对人", "行为日</label>"),
        ("security", "原债务发生日", "流水号（只指一笔时填）"),
    ],
)
def test_each_kind_of_entry_asks_only_for_what_it_needs(
    case: EnforcementCase, desk: Client, kind: str, there: str, absent: str
) -> None:
    page = text_of(desk.get(at(case), {"kind": kind}))
    form = page[page.index('name="kind"') :]

    assert there in form
    assert absent not in form


def test_an_unknown_kind_is_not_there(case: EnforcementCase, desk: Client) -> None:
    assert desk.get(at(case), {"kind": "x"}).status_code == 404


def test_an_entry_is_taken_shown_and_withdrawn(case: EnforcementCase, desk: Client) -> None:
    answer = desk.post(at(case, "/dealings"), waiver(), follow=True)

    assert "已登记" in text_of(answer)
    dealing = Dealing.objects.get()
    assert (dealing.fen, dealing.counterparty) == (1_234_50, "戊公司")
    assert "¥1,234.50" in text_of(answer)

    again = desk.post(at(case, f"/dealings/{dealing.pk}"), follow=True)
    assert "已撤回" in text_of(again)
    assert "戊公司" not in text_of(desk.get(at(case)))


@pytest.mark.parametrize(
    ("given", "status"),
    [({"fen": ""}, 400), ({"fen": "abc"}, 400), ({"done_on": "2999-01-01"}, 409),
     ({"grounds": "   "}, 400)],
)  # fmt: skip
def test_a_refused_entry_comes_back_with_what_was_typed(
    case: EnforcementCase, desk: Client, given: dict[str, str], status: int
) -> None:
    answer = desk.post(at(case, "/dealings"), waiver(**given))

    assert answer.status_code == status
    assert 'value="戊公司"' in text_of(answer)
    assert not Dealing.objects.exists()


def test_a_debt_says_what_shields_it(case: EnforcementCase, desk: Client) -> None:
    given = {"form_key": uuid4().hex, "kind": "debt", "counterparty": "电力公司",
             "due_on": "2025-05-01", "shields": ["utilities"], "evidence": "paper",
             "grounds": "电费单"}  # fmt: skip

    desk.post(at(case, "/dealings"), given)

    dealing = Dealing.objects.get()
    assert (dealing.shields, dealing.fen, dealing.security_fen) == (["utilities"], None, 0)


def test_a_candidate_shows_rule_words_rows_and_takes_a_verdict(
    case: EnforcementCase, candidate: Candidate, desk: Client
) -> None:
    page = text_of(desk.get(at(case, f"/{candidate.pk}")))
    assert "cn.ebl.32" in page
    assert "对个别债权人进行清偿" in page
    assert "2025-06-01" in page
    assert "一年期自 2024-09-01，六个月期自 2025-03-01" in page
    assert 'value="settled"' not in page  # the administrator's, later

    verdict = {"state": "pursued", "reason": "六个月内的个别清偿"}
    answer = desk.post(at(case, f"/{candidate.pk}/judge"), verdict, follow=True)

    assert "结论已登记" in text_of(answer)
    candidate.refresh_from_db()
    assert candidate.state == CandidateState.PURSUED


def test_a_verdict_without_a_reason_comes_back(
    case: EnforcementCase, candidate: Candidate, desk: Client
) -> None:
    answer = desk.post(at(case, f"/{candidate.pk}/judge"), {"state": "dropped"})

    assert answer.status_code == 400
    assert "dropped" in text_of(answer)
    candidate.refresh_from_db()
    assert candidate.state == CandidateState.PROPOSED


def test_one_kind_alone_is_listed_on_asking(
    case: EnforcementCase, candidate: Candidate, desk: Client
) -> None:
    page = text_of(desk.get(at(case), {"only": "waiver"}))
    listed = page[page.index('id="candidates"') : page.index('id="dealings"')]

    assert "丙公司" in listed
    assert candidate.counterparty not in listed


def test_the_export_holds_every_row_and_is_recorded(
    case: EnforcementCase, candidate: Candidate, desk: Client
) -> None:
    answer = desk.post(at(case, "/export"))

    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    book = openpyxl.load_workbook(io.BytesIO(content))
    listed, rows = (list(sheet.iter_rows(values_only=True)) for sheet in book)
    sums = {row[0]: row[8] for row in listed[1:]}
    shown: dict[Any, Any] = {}
    for row in rows[1:]:
        shown[row[0]] = shown.get(row[0], 0) + row[7]
    assert sums == shown == {str(one.pk): one.fen / 100 for one in Candidate.objects.all()}
    assert Entry.objects.filter(event=Event.AVOIDABLE_EXPORTED).count() == 1


def test_the_clerk_enters_and_does_not_judge(
    case: EnforcementCase, candidate: Candidate, court: Organisation
) -> None:
    clerk = device_of(make_staff(Role.COURT_CLERK, court))

    page = text_of(clerk.get(at(case, f"/{candidate.pk}")))

    assert "登记结论" not in page
    answer = clerk.post(at(case, f"/{candidate.pk}/judge"),
                        {"state": "pursued", "reason": "x"})  # fmt: skip
    assert answer.status_code == 403


def test_after_acceptance_the_desk_has_the_same_and_may_settle(
    candidate: Candidate, taken: Case
) -> None:
    lead = device_of(make_staff(Role.ADMINISTRATOR_LEAD, taken.administrator))
    address = f"/desk/{taken.slug}/avoidance"
    assert "按本案的受理日计算" in text_of(lead.get(address))

    verdict = {"state": "settled", "reason": "退回四成", "settled_fen": "2000"}
    answer = lead.post(f"{address}/{candidate.pk}/judge", verdict, follow=True)

    assert "¥2,000.00" in text_of(answer)
    candidate.refresh_from_db()
    assert (candidate.state, candidate.settled_fen) == (CandidateState.SETTLED, 2_000_00)


def test_at_the_desk_a_search_counts_from_the_cases_own_day(
    candidate: Candidate, taken: Case
) -> None:
    lead = device_of(make_staff(Role.ADMINISTRATOR_LEAD, taken.administrator))

    given = search_form(counted_on="2030-01-01")
    answer = lead.post(f"/desk/{taken.slug}/avoidance/search", given, follow=True)

    assert answer.status_code == 200
    made = AvoidanceSearch.objects.order_by("-pk")[0]
    assert (made.counted_on, made.is_supposed) == (ACCEPTED, False)


def test_after_acceptance_the_bureau_still_reads_and_no_longer_acts(
    case: EnforcementCase, candidate: Candidate, taken: Case, desk: Client
) -> None:
    page = text_of(desk.get(at(case)))

    assert candidate.counterparty in page
    assert "/avoidance/search" not in page
    assert desk.post(at(case, "/search"), search_form()).status_code == 409


def test_a_case_that_came_without_enforcement_says_so() -> None:
    case = make_case()
    lead = device_of(make_staff(Role.ADMINISTRATOR_LEAD, case.administrator))

    assert "受理时没有执行材料" in text_of(lead.get(f"/desk/{case.slug}/avoidance"))
    assert lead.post(f"/desk/{case.slug}/avoidance/export").status_code == 404


def test_what_is_of_another_debtor_is_not_there(
    case: EnforcementCase, candidate: Candidate, court: Organisation, desk: Client
) -> None:
    other = make_enforcement_case(court=court)
    dealing = Dealing.objects.get()

    assert desk.get(at(other, f"/{candidate.pk}")).status_code == 404
    assert desk.post(at(other, f"/dealings/{dealing.pk}")).status_code == 404
    dealing.refresh_from_db()
    assert dealing.withdrawn_at is None
