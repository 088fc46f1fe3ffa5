"""Facts are stated, corrected and taken back; memos are made in versions."""

import io
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from factories import make_enforcement_case, make_staff
from factories_memos import NOW, TODAY, make_freeze, make_insolvent, make_property
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import GIVEN_BY, OrganisationKind, Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.documents.models import Document
from zhipo.documents.queries import open_document
from zhipo.enforcement.actions import memos as acts
from zhipo.enforcement.actions.memos import Conclusion, Statement
from zhipo.enforcement.identification.facts import FactKey
from zhipo.enforcement.models import Debtor, Fact, Memo
from zhipo.enforcement.policies.memos import NotAValue, Stale, Unexplained
from zhipo.enforcement.queries.facts import ground_of
from zhipo.enforcement.queries.memos import changes_in, content_now, digest_of
from zhipo.enforcement.states import Evidence, PropertyKind, Stage, Title
from zhipo.law.triage.road import Road
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
K = FactKey


@pytest.fixture
def debtor(court: Organisation) -> Debtor:
    return make_insolvent(court)


def state(debtor: Debtor, by: Any, key: FactKey, value: Any, **given: Any) -> Fact:
    said = {"evidence": Evidence.HEARING, "reference": "2025-10-20询问笔录", **given}
    return acts.state_fact(
        debtor_id=debtor.pk, statement=Statement(key, value, **said), now=NOW, by=by
    )


def seen(debtor: Debtor) -> str:
    return digest_of(content_now(debtor, law_date=TODAY))


def conclude(debtor: Debtor, by: Any, road: Road, **given: Any) -> Memo:
    said = {"is_fast": False, "seen": seen(debtor), **given}
    return acts.make_memo(
        debtor_id=debtor.pk, conclusion=Conclusion(road, **said), today=TODAY, now=NOW,
        by=by,
    )  # fmt: skip


def entries(event: Event) -> int:
    return Entry.objects.filter(event=event).count()


def test_the_system_knows_what_cases_and_property_say(debtor: Debtor) -> None:
    known = {key: one.value for key, one in ground_of(debtor).known.items()}

    assert known[K.ENTITY] == "company"
    assert known[K.DEBT_LAWFUL] is True
    assert known[K.FULLY_PAID] is False
    assert known[K.FAILED_ENFORCEMENT] is True
    assert known[K.ESTATE] == [10_000_000] * 3
    assert known[K.ASSETS_CLEAR] is True
    assert known[K.ENFORCEMENT_COST] == [170_000 + 110_000] * 3
    assert K.CONSENT not in known
    assert ground_of(debtor).known[K.FAILED_ENFORCEMENT].rule == "cn.bi1.4.zhongben"


def test_what_is_not_checked_or_anothers_narrows_the_low_value(debtor: Debtor) -> None:
    make_property(debtor, title=Title.UNCHECKED, value_fen=100)
    make_property(debtor, title=Title.DISPUTED, value_fen=1_000)
    make_property(debtor, title=Title.CUSTODY, value_fen=10_000)
    make_property(debtor, kind=PropertyKind.RESERVE_ACCOUNT, value_fen=100_000)
    make_property(debtor, kind=PropertyKind.GOODS, value_fen=1_000_000)
    make_property(debtor, kind=PropertyKind.DOMAIN, value_fen=None)

    known = ground_of(debtor).known

    low = 10_000_000 + 560_000
    assert known[K.ESTATE].value == [low, low + 140_000 + 100, low + 440_000 + 1_100]
    assert known[K.ASSETS_CLEAR].value is False
    assert known[K.ESTATE].says["unvalued"] == 1


def test_freezes_stand_in_their_order(debtor: Debtor, court: Organisation) -> None:
    target = debtor.properties.get()
    later = make_enforcement_case(debtor=debtor, court=court)
    make_freeze(later, target, frozen_on=NOW.date(), limit_fen=5, frozen_fen=0, rank=1)

    (asset,) = ground_of(debtor).assets

    assert [one.place for one in asset.holds] == [1, 2]
    assert asset.holds[1].claim_id == later.number
    assert asset.holds[1].limit_fen == 5


def test_paid_and_closed_cases_are_no_creditors(
    debtor: Debtor, court: Organisation
) -> None:
    make_enforcement_case(debtor=debtor, court=court, state="closed")
    make_enforcement_case(debtor=debtor, court=court, paid_fen=12_000_000)

    assert len(ground_of(debtor).creditors) == 2


def test_the_ground_is_read_with_the_same_number_of_questions(
    debtor: Debtor, court: Organisation
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        ground_of(debtor)
    for _ in range(5):
        case = make_enforcement_case(debtor=debtor, court=court)
        make_freeze(case, make_property(debtor))
    with CaptureQueriesContext(connection) as many:
        ground_of(debtor)

    assert len(few) == len(many)


def test_a_fact_is_stated_and_recorded(debtor: Debtor, judge: User) -> None:
    fact = state(debtor, judge, K.CONSENT, True)

    assert (fact.value, fact.known, fact.stated_by) == (True, None, judge)
    assert ground_of(debtor).values[K.CONSENT] is True
    entry = Entry.objects.get(event=Event.FACT_STATED)
    assert entry.chain == f"debtor/{debtor.slug}"
    assert entry.detail == {
        "key": "consent", "value": True, "known": None, "evidence": "hearing",
    }  # fmt: skip


def test_a_confirmation_needs_no_reason_a_correction_does(
    debtor: Debtor, judge: User
) -> None:
    confirmed = state(debtor, judge, K.FAILED_ENFORCEMENT, True)
    with pytest.raises(Unexplained):
        state(debtor, judge, K.ESTATE, [0, 1, 2], reason=" ")
    corrected = state(debtor, judge, K.ESTATE, [0, 1, 2], reason="冻结款已被另案划走")

    assert confirmed.known is True
    assert corrected.known == [10_000_000] * 3
    assert ground_of(debtor).values[K.ESTATE] == [0, 1, 2]
    assert entries(Event.FACT_STATED) == 2


def test_a_later_statement_takes_the_place_and_the_earlier_stays(
    debtor: Debtor, judge: User
) -> None:
    first = state(debtor, judge, K.STAFF, 40)
    second = state(debtor, judge, K.STAFF, 38, reason="两人已离职")

    first.refresh_from_db()
    assert (first.ended_by, first.value) == (judge, 40)
    assert second.ended_at is None
    assert ground_of(debtor).values[K.STAFF] == 38


def test_the_same_form_sent_twice_is_one_statement(debtor: Debtor, judge: User) -> None:
    assert state(debtor, judge, K.STAFF, 40) == state(debtor, judge, K.STAFF, 40)
    assert (Fact.objects.count(), entries(Event.FACT_STATED)) == (1, 1)


def test_a_value_of_the_wrong_kind_is_refused(debtor: Debtor, judge: User) -> None:
    for key, value in ((K.CONSENT, 1), (K.ESTATE, [3, 2, 1]), (K.ENTITY, "firm")):
        with pytest.raises(NotAValue):
            state(debtor, judge, key, value, reason="x")
    assert not Fact.objects.exists()


@pytest.mark.parametrize("role", [one for one in GIVEN_BY if one != Role.ENFORCEMENT_JUDGE])
def test_only_a_judge_states_and_makes(
    debtor: Debtor, court: Organisation, role: Role
) -> None:
    is_court = GIVEN_BY[role] == OrganisationKind.COURT
    other = make_staff(role, court if is_court else None)

    with pytest.raises(NotAllowed):
        state(debtor, other, K.STAFF, 1)
    with pytest.raises(NotAllowed):
        acts.withdraw_fact(debtor_id=debtor.pk, key=K.STAFF, reason="x", by=other)
    with pytest.raises(NotAllowed):
        conclude(debtor, other, Road.ENFORCE_ONLY)
    assert not Fact.objects.exists()
    assert not Memo.objects.exists()


def test_a_judge_of_another_court_may_not(debtor: Debtor) -> None:
    with pytest.raises(NotAllowed):
        state(debtor, make_staff(Role.ENFORCEMENT_JUDGE), K.STAFF, 1)


@pytest.mark.parametrize("stage", [Stage.UNDER_REVIEW, Stage.ACCEPTED])
def test_with_the_bankruptcy_court_it_is_too_late(
    debtor: Debtor, judge: User, stage: Stage
) -> None:
    state(debtor, judge, K.STAFF, 1)
    digest = seen(debtor)
    Debtor.objects.filter(pk=debtor.pk).update(stage=stage)

    with pytest.raises(NotInState):
        state(debtor, judge, K.STAFF, 2, reason="x")
    with pytest.raises(NotInState):
        acts.withdraw_fact(debtor_id=debtor.pk, key=K.STAFF, reason="x", by=judge)
    with pytest.raises(NotInState):
        conclude(debtor, judge, Road.ENFORCE_ONLY, seen=digest)
    assert Fact.objects.get().value == 1


def test_a_failing_audit_undoes_the_statement(
    debtor: Debtor, judge: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    state(debtor, judge, K.STAFF, 1)
    _break_audit(monkeypatch)

    with pytest.raises(RuntimeError):
        state(debtor, judge, K.STAFF, 2, reason="x")
    with pytest.raises(RuntimeError):
        acts.withdraw_fact(debtor_id=debtor.pk, key=K.STAFF, reason="x", by=judge)

    assert [(one.value, one.ended_at) for one in Fact.objects.all()] == [(1, None)]


def test_a_statement_is_taken_back_with_a_reason(debtor: Debtor, judge: User) -> None:
    state(debtor, judge, K.FAILED_ENFORCEMENT, False, reason="新发现财产")
    with pytest.raises(Unexplained):
        acts.withdraw_fact(
            debtor_id=debtor.pk, key=K.FAILED_ENFORCEMENT, reason="", by=judge
        )

    back = acts.withdraw_fact(
        debtor_id=debtor.pk, key=K.FAILED_ENFORCEMENT, reason="该财产不存在", by=judge
    )
    again = acts.withdraw_fact(
        debtor_id=debtor.pk, key=K.FAILED_ENFORCEMENT, reason="该财产不存在", by=judge
    )

    assert ground_of(debtor).values[K.FAILED_ENFORCEMENT] is True
    assert back == again
    assert back is not None
    assert back.end_reason == "该财产不存在"
    assert entries(Event.FACT_WITHDRAWN) == 1


def test_nothing_to_take_back(debtor: Debtor, judge: User) -> None:
    assert (
        acts.withdraw_fact(debtor_id=debtor.pk, key=K.STAFF, reason="x", by=judge) is None
    )


def test_the_database_keeps_one_statement_in_force(debtor: Debtor, judge: User) -> None:
    fact = state(debtor, judge, K.STAFF, 1)
    fact.pk = None

    with pytest.raises(IntegrityError):
        fact.save(force_insert=True)


def test_a_judges_points_count_and_turn_the_proposal(debtor: Debtor, judge: User) -> None:
    state(debtor, judge, K.CONSENT, True)
    state(debtor, judge, K.GOING_CONCERN_VALUE, [20_000_000, 30_000_000, 40_000_000])
    assert content_now(debtor, law_date=TODAY)["roads"]["now"] == Road.REFER_LIQUIDATION

    state(debtor, judge, K.POINTS_SUPPLIERS, 20, reason="供应商座谈会")

    content = content_now(debtor, law_date=TODAY)
    assert content["points"]["total"] == 60
    assert content["facts"]["worth_rescuing"]["value"] is True
    assert content["roads"]["now"] == Road.REFER_REORG


def test_a_judge_may_find_that_there_is_nothing_to_rescue(
    debtor: Debtor, judge: User
) -> None:
    state(debtor, judge, K.CONSENT, True)
    state(debtor, judge, K.GOING_CONCERN_VALUE, [20_000_000, 30_000_000, 40_000_000])
    state(debtor, judge, K.POINTS_SUPPLIERS, 20)
    state(debtor, judge, K.WORTH_RESCUING, False, reason="团队已解散")

    assert content_now(debtor, law_date=TODAY)["roads"]["now"] == Road.REFER_LIQUIDATION


def test_a_memo_is_made_with_its_document_and_recorded(debtor: Debtor, judge: User) -> None:
    state(debtor, judge, K.CONSENT, True)

    memo = conclude(debtor, judge, Road.REFER_LIQUIDATION)

    text = _text(memo.document)
    assert (memo.version, memo.proposed) == (1, Road.REFER_LIQUIDATION)
    assert "识别报告" in text
    assert debtor.name in text
    assert "《破产法解释一》第四条" in text
    assert "{{" not in text
    assert "None" not in text
    entry = Entry.objects.get(event=Event.MEMO_MADE)
    assert entry.detail["content_sha256"] == memo.content_sha256
    assert entry.chain == memo.document.chain == f"debtor/{debtor.slug}"


def test_a_memo_names_no_applicant(debtor: Debtor, judge: User) -> None:
    """Applicants of other courts stay with their court: the memo goes by case number."""
    names = [case.applicant for case in debtor.cases.all()]

    memo = conclude(debtor, judge, Road.ENFORCE_ONLY)

    assert not any(name in str(memo.content) for name in names)
    assert not any(name in _text(memo.document) for name in names)
    assert debtor.cases.all()[0].number in _text(memo.document)


def test_a_departure_has_its_reason(debtor: Debtor, judge: User) -> None:
    with pytest.raises(Unexplained):
        conclude(debtor, judge, Road.REFER_REORG)

    memo = conclude(debtor, judge, Road.REFER_REORG, reason="投资人已签意向书")

    assert (memo.proposed, memo.concluded) == (Road.ENFORCE_ONLY, Road.REFER_REORG)
    assert "投资人已签意向书" in _text(memo.document)


def test_the_fast_track_is_for_liquidation_and_settlement(
    debtor: Debtor, judge: User
) -> None:
    with pytest.raises(NotAValue):
        conclude(debtor, judge, Road.REFER_REORG, is_fast=True, reason="x")
    fast = conclude(debtor, judge, Road.REFER_LIQUIDATION, is_fast=True, reason="x")

    assert fast.concluded_fast


def test_the_same_conclusion_on_the_same_facts_is_the_same_memo(
    debtor: Debtor, judge: User
) -> None:
    first = conclude(debtor, judge, Road.ENFORCE_ONLY)
    second = conclude(debtor, judge, Road.ENFORCE_ONLY)

    assert first == second
    assert (Memo.objects.count(), entries(Event.MEMO_MADE)) == (1, 1)


def test_facts_that_changed_since_the_judge_looked_are_shown_first(
    debtor: Debtor, judge: User
) -> None:
    before = seen(debtor)
    state(debtor, judge, K.STAFF, 1)

    with pytest.raises(Stale):
        conclude(debtor, judge, Road.ENFORCE_ONLY, seen=before)
    assert not Memo.objects.exists()


def test_the_next_version_says_what_changed(debtor: Debtor, judge: User) -> None:
    conclude(debtor, judge, Road.ENFORCE_ONLY)
    state(debtor, judge, K.CONSENT, True)
    make_property(debtor, value_fen=5_000_000)

    memo = conclude(debtor, judge, Road.REFER_LIQUIDATION)

    found = {(one.kind.value, one.key) for one in changes_in(memo)}
    assert memo.version == 2
    assert {
        ("fact_value", "consent"),
        ("fact_value", "estate"),
        ("proposal", "now"),
        ("finding", "may_refer"),
        ("class_recovery", "ordinary"),
    } <= found
    assert "与上一版相比的变化" in _text(memo.document)


def test_a_later_day_is_a_later_version(debtor: Debtor, judge: User) -> None:
    conclude(debtor, judge, Road.ENFORCE_ONLY)
    tomorrow = TODAY + timedelta(days=1)
    digest = digest_of(content_now(debtor, law_date=tomorrow))

    memo = acts.make_memo(
        debtor_id=debtor.pk, today=tomorrow, now=NOW, by=judge,
        conclusion=Conclusion(Road.ENFORCE_ONLY, is_fast=False, seen=digest),
    )  # fmt: skip

    assert memo.version == 2


def test_a_failing_audit_undoes_the_memo(
    debtor: Debtor, judge: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break_audit(monkeypatch)

    with pytest.raises(RuntimeError):
        conclude(debtor, judge, Road.ENFORCE_ONLY)

    assert not Memo.objects.exists()
    assert not Document.objects.exists()


def test_a_sole_trader_is_kept_out_with_the_reason(
    court: Organisation, judge: User
) -> None:
    shop = make_insolvent(court, entity="sole_trader")

    memo = conclude(shop, judge, Road.NOT_ELIGIBLE)

    assert memo.content["recovery"]["bankruptcy_open"] is False
    assert "不具备破产资格" in _text(memo.document)


def _text(document: Document) -> str:
    """Paragraphs and cells of a memo."""
    paper = docx.Document(io.BytesIO(open_document(document).read()))
    cells = [
        cell.text for table in paper.tables for row in table.rows for cell in row.cells
    ]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


def _break_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(acts, "record", fail)
