"""An order that its channel never had is closed by a person, a day later, on its word."""

from datetime import timedelta

import pytest
from django.utils import timezone

from factories import make_staff
from factories_payouts import (
    Paying,
    bring_to,
    make_paying,
    make_prepared,
    make_released,
    orders_of,
    say_of,
)
from integration.payouts.unchanged import failing_record, nothing_changes, refused
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry as AuditEntry
from zhipo.distributions.chart import IN_TRANSIT, claims_of
from zhipo.gateways.payouts.outcomes import NotFound, Unknown
from zhipo.ledger.queries import balance_fen
from zhipo.payouts.actions import closing
from zhipo.payouts.actions.closing import close_unfound
from zhipo.payouts.actions.releasing import pause_release, resume_release
from zhipo.payouts.models import Order, Release
from zhipo.payouts.states import Ending, OrderState
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wechat")]
S = OrderState
A_DAY = timedelta(hours=25)


@pytest.fixture
def paying() -> Paying:
    return make_paying(30_000)


@pytest.fixture
def lost(paying: Paying) -> Order:
    """Sent, not known to the channel, its release paused since a day."""
    (order,) = orders_of(make_released(paying))
    bring_to(order, S.SENDING)
    pause_release(release_id=order.release_id, why="核对", by=paying.people.lead)
    Release.objects.filter(pk=order.release_id).update(held_at=timezone.now() - A_DAY)
    say_of(order, NotFound())
    Order.objects.filter(pk=order.pk).update(reason=Ending.NOT_FOUND, ask_at=soon())
    order.refresh_from_db()
    return order


def soon() -> object:
    return timezone.now() + timedelta(hours=1)


def test_it_is_closed_and_its_part_is_owed_again(lost: Order, paying: Paying) -> None:
    closed = close_unfound(order_id=lost.pk, by=paying.people.lead)

    assert (closed.state, closed.reason) == (S.FAILED, Ending.NEVER_ARRIVED)
    book = paying.case.number
    assert balance_fen(book, IN_TRANSIT) == 0
    assert balance_fen(book, claims_of("consumer")) == lost.fen
    assert AuditEntry.objects.latest("position").event == "order_closed"
    with nothing_changes():
        close_unfound(order_id=lost.pk, by=paying.people.lead)
    assert make_prepared(paying).fen == lost.fen


def test_a_release_that_runs_may_still_send_it(lost: Order, paying: Paying) -> None:
    resume_release(release_id=lost.release_id, by=paying.people.lead)

    with refused(NotInState, "still_sent"):
        close_unfound(order_id=lost.pk, by=paying.people.lead)


def test_less_than_a_day_is_too_soon(lost: Order, paying: Paying) -> None:
    Release.objects.update(held_at=timezone.now() - timedelta(hours=23))

    with refused(NotInState, "too_soon"):
        close_unfound(order_id=lost.pk, by=paying.people.lead)


def test_a_word_that_is_old_because_nobody_asks_is_not_enough(
    lost: Order, paying: Paying
) -> None:
    Order.objects.filter(pk=lost.pk).update(ask_at=timezone.now() - timedelta(minutes=1))

    with refused(NotInState, "too_soon"):
        close_unfound(order_id=lost.pk, by=paying.people.lead)


def test_no_answer_is_not_the_word_that_there_is_none(lost: Order, paying: Paying) -> None:
    say_of(lost, Unknown("ReadTimeout"))
    Order.objects.filter(pk=lost.pk).update(reason=Ending.NO_WORD)

    with refused(NotInState, "not_unknown"):
        close_unfound(order_id=lost.pk, by=paying.people.lead)


def test_the_word_that_there_is_none_counts_when_it_is_said_again(
    lost: Order, paying: Paying
) -> None:
    say_of(lost, Unknown("ReadTimeout"))
    say_of(lost, NotFound())  # kept once, as of its first time

    assert close_unfound(order_id=lost.pk, by=paying.people.lead).state == S.FAILED


@pytest.mark.parametrize("state", sorted(set(S) - {S.SENDING}))
def test_only_what_is_being_sent_is_closed(
    lost: Order, paying: Paying, state: OrderState
) -> None:
    Order.objects.filter(pk=lost.pk).update(state=state, ended_at=timezone.now())

    with refused(NotInState, "order_state"):
        close_unfound(order_id=lost.pk, by=paying.people.lead)


def test_the_lead_alone_closes(lost: Order, paying: Paying) -> None:
    people = paying.people
    stranger = make_staff(Role.ADMINISTRATOR_LEAD)

    for other in (people.cashier, people.reviewer, people.judge, people.clerk, stranger):
        with refused(NotAllowed):
            close_unfound(order_id=lost.pk, by=other)


def test_a_failing_record_undoes_it(
    lost: Order, paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    with failing_record(monkeypatch, closing):
        close_unfound(order_id=lost.pk, by=paying.people.lead)
