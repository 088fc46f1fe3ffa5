"""The acceptance ruling is served: five days met, the debtor's fifteen begin (D06, D07)."""

from datetime import date
from typing import Any

import pytest

from devices import device_of
from factories import make_case, make_staff
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases import actions
from zhipo.cases.actions import serve_ruling, start_own_clock
from zhipo.cases.models import Case, Clock
from zhipo.cases.phases import Phase
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
TODAY = date(2025, 12, 31)
ACCEPTED = date(2025, 9, 1)


@pytest.fixture
def case() -> Case:
    made = make_case(accepted_on=ACCEPTED, phase=Phase.ACCEPTED)
    start_own_clock(made, "accepted", ACCEPTED)
    return made


@pytest.fixture
def clerk(case: Case) -> User:
    return make_staff(Role.COURT_CLERK, case.court)


def serve(case: Case, by: User, day: date = date(2025, 9, 5)) -> Case:
    return serve_ruling(case_id=case.pk, served_on=day, by=by, today=TODAY)


@pytest.mark.parametrize(
    ("served_on", "last_day"),
    [
        (date(2025, 9, 1), date(2025, 9, 16)),
        (date(2025, 9, 13), date(2025, 9, 28)),  # a Sunday that is worked (调休)
        (date(2025, 9, 15), date(2025, 9, 30)),
        (date(2025, 9, 16), date(2025, 10, 9)),  # 1 October: the long holiday
        (date(2025, 9, 25), date(2025, 10, 10)),
        (date(2025, 9, 26), date(2025, 10, 11)),  # a Saturday that is worked (调休)
        (date(2025, 9, 27), date(2025, 10, 13)),  # a Sunday that is not
    ],
)
def test_service_meets_the_courts_days_and_starts_the_debtors(
    case: Case, clerk: User, served_on: date, last_day: date
) -> None:
    for _ in range(2):
        serve(case, clerk, served_on)

    assert case.clocks.get(deadline="D07").last_day == last_day
    assert case.clocks.get(deadline="D06").done_at is not None
    entry = Entry.objects.get(event=Event.RULING_SERVED)
    assert (entry.chain, entry.detail) == (
        case.number,
        {"served_on": str(served_on), "owes_papers": True},
    )


@pytest.mark.parametrize("day", [date(2025, 8, 31), date(2026, 1, 1)])
def test_not_before_acceptance_nor_in_the_future(
    case: Case, clerk: User, day: date
) -> None:
    with pytest.raises(NotInState):
        serve(case, clerk, day)

    assert not Clock.objects.filter(deadline="D07").exists()


def test_it_is_served_once(case: Case, clerk: User) -> None:
    serve(case, clerk)

    with pytest.raises(NotInState):
        serve(case, clerk, date(2025, 9, 6))


@pytest.mark.parametrize("phase", [Phase.CLOSED, Phase.DISMISSED])
def test_not_after_the_end(case: Case, clerk: User, phase: Phase) -> None:
    Case.objects.update(phase=phase)

    with pytest.raises(NotInState):
        serve(case, clerk)


def test_the_administrator_and_other_courts_serve_nothing(case: Case) -> None:
    for by in (
        make_staff(Role.ADMINISTRATOR_LEAD, case.administrator),
        make_staff(Role.BANKRUPTCY_JUDGE),
    ):
        with pytest.raises(NotAllowed):
            serve(case, by)

    assert not Clock.objects.filter(deadline="D07").exists()


def test_without_its_record_it_is_not_served(
    case: Case, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no trail")

    monkeypatch.setattr(actions, "record", fail)

    with pytest.raises(RuntimeError):
        serve(case, clerk)

    assert not Clock.objects.filter(deadline="D07").exists()
    assert case.clocks.get(deadline="D06").done_at is None


def test_the_courts_page_takes_it_once(case: Case, clerk: User) -> None:
    court = device_of(clerk)
    address = f"/court/{case.slug}/"
    assert f"{address}served" in court.get(address).content.decode()

    refused = court.post(f"{address}served", {"served_on": "2025-08-31"})
    done = court.post(f"{address}served", {"served_on": "2025-09-05"}, follow=True)

    assert "送达日不能早于受理日 2025-09-01" in refused.content.decode()
    page = done.content.decode()
    assert "债务人提交财产状况说明等材料" in page
    assert f"{address}served" not in page
