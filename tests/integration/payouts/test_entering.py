"""Results are entered together; one that cannot be entered holds up no other."""

from typing import Any

import pytest
from django.db import DataError, OperationalError
from django.utils import timezone

from factories_payouts import (
    FakeChannel,
    Paying,
    fresh,
    make_paying,
    make_released,
    orders_of,
    say_of,
    take_up,
)
from zhipo.audit.models import Entry
from zhipo.gateways.payouts.outcomes import Closed, ClosedBy, Failed, Paid, Reason, Refused
from zhipo.payouts.actions import entering
from zhipo.payouts.actions.entering import settle_each
from zhipo.payouts.actions.settling import settle
from zhipo.payouts.models import Order
from zhipo.payouts.queries.due import parts_due
from zhipo.payouts.queries.orders import as_work
from zhipo.payouts.states import Ending, OrderState
from zhipo.payouts.verdicts import Asked, Verdict, after_asking
from zhipo.payouts.work import Done

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wechat")]
S = OrderState


@pytest.fixture
def paying() -> Paying:
    return make_paying(1_000, 2_000, 3_000)


def paid_of(order: Order) -> Done:
    work, paid = as_work(fresh(order)), Paid(at=timezone.now(), number=f"N{order.pk}")
    verdict = after_asking(paid, work.standing, now=timezone.now())
    return Done(work, ((Asked.ASK, paid),), verdict)


def taken(paying: Paying) -> list[Order]:
    return [take_up(one) for one in orders_of(make_released(paying))]


def states() -> list[str]:
    return list(Order.objects.order_by("pk").values_list("state", flat=True))


def test_result_that_cannot_be_entered_holds_up_no_other(
    paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = taken(paying)
    bad = orders[1].pk

    def picky(found: list[Done], **how: Any) -> Any:
        if any(done.work.order == bad for done in found):
            raise DataError("NUL")
        return settle(found, **how)

    monkeypatch.setattr(entering, "settle", picky)
    moves = settle_each([paid_of(one) for one in orders], now=timezone.now())

    assert moves == {S.PAID: 2}
    assert states() == [S.PAID, S.SENDING, S.PAID]
    assert Order.objects.get(pk=bad).ask_at is not None


def test_database_that_is_gone_is_no_fault_of_a_result(
    paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def gone(found: list[Done], **_: Any) -> Any:
        calls.append(len(found))
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(entering, "settle", gone)
    with pytest.raises(OperationalError):
        settle_each([paid_of(one) for one in taken(paying)], now=timezone.now())

    assert calls == [3]


def test_refusal_that_comes_after_the_channels_own_word_changes_nothing(
    paying: Paying,
) -> None:
    order = taken(paying)[0]
    work = as_work(fresh(order))
    refused = Refused(Reason.NO_SUCH_ACCOUNT, is_final=True)
    verdict = Verdict(S.FAILED, reason=refused.reason, at=timezone.now(), is_fact=False)
    say_of(order, FakeChannel().send(work.transfer()).told)  # type: ignore[union-attr,arg-type]

    settle([Done(work, ((Asked.SEND, refused),), verdict)], now=timezone.now())

    order.refresh_from_db()
    assert order.state == S.WAITING_USER
    assert order.answers.filter(outcome="Refused").count() == 1


def test_late_result_of_an_order_that_has_ended_is_kept_and_changes_nothing(
    paying: Paying,
) -> None:
    order = taken(paying)[0]
    late = paid_of(order)
    say_of(order, late.answers[0][1])  # type: ignore[arg-type]
    entries = Entry.objects.count()

    assert not settle([late], now=timezone.now())

    assert Entry.objects.count() == entries
    assert order.answers.count() == 1


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (Failed(Reason.ACCOUNT_CLOSED), Paid(at=timezone.now(), number="N")),
        (Paid(at=timezone.now(), number="N"), Closed(by=ClosedBy.EXPIRY)),
    ],
    ids=["failed, then paid", "paid, then lapsed"],
)
def test_channel_that_contradicts_itself_is_looked_at_by_a_person(
    paying: Paying, first: Any, then: Any
) -> None:
    order = taken(paying)[0]
    say_of(order, first)
    before = order.state

    for _ in range(2):
        say_of(order, then)

    assert (order.state, order.reason) == (before, Ending.CONTRADICTED)
    assert Entry.objects.filter(event="order_contradicted").count() == 1
    due = {part.share for part in parts_due(paying.plan, until=timezone.localdate())}
    assert order.share_id not in due
