"""Where a channel contradicted itself a person looks, and the part is paid or payable."""

import pytest
from django.utils import timezone

from factories import make_staff
from factories_payouts import (
    Paying,
    bring_to,
    end_of,
    make_paying,
    make_prepared,
    make_released,
    orders_of,
    say_of,
)
from integration.payouts.unchanged import failing_record, refused
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry as AuditEntry
from zhipo.claims.models import Message
from zhipo.distributions.chart import IN_TRANSIT, claims_of
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.outcomes import Failed, Reason
from zhipo.ledger.models import Transaction
from zhipo.ledger.queries import balance_fen, trial_balance
from zhipo.payouts.actions import resolving
from zhipo.payouts.actions.resolving import resolve_contradiction
from zhipo.payouts.actions.taking import take_orders
from zhipo.payouts.channels import PAYS_FROM
from zhipo.payouts.models import Order
from zhipo.payouts.states import Ending, OrderState
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wechat")]
S = OrderState
FEN = 30_000
WALLET = PAYS_FROM[ChannelName.WECHAT]


@pytest.fixture
def paying() -> Paying:
    return make_paying(FEN)


@pytest.fixture
def order(paying: Paying) -> Order:
    (found,) = orders_of(make_released(paying))
    return found


def held(order: Order, state: OrderState) -> Order:
    """The order as it ended, and then the opposite word."""
    bring_to(order, state)
    opposite = Failed(Reason.ACCOUNT_CLOSED) if state is S.PAID else end_of(S.PAID)
    say_of(order, opposite)
    assert (order.state, order.reason) == (state, Ending.CONTRADICTED)
    return order


def resolve(order: Order, paying: Paying, *, was_paid: bool) -> Order:
    return resolve_contradiction(
        order_id=order.pk, was_paid=was_paid, evidence="账单第 7 行", by=paying.people.lead
    )


def book_of(paying: Paying) -> tuple[int, int, int]:
    """(payable, in transit, what the wallet has paid), the book balanced."""
    book = paying.case.number
    lines = trial_balance(book)
    assert sum(one.debit_fen for one in lines) == sum(one.credit_fen for one in lines)
    payable = balance_fen(book, claims_of("consumer"))
    return payable, balance_fen(book, IN_TRANSIT), -balance_fen(book, WALLET)


def test_an_end_that_was_a_payment_is_entered_as_one(order: Order, paying: Paying) -> None:
    held(order, S.FAILED)
    assert book_of(paying) == (FEN, 0, 0)

    resolve(order, paying, was_paid=True)

    order.refresh_from_db()
    assert (order.state, order.reason) == (S.FAILED, Ending.LOOKED_AT)
    paid = Order.objects.get(follows=order)
    assert (paid.state, paid.fen, paid.reason) == (S.PAID, FEN, Ending.LOOKED_AT)
    assert book_of(paying) == (0, 0, FEN)
    assert Transaction.objects.get(act="pay_orders").reference == order.reference
    assert Message.objects.latest("pk").phrase == "message.payout_paid"
    entry = AuditEntry.objects.latest("position")
    assert (entry.event, entry.detail["was_paid"]) == ("contradiction_resolved", True)
    with refused(NotInState, "nothing_due"):
        make_prepared(paying)


def test_an_end_that_was_one_can_be_paid(order: Order, paying: Paying) -> None:
    held(order, S.FAILED)
    with refused(NotInState, "nothing_due"):
        make_prepared(paying)

    resolve(order, paying, was_paid=False)

    assert book_of(paying) == (FEN, 0, 0)
    assert make_prepared(paying).fen == FEN


def test_an_arrival_stands_or_is_back(order: Order, paying: Paying) -> None:
    held(order, S.PAID)

    assert resolve(order, paying, was_paid=True).reason == ""
    assert book_of(paying) == (0, 0, FEN)

    say_of(order, Failed(Reason.ACCOUNT_CLOSED))
    back = resolve(order, paying, was_paid=False)
    assert (back.state, back.reason) == (S.RETURNED, Ending.LOOKED_AT)
    assert book_of(paying) == (FEN, 0, 0)
    assert make_prepared(paying).fen == FEN


@pytest.mark.parametrize("was_paid", [True, False])
def test_what_the_channel_had_turned_away_is_asked_for_or_sent(
    order: Order, paying: Paying, was_paid: bool
) -> None:
    say_of(order, end_of(S.PAID))
    order.refresh_from_db()
    assert (order.state, order.reason) == (S.PLANNED, Ending.CONTRADICTED)

    resolve(order, paying, was_paid=was_paid)

    order.refresh_from_db()
    assert (order.state, order.reason) == (S.SENDING if was_paid else S.PLANNED, "")
    assert book_of(paying) == ((0, FEN, 0) if was_paid else (FEN, 0, 0))
    (work,) = take_orders(ChannelName.WECHAT, now=timezone.now(), limit=5)
    assert work.order == order.pk
    say_of(order, end_of(S.PAID))
    assert (order.state, book_of(paying)) == (S.PAID, (0, 0, FEN))


def test_what_was_planned_instead_ends_with_the_payment(
    order: Order, paying: Paying
) -> None:
    bring_to(order, S.FAILED)
    (second,) = orders_of(make_prepared(paying))
    say_of(order, end_of(S.PAID))
    second.refresh_from_db()
    assert second.reason == Ending.CONTRADICTED

    resolve(order, paying, was_paid=True)

    second.refresh_from_db()
    assert (second.state, second.reason) == (S.FAILED, Ending.LOOKED_AT)
    assert Order.objects.get(follows=second).state == S.PAID
    assert book_of(paying) == (0, 0, FEN)


def test_what_was_planned_instead_goes_on_without_one(order: Order, paying: Paying) -> None:
    bring_to(order, S.FAILED)
    (second,) = orders_of(make_prepared(paying))
    say_of(order, end_of(S.PAID))

    resolve(order, paying, was_paid=False)

    second.refresh_from_db()
    assert (second.state, second.reason) == (S.PLANNED, "")


def test_what_is_held_beside_another_follows_from_that_one(
    order: Order, paying: Paying
) -> None:
    bring_to(order, S.FAILED)
    (second,) = orders_of(make_prepared(paying))
    say_of(order, end_of(S.PAID))

    for was_paid in (True, False):
        with refused(NotInState, "other_first"):
            resolve(second, paying, was_paid=was_paid)


def test_a_part_that_went_out_twice_is_not_entered_as_paid(
    order: Order, paying: Paying
) -> None:
    bring_to(order, S.FAILED)
    (second,) = orders_of(make_released(paying))
    bring_to(second, S.PAID)
    say_of(order, end_of(S.PAID))

    with refused(NotInState, "paid_twice"):
        resolve(order, paying, was_paid=True)


def test_what_is_not_held_or_not_proven_is_refused(order: Order, paying: Paying) -> None:
    with refused(NotInState, "not_held"):
        resolve(order, paying, was_paid=True)
    held(order, S.FAILED)
    with refused(NotInState, "no_evidence"):
        resolve_contradiction(
            order_id=order.pk, was_paid=True, evidence=" ", by=paying.people.lead
        )


def test_the_lead_alone_resolves(order: Order, paying: Paying) -> None:
    held(order, S.FAILED)
    people = paying.people
    stranger = make_staff(Role.ADMINISTRATOR_LEAD)

    for other in (people.cashier, people.reviewer, people.judge, people.clerk, stranger):
        with refused(NotAllowed):
            resolve_contradiction(
                order_id=order.pk, was_paid=True, evidence="账单", by=other
            )


@pytest.mark.parametrize("was_paid", [True, False])
def test_a_failing_record_undoes_it(
    order: Order, paying: Paying, monkeypatch: pytest.MonkeyPatch, was_paid: bool
) -> None:
    held(order, S.FAILED)

    with failing_record(monkeypatch, resolving):
        resolve(order, paying, was_paid=was_paid)
