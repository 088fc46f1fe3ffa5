"""Another person lets a release go; it is paused, goes on, or is stopped: four eyes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from factories import make_staff
from factories_payouts import (
    SUMS,
    FakeChannel,
    Paying,
    bring_to,
    make_paying,
    make_prepared,
    make_released,
    orders_of,
)
from factories_plans import TODAY
from integration.payouts.unchanged import failing_record, nothing_changes, refused
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry as AuditEntry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.models import Claim
from zhipo.claims.states import PayoutChannel
from zhipo.distributions.chart import claims_of
from zhipo.ledger.queries import balance_fen
from zhipo.payouts.actions import releasing
from zhipo.payouts.actions.changing import change_payout
from zhipo.payouts.actions.releasing import (
    pause_release,
    release_orders,
    resume_release,
    stop_release,
)
from zhipo.payouts.models import Release
from zhipo.payouts.states import Ending, OrderState, ReleaseState
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wechat")]
S, R = OrderState, ReleaseState


@pytest.fixture
def paying() -> Paying:
    return make_paying()


def last_entry() -> AuditEntry:
    return AuditEntry.objects.latest("position")


def test_a_release_goes_with_every_order_at_its_place(paying: Paying) -> None:
    release = make_prepared(paying)
    now = timezone.now()

    release = release_orders(release_id=release.pk, by=paying.people.lead, now=now)

    assert (release.state, release.released_by) == (R.RELEASED, paying.people.lead)
    times = [one.ask_at for one in orders_of(release)]
    assert all(at is not None and at >= now for at in times)
    entry = last_entry()
    assert (entry.event, entry.detail["orders"]) == ("release_let_go", 3)
    assert entry.detail["fen"] == sum(SUMS)


def test_the_smaller_sums_leave_first(paying: Paying) -> None:
    release = make_released(paying)

    by_time = sorted(orders_of(release), key=lambda one: (one.ask_at, one.fen))

    assert [one.fen for one in by_time] == sorted(SUMS)


def test_a_day_that_is_full_sends_the_rest_on_the_next(
    paying: Paying, wechat: FakeChannel
) -> None:
    wechat.limits = wechat.limits.model_copy(update={"day_fen": 120_000})
    release = make_prepared(paying)
    assert release.ends_on is not None
    first = release.ends_on - timedelta(days=1)

    release = make_released_of(release, paying)

    days = {timezone.localdate(one.ask_at) for one in orders_of(release) if one.ask_at}
    assert days == {first, release.ends_on}


def test_whoever_prepared_cannot_let_go(paying: Paying) -> None:
    release = make_prepared(paying)
    Release.objects.filter(pk=release.pk).update(prepared_by=paying.people.lead)

    with refused(NotAllowed, "own_release"):
        release_orders(release_id=release.pk, by=paying.people.lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(
            released_by=paying.people.lead, released_at=timezone.now()
        )


def test_the_same_person_again_changes_nothing(paying: Paying) -> None:
    release = make_released(paying)

    with nothing_changes():
        release_orders(release_id=release.pk, by=paying.people.lead)


def test_only_the_lead_lets_go_only_lead_and_judge_hold_up(paying: Paying) -> None:
    people = paying.people
    stranger = make_staff(Role.ADMINISTRATOR_LEAD)
    release = make_prepared(paying)
    for other in (people.cashier, people.reviewer, people.judge, people.clerk, stranger):
        with refused(NotAllowed):
            release_orders(release_id=release.pk, by=other)

    make_released_of(release, paying)
    for other in (people.cashier, people.reviewer, people.clerk, stranger):
        with refused(NotAllowed):
            pause_release(release_id=release.pk, why="核对", by=other)
        with refused(NotAllowed):
            stop_release(release_id=release.pk, why="核对", by=other)
        with refused(NotAllowed):
            resume_release(release_id=release.pk, by=other)


@pytest.mark.parametrize("state", [R.PAUSED, R.STOPPED, R.DONE, R.RELEASED])
def test_only_what_is_prepared_is_let_go(paying: Paying, state: ReleaseState) -> None:
    release = make_released(paying)
    Release.objects.filter(pk=release.pk).update(state=state)
    other = make_staff(Role.ADMINISTRATOR_LEAD, paying.case.administrator)

    with refused(NotInState, "release_state"):
        release_orders(release_id=release.pk, by=other)


def test_a_case_in_another_phase_pays_nobody(paying: Paying) -> None:
    release = make_prepared(paying)
    Case.objects.filter(pk=paying.case.pk).update(phase=Phase.REVIEW)

    with refused(NotInState):
        release_orders(release_id=release.pk, by=paying.people.lead)


@pytest.mark.parametrize("change", ["fen = fen + 1", "part = part + 1"])
def test_an_order_that_is_not_what_was_approved_stops_the_release(
    paying: Paying, change: str
) -> None:
    release = make_prepared(paying)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"UPDATE payouts_order SET {change} WHERE id ="
            " (SELECT min(id) FROM payouts_order WHERE release_id = %s)",
            [release.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    with refused(NotInState, "not_as_approved"):
        release_orders(release_id=release.pk, by=paying.people.lead)


def test_an_account_that_its_creditor_changed_behind_the_batch_is_not_paid(
    paying: Paying,
) -> None:
    release = make_prepared(paying)
    claim = orders_of(release)[0].share.claim
    Claim.objects.filter(pk=claim.pk).update(payout_hash="another")

    with refused(NotInState, "payee_changed"):
        release_orders(release_id=release.pk, by=paying.people.lead)


def test_what_was_withdrawn_meanwhile_is_not_counted_as_let_go(paying: Paying) -> None:
    release = make_prepared(paying)
    claim = orders_of(release)[0].share.claim
    creditor = make_owner(claim)
    change_payout(
        claim_id=claim.pk, channel=PayoutChannel.ALIPAY, account="a@example.com",
        by=creditor,
    )  # fmt: skip

    make_released_of(release, paying)

    entry = last_entry()
    assert (entry.event, entry.detail["orders"]) == ("release_let_go", 2)


def test_paused_and_resumed_it_goes_on_from_now(paying: Paying) -> None:
    release = make_released(paying)
    people = paying.people
    waiting = bring_to(orders_of(release)[0], S.WAITING_USER)

    release = pause_release(release_id=release.pk, why=" 核对账户 ", by=people.lead)

    assert (release.state, release.why) == (R.PAUSED, "核对账户")
    assert release.held_at is not None
    assert last_entry().event == "release_paused"
    with nothing_changes():
        pause_release(release_id=release.pk, why="核对账户", by=people.lead)
    later = timezone.now() + timedelta(days=3)
    release = resume_release(release_id=release.pk, by=people.lead, now=later)
    assert (release.state, release.why, release.held_at) == (R.RELEASED, "", None)
    assert last_entry().event == "release_resumed"
    waiting.refresh_from_db()
    assert waiting.state == S.WAITING_USER
    planned = [one for one in orders_of(release) if one.state == S.PLANNED]
    assert all(one.ask_at and one.ask_at >= later for one in planned)


def test_what_the_court_paused_only_the_court_lets_go_on(paying: Paying) -> None:
    release = make_released(paying)
    pause_release(release_id=release.pk, why="异议", by=paying.people.judge)

    with refused(NotAllowed, "paused_by_court"):
        resume_release(release_id=release.pk, by=paying.people.lead)

    assert resume_release(release_id=release.pk, by=paying.people.judge).state == R.RELEASED


@pytest.mark.parametrize("state", [R.PREPARED, R.STOPPED, R.DONE])
def test_only_what_runs_is_held_up(paying: Paying, state: ReleaseState) -> None:
    release = make_prepared(paying) if state == R.PREPARED else make_released(paying)
    Release.objects.filter(pk=release.pk).update(state=state, why="早先")
    lead = paying.people.lead

    with refused(NotInState, "release_state"):
        pause_release(release_id=release.pk, why="核对", by=lead)
    with refused(NotInState, "release_state"):
        stop_release(release_id=release.pk, why="核对", by=lead)
    with refused(NotInState, "release_state"):
        resume_release(release_id=release.pk, by=lead)


def test_who_holds_a_release_up_says_why(paying: Paying) -> None:
    release = make_released(paying)

    for act in (pause_release, stop_release):
        with refused(NotInState, "no_reason"):
            act(release_id=release.pk, why="  ", by=paying.people.lead)


def test_stopped_for_good_what_is_under_way_is_seen_to_its_end(paying: Paying) -> None:
    release = make_released(paying)
    sending, waiting, planned = orders_of(release)
    bring_to(sending, S.SENDING)
    bring_to(waiting, S.WAITING_USER)

    release = stop_release(release_id=release.pk, why="方案有误", by=paying.people.lead)

    assert release.state == R.STOPPED
    for one in (sending, waiting, planned):
        one.refresh_from_db()
    assert (planned.state, planned.reason) == (S.FAILED, Ending.STOPPED)
    assert (sending.state, waiting.state) == (S.SENDING, S.WAITING_USER)
    assert waiting.ask_at is not None
    assert waiting.ask_at <= timezone.now()
    entry = last_entry()
    assert (entry.event, entry.detail["withdrawn"]) == ("release_stopped", 1)
    assert entry.detail["fen"] == planned.fen
    with nothing_changes():
        stop_release(release_id=release.pk, why="方案有误", by=paying.people.lead)


def test_what_a_stop_withdrew_is_still_owed_and_can_be_prepared(paying: Paying) -> None:
    release = make_released(paying)
    stop_release(release_id=release.pk, why="方案有误", by=paying.people.judge)

    again = make_prepared(paying)

    assert again.fen == sum(SUMS)
    payable = balance_fen(paying.case.number, claims_of("consumer"))
    assert payable == sum(SUMS)


def test_a_failing_record_undoes_each_act(
    paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = paying.people.lead
    release = make_prepared(paying)
    with failing_record(monkeypatch, releasing):
        release_orders(release_id=release.pk, by=lead)
    make_released_of(release, paying)
    with failing_record(monkeypatch, releasing):
        pause_release(release_id=release.pk, why="核对", by=lead)
    with failing_record(monkeypatch, releasing):
        stop_release(release_id=release.pk, why="核对", by=lead)
    pause_release(release_id=release.pk, why="核对", by=lead)
    with failing_record(monkeypatch, releasing):
        resume_release(release_id=release.pk, by=lead)


def make_released_of(release: Release, paying: Paying) -> Release:
    return release_orders(release_id=release.pk, by=paying.people.lead)


def make_owner(claim: Claim) -> User:
    """The claim's creditor, signed in by the phone that the books know."""
    assert claim.holder is not None
    creditor = User.objects.create(
        login=f"phone:{claim.pk}", phone_hash=claim.holder.phone_hash
    )
    Claim.objects.filter(pk=claim.pk).update(creditor=creditor)
    return creditor


def test_today_is_the_day_on_which_the_plan_is_due(paying: Paying) -> None:
    assert all(one.due_on == TODAY for one in orders_of(make_prepared(paying)))
