"""Freezes near their end: alerts on the law's days, escalation, renewal, the end itself."""

from datetime import timedelta

import pytest

from factories import make_enforcement_case, make_staff
from factories_inquiries import (
    WALLET,
    WALLET_B,
    Bureau,
    NoTrail,
    fail_to_record,
    make_court,
)
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.enforcement.actions import watching
from zhipo.enforcement.actions.freezing import renew_freeze
from zhipo.enforcement.actions.sending import chase
from zhipo.enforcement.actions.telling import see_notice
from zhipo.enforcement.actions.watching import Watch, watch_freezes
from zhipo.enforcement.models import (
    BureauNotice,
    Debtor,
    Freeze,
    FreezeAlert,
    InquiryOrder,
)
from zhipo.enforcement.states import FreezeState, Stage
from zhipo.gateways.institutions.sandbox.behaviour import Manner
from zhipo.web.refusals import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def informed(informed_again: Bureau) -> Bureau:
    return informed_again


@pytest.fixture
def freeze(informed: Bureau) -> Freeze:
    """One that holds for 100 days."""
    return informed.freeze(WALLET, until=informed.today + timedelta(days=100))


def look(bureau: Bureau, *, on: int, freeze: Freeze, is_ex_officio: bool = False) -> Watch:
    """Watch as if so many days were left."""
    day = freeze.until - timedelta(days=on)
    bureau.step(days=(day - bureau.today).days)
    return watch_freezes(day, now=bureau.now, is_ex_officio=is_ex_officio)


def notices(phrase: str, role: Role = Role.ENFORCEMENT_JUDGE) -> int:
    return BureauNotice.objects.filter(
        phrase=f"enforcement.notice.{phrase}", role=role
    ).count()


@pytest.mark.parametrize(
    ("days_left", "alerts"),
    [
        (61, []), (60, [60]), (31, [60]), (30, [30, 60]), (16, [30, 60]),
        (15, [15, 30, 60]), (8, [15, 30, 60]), (7, [7, 15, 30, 60]), (0, [7, 15, 30, 60]),
    ],
)  # fmt: skip
def test_alerts_come_on_the_days_of_the_law(
    informed: Bureau, freeze: Freeze, days_left: int, alerts: list[int]
) -> None:
    look(informed, on=days_left, freeze=freeze)

    told = FreezeAlert.objects.order_by("days_before")
    assert list(told.values_list("days_before", flat=True)) == alerts
    assert notices("freeze_ends") == bool(alerts)


def test_each_alert_is_told_once(informed: Bureau, freeze: Freeze) -> None:
    for days_left in (60, 60, 59, 30, 30):
        look(informed, on=days_left, freeze=freeze)

    assert FreezeAlert.objects.count() == notices("freeze_ends") == 2
    assert Entry.objects.filter(event=Event.FREEZE_ALERTED).count() == 2


def test_unanswered_alert_reaches_the_president_at_seven_days(
    informed: Bureau, freeze: Freeze
) -> None:
    look(informed, on=8, freeze=freeze)
    assert notices("freeze_unanswered", Role.COURT_PRESIDENT) == 0

    for days_left in (7, 7, 3):
        look(informed, on=days_left, freeze=freeze)

    assert notices("freeze_unanswered", Role.COURT_PRESIDENT) == 1
    assert Entry.objects.filter(event=Event.FREEZE_ESCALATED).count() == 1


def test_renewal_on_its_way_spares_the_president(informed: Bureau, freeze: Freeze) -> None:
    look(informed, on=8, freeze=freeze)
    renew_freeze(freeze_id=freeze.pk, by=informed.judge, now=informed.now)

    look(informed, on=7, freeze=freeze)

    assert notices("freeze_unanswered", Role.COURT_PRESIDENT) == 0
    assert FreezeAlert.objects.filter(days_before=7).exists()


def test_renewed_freeze_begins_its_alerts_anew(informed: Bureau, freeze: Freeze) -> None:
    look(informed, on=7, freeze=freeze)
    renew_freeze(freeze_id=freeze.pk, by=informed.judge, now=informed.now)
    informed.chase()
    freeze.refresh_from_db()

    assert look(informed, on=200, freeze=freeze) == Watch()
    assert look(informed, on=60, freeze=freeze).alerted == 1


def test_freeze_that_nobody_renewed_lapses_and_says_so(
    informed: Bureau, freeze: Freeze
) -> None:
    assert look(informed, on=0, freeze=freeze).lapsed == 0

    assert look(informed, on=-1, freeze=freeze).lapsed == 1
    look(informed, on=-2, freeze=freeze)

    freeze.refresh_from_db()
    assert (freeze.state, freeze.frozen_fen, freeze.rank) == (FreezeState.LAPSED, 0, 0)
    assert notices("freeze_lapsed") == notices("freeze_lapsed", Role.COURT_PRESIDENT) == 1
    ended = Entry.objects.filter(event=Event.FREEZE_CHANGED).latest("position")
    assert (ended.detail["before"], ended.detail["after"]) == ("in_force", "lapsed")
    informed.chase()
    freeze.refresh_from_db()
    assert freeze.state == FreezeState.LAPSED


def test_unknown_renewal_keeps_the_alert_and_never_lapses_on_a_guess(
    informed: Bureau, freeze: Freeze
) -> None:
    look(informed, on=5, freeze=freeze)
    informed.behave("wallet-green", Manner.RECEIPT_LOST, times=3)
    renew_freeze(freeze_id=freeze.pk, by=informed.judge, now=informed.now)
    chase(informed.now, client_of=informed.client_of)

    assert look(informed, on=-1, freeze=freeze).lapsed == 0

    freeze.refresh_from_db()
    assert freeze.state == FreezeState.IN_FORCE
    assert notices("renewal_unknown") == 1
    assert notices("renewal_unknown", Role.COURT_PRESIDENT) == 1
    informed.chase(6)
    freeze.refresh_from_db()
    assert freeze.until > informed.today
    assert freeze.state == FreezeState.IN_FORCE


def test_waiting_freeze_is_asked_about_when_the_one_before_ends(
    informed: Bureau, freeze: Freeze
) -> None:
    other = make_court("kaifu")
    case = make_enforcement_case(
        debtor=informed.debtor, court=other, amount_fen=900_000_000
    )
    second = informed.freeze(
        WALLET, 500_000_000, case_id=case.pk, form_key="k",
        by=make_staff(Role.ENFORCEMENT_JUDGE, other),
    )  # fmt: skip
    assert second.state == FreezeState.PARTLY_IN_FORCE
    look(informed, on=-1, freeze=freeze)
    chase(informed.now, client_of=informed.client_of)

    before = second.frozen_fen
    second.refresh_from_db()
    assert second.frozen_fen == before + 1_000_000


def test_court_renews_ex_officio_where_the_installation_says_so(
    informed: Bureau, freeze: Freeze
) -> None:
    look(informed, on=31, freeze=freeze, is_ex_officio=True)
    assert not InquiryOrder.objects.filter(act="renew").exists()
    Freeze.objects.filter(pk=freeze.pk).update(state=FreezeState.IN_FORCE)
    informed.case.judge = informed.judge
    informed.case.save()

    for _ in range(2):
        look(informed, on=30, freeze=freeze, is_ex_officio=True)

    order = InquiryOrder.objects.get(act="renew")
    assert order.ordered_by is None
    informed.chase()
    freeze.refresh_from_db()
    assert freeze.until > informed.today + timedelta(days=360)


def test_renewal_ex_officio_that_cannot_be_is_told(
    informed: Bureau, freeze: Freeze
) -> None:
    Debtor.objects.update(stage=Stage.ACCEPTED)

    assert look(informed, on=30, freeze=freeze, is_ex_officio=True).renewed == 0
    assert notices("renewal_refused") == 1


def test_nothing_is_renewed_by_itself_unless_chosen(
    informed: Bureau, freeze: Freeze
) -> None:
    look(informed, on=7, freeze=freeze)

    assert not InquiryOrder.objects.filter(act="renew").exists()


def test_freeze_taken_over_by_the_bankruptcy_is_not_watched(
    informed: Bureau, freeze: Freeze
) -> None:
    Freeze.objects.update(state=FreezeState.TAKEN_OVER)

    assert look(informed, on=-1, freeze=freeze) == Watch()


def test_one_that_fails_holds_up_no_other(
    informed: Bureau, freeze: Freeze, monkeypatch: pytest.MonkeyPatch
) -> None:
    informed.freeze(WALLET_B, until=informed.today + timedelta(days=100))
    with monkeypatch.context() as failing:
        fail_to_record(failing, watching)
        with pytest.raises(NoTrail):
            look(informed, on=60, freeze=freeze)
    assert not FreezeAlert.objects.exists()

    assert look(informed, on=60, freeze=freeze).alerted == 2


def test_notice_is_seen_by_its_role_alone(informed: Bureau, freeze: Freeze) -> None:
    look(informed, on=60, freeze=freeze)
    notice = BureauNotice.objects.get()

    for by in (
        make_staff(Role.COURT_CLERK, informed.court),
        make_staff(Role.ENFORCEMENT_JUDGE),
    ):
        with pytest.raises(NotAllowed):
            see_notice(notice_id=notice.pk, by=by)
    for _ in range(2):
        see_notice(notice_id=notice.pk, by=informed.judge)

    notice.refresh_from_db()
    assert notice.seen_by == informed.judge
    assert Entry.objects.filter(event=Event.NOTICE_SEEN).count() == 1
