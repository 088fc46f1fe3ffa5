"""Whoever has not collected is reminded, once a fortnight, and told until when."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from factories_payouts import (
    Paying,
    make_paying,
    make_prepared,
    make_released,
    orders_of,
)
from factories_plans import TODAY
from integration.payouts.unchanged import failing_record, nothing_changes
from zhipo.audit.models import Entry as AuditEntry
from zhipo.claims.models import Message
from zhipo.claims.states import PayoutChannel
from zhipo.distributions.models import Plan
from zhipo.payouts.actions import reminding
from zhipo.payouts.actions.by_hand import Receipt, enter_hand_payment
from zhipo.payouts.actions.depositing import (
    deposit_overdue,
    deposit_unclaimed,
    hand_over_deposit,
)
from zhipo.payouts.actions.reminding import remind_uncollected
from zhipo.payouts.models import Deposit
from zhipo.web.words import say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wechat")]
FORTNIGHT = timedelta(days=14)


@pytest.fixture
def paying() -> Paying:
    return make_paying(30_000, channel=PayoutChannel.CASH)


def test_money_at_the_cash_desk_is_reminded_of_after_a_fortnight(paying: Paying) -> None:
    make_released(paying)
    now = timezone.now()
    assert remind_uncollected(now=now + timedelta(days=13)) == 0

    assert remind_uncollected(now=now + FORTNIGHT) == 1

    message = Message.objects.get()
    assert message.phrase == "message.payout_remind"
    assert "300.00" in say(f"claims.{message.phrase}", **message.values)
    entry = AuditEntry.objects.latest("position")
    assert (entry.event, entry.detail["count"]) == ("reminders_ordered", 1)
    with nothing_changes():
        assert remind_uncollected(now=now + FORTNIGHT + timedelta(days=1)) == 0
    assert remind_uncollected(now=now + 2 * FORTNIGHT + timedelta(seconds=1)) == 1


def test_whoever_has_come_or_is_not_to_come_yet_is_left_in_peace(paying: Paying) -> None:
    make_prepared(paying)
    now = timezone.now() + FORTNIGHT
    assert remind_uncollected(now=now) == 0
    (order,) = orders_of(make_released(paying))
    enter_hand_payment(
        order_id=order.pk, receipt=Receipt("S-1", "王小明", timezone.now()),
        by=paying.people.cashier,
    )  # fmt: skip

    assert remind_uncollected(now=now + FORTNIGHT) == 0


def test_a_deposit_is_reminded_of_with_its_last_day_until_it_is_over(
    paying: Paying,
) -> None:
    make_released(paying)
    (made,) = deposit_unclaimed(
        plan_id=paying.plan.pk, by=paying.people.lead, today=TODAY + timedelta(days=30)
    )
    Plan.objects.filter(pk=paying.plan.pk).update(is_last=True, notice_on=date(2027, 1, 4))
    deposit_overdue()
    now = timezone.now() + timedelta(days=45)

    assert remind_uncollected(now=now) == 1

    message = Message.objects.get()
    assert message.values["until"] == "2027-03-04"
    assert "2027-03-04" in say(f"claims.{message.phrase}", **message.values)
    over = now + (date(2027, 3, 6) - timezone.localdate(now))
    assert remind_uncollected(now=over) == 0
    assert Deposit.objects.get().pk == made.pk


def test_what_was_handed_over_is_reminded_of_no_more(paying: Paying) -> None:
    later = TODAY + timedelta(days=30)
    make_released(paying)
    lead = paying.people.lead
    (made,) = deposit_unclaimed(plan_id=paying.plan.pk, by=lead, today=later)
    hand_over_deposit(deposit_id=made.pk, by=lead, today=later)

    assert remind_uncollected(now=timezone.now() + 4 * FORTNIGHT) == 0


def test_a_failing_record_undoes_it(
    paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_released(paying)

    with failing_record(monkeypatch, reminding):
        remind_uncollected(now=timezone.now() + FORTNIGHT)
