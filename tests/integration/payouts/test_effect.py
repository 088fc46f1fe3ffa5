"""The effect of paying, held against the same counted by hand from the orders."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from django.core.cache import cache
from django.utils import timezone
from pydantic import ValidationError

from factories import make_creditor
from factories_payouts import (
    FakeChannel,
    Paying,
    approved,
    bring_to,
    make_payee,
    make_paying,
    make_released,
    orders_of,
    say_of,
    speak_to,
)
from factories_plans import TODAY, make_funded_case
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.outcomes import Closed, ClosedBy
from zhipo.payouts.fees import FEES, Fee, fees_known
from zhipo.payouts.models import Deposit, Order
from zhipo.payouts.queries.effect import Day, effect_for_all, effect_of
from zhipo.payouts.states import DepositReason, OrderState

pytestmark = pytest.mark.django_db
S = OrderState


@pytest.fixture(autouse=True)
def _channel(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.delenv(FEES, raising=False)
    speak_to(monkeypatch, FakeChannel())


def arrived(order: Order, day: date) -> Order:
    """Paid on a day, late in the evening there: the day is China's."""
    bring_to(order, S.PAID)
    at = datetime(day.year, day.month, day.day, 15, 59, tzinfo=UTC)
    Order.objects.filter(pk=order.pk).update(ended_at=at)
    return order


def paying_to_three() -> Paying:
    """Two claims of one person, two of others, one of them never reached."""
    case, people = make_funded_case()
    one = make_creditor("+8613700000001")
    make_payee(case, 10_000, creditor=one)
    make_payee(case, 20_000, creditor=one)
    make_payee(case, 30_000)
    make_payee(case, 40_000)
    return approved(case, people)


def orders_by_fen(paying: Paying) -> dict[int, Order]:
    return {one.fen: one for one in orders_of(make_released(paying))}


def test_before_a_plan_there_is_no_effect() -> None:
    case, _ = make_funded_case()

    assert effect_of(case) is None


def test_before_the_first_arrival_everything_is_still_owed() -> None:
    paying = make_paying()

    effect = effect_of(paying.case)

    assert effect is not None
    assert (effect.people, effect.fen, effect.parts) == (3, 156_188, 3)
    assert (effect.reached, effect.paid_fen, effect.days) == (0, 0, [])
    assert effect.attempts_per_payment is None
    assert effect.orders_per_payment is None
    assert effect.cost_per_payment_fen is None
    assert (effect.first_after, effect.half_after, effect.last_after) == (None, None, None)


def test_people_count_once_and_money_day_by_day() -> None:
    paying = paying_to_three()
    orders = orders_by_fen(paying)
    first, second = TODAY - timedelta(days=9), TODAY - timedelta(days=2)
    arrived(orders[10_000], first)
    arrived(orders[20_000], second)
    arrived(orders[30_000], second)
    bring_to(orders[40_000], S.FAILED)

    effect = effect_of(paying.case)

    assert effect is not None
    assert (effect.people, effect.reached) == (3, 2)
    assert effect.days == [Day(first, 1, 10_000), Day(second, 2, 60_000)]
    accepted = paying.case.accepted_on
    assert effect.first_after == (first - accepted).days
    assert effect.half_after == (second - accepted).days
    assert effect.last_after == (second - accepted).days
    assert effect.rates == {"consumer": (100_000, 100_000, 100_000)}


def test_what_came_back_after_it_had_arrived_does_not_count() -> None:
    paying = paying_to_three()
    orders = orders_by_fen(paying)
    arrived(orders[30_000], TODAY)
    Order.objects.filter(pk=orders[30_000].pk).update(state=S.RETURNED)

    effect = effect_of(paying.case)

    assert effect is not None
    assert (effect.reached, effect.paid_fen) == (0, 0)


def test_every_order_sent_for_a_part_is_an_attempt() -> None:
    paying = paying_to_three()
    orders = orders_by_fen(paying)
    bring_to(orders[10_000], S.WAITING_USER)
    say_of(orders[10_000], Closed(by=ClosedBy.EXPIRY, at=timezone.now()))
    arrived(Order.objects.get(follows=orders[10_000]), TODAY)
    arrived(orders[20_000], TODAY)
    bring_to(orders[30_000], S.FAILED)

    effect = effect_of(paying.case)

    assert effect is not None
    assert effect.attempts == {1: 1, 2: 1}
    assert effect.attempts_per_payment == Fraction(3, 2)
    assert effect.orders_per_payment == Fraction(4, 2)
    (channel,) = effect.channels
    assert (channel.sent, channel.paid, channel.fen) == (4, 2, 30_000)


def test_fees_that_nobody_entered_are_not_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    paying = paying_to_three()
    arrived(orders_by_fen(paying)[10_000], TODAY)

    unknown = effect_of(paying.case)
    monkeypatch.setenv(FEES, '{"wechat": {"each_fen": 10, "per_million": 1000}}')
    known = effect_of(paying.case)

    assert unknown is not None
    assert known is not None
    assert unknown.cost_per_payment_fen is None
    assert [one.name for one in unknown.costs_unknown] == [ChannelName.WECHAT]
    assert known.cost_fen == 10 + 10
    assert known.cost_per_payment_fen == 20
    assert known.costs_unknown == []


def test_deposits_are_counted_by_reason() -> None:
    paying = paying_to_three()
    shares = list(paying.plan.shares.order_by("fen"))
    for share, why, to in [
        (shares[0], DepositReason.UNCLAIMED, ""),
        (shares[1], DepositReason.UNCLAIMED, "others"),
        (shares[2], DepositReason.DISPUTED, ""),
        (shares[3], DepositReason.UNCLAIMED, "creditor"),
    ]:
        Deposit.objects.create(
            share=share, part=0, fen=share.fen, why=why, since=TODAY, released_to=to,
            released_on=TODAY if to else None,
        )  # fmt: skip

    effect = effect_of(paying.case)

    assert effect is not None
    assert [(one.why, one.count, one.fen, one.is_over) for one in effect.kept] == [
        ("disputed", 1, 30_000, False),
        ("unclaimed", 1, 10_000, False),
        ("unclaimed", 1, 20_000, True),
    ]


def test_a_reserve_that_was_released_is_owed_then() -> None:
    case, people = make_funded_case()
    make_payee(case, 10_000)
    make_payee(case, 5_000, identity="unproven")
    paying = approved(case, people)
    before = effect_of(case)
    share = paying.plan.shares.get(reserved_fen__gt=0)
    Deposit.objects.create(
        share=share, part=None, fen=share.reserved_fen, why=DepositReason.RESERVED,
        since=TODAY, released_to="creditor", released_on=TODAY,
    )  # fmt: skip

    after = effect_of(case)

    assert before is not None
    assert after is not None
    assert (before.people, before.fen) == (1, 10_000)
    assert (after.people, after.fen, after.parts) == (2, 15_000, 2)


def test_another_case_counts_for_itself() -> None:
    paying, other = paying_to_three(), make_paying(5_000)
    arrived(orders_by_fen(other)[5_000], TODAY)

    effect = effect_of(paying.case)

    assert effect is not None
    assert (effect.reached, effect.people) == (0, 3)


def test_public_pages_read_it_once_in_a_while(
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    paying = paying_to_three()
    empty, _ = make_funded_case()

    assert effect_for_all(paying.case) == effect_of(paying.case)
    assert effect_for_all(empty) is None
    with django_assert_num_queries(0):  # type: ignore[operator]
        effect_for_all(paying.case)
        effect_for_all(empty)


@pytest.mark.parametrize(
    ("fee", "count", "fen", "cost"),
    [
        (Fee(), 3, 1_000_000, 0),
        (Fee(each_fen=100), 3, 1_000_000, 300),
        (Fee(per_million=6_000), 3, 1_000_000, 6_000),
        (Fee(per_million=6_000), 1, 1, 1),
        (Fee(each_fen=1, per_million=1_000_000), 0, 0, 0),
    ],
)
def test_fees_are_rounded_up_to_a_fen(fee: Fee, count: int, fen: int, cost: int) -> None:
    assert fee.cost_fen(count, fen) == cost


@pytest.mark.parametrize(
    "text",
    ["[]", "{", '{"paypal": {}}', '{"wechat": {"each_fen": -1}}', '{"wechat": {"x": 1}}'],
)
def test_fees_in_another_form_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        fees_known({FEES: text})


def test_no_fees_are_known_until_somebody_enters_them() -> None:
    assert fees_known({}) == {}
    assert fees_known({FEES: " "}) == {}
