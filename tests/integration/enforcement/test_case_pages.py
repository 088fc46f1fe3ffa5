"""Pages of cases: form, file, list, pairs of debtors."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from devices import device_of, text_of
from factories import make_enforcement_case, make_organisation, make_staff
from factories_cases import make_comparable
from zhipo.accounts.models import Organisation
from zhipo.accounts.roles import Role
from zhipo.enforcement.models import Debtor, EnforcementCase, Joining

pytestmark = pytest.mark.django_db
NUMBER = "（2025）湘0302执123号"


@pytest.fixture
def judge(court: Organisation) -> Client:
    return device_of(make_staff(Role.ENFORCEMENT_JUDGE, court))


def filled(court: Organisation, **given: Any) -> dict[str, Any]:
    return {
        "court": court.pk, "number": NUMBER, "filed_on": "2025-03-03",
        "title": "判决书", "amount": "120000", "debtor": "湘潭鲜享家电子商务有限公司",
        "entity": "company", "applicant": "供货人甲", "applicant_kind": "supplier", **given,
    }  # fmt: skip


def sheet_of(*numbers: str) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["案号", "被执行人", "申请执行人", "申请执行人类型", "执行依据",
                  "标的金额（元）", "立案日期"])  # fmt: skip
    for number in numbers:
        sheet.append([number, "甲有限公司", "乙", "消费者", "判决书", 100, "2025-03-03"])
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("cases.xlsx", file.getvalue())


def test_a_case_is_registered_by_the_form(court: Organisation, judge: Client) -> None:
    answer = judge.post("/bureau/register", filled(court), follow=True)

    page = text_of(answer)
    assert answer.redirect_chain[-1][0].endswith("/cases")
    assert NUMBER in page
    assert "供货人甲" in page
    assert "¥120,000.00" in page


def test_a_fault_stands_at_its_field_and_what_was_typed_stays(
    court: Organisation, judge: Client
) -> None:
    answer = judge.post("/bureau/register", filled(court, number="123", paid="130000"))

    page = text_of(answer)
    assert answer.status_code == 400
    assert "不是执行案号" in page
    assert "已履行金额超过标的金额" in page
    assert 'value="供货人甲"' in page
    assert not EnforcementCase.objects.exists()


def test_another_court_cannot_be_chosen(judge: Client) -> None:
    answer = judge.post("/bureau/register", filled(make_organisation()))

    assert answer.status_code == 400
    assert not EnforcementCase.objects.exists()


def test_the_president_sees_the_form_but_has_no_court_to_register_at(
    court: Organisation,
) -> None:
    president = device_of(make_staff(Role.COURT_PRESIDENT, court))

    answer = president.post("/bureau/register", filled(court))

    assert answer.status_code == 400
    assert not EnforcementCase.objects.exists()


def test_a_workbook_is_registered_and_again_without_doubling(judge: Client) -> None:
    for _ in range(2):
        files = {"file": sheet_of(NUMBER, "（2025）湘0302执124号")}
        answer = judge.post("/bureau/register/file", files, follow=True)
        assert "已登记 2 件案件" in text_of(answer)

    assert EnforcementCase.objects.count() == 2
    assert Debtor.objects.count() == 1


def test_a_faulty_row_stops_the_whole_workbook_and_is_shown(judge: Client) -> None:
    answer = judge.post("/bureau/register/file", {"file": sheet_of(NUMBER, "124")})

    page = text_of(answer)
    assert answer.status_code == 400
    assert "有 1 处需要更正" in page
    assert '<td class="amount">3</td><td>案号</td><td>124</td>' in page
    assert not EnforcementCase.objects.exists()


def test_other_files_are_refused_with_the_reason(judge: Client) -> None:
    for name, reason in (("a.pdf", "只接受"), ("a.xlsx", "文件无法读取")):
        file = SimpleUploadedFile(name, b"%PDF-1.7")
        answer = judge.post("/bureau/register/file", {"file": file})
        assert answer.status_code == 400
        assert reason in text_of(answer)


def test_the_template_is_a_workbook(judge: Client) -> None:
    answer = judge.get("/bureau/register/template")

    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["A1"].value == "案号"


def test_applicants_of_another_court_stay_there(court: Organisation, judge: Client) -> None:
    own = make_enforcement_case(court=court, applicant="本院申请人")
    other = make_enforcement_case(debtor=own.debtor, applicant="他院申请人")

    page = text_of(judge.get(f"/bureau/{own.debtor.slug}/cases"))

    assert own.number in page
    assert other.number in page
    assert "本院申请人" in page
    assert "他院申请人" not in page


def test_a_pair_is_shown_joined_and_undone(court: Organisation, judge: Client) -> None:
    kept = make_comparable(court, name="湘潭甲商贸有限公司", brand="")
    joined = make_comparable(make_organisation(), name="甲商贸（湘潭）有限公司", brand="")
    pair = {"kept_id": kept.pk, "joined_id": joined.pk}
    assert "50 分" in text_of(judge.get("/bureau/joinings"))
    assert "50 分" in text_of(judge.get(f"/bureau/{kept.slug}/cases"))

    bare = judge.post("/bureau/joinings/join", {**pair, "reason": " "})
    done = judge.post("/bureau/joinings/join", {**pair, "reason": "同一住所"}, follow=True)

    assert bare.status_code == 400
    assert "请写明理由" in text_of(bare)
    assert "已合并：甲商贸（湘潭）有限公司" in text_of(done)
    assert "同一住所" in text_of(judge.get(f"/bureau/{kept.slug}/"))
    judge.post(f"/bureau/joinings/{Joining.objects.get().pk}/undo")
    assert joined.cases.count() == 1


def test_a_pair_kept_apart_is_no_longer_shown(court: Organisation, judge: Client) -> None:
    kept = make_comparable(court, name="湘潭甲商贸有限公司", brand="")
    joined = make_comparable(court, name="甲商贸（湘潭）有限公司", brand="")

    judge.post(
        "/bureau/joinings/apart",
        {"kept_id": kept.pk, "joined_id": joined.pk, "reason": "关联公司"},
    )

    assert "没有发现可能相同的主体" in text_of(judge.get("/bureau/joinings"))


def test_pairs_of_others_are_not_there(judge: Client) -> None:
    one, other = (make_comparable(make_organisation(), brand="") for _ in range(2))
    pair = {"kept_id": one.pk, "joined_id": other.pk, "reason": "x"}

    for act in ("join", "apart"):
        assert judge.post(f"/bureau/joinings/{act}", pair).status_code == 404
    assert not Joining.objects.exists()
