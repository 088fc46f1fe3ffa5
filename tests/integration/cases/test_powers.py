"""The powers table: every act x phase x role, and refusals that say who leads."""

import pytest

from factories import make_case, make_creditor, make_staff
from zhipo.accounts.roles import ADMINISTRATOR, BANKRUPTCY_COURT, Role
from zhipo.cases.models import Case
from zhipo.cases.phases import MOVES, Phase
from zhipo.cases.powers import POWERS, Act, Supervisor, can, check_power, power_in
from zhipo.web.refusals import NotAllowed, NotInState
from zhipo.web.words import has

ROWS = [(row, phase) for row in POWERS for phase in sorted(row.phases)]


def staff_of(case: Case, role: Role) -> object:
    if role is Role.CREDITOR:
        return make_creditor()
    where = case.court if role in BANKRUPTCY_COURT else case.administrator
    return make_staff(role, where)


def test_every_act_has_a_row() -> None:
    assert {row.act for row in POWERS} == set(Act)


def test_no_act_has_two_rows_in_one_phase() -> None:
    pairs = [(row.act, phase) for row, phase in ROWS]

    assert len(pairs) == len(set(pairs))


def test_the_phase_changes_wherever_a_move_is_drawn() -> None:
    movable = {phase for phase, to in MOVES.items() if to - {Phase.DISMISSED}}
    governed = {p for p in Phase if power_in(Act.CHANGE_PHASE, p)}

    assert governed == movable - {Phase.ACCEPTED}  # publication itself opens filing


def test_dismissal_is_open_wherever_a_move_is_drawn() -> None:
    movable = {phase for phase, to in MOVES.items() if Phase.DISMISSED in to}

    assert {p for p in Phase if power_in(Act.DISMISS_CASE, p)} == movable


def test_nobody_supervises_themselves_and_enforcement_leads_nothing() -> None:
    for row in POWERS:
        assert row.supervisors
        assert Role.ENFORCEMENT_JUDGE not in row.leads
        if row.leads & ADMINISTRATOR and not row.leads & BANKRUPTCY_COURT:
            assert Supervisor.BANKRUPTCY_COURT in row.supervisors


def test_every_act_phase_and_role_has_its_word() -> None:
    keys = [f"act.{one}" for one in Act] + [f"phase.{one}" for one in Phase]
    keys += [f"role.{one}" for one in Role] + [f"supervisor.{one}" for one in Supervisor]

    assert [key for key in keys if not has(f"cases.{key}")] == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.CREDITOR, *sorted(ADMINISTRATOR | BANKRUPTCY_COURT)])
def test_table_is_what_check_power_answers(role: Role) -> None:
    case = make_case()
    by = staff_of(case, role)

    for act in Act:
        for phase in Phase:
            case.phase = phase
            row = power_in(act, phase)
            if row is not None and role in row.leads:
                assert check_power(case, act, by) is role
                assert can(case, act, by)
            else:
                assert not can(case, act, by)
                with pytest.raises((NotAllowed, NotInState)):
                    check_power(case, act, by)


@pytest.mark.django_db
def test_refusal_says_who_leads_and_the_article() -> None:
    case = make_case(phase=Phase.CHECKING)
    clerk = make_staff(Role.COURT_CLERK, case.court)

    with pytest.raises(NotAllowed) as refused:
        check_power(case, Act.CONFIRM_REGISTER, clerk)

    assert "破产法官" in refused.value.sentence
    assert "《企业破产法》第五十八条第二款" in refused.value.sentence


@pytest.mark.django_db
def test_refusal_in_a_wrong_phase_names_the_right_ones() -> None:
    case = make_case(phase=Phase.FILING)
    judge = make_staff(Role.BANKRUPTCY_JUDGE, case.court)

    with pytest.raises(NotInState) as refused:
        check_power(case, Act.CONFIRM_REGISTER, judge)

    assert "债权申报" in refused.value.sentence
    assert "债权核查" in refused.value.sentence


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(ADMINISTRATOR | BANKRUPTCY_COURT))
def test_the_same_role_elsewhere_leads_nothing_here(role: Role) -> None:
    case = make_case(phase=Phase.CHECKING)
    stranger = make_staff(role)

    for act in Act:
        with pytest.raises(NotAllowed):
            check_power(case, act, stranger)
