"""The state table of orders against the database: every state, every move."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from factories_payouts import (
    bring_to,
    end_of,
    make_paying,
    make_released,
    orders_of,
    say_of,
)
from zhipo.distributions.chart import IN_TRANSIT, claims_of
from zhipo.ledger.queries import balance_fen, trial_balance
from zhipo.payouts.models import Order
from zhipo.payouts.states import CLOSED, MOVES, ON_THE_WAY, OPEN, OrderState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wechat")]
S = OrderState
TOLD = (S.WAITING_USER, S.PAID, S.FAILED, S.RETURNED)
"""The states to which a channel's word leads."""

REACHED = (S.PLANNED, S.SENDING, *TOLD)


@pytest.fixture
def order() -> Order:
    (found,) = orders_of(make_released(make_paying(30_000)))
    return found


def test_every_state_is_of_one_kind() -> None:
    assert OPEN | CLOSED | {S.PAID} == set(S)
    assert not OPEN & CLOSED
    assert set(MOVES) == set(S)
    assert all(not MOVES[state] for state in CLOSED)


@pytest.mark.parametrize("to", TOLD)
@pytest.mark.parametrize("state", REACHED)
def test_a_channels_word_moves_an_order_by_the_table_or_not_at_all(
    order: Order, state: OrderState, to: OrderState
) -> None:
    bring_to(order, state)

    say_of(order, end_of(to))

    is_lapse_of_what_arrived = (state, to) == (S.PAID, S.RETURNED)
    may = to in MOVES[state] and not is_lapse_of_what_arrived
    assert order.state == (to if may else state)
    book = order.share.plan.case.number
    in_transit = balance_fen(book, IN_TRANSIT)
    assert in_transit == (order.fen if order.state in ON_THE_WAY else 0)
    is_payable = order.state in CLOSED | {S.PLANNED}
    assert balance_fen(book, claims_of("consumer")) == (order.fen if is_payable else 0)
    lines = trial_balance(book)
    assert sum(one.debit_fen for one in lines) == sum(one.credit_fen for one in lines)


@pytest.mark.parametrize("state", sorted({*CLOSED, S.PAID}))
def test_the_database_lets_nothing_that_ended_begin_again(
    order: Order, state: OrderState
) -> None:
    put(order, state)

    for to in sorted(set(S) - {state} - MOVES[state]):
        with pytest.raises(ProgrammingError, match="does not begin again"):
            put(order, to)
    for to in sorted(MOVES[state]):
        put(order, to)


def test_what_an_order_says_stands(order: Order) -> None:
    changes = (
        "fen = fen + 1", "part = part + 1", "reference = 'ANOTHER1'", "channel = 'alipay'",
        "payee_account = 'x'::bytea", "payee_name = 'x'::bytea", "payee_hash = 'x'",
        "payee_bank = 'x'::bytea", "payee_kind = 'cash_desk'", "follows_id = id",
    )  # fmt: skip
    for change in changes:
        statement = f"UPDATE payouts_order SET {change} WHERE id = %s"
        with (
            pytest.raises(ProgrammingError, match="says what it said"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [order.pk])


def test_an_order_is_kept_for_life(order: Order) -> None:
    with pytest.raises(ProgrammingError, match="kept for life"), transaction.atomic():
        Order.objects.filter(pk=order.pk).delete()


def test_what_is_paid_was_paid_at_some_time(order: Order) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state=S.PAID)


def put(order: Order, state: OrderState) -> None:
    with transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state=state, ended_at=timezone.now())
