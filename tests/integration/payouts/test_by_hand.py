"""Cash and remittances: one person enters it, another has seen the receipt."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from factories import make_staff
from factories_payouts import (
    Paying,
    make_paying,
    make_prepared,
    make_released,
    orders_of,
)
from integration.payouts.unchanged import failing_record, nothing_changes, refused
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry as AuditEntry
from zhipo.claims.models import Message
from zhipo.claims.states import PayoutChannel
from zhipo.distributions.chart import BANK, IN_TRANSIT, claims_of
from zhipo.ledger.queries import balance_fen
from zhipo.payouts.actions import by_hand
from zhipo.payouts.actions.by_hand import (
    Receipt,
    check_hand_payment,
    enter_hand_payment,
    take_back_entry,
)
from zhipo.payouts.actions.releasing import pause_release, release_orders, stop_release
from zhipo.payouts.models import HandPayment, Order
from zhipo.payouts.states import Ending, OrderState, ReleaseState
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wechat")]
S = OrderState
FEN = 30_000


@pytest.fixture
def paying() -> Paying:
    return make_paying(FEN, channel=PayoutChannel.CASH)


@pytest.fixture
def order(paying: Paying) -> Order:
    (found,) = orders_of(make_released(paying))
    return found


def receipt(**given: object) -> Receipt:
    values = {"number": "S-001", "taken_by": "王小明", "at": timezone.now()} | given
    return Receipt(**values)  # type: ignore[arg-type]


def entered(order: Order, paying: Paying) -> HandPayment:
    return enter_hand_payment(
        order_id=order.pk, receipt=receipt(), by=paying.people.cashier
    )


def test_two_people_make_it_paid(order: Order, paying: Paying) -> None:
    book = paying.case.number
    before = balance_fen(book, BANK)
    entered(order, paying)
    assert AuditEntry.objects.latest("position").event == "cash_entered"
    assert balance_fen(book, BANK) == before

    paid = check_hand_payment(order_id=order.pk, by=paying.people.lead)

    assert (paid.state, paid.channel_number) == (S.PAID, "S-001")
    assert balance_fen(book, BANK) == before - FEN
    assert balance_fen(book, claims_of("consumer")) == balance_fen(book, IN_TRANSIT) == 0
    assert AuditEntry.objects.latest("position").event == "cash_checked"
    message = Message.objects.get(claim=order.share.claim)
    assert message.phrase == "message.payout_paid"
    release = paid.release
    assert release is not None
    release.refresh_from_db()
    assert release.state == ReleaseState.DONE


def test_the_same_twice_is_entered_and_paid_once(order: Order, paying: Paying) -> None:
    same = receipt()
    people = paying.people
    enter_hand_payment(order_id=order.pk, receipt=same, by=people.cashier)
    with nothing_changes():
        enter_hand_payment(order_id=order.pk, receipt=same, by=people.cashier)
    check_hand_payment(order_id=order.pk, by=people.lead)
    with nothing_changes():
        check_hand_payment(order_id=order.pk, by=people.lead)


def test_whoever_entered_it_cannot_check_it(order: Order, paying: Paying) -> None:
    payment = entered(order, paying)

    with refused(NotAllowed, "own_entry"):
        check_hand_payment(order_id=order.pk, by=paying.people.cashier)
    with pytest.raises(IntegrityError), transaction.atomic():
        HandPayment.objects.filter(pk=payment.pk).update(
            checked_by=paying.people.cashier, checked_at=timezone.now()
        )


def test_another_receipt_needs_the_first_taken_back(order: Order, paying: Paying) -> None:
    cashier = paying.people.cashier
    entered(order, paying)
    with refused(NotInState, "entered"):
        enter_hand_payment(order_id=order.pk, receipt=receipt(number="S-2"), by=cashier)

    take_back_entry(order_id=order.pk, by=cashier)

    assert AuditEntry.objects.latest("position").detail["taken_back"] is True
    enter_hand_payment(order_id=order.pk, receipt=receipt(number="S-2"), by=cashier)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"number": " "}, "no_receipt"),
        ({"taken_by": ""}, "no_receipt"),
        ({"at": timezone.now() + timedelta(days=1)}, "not_yet"),
    ],
)
def test_a_receipt_has_a_number_a_name_and_a_day_that_has_come(
    order: Order, paying: Paying, given: dict[str, object], key: str
) -> None:
    with refused(NotInState, key):
        enter_hand_payment(
            order_id=order.pk, receipt=receipt(**given), by=paying.people.cashier
        )


def test_nothing_that_is_not_entered_is_checked_or_taken_back(
    order: Order, paying: Paying
) -> None:
    for act in (check_hand_payment, take_back_entry):
        with refused(NotInState, "not_entered"):
            act(order_id=order.pk, by=paying.people.lead)


@pytest.mark.parametrize("state", sorted(set(S) - {S.PLANNED}))
def test_only_what_waits_at_the_desk_is_paid_there(
    order: Order, paying: Paying, state: OrderState
) -> None:
    now = timezone.now()
    entered(order, paying)
    Order.objects.filter(pk=order.pk).update(state=state, ended_at=now)
    lead = paying.people.lead

    for act in (check_hand_payment, take_back_entry):
        with refused(NotInState, "order_state"):
            act(order_id=order.pk, by=lead)
    HandPayment.objects.all().delete()
    with refused(NotInState, "order_state"):
        enter_hand_payment(order_id=order.pk, receipt=receipt(), by=lead)


def test_nothing_is_handed_over_before_its_day(order: Order, paying: Paying) -> None:
    later = timezone.localdate() + timedelta(days=1)
    Order.objects.filter(pk=order.pk).update(due_on=later)

    with refused(NotInState, "not_due"):
        entered(order, paying)


def test_an_order_of_a_wallet_is_not_paid_in_cash() -> None:
    paying = make_paying(FEN)
    (order,) = orders_of(make_released(paying))

    with refused(NotInState, "not_by_hand"):
        entered(order, paying)


def test_nothing_is_handed_over_before_the_release_or_while_it_is_held_up() -> None:
    paying = make_paying(FEN, channel=PayoutChannel.CASH)
    release = make_prepared(paying)
    (order,) = orders_of(release)
    lead = paying.people.lead
    with refused(NotInState, "not_released"):
        entered(order, paying)

    release_orders(release_id=release.pk, by=lead)
    pause_release(release_id=release.pk, why="核对", by=lead)

    with refused(NotInState, "not_released"):
        entered(order, paying)


def test_money_handed_over_before_a_stop_still_counts(order: Order, paying: Paying) -> None:
    entered(order, paying)
    assert order.release_id is not None

    stop_release(release_id=order.release_id, why="方案有误", by=paying.people.lead)

    order.refresh_from_db()
    assert order.state == S.PLANNED
    with refused(NotInState, "nothing_due"):
        make_prepared(paying)
    assert check_hand_payment(order_id=order.pk, by=paying.people.lead).state == S.PAID


def test_an_entry_taken_back_after_a_stop_ends_the_order(
    order: Order, paying: Paying
) -> None:
    entered(order, paying)
    assert order.release_id is not None
    stop_release(release_id=order.release_id, why="方案有误", by=paying.people.lead)

    take_back_entry(order_id=order.pk, by=paying.people.cashier)

    order.refresh_from_db()
    assert (order.state, order.reason) == (S.FAILED, Ending.STOPPED)
    assert make_prepared(paying).fen == FEN


def test_where_the_channel_contradicts_itself_no_cash_is_handed_over(
    order: Order, paying: Paying
) -> None:
    Order.objects.filter(pk=order.pk).update(reason=Ending.CONTRADICTED)
    with refused(NotInState, "contradicted"):
        entered(order, paying)
    Order.objects.filter(pk=order.pk).update(reason="")
    entered(order, paying)
    Order.objects.filter(pk=order.pk).update(reason=Ending.CONTRADICTED)

    with refused(NotInState, "contradicted"):
        check_hand_payment(order_id=order.pk, by=paying.people.lead)


def test_only_cashier_and_lead_enter_and_check(order: Order, paying: Paying) -> None:
    people = paying.people
    stranger = make_staff(Role.ADMINISTRATOR_CASHIER)
    others = (people.reviewer, people.judge, people.clerk, stranger)
    for other in others:
        with refused(NotAllowed):
            enter_hand_payment(order_id=order.pk, receipt=receipt(), by=other)
    entered(order, paying)
    for other in others:
        for act in (check_hand_payment, take_back_entry):
            with refused(NotAllowed):
                act(order_id=order.pk, by=other)


def test_a_failing_record_undoes_entry_check_and_taking_back(
    order: Order, paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    with failing_record(monkeypatch, by_hand):
        entered(order, paying)
    entered(order, paying)
    for act in (check_hand_payment, take_back_entry):
        with failing_record(monkeypatch, by_hand):
            act(order_id=order.pk, by=paying.people.lead)
