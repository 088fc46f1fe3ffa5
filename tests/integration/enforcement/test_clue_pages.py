"""Pages of clues, reports and closing for now: whole ways by browser, refusals in place."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from devices import device_of, text_of
from factories import make_enforcement_case, make_organisation, make_staff
from factories_clues import make_closed
from zhipo.accounts.models import Organisation
from zhipo.accounts.roles import Role
from zhipo.enforcement.actions.clues import ClueGiven, take_clue
from zhipo.enforcement.models import (
    ClosingForNow,
    Clue,
    EnforcementCase,
    Property,
    PropertyReport,
    ReportedItem,
    Requery,
)
from zhipo.enforcement.states import PropertyKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def court() -> Organisation:
    return make_organisation()


@pytest.fixture
def judge(court: Organisation) -> Client:
    return device_of(make_staff(Role.ENFORCEMENT_JUDGE, court))


@pytest.fixture
def case(court: Organisation) -> EnforcementCase:
    return make_enforcement_case(court=court, applicant="供货人甲")


def base(case: EnforcementCase) -> str:
    return f"/bureau/{case.debtor.slug}"


def send(client: Client, address: str, **given: Any) -> Any:
    return client.post(address, given, follow=True)


def test_a_clue_goes_its_whole_way(case: EnforcementCase, judge: Client) -> None:
    today = str(timezone.localdate())
    page = text_of(judge.get(f"{base(case)}/clues"))
    assert "还没有登记线索" in page

    send(judge, f"{base(case)}/clues/take", case_id=case.pk, form_key="k1", kind="shop",
         text="还有一家店", received_on=today)  # fmt: skip
    clue = Clue.objects.get()
    assert "不明确，待补充" in text_of(judge.get(f"{base(case)}/clues"))
    send(judge, f"{base(case)}/clues/{clue.pk}/complete", text="店名鲜享家二店",
         completed_on=today, is_urgent="on")  # fmt: skip
    answer = send(judge, f"{base(case)}/clues/{clue.pk}/check", outcome="found",
                  text="属实", checked_on=today, reference="s2", fen="5000")  # fmt: skip

    assert "按期办理" in text_of(answer)
    assert Property.objects.get().value_fen == 500_000


def test_a_refusal_stands_on_its_form_with_what_was_typed(
    case: EnforcementCase, judge: Client
) -> None:
    tomorrow = str(timezone.localdate() + timedelta(days=1))
    answer = send(judge, f"{base(case)}/clues/take", case_id=case.pk, form_key="k1",
                  kind="shop", text="还有一家店", received_on=tomorrow)  # fmt: skip

    page = text_of(answer)
    assert answer.status_code == 409
    assert "日期应在" in page
    assert "还有一家店" in page
    assert not Clue.objects.exists()


def test_a_refused_check_opens_at_its_clue(
    court: Organisation, case: EnforcementCase, judge: Client
) -> None:
    by = make_staff(Role.COURT_CLERK, court)
    given = ClueGiven(PropertyKind.SHOP, "还有一家店", date(2025, 3, 10))
    clues = [take_clue(case_id=case.pk, given=given, form_key=f"k{n}", by=by)
             for n in range(2)]  # fmt: skip

    answer = judge.post(
        f"{base(case)}/clues/{clues[0].pk}/check",
        {"outcome": "found", "text": "属实", "checked_on": "2025-03-09"},
    )

    assert answer.status_code == 409
    assert text_of(answer).count('<details class="fold" open>') == 1


def test_a_report_goes_its_whole_way(case: EnforcementCase, judge: Client) -> None:
    address = f"{base(case)}/reports"
    page = text_of(send(judge, f"{address}/order", case_id=case.pk,
                        notice_received_on="2025-03-10", due_on="2025-03-31"))  # fmt: skip
    report = PropertyReport.objects.get()
    assert "报告期间自 2024-03-10 起" in page
    assert "可以罚款、拘留" in page

    send(judge, f"{address}/{report.pk}/receive", received_on="2025-04-02")
    for key, change, day in (("a", "none", ""), ("b", "spent", "2025-05-12")):
        send(judge, f"{address}/{report.pk}/enter", form_key=key, kind="goods",
             change=change, text="存货", fen="100", changed_on=day)  # fmt: skip
    item = ReportedItem.objects.get(change="spent")
    send(judge, f"{address}/items/{item.pk}/reported", reported_on="2025-05-20")
    page = text_of(send(judge, f"{address}/{report.pk}/judge", is_untrue="yes",
                        note="漏报账户"))  # fmt: skip

    assert "逾期办理" in page
    assert "漏报账户" in page
    assert ReportedItem.objects.get(pk=item.pk).reported_on == date(2025, 5, 20)


def test_the_checklist_says_what_is_missing_and_then_closes(
    case: EnforcementCase, judge: Client
) -> None:
    send(judge, f"{base(case)}/reports/order", case_id=case.pk,
         notice_received_on="2025-03-10", due_on="2025-03-31")  # fmt: skip
    address = f"{base(case)}/cases/{case.pk}"
    given = {"closed_on": "2025-09-10", "investigated": "六家机构均无",
             "searched": "未下落不明", "restricted_on": "2025-04-01"}  # fmt: skip

    assert text_of(judge.get(address)).count("✗") == 4
    shown = judge.post(f"{address}/close", {**given, "check": "1"})
    refused = judge.post(f"{address}/close", given)
    assert (shown.status_code, refused.status_code) == (200, 409)
    assert text_of(shown).count("✗") == 1
    assert "缺少：申请执行人签字确认" in text_of(refused)
    assert "六家机构均无" in text_of(refused)
    done = send(judge, f"{address}/close", **given, is_signed_by_applicant="on")

    assert "已于 2025-09-10 终结本次执行程序" in text_of(done)
    requery = ClosingForNow.objects.get().requeries.order_by("due_on")[0]
    page = text_of(send(judge, f"{address}/queries/{requery.pk}", done_on="2025-10-01",
                        result="无可供执行财产"))  # fmt: skip
    assert "无可供执行财产" in page
    page = text_of(send(judge, f"{address}/resume", resumed_on="2025-10-02",
                        reason="发现新店"))  # fmt: skip
    assert "以前的终本" in page
    assert "发现新店" in page


def test_a_clerk_sees_no_closing_and_a_president_no_form(
    court: Organisation, case: EnforcementCase
) -> None:
    for role, is_shown in ((Role.COURT_CLERK, True), (Role.COURT_PRESIDENT, False)):
        client = device_of(make_staff(role, court))
        clues = text_of(client.get(f"{base(case)}/clues"))
        page = text_of(client.get(f"{base(case)}/cases/{case.pk}"))
        assert ("/clues/take" in clues) is is_shown
        assert "/close" not in page
        answer = client.post(f"{base(case)}/cases/{case.pk}/close", {
            "closed_on": "2025-09-10"})  # fmt: skip
        assert answer.status_code == 403


def test_another_courts_case_clue_and_report_are_not_there(
    court: Organisation, case: EnforcementCase, judge: Client
) -> None:
    other = make_organisation()
    theirs = make_enforcement_case(debtor=case.debtor, court=other)
    by = make_staff(Role.ENFORCEMENT_JUDGE, other)
    given = ClueGiven(PropertyKind.SHOP, "别处的线索", date(2025, 3, 10))
    clue = take_clue(case_id=theirs.pk, given=given, form_key="k", by=by)

    assert "别处的线索" not in text_of(judge.get(f"{base(case)}/clues"))
    assert judge.get(f"{base(case)}/cases/{theirs.pk}").status_code == 404
    assert judge.post(f"{base(case)}/clues/{clue.pk}/check").status_code == 404
    answer = send(judge, f"{base(case)}/clues/take", case_id=theirs.pk, form_key="x",
                  kind="shop", text="x", received_on="2025-03-10")  # fmt: skip
    assert answer.status_code == 400


def test_a_refused_query_keeps_what_was_typed_and_later_half_years_wait(
    court: Organisation, case: EnforcementCase, judge: Client
) -> None:
    by = make_staff(Role.ENFORCEMENT_JUDGE, court)
    made = make_closed(case, by)
    address = f"{base(case)}/cases/{made['case_id']}"
    begun = Requery.objects.filter(due_on__lt=timezone.localdate()).count() + 1

    answer = judge.post(
        f"{address}/queries/{made['requery_id']}",
        {"done_on": "2025-09-09", "result": "无可供执行的财产"},
    )

    page = text_of(answer)
    assert answer.status_code == 409
    assert 'value="2025-09-09"' in page
    assert 'value="无可供执行的财产"' in page
    assert page.count('name="result"') == begun
