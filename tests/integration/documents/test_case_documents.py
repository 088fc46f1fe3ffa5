"""Who may make which document of a case, and what case and register say in it."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from filled_documents import FIELDS, text_of

from factories import make_case, make_claim, make_creditor, make_staff
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry
from zhipo.cases.documents import (
    ACTS,
    Announcement,
    acceptance_fields,
    make_case_document,
)
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.actions.confirming import confirm_register, confirming
from zhipo.claims.models import Objection
from zhipo.claims.queries.register import headings
from zhipo.claims.queries.ruling import ruling_fields
from zhipo.documents import actions
from zhipo.documents.actions import FieldsMissing
from zhipo.documents.kinds import DocumentKind
from zhipo.documents.models import Document
from zhipo.documents.queries import open_document
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
RULING = "（2026）湘0302破1号之二"
ANNOUNCED = Announcement(
    petitioner="长沙冷链物流有限公司",
    filing_place="管理人办公地址",
    meeting_place="第一法庭",
    meeting_time=time(9, 30),
    addressee="王小明",
)


@pytest.fixture
def case() -> Case:
    return make_case(phase=Phase.CHECKING, checked_on=date(2025, 11, 6))


@pytest.fixture
def judge(case: Case) -> Any:
    return make_staff(Role.BANKRUPTCY_JUDGE, case.court)


@pytest.fixture
def lead(case: Case) -> Any:
    return make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)


def claim(case: Case, state: str, fen: int, **given: Any) -> Any:
    values = {"claimed_fen": fen, "admitted_fen": fen, "decision": "admit"} | given
    return make_claim(case, state=state, **values)


def object_to(one: Any, state: str = "open", suit_until: date | None = None) -> None:
    by = make_creditor(f"+86138{one.pk:08d}")
    Objection.objects.create(
        claim=one, by=by, at=timezone.now(), text="少算", state=state, suit_until=suit_until
    )


def full_register(case: Case) -> None:
    """One claim at least of every part, under three headings; every sum another."""
    claim(case, "checked", 1_000, admitted_fen=900, decision="reduce")
    claim(case, "checked", 2_000)
    claim(case, "checked", 4_000, kind="employee")
    object_to(claim(case, "checked", 8_000))
    object_to(claim(case, "checked", 16_000, kind="secured"), "sued")
    over = timezone.localdate() - timedelta(days=1)
    object_to(claim(case, "checked", 32_000), "explained", suit_until=over)
    claim(case, "disputed", 64_000)
    claim(case, "confirmed", 128_000, confirmed_fen=128_000, ruling="之一")
    claim(case, "deferred", 256_000)
    claim(case, "tabled", 512_000)
    claim(case, "rejected", 1_024_000, admitted_fen=0, decision="reject")
    claim(case, "withdrawn", 2_048_000)
    claim(make_case(), "checked", 4_096_000)


def test_notice_of_a_case_says_its_row_and_what_the_court_announces(
    case: Case, judge: Any
) -> None:
    fields = acceptance_fields(case, ANNOUNCED)

    document = make_case_document(
        case_id=case.pk, kind=DocumentKind.ACCEPTANCE_NOTICE, fields=fields, by=judge
    )

    said = text_of(open_document(document).read())
    meeting_on = f"{case.meeting_on.year}年{case.meeting_on.month}月{case.meeting_on.day}日"
    assert f"{meeting_on}9时30分在第一法庭" in said
    assert case.administrator.name in said
    assert (document.chain, document.made_by) == (case.number, judge)
    assert Entry.objects.filter(event="document_made", chain=case.number).count() == 1


def test_notice_lacks_what_nobody_has_announced(judge: Any, case: Case) -> None:
    case.meeting_on = None
    case.save()

    for announced in (None, ANNOUNCED):
        with pytest.raises(FieldsMissing) as refused:
            make_case_document(
                case_id=case.pk, kind=DocumentKind.PUBLIC_NOTICE, by=judge,
                fields=acceptance_fields(case, announced),
            )  # fmt: skip
        lacks = ("petitioner", "filing_place", "meeting_at", "meeting_place")
        assert refused.value.missing == (("meeting_at",) if announced else lacks)


def test_nobody_can_put_other_words_into_the_cases_row(case: Case, judge: Any) -> None:
    fields = acceptance_fields(case, ANNOUNCED) | {"debtor": "别的公司"}

    document = make_case_document(
        case_id=case.pk, kind=DocumentKind.PUBLIC_NOTICE, fields=fields, by=judge
    )

    said = text_of(open_document(document).read())
    assert ("别的公司" in said, case.debtor in said) == (False, True)


@pytest.mark.parametrize("kind", ACTS)
def test_each_kind_is_its_makers_own(case: Case, kind: DocumentKind) -> None:
    makers = {
        role
        for role in Role
        if _may_make(case, kind, _staff(case, role))
    }  # fmt: skip

    court = {Role.BANKRUPTCY_JUDGE, Role.COURT_CLERK}
    reviewers = {Role.ADMINISTRATOR_LEAD, Role.ADMINISTRATOR_REVIEWER}
    assert makers == (court if "court" in ACTS[kind] else reviewers)


def test_strangers_and_closed_cases_are_refused(case: Case, judge: Any) -> None:
    other_judge = make_staff(Role.BANKRUPTCY_JUDGE)
    closed = make_case(phase=Phase.CLOSED, court=case.court)

    for one, by, refusal in ((case, other_judge, NotAllowed), (closed, judge, NotInState)):
        with pytest.raises(refusal):
            make_case_document(
                case_id=one.pk, kind=DocumentKind.PUBLIC_NOTICE, by=by,
                fields=acceptance_fields(one, ANNOUNCED),
            )  # fmt: skip
    assert not Document.objects.exists()


def test_failing_audit_undoes_the_case_document(
    case: Case, judge: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(actions, "record", broken)

    with pytest.raises(RuntimeError, match="no audit"):
        make_case_document(
            case_id=case.pk, kind=DocumentKind.PUBLIC_NOTICE, by=judge,
            fields=acceptance_fields(case, ANNOUNCED),
        )  # fmt: skip
    assert not Document.objects.exists()


def test_ruling_says_the_register_in_parts_that_add_up(case: Case) -> None:
    full_register(case)

    fields = ruling_fields(case, ruling_number=RULING)

    assert [(row["name"], row["count"], row["confirmed_count"], row["confirmed_fen"])
            for row in fields["headings"]] == [
        ("SECURED", 1, 0, 0), ("EMPLOYEE", 1, 1, 4_000), ("ORDINARY", 9, 3, 34_900),
    ]  # fmt: skip
    assert (fields["confirmed_count"], fields["confirmed_fen"]) == (4, 38_900)
    assert (fields["disputed_count"], fields["disputed_fen"]) == (3, 88_000)
    assert (fields["earlier_count"], fields["earlier_fen"]) == (1, 128_000)
    assert (fields["other_count"], fields["other_fen"]) == (3, 1_792_000)
    assert fields["total_count"] == 11
    assert fields["total_fen"] == 39_000 + 88_000 + 128_000 + 1_792_000


def test_ruling_agrees_with_register_and_with_what_confirming_does(case: Case) -> None:
    full_register(case)

    fields = ruling_fields(case, ruling_number=RULING)

    assert [(row["name"], row["count"], row["claimed_fen"]) for row in fields["headings"]] \
        == [(one.name, one.count, one.claimed_fen) for one in headings(case)]  # fmt: skip
    names = ("confirmed_count", "confirmed_fen", "disputed_count", "disputed_fen")
    *done, waiting = vars(confirming(case)).values()
    assert ([fields[name] for name in names], waiting) == (done, 0)
    assert [row["claimed_fen"] for row in fields["disputed"]] == [8_000, 16_000, 64_000]
    assert [row["name"] for row in fields["disputed"]] == [
        "ORDINARY",
        "SECURED",
        "ORDINARY",
    ]


def test_entered_ruling_gives_the_same_document(case: Case, judge: Any) -> None:
    full_register(case)
    kind = DocumentKind.CONFIRMING_RULING

    def draft() -> Document:
        fields = ruling_fields(case, ruling_number=RULING)
        return make_case_document(case_id=case.pk, kind=kind, fields=fields, by=judge)

    before = draft()
    confirm_register(case_id=case.pk, ruling=RULING, by=judge)

    assert draft() == before
    assert "¥389.00" in text_of(open_document(before).read())


def test_ruling_is_not_made_where_nothing_is_undisputed(case: Case, judge: Any) -> None:
    object_to(claim(case, "checked", 8_000))

    with pytest.raises(FieldsMissing) as refused:
        make_case_document(
            case_id=case.pk, kind=DocumentKind.CONFIRMING_RULING, by=judge,
            fields=ruling_fields(case, ruling_number=RULING),
        )  # fmt: skip

    assert refused.value.missing == ("confirmed_count",)


def test_ruling_asks_the_database_the_same_number_of_times(
    case: Case, django_assert_num_queries: Any
) -> None:
    full_register(case)

    with django_assert_num_queries(2):
        ruling_fields(case, ruling_number=RULING)


def _staff(case: Case, role: Role) -> Any:
    if role == Role.CREDITOR:
        return make_creditor()
    if "administrator" in role:
        return make_staff(role, case.administrator)
    if role in (Role.BANKRUPTCY_JUDGE, Role.COURT_CLERK):
        return make_staff(role, case.court)
    return make_staff(role)


def _may_make(case: Case, kind: DocumentKind, by: Any) -> bool:
    try:
        make_case_document(case_id=case.pk, kind=kind, fields=FIELDS, by=by)
    except NotAllowed:
        return False
    return True
