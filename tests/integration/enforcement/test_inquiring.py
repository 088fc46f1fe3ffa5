"""Asking everybody at once: one order each, sent by a job, answers become property."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from factories import make_debtor, make_enforcement_case, make_staff
from factories_inquiries import (
    CUSTODY,
    SHOP,
    WALLET,
    Bureau,
    NoTrail,
    fail_to_record,
    make_court,
)
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.documents.models import Document
from zhipo.enforcement.actions import inquiring
from zhipo.enforcement.actions.inquiring import (
    ask_history,
    ask_ownership,
    inquire_everywhere,
)
from zhipo.enforcement.actions.ordering import message_of
from zhipo.enforcement.histories import COLUMNS, HistoryChanged, read_history
from zhipo.enforcement.models import (
    Debtor,
    InquiryAnswer,
    InquiryOrder,
    OwnershipCheck,
    Property,
    TransactionHistory,
)
from zhipo.enforcement.states import CameBy, EnforcementState, InquiryState, Stage, Title
from zhipo.gateways.institutions.messages import DocumentKind
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db


def test_one_act_asks_every_institution_and_finds_everything(bureau: Bureau) -> None:
    orders = bureau.inquire()
    bureau.chase()

    assert len(orders) == 6
    states = set(InquiryOrder.objects.values_list("state", flat=True))
    assert states == {InquiryState.ANSWERED}
    assert Property.objects.count() == 12
    found = bureau.found(WALLET)
    assert (found.value_fen, found.available_fen) == (128_643_015, 128_643_015)
    assert found.label == "微信商户号 A（…0001）"
    assert (found.title, found.holder) == (Title.UNCHECKED, "湘潭鲜享家科技有限公司")
    assert bureau.found(SHOP).value_fen is None


def test_an_end_is_asked_for_again_a_minute_and_a_day_later(bureau: Bureau) -> None:
    bureau.inquire()
    bureau.chase()
    assert InquiryOrder.objects.filter(settled_at=None).count() == 6

    bureau.chase(2, hours=24)

    assert not InquiryOrder.objects.filter(settled_at=None).exists()
    assert set(InquiryAnswer.objects.values_list("times", flat=True)) == {3}


def test_nothing_leaves_inside_the_request(bureau: Bureau) -> None:
    orders = bureau.inquire()

    assert {one.state for one in orders} == {InquiryState.PREPARED}
    assert all(not bureau.ground.control(one.institution.party, "book")["freezes"]
               for one in orders)  # fmt: skip


def test_asking_is_recorded_once_with_its_count(bureau: Bureau) -> None:
    bureau.inquire()

    entry = Entry.objects.get(event=Event.INQUIRIES_ORDERED)
    assert (entry.chain, entry.detail) == (bureau.case.number, {"count": 6, "already": 0})
    assert entry.actor == f"user {bureau.judge.pk}"


def test_each_order_carries_its_sealed_notice(bureau: Bureau) -> None:
    order = bureau.inquire()[0]

    message = message_of(order)
    kinds = [one.kind for one in message.documents]
    paper = Document.objects.get(sha256=message.documents[0].sha256)
    assert kinds == [DocumentKind.ASSISTANCE_NOTICE]
    assert paper.chain == bureau.case.number
    assert message.debtor.uscc == bureau.debtor.credit_code


def test_second_click_and_second_page_ask_nobody_again(bureau: Bureau) -> None:
    first = bureau.inquire()

    again = bureau.inquire()
    other_page = inquire_everywhere(
        case_id=bureau.case.pk, form_key="f2", by=bureau.judge, now=bureau.now
    )

    assert {one.pk for one in first} == {one.pk for one in again}
    assert {one.pk for one in first} == {one.pk for one in other_page}
    assert InquiryOrder.objects.count() == 6


def test_same_form_after_the_answers_asks_nobody_again(informed: Bureau) -> None:
    informed.inquire()

    assert InquiryOrder.objects.count() == 6


def test_overdue_question_does_not_keep_the_court_from_asking_again(
    bureau: Bureau,
) -> None:
    bureau.inquire()
    bureau.now += timedelta(days=3)

    inquire_everywhere(
        case_id=bureau.case.pk, form_key="f2", by=bureau.judge, now=bureau.now
    )

    assert InquiryOrder.objects.count() == 12


def test_later_query_updates_what_was_found(informed: Bureau) -> None:
    informed.ground.control(
        "wallet-green", "movements", '{"reference": "1600000001", "fen": 500}'
    )
    informed.step(days=1)
    inquire_everywhere(
        case_id=informed.case.pk, form_key="f2", by=informed.judge, now=informed.now
    )
    informed.chase()

    assert Property.objects.count() == 12
    assert informed.found(WALLET).value_fen == 128_643_515


def test_answer_is_kept_as_it_came_and_counted(informed: Bureau) -> None:
    kept = InquiryAnswer.objects.filter(is_good=True)

    assert kept.count() == 6
    one = kept.first()
    assert one is not None
    assert (one.times, one.came_by) == (2, CameBy.POLL)
    assert base64.b64decode(one.raw).startswith(b"{")
    assert {"zhipo-signature", "path", "status"} <= set(one.headers)
    assert b"debtor_uscc" in base64.b64decode(one.raw)


@pytest.mark.parametrize("stage", [Stage.ACCEPTED])
def test_asking_is_closed_after_acceptance(bureau: Bureau, stage: Stage) -> None:
    Debtor.objects.update(stage=stage)

    with pytest.raises(NotInState):
        bureau.inquire()
    assert not InquiryOrder.objects.exists()


def test_closed_case_asks_nobody(bureau: Bureau) -> None:
    bureau.case.state = EnforcementState.CLOSED
    bureau.case.save()

    with pytest.raises(NotInState, match="case_closed"):
        bureau.inquire()
    assert not InquiryOrder.objects.exists()


@pytest.mark.parametrize("code", ["", "91430302MA4XJ0001X"])
def test_debtor_without_a_real_code_is_not_asked_about(bureau: Bureau, code: str) -> None:
    Debtor.objects.filter(pk=bureau.debtor.pk).update(credit_code=code)

    with pytest.raises(NotInState, match="no_code"):
        bureau.inquire()
    assert (InquiryOrder.objects.count(), Document.objects.count()) == (0, 0)


def test_court_outside_of_the_network_asks_nobody(bureau: Bureau) -> None:
    case = make_enforcement_case(debtor=bureau.debtor)
    judge = make_staff(Role.ENFORCEMENT_JUDGE, case.court)

    with pytest.raises(NotInState, match="not_a_party"):
        inquire_everywhere(case_id=case.pk, form_key="f", by=judge)
    assert not InquiryOrder.objects.exists()


def test_installation_without_a_directory_says_so(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZHIPO_INQUIRY_DIRECTORY")

    with pytest.raises(NotInState, match="no_directory"):
        bureau.inquire()
    assert not InquiryOrder.objects.exists()


@pytest.mark.parametrize(
    "role",
    [Role.BANKRUPTCY_JUDGE, Role.COURT_PRESIDENT, Role.ADMINISTRATOR_LEAD, Role.AUDITOR],
)
def test_others_ask_nobody(bureau: Bureau, role: Role) -> None:
    is_of_court = role in (Role.BANKRUPTCY_JUDGE, Role.COURT_PRESIDENT)
    bureau.judge = make_staff(role, bureau.court if is_of_court else None)

    with pytest.raises(NotAllowed):
        bureau.inquire()
    assert not InquiryOrder.objects.exists()


def test_judge_of_another_court_asks_in_cases_of_that_court_alone(bureau: Bureau) -> None:
    other = make_court("kaifu")
    make_enforcement_case(debtor=bureau.debtor, court=other)
    bureau.judge = make_staff(Role.ENFORCEMENT_JUDGE, other)

    with pytest.raises(NotAllowed, match="other_court"):
        bureau.inquire()
    assert not InquiryOrder.objects.exists()


def test_asking_that_is_not_recorded_does_not_happen(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_record(monkeypatch, inquiring)

    with pytest.raises(NoTrail):
        bureau.inquire()
    assert not InquiryOrder.objects.exists()


def own(bureau: Bureau, *references: str) -> dict[str, Any]:
    return {
        "case_id": bureau.case.pk,
        "property_ids": [bureau.found(one).pk for one in references],
        "by": bureau.judge,
        "now": bureau.now,
    }


def test_ownership_comes_with_its_evidence(informed: Bureau) -> None:
    ask_ownership(**own(informed, WALLET, CUSTODY, SHOP))
    informed.chase()

    titles = [informed.found(one).title for one in (WALLET, CUSTODY, SHOP)]
    assert titles == [Title.DEBTORS, Title.CUSTODY, Title.DEBTORS]
    check = OwnershipCheck.objects.get(target=informed.found(CUSTODY))
    assert "账户协议载明为供应商代收货款" in check.grounds
    assert Entry.objects.filter(event=Event.OWNERSHIP_FOUND).count() == 3


def test_ownership_is_asked_once_while_it_is_waited_for(informed: Bureau) -> None:
    first = ask_ownership(**own(informed, WALLET))
    again = ask_ownership(**own(informed, WALLET, SHOP))

    assert first[0] in again
    assert InquiryOrder.objects.filter(act="ownership_check").count() == 2


def test_property_of_another_debtor_is_not_asked_about(informed: Bureau) -> None:
    Property.objects.update(debtor=make_debtor())

    assert ask_ownership(**own(informed, WALLET)) == []


def test_history_is_sealed_as_a_file(informed: Bureau) -> None:
    days = (informed.today - timedelta(days=365), informed.today)

    ask_history(**own(informed, WALLET), days=days)
    informed.chase()

    history = TransactionHistory.objects.get()
    table = read_history(history.path, history.sha256)
    assert table.schema.equals(COLUMNS)
    assert (history.rows, history.first_on) == (table.num_rows, days[0])
    assert set(table["kind"].to_pylist()) == {"in", "out"}
    moved = [
        fen if kind == "in" else -fen
        for kind, fen in zip(
            table["kind"].to_pylist(), table["fen"].to_pylist(), strict=True
        )
    ]
    assert history.opening_fen + sum(moved) == history.closing_fen == 128_643_015
    entry = Entry.objects.get(event=Event.HISTORY_SEALED)
    assert entry.detail == {"rows": history.rows, "sha256": history.sha256}


def test_changed_history_is_not_read(informed: Bureau) -> None:
    with pytest.raises(HistoryChanged):
        read_history("histories/none.parquet", "0" * 64)


def test_history_of_days_to_come_or_of_a_shop_is_refused(informed: Bureau) -> None:
    today = informed.today

    for references, days in (
        ([WALLET], (today, today + timedelta(days=1))),
        ([WALLET], (today, today - timedelta(days=1))),
        ([SHOP], (today, today)),
    ):
        with pytest.raises(NotInState):
            ask_history(**own(informed, *references), days=days)
    assert not InquiryOrder.objects.filter(act="history").exists()


def test_president_does_not_ask_for_ownership(informed: Bureau) -> None:
    given = own(informed, WALLET)
    given["by"] = make_staff(Role.COURT_PRESIDENT, informed.court)

    with pytest.raises(NotAllowed):
        ask_ownership(**given)


def test_ownership_that_is_not_recorded_is_not_asked(
    informed: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_record(monkeypatch, inquiring)

    with pytest.raises(NoTrail):
        ask_ownership(**own(informed, WALLET))
    assert not InquiryOrder.objects.filter(act="ownership_check").exists()
