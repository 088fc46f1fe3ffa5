"""Registering cases: whole or not at all, the same file again, debtors found again."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import make_debtor, make_enforcement_case, make_staff
from factories_cases import CODE, SHOP_CODE, entry_at
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.enforcement.actions import registering
from zhipo.enforcement.actions.registering import register_cases
from zhipo.enforcement.entries import BadEntries, CaseEntry
from zhipo.enforcement.models import Debtor, EnforcementCase, LinkageKey, OtherName
from zhipo.enforcement.queries.overview import may_go_bankrupt
from zhipo.enforcement.states import Stage
from zhipo.law.triage.cause import Entity
from zhipo.web.refusals import NotAllowed

pytestmark = pytest.mark.django_db
TODAY = date(2025, 10, 22)


def faults(entries: list[CaseEntry], by: User) -> set[tuple[int, str, str]]:
    with pytest.raises(BadEntries) as refused:
        register_cases(entries=entries, by=by, today=TODAY)
    assert (
        EnforcementCase.objects.count()
        == Entry.objects.filter(event=Event.ENFORCEMENT_CASES_REGISTERED).count()
    )
    return {(fault.place, fault.column, fault.key) for fault in refused.value.faults}


def test_a_case_is_registered_with_its_debtor_and_recorded(
    court: Organisation, judge: User
) -> None:
    entry = entry_at(
        court, number=" (2025) 湘0302执123号 ", costs_fen=5_000,
        debtor={"credit_code": CODE.lower(), "representative": "李明"},
        applicant={"phone": "13800138000", "address": "雨湖区"},
    )  # fmt: skip

    done = register_cases(entries=[entry], by=judge, today=TODAY)

    case = EnforcementCase.objects.select_related("debtor").get()
    assert (done.new_cases, done.new_debtors) == (1, 1)
    assert case.number == "（2025）湘0302执123号"
    assert (case.court, case.judge, case.applicant_phone) == (
        court,
        judge,
        "+8613800138000",
    )
    assert (case.debtor.credit_code, case.debtor.slug) == (CODE, CODE.lower())
    written = Entry.objects.get(event=Event.ENFORCEMENT_CASES_REGISTERED)
    assert written.chain == f"debtor/{case.debtor.slug}"
    assert written.detail == {"count": 1, "fen": 12_000_000}


def test_a_clerk_registers_and_leaves_the_judge_open(court: Organisation) -> None:
    clerk = make_staff(Role.COURT_CLERK, court)

    [case] = register_cases(entries=[entry_at(court)], by=clerk, today=TODAY).cases

    assert case.judge is None


def test_the_same_code_is_the_same_debtor_whatever_the_name(
    court: Organisation, judge: User
) -> None:
    known = make_debtor(name="旧名有限公司", credit_code=CODE)
    entries = [
        entry_at(court, debtor={"name": "新名有限公司", "credit_code": code})
        for code in (CODE, f" {CODE.lower()} ")
    ]

    done = register_cases(entries=entries, by=judge, today=TODAY)

    assert {case.debtor_id for case in done.cases} == {known.pk}
    assert done.new_debtors == 0


def test_without_a_code_the_very_same_name_is_the_same_debtor(
    court: Organisation, judge: User
) -> None:
    names = ("湘潭甲商贸有限公司", "湘潭 甲商贸有限公司", "湘潭甲商贸（湘潭）有限公司",
             "湘潭甲商贸股份有限公司")  # fmt: skip
    entries = [entry_at(court, debtor={"name": name}) for name in names]

    done = register_cases(entries=entries[:2], by=judge, today=TODAY)
    again = register_cases(entries=entries[2:], by=judge, today=TODAY)

    assert len({case.debtor_id for case in done.cases}) == 1
    assert len({case.debtor_id for case in (*done.cases, *again.cases)}) == 3


def test_a_name_without_a_code_is_not_given_to_the_debtor_with_one(
    court: Organisation, judge: User
) -> None:
    coded = entry_at(court, debtor={"credit_code": CODE})
    plain = entry_at(court)

    done = register_cases(entries=[coded, plain], by=judge, today=TODAY)

    assert len({case.debtor_id for case in done.cases}) == 2


def test_a_name_that_a_person_has_joined_is_known_from_then_on(
    court: Organisation, judge: User
) -> None:
    [first] = register_cases(
        entries=[entry_at(court, debtor={"credit_code": CODE})], by=judge, today=TODAY
    ).cases
    OtherName.objects.create(
        debtor=first.debtor, name="鲜享家平台", grounds="–",
        joined_at="2025-10-01T00:00:00Z",
    )  # fmt: skip
    LinkageKey.objects.create(debtor=first.debtor, kind="full_name", value="鲜享家平台")

    done = register_cases(
        entries=[entry_at(court, debtor={"name": "鲜享家平台"})], by=judge, today=TODAY
    )

    assert done.cases[0].debtor_id == first.debtor_id


def test_shops_of_one_name_stay_apart_unless_one_person_runs_them(
    court: Organisation, judge: User
) -> None:
    shop = {"name": "小李水果店", "entity": Entity.SOLE_TRADER}
    people = ("李一", "李二", "李一")
    entries = [entry_at(court, debtor={**shop, "representative": one}) for one in people]

    done = register_cases(entries=entries, by=judge, today=TODAY)

    first, second, third = (case.debtor_id for case in done.cases)
    assert first == third != second
    assert not may_go_bankrupt(done.cases[0].debtor).is_eligible


def test_the_same_file_again_changes_nothing(court: Organisation, judge: User) -> None:
    entries = [entry_at(court) for _ in range(3)]
    first = register_cases(entries=entries, by=judge, today=TODAY)

    again = register_cases(entries=entries, by=judge, today=TODAY)

    assert again.cases == first.cases
    assert (again.new_cases, again.new_debtors) == (0, 0)
    assert Entry.objects.filter(event=Event.ENFORCEMENT_CASES_REGISTERED).count() == 1


@pytest.mark.parametrize(
    ("given", "column", "key"),
    [
        ({"number": "  "}, "number", "required"),
        ({"number": "（2025）湘0302民初1号"}, "number", "number"),
        ({"number": "（2025）湘0302执0号"}, "number", "number"),
        ({"title": ""}, "title", "required"),
        ({"title": "判" * 201}, "title", "too_long"),
        ({"title": "判决\x00"}, "title", "control"),
        ({"amount_fen": 0}, "amount", "amount"),
        ({"amount_fen": 10**15 + 1}, "amount", "amount"),
        ({"paid_fen": -1}, "paid", "not_negative"),
        ({"costs_fen": -1}, "costs", "not_negative"),
        ({"paid_fen": 12_000_001}, "paid", "paid_more"),
        ({"filed_on": date(2025, 10, 23)}, "filed_on", "in_future"),
        ({"debtor": {"founded_on": date(2025, 3, 4)}}, "founded_on", "founded_later"),
        ({"debtor": {"name": ""}}, "debtor", "required"),
        ({"debtor": {"credit_code": "91430302MA4L1234X0"}}, "credit_code", "credit_code"),
        ({"debtor": {"credit_code": SHOP_CODE}}, "entity", "entity_of_code"),
        (
            {"debtor": {"credit_code": CODE, "entity": Entity.SOLE_TRADER}},
            "entity", "entity_of_code",
        ),
        (
            {"debtor": {"credit_code": CODE, "entity": Entity.OTHER_ORGANISATION}},
            "entity", "entity_of_code",
        ),
        ({"applicant": {"name": ""}}, "applicant", "required"),
        ({"applicant": {"phone": "12"}}, "applicant_phone", "phone"),
    ],
)  # fmt: skip
def test_each_fault_is_named_and_nothing_is_registered(
    court: Organisation, judge: User, given: dict[str, Any], column: str, key: str
) -> None:
    entries = [entry_at(court), entry_at(court, **given, place=7)]

    assert faults(entries, judge) == {(7, column, key)}


@pytest.mark.parametrize(
    "given",
    [
        {"paid_fen": 12_000_000},
        {"filed_on": TODAY},
        {"debtor": {"founded_on": date(2025, 3, 3)}},
        {"debtor": {"credit_code": SHOP_CODE, "entity": Entity.SOLE_TRADER}},
    ],
)
def test_what_is_just_right_is_taken(
    court: Organisation, judge: User, given: dict[str, Any]
) -> None:
    register_cases(entries=[entry_at(court, **given)], by=judge, today=TODAY)

    assert EnforcementCase.objects.count() == 1


def test_numbers_that_are_taken_or_stand_twice_are_named(
    court: Organisation, judge: User
) -> None:
    taken = make_enforcement_case(number="（2025）湘0302执1号").number
    entries = [entry_at(court, number=taken, place=2)]

    with pytest.raises(BadEntries) as refused:
        register_cases(entries=entries, by=judge, today=TODAY)

    assert [one.key for one in refused.value.faults] == ["taken"]
    twice = [entry_at(court, number="（2025）湘0302执5号", place=place) for place in (2, 3)]
    with pytest.raises(BadEntries) as refused:
        register_cases(entries=twice, by=judge, today=TODAY)
    assert [(one.place, one.key) for one in refused.value.faults] == [
        (2, "twice"), (3, "twice"),
    ]  # fmt: skip


def test_a_debtor_of_another_kind_under_the_same_code_is_a_fault(
    court: Organisation, judge: User
) -> None:
    make_debtor(credit_code=CODE, entity=Entity.OTHER_ORGANISATION)

    assert faults([entry_at(court, debtor={"credit_code": CODE})], judge) == {
        (0, "entity", "entity")
    }


def test_nothing_and_too_many_are_refused(
    court: Organisation, judge: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert faults([], judge) == {(0, "", "none")}
    monkeypatch.setattr(registering, "MOST_AT_ONCE", 1)
    assert faults([entry_at(court), entry_at(court)], judge) == {(0, "", "too_many")}


def test_after_acceptance_no_case_is_added(court: Organisation, judge: User) -> None:
    make_debtor(credit_code=CODE, stage=Stage.ACCEPTED)

    assert faults([entry_at(court, debtor={"credit_code": CODE})], judge) == {
        (0, "debtor", "stage")
    }


@pytest.mark.parametrize(
    "who",
    [
        lambda court: make_staff(Role.ENFORCEMENT_JUDGE),
        lambda court: make_staff(Role.COURT_PRESIDENT, court),
        lambda court: make_staff(Role.BANKRUPTCY_JUDGE, court),
        lambda court: make_staff(Role.ADMINISTRATOR_LEAD),
    ],
)
def test_others_register_nothing(
    court: Organisation, who: Callable[[Organisation], User]
) -> None:
    with pytest.raises(NotAllowed):
        register_cases(entries=[entry_at(court)], by=who(court), today=TODAY)

    assert Debtor.objects.count() == EnforcementCase.objects.count() == 0


def test_a_failing_audit_undoes_it(
    court: Organisation, judge: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(registering, "record", fail)

    with pytest.raises(RuntimeError):
        register_cases(entries=[entry_at(court)], by=judge, today=TODAY)

    assert Debtor.objects.count() == EnforcementCase.objects.count() == 0


def test_many_cases_take_as_many_queries_as_few(court: Organisation, judge: User) -> None:
    counts = []
    for size in (1, 2, 40):
        entries = [
            entry_at(court, debtor={"name": f"湘潭甲{size}商贸有限公司"})
            for _ in range(size)
        ]
        with CaptureQueriesContext(connection) as seen:
            register_cases(entries=entries, by=judge, today=TODAY)
        counts.append(len(seen))

    assert counts[1] == counts[2]  # the first reads who the judge is
