"""Enforcement cases by machine: all or none, once for a key, for the bureau alone."""

from typing import Any

import pytest

from factories import make_organisation, make_staff
from factories_cases import CODE
from integration.api.conftest import Machines
from zhipo.accounts.models import Appointment, Organisation, User
from zhipo.accounts.roles import Role
from zhipo.accounts.scopes import Scope
from zhipo.enforcement.models import EnforcementCase

PATH = "/enforcement/cases"


@pytest.fixture
def court(db: None) -> Organisation:
    return make_organisation()


@pytest.fixture
def handler(court: Organisation) -> User:
    return make_staff(Role.ENFORCEMENT_JUDGE, court)


def body(*numbers: int, **given: Any) -> dict[str, Any]:
    return {"cases": [case(number, **given) for number in numbers]}


def case(number: int, **given: Any) -> dict[str, Any]:
    return {
        "number": f"（2025）湘0302执{number}号",
        "debtor": {"name": "湘潭鲜享家电子商务有限公司", "credit_code": CODE},
        "applicant": {"name": "湘潭供货商贸有限公司", "kind": "supplier"},
        "title": "判决书",
        "filed_on": "2025-03-03",
        "amount_fen": 12_000_000,
        **given,
    }


def test_cases_are_registered_and_answered_in_their_order(
    handler: User, machine: Machines
) -> None:
    answer = machine(handler).post(PATH, body(2, 1))

    told = answer.json()
    assert answer.status_code == 201
    assert [one["number"] for one in told["cases"]] == [
        "（2025）湘0302执2号", "（2025）湘0302执1号",
    ]  # fmt: skip
    assert {one["debtor"] for one in told["cases"]} == {CODE.lower()}
    assert (told["new_cases"], told["new_debtors"]) == (2, 1)


def test_the_same_key_is_one_act_and_another_key_finds_the_cases(
    handler: User, machine: Machines
) -> None:
    program = machine(handler)
    first = program.post(PATH, body(1))
    replayed = program.post(PATH, body(1))
    again = program.post(PATH, body(1), key="key-00000002")

    assert replayed.json() == first.json()
    assert replayed["Idempotent-Replayed"] == "true"
    assert again.json()["new_cases"] == 0
    assert EnforcementCase.objects.count() == 1


def test_one_fault_stops_them_all_and_says_where(handler: User, machine: Machines) -> None:
    given = {"cases": [case(1), case(2, paid_fen=12_000_001), {**case(3), "number": "3"}]}

    answer = machine(handler).post(PATH, given)

    faults = {(one["at"], one["detail"]) for one in answer.json()["faults"]}
    assert answer.status_code == 422
    assert {at for at, _ in faults} == {"body/cases/1/paid_fen", "body/cases/2/number"}
    assert not EnforcementCase.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"amount_fen": 0}, {"amount_fen": "120"}, {"filed_on": 20250303}, {"x": 1},
        {"applicant": {"name": "乙", "kind": "friend"}}, {"court": "别的法院"},
        {"debtor": {"name": "甲", "credit_code": "91430302MA4L1234X0"}},
    ],
)  # fmt: skip
def test_what_is_malformed_is_refused(
    handler: User, machine: Machines, given: dict[str, Any]
) -> None:
    answer = machine(handler).post(PATH, body(1, **given))

    assert answer.status_code == 422
    assert answer.json()["faults"][0]["at"].startswith("body/cases/0")
    assert not EnforcementCase.objects.exists()


def test_who_works_at_two_courts_names_one(
    court: Organisation, handler: User, machine: Machines
) -> None:
    other = make_organisation()
    Appointment.objects.create(
        user=handler, organisation=other, role=Role.COURT_CLERK, since="2025-01-01"
    )
    program = machine(handler)

    silent = program.post(PATH, body(1))
    named = program.post(PATH, body(1, court=other.name), key="key-00000002")

    assert (silent.status_code, named.status_code) == (422, 201)
    assert EnforcementCase.objects.get().court == other


@pytest.mark.parametrize(
    "role", [Role.COURT_PRESIDENT, Role.BANKRUPTCY_JUDGE, Role.ADMINISTRATOR_LEAD]
)
def test_other_offices_are_not_let_in(db: None, machine: Machines, role: Role) -> None:
    answer = machine(make_staff(role)).post(PATH, body(1))

    assert (answer.status_code, answer.json()["reason"]) == (403, "no_office")


def test_the_scope_is_needed(handler: User, machine: Machines) -> None:
    answer = machine(handler, Scope.CLAIMS_WRITE).post(PATH, body(1))

    assert (answer.status_code, answer.json()["reason"]) == (403, "no_scope")


def test_a_bureaus_token_reads_nothing_of_bankruptcy(
    handler: User, machine: Machines
) -> None:
    assert machine(handler).get("/cases").status_code == 403
