"""The cashier prepares: what is due, to whom, by which channel; nothing leaves by it."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from factories import make_staff
from factories_payouts import (
    SUMS,
    FakeChannel,
    Paying,
    approved,
    bring_to,
    fake_alipay,
    make_payee,
    make_paying,
    make_prepared,
    make_released,
    orders_of,
    speak_to,
)
from factories_plans import TODAY, make_funded_case, make_submitted
from integration.payouts.unchanged import failing_record, nothing_changes, refused
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry as AuditEntry
from zhipo.claims.states import PayoutChannel
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.ledger.models import Transaction
from zhipo.payouts.actions import preparing
from zhipo.payouts.actions.preparing import discard_release, prepare_release
from zhipo.payouts.models import FurtherWay, Order, Release
from zhipo.payouts.queries.due import parts_due
from zhipo.payouts.states import Ending, OrderState, ReleaseState
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
S, C = OrderState, ChannelName


@pytest.fixture(autouse=True)
def wechat(monkeypatch: pytest.MonkeyPatch) -> FakeChannel:
    channel = FakeChannel()
    speak_to(monkeypatch, channel, fake_alipay())
    return channel


def test_a_release_has_an_order_for_each_part_that_is_due() -> None:
    paying = make_paying()

    release = make_prepared(paying)

    orders = orders_of(release)
    assert sorted(one.fen for one in orders) == sorted(SUMS)
    assert (release.orders_count, release.fen) == (3, sum(SUMS))
    assert {one.channel for one in orders} == {C.WECHAT}
    assert all(one.state == S.PLANNED and one.ask_at is None for one in orders)
    assert all(one.payee_account == one.share.claim.payout_account for one in orders)
    assert len({one.reference for one in orders}) == 3
    assert release.ends_on == TODAY or release.ends_on == TODAY + timedelta(days=1)
    entry = AuditEntry.objects.latest("position")
    assert entry.event == "release_prepared"
    assert entry.detail["fen"] == sum(SUMS)


def test_nothing_leaves_and_nothing_is_posted_before_it_is_released() -> None:
    paying = make_paying()
    before = Transaction.objects.count()

    make_prepared(paying)

    assert Transaction.objects.count() == before


def test_the_same_again_is_the_one_that_is_prepared() -> None:
    paying = make_paying()
    release = make_prepared(paying)

    with nothing_changes():
        assert make_prepared(paying) == release


def test_everybody_is_paid_on_the_way_they_chose_and_the_rest_at_the_cash_desk() -> None:
    case, people = make_funded_case()
    for channel in (*PayoutChannel, None):
        make_payee(case, 30_000, channel)

    release = make_prepared(approved(case, people))

    found = Counter(one.channel for one in orders_of(release))
    assert found == {C.WECHAT: 1, C.ALIPAY: 1, C.BANK_BATCH: 1, C.BY_CASH: 2}


def test_a_channel_that_is_not_set_up_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paying = make_paying(channel=PayoutChannel.ALIPAY)
    speak_to(monkeypatch, FakeChannel())

    release = make_prepared(paying)

    assert {one.channel for one in orders_of(release)} == {C.BY_CASH}


def test_parts_of_later_days_wait_for_their_day() -> None:
    days = (TODAY, TODAY + timedelta(days=90))
    paying = make_paying(90_000, due_days=days, procedure="reorganisation")

    release = make_prepared(paying)

    (order,) = orders_of(release)
    assert (order.part, order.fen) == (0, 45_000)
    assert len(list(parts_due(paying.plan, until=days[1]))) == 1


def test_after_a_failure_the_next_way_of_the_creditor_is_taken() -> None:
    paying = make_paying(30_000)
    (order,) = orders_of(make_released(paying))
    claim = order.share.claim
    FurtherWay.objects.create(
        claim=claim, place=2, channel=PayoutChannel.ALIPAY, account="second@example.com",
        account_hash="second", chosen_by=paying.people.lead,
        chosen_at=paying.plan.made_at,
    )  # fmt: skip
    bring_to(order, S.FAILED)

    (second,) = orders_of(make_prepared(paying))

    assert (second.channel, second.payee_account) == (C.ALIPAY, "second@example.com")
    assert second.follows_id == order.pk
    assert second.reference != order.reference


def test_what_is_paid_or_under_way_is_not_prepared_again() -> None:
    paying = make_paying(10_000, 20_000, 30_000, 40_000)
    orders = orders_of(make_released(paying))
    for order, state in zip(
        orders, (S.SENDING, S.WAITING_USER, S.PAID, S.FAILED), strict=True
    ):
        bring_to(order, state)

    again = orders_of(make_prepared(paying))

    assert [one.follows_id for one in again] == [orders[3].pk]


def test_a_part_of_which_the_channel_contradicts_itself_is_not_paid_again() -> None:
    paying = make_paying(10_000)
    (order,) = orders_of(make_released(paying))
    bring_to(order, S.FAILED)
    Order.objects.filter(pk=order.pk).update(reason=Ending.CONTRADICTED)

    with refused(NotInState, "nothing_due"):
        make_prepared(paying)


def test_where_nothing_is_due_nothing_is_prepared() -> None:
    paying = make_paying(due_days=(TODAY + timedelta(days=30),))

    with refused(NotInState, "nothing_due"):
        make_prepared(paying)


def test_a_plan_that_the_court_has_not_approved_pays_nobody() -> None:
    case, people = make_funded_case()
    make_payee(case, 10_000)
    plan = make_submitted(case, people, due_days=(TODAY,))

    with refused(NotInState, "not_approved"):
        make_prepared(Paying(case, people, plan))


def test_the_cashier_alone_prepares_and_takes_back() -> None:
    paying = make_paying()
    people = paying.people
    stranger = make_staff(Role.ADMINISTRATOR_CASHIER)
    others = (people.lead, people.reviewer, people.judge, people.clerk, stranger)

    for other in others:
        with refused(NotAllowed):
            prepare_release(plan_id=paying.plan.pk, until=TODAY, by=other)
    release = make_prepared(paying)
    for other in others:
        with refused(NotAllowed):
            discard_release(release_id=release.pk, by=other)


def test_a_failing_record_undoes_preparing_and_taking_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paying = make_paying()
    with failing_record(monkeypatch, preparing):
        make_prepared(paying)

    release = make_prepared(paying)
    with failing_record(monkeypatch, preparing):
        discard_release(release_id=release.pk, by=paying.people.cashier)


def test_what_is_taken_back_can_be_prepared_again() -> None:
    paying = make_paying()
    release = make_prepared(paying)

    discard_release(release_id=release.pk, by=paying.people.cashier)

    release.refresh_from_db()
    assert release.state == ReleaseState.STOPPED
    assert {(one.state, one.reason) for one in orders_of(release)} == {
        (S.FAILED, Ending.TAKEN_BACK)
    }
    with nothing_changes():
        discard_release(release_id=release.pk, by=paying.people.cashier)
    again = make_prepared(paying)
    assert again != release
    assert (again.orders_count, again.fen) == (3, sum(SUMS))


@pytest.mark.parametrize(
    "state", [ReleaseState.RELEASED, ReleaseState.PAUSED, ReleaseState.DONE]
)
def test_what_has_been_released_is_not_taken_back(state: ReleaseState) -> None:
    paying = make_paying()
    release = make_released(paying)
    Release.objects.filter(pk=release.pk).update(state=state)

    with refused(NotInState, "release_state"):
        discard_release(release_id=release.pk, by=paying.people.cashier)


def test_the_database_holds_one_open_order_for_a_part() -> None:
    paying = make_paying(10_000)
    (order,) = orders_of(make_prepared(paying))

    for follows in (None, order):
        with pytest.raises(IntegrityError), transaction.atomic():
            copy_of(order, follows)


def test_a_new_order_follows_a_closed_one_and_only_once() -> None:
    paying = make_paying(10_000)
    (order,) = orders_of(make_released(paying))
    bring_to(order, S.FAILED)
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(order, None)

    second = copy_of(order, order)

    Order.objects.filter(pk=second.pk).update(state=S.FAILED)
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(order, order)


def copy_of(order: Order, follows: Order | None) -> Order:
    return Order.objects.create(
        share=order.share, part=order.part, fen=order.fen, release=order.release,
        reference=preparing.new_reference(), channel=order.channel,
        payee_kind=order.payee_kind, payee_account=order.payee_account,
        due_on=order.due_on, follows=follows,
    )  # fmt: skip
