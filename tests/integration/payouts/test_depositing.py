"""提存: unclaimed, disputed, conditional; until when it is kept, and whose it is then."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from factories import make_staff
from factories_payouts import (
    Paying,
    approved,
    make_payee,
    make_paying,
    make_prepared,
    make_released,
    orders_of,
)
from factories_plans import TODAY, make_funded_case, make_submitted
from integration.payouts.deposit_ground import (
    FEN,
    LATER,
    give_notice,
    is_balanced,
    judge_claim,
    make_reserved,
    reserved,
    unclaimed,
)
from integration.payouts.unchanged import failing_record, nothing_changes, refused
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry as AuditEntry
from zhipo.claims.models import Claim
from zhipo.claims.states import PayoutChannel
from zhipo.distributions.chart import DEPOSITED, GENERAL, claims_of
from zhipo.distributions.models import GivenBack
from zhipo.distributions.queries.register import register_for
from zhipo.ledger.queries import balance_fen
from zhipo.payouts.actions import depositing
from zhipo.payouts.actions.by_hand import Receipt, enter_hand_payment
from zhipo.payouts.actions.depositing import (
    deposit_overdue,
    deposit_unclaimed,
    hand_over_deposit,
    settle_conditional,
)
from zhipo.payouts.models import Deposit, Order
from zhipo.payouts.states import DepositReason, Ending, OrderState, ReleasedTo
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wechat")]
S, W = OrderState, DepositReason


@pytest.fixture
def paying() -> Paying:
    """One creditor who does not come to the cash desk."""
    return make_paying(FEN, channel=PayoutChannel.CASH)


@pytest.fixture
def unproven() -> Paying:
    return make_reserved(identity="unproven")


def test_what_nobody_collects_for_a_month_is_deposited(paying: Paying) -> None:
    deposit = unclaimed(paying)

    assert (deposit.why, deposit.fen, deposit.since) == (W.UNCLAIMED, FEN, LATER)
    assert deposit.until is None
    order = Order.objects.get(share=deposit.share)
    assert (order.state, order.reason) == (S.DEPOSITED, Ending.NOT_COLLECTED)
    book = paying.case.number
    assert balance_fen(book, DEPOSITED) == FEN
    assert balance_fen(book, claims_of("consumer")) == 0
    assert is_balanced(paying.case)
    entry = AuditEntry.objects.latest("position")
    assert (entry.event, entry.detail["fen"]) == ("money_deposited", FEN)


def test_the_desk_waits_thirty_days_and_for_a_receipt_that_is_entered(
    paying: Paying,
) -> None:
    (order,) = orders_of(make_released(paying))
    lead = paying.people.lead
    with refused(NotInState, "nothing_to_deposit"):
        deposit_unclaimed(plan_id=paying.plan.pk, by=lead, today=LATER - timedelta(days=1))
    enter_hand_payment(
        order_id=order.pk, receipt=Receipt("S-1", "王小明", timezone.now()),
        by=paying.people.cashier,
    )  # fmt: skip
    with refused(NotInState, "nothing_to_deposit"):
        deposit_unclaimed(plan_id=paying.plan.pk, by=lead, today=LATER)


def test_a_part_that_no_way_reaches_is_deposited_at_once() -> None:
    case, people = make_funded_case()
    make_payee(case, FEN, PayoutChannel.CASH, holder=None)
    paying = approved(case, people)

    (made,) = deposit_unclaimed(plan_id=paying.plan.pk, by=people.lead)

    assert made.fen == FEN
    with refused(NotInState, "nothing_due"):
        make_prepared(paying)


def test_nothing_is_deposited_twice(paying: Paying) -> None:
    unclaimed(paying)

    with refused(NotInState, "nothing_to_deposit"):
        deposit_unclaimed(plan_id=paying.plan.pk, by=paying.people.lead, today=LATER)


def test_the_database_keeps_one_deposit_for_a_part(
    paying: Paying, unproven: Paying
) -> None:
    for deposit in (unclaimed(paying), reserved(unproven)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Deposit.objects.create(
                share=deposit.share, part=deposit.part, fen=1, why=W.UNCLAIMED, since=TODAY
            )


def test_nothing_is_deposited_of_a_plan_without_approval() -> None:
    case, people = make_funded_case()
    make_payee(case, FEN)
    plan = make_submitted(case, people)

    with refused(NotInState, "not_approved"):
        deposit_unclaimed(plan_id=plan.pk, by=people.lead)


def test_a_creditor_who_comes_in_time_is_paid_after_all(paying: Paying) -> None:
    deposit = unclaimed(paying)

    hand_over_deposit(deposit_id=deposit.pk, by=paying.people.lead, today=LATER)

    book = paying.case.number
    assert (balance_fen(book, DEPOSITED), balance_fen(book, claims_of("consumer"))) == (
        0, FEN,
    )  # fmt: skip
    assert AuditEntry.objects.latest("position").event == "deposit_handed_over"
    release = make_prepared(paying, until=LATER)
    assert release.fen == FEN
    with nothing_changes():
        hand_over_deposit(deposit_id=deposit.pk, by=paying.people.lead, today=LATER)


def test_after_the_last_day_it_is_not_handed_over_any_more(paying: Paying) -> None:
    deposit = unclaimed(paying)
    give_notice(paying, date(2027, 1, 4))
    deposit_overdue()
    lead = paying.people.lead
    with refused(NotInState, "waived"):
        hand_over_deposit(deposit_id=deposit.pk, by=lead, today=date(2027, 3, 5))

    hand_over_deposit(deposit_id=deposit.pk, by=lead, today=date(2027, 3, 4))


def test_reserved_shares_stand_as_deposited_once(unproven: Paying) -> None:
    before = balance_fen(unproven.case.number, DEPOSITED)

    assert deposit_overdue() == 1

    deposit = reserved(unproven)
    assert (deposit.why, deposit.fen) == (W.RESERVED, 50_000)
    assert balance_fen(unproven.case.number, DEPOSITED) == before == 50_000
    with nothing_changes():
        assert deposit_overdue() == 0


@pytest.mark.parametrize(
    ("is_suspensive", "is_met", "to"),
    [
        (True, True, ReleasedTo.CREDITOR),
        (True, False, ReleasedTo.OTHERS),
        (False, True, ReleasedTo.OTHERS),
        (False, False, ReleasedTo.CREDITOR),
    ],
)
def test_on_the_last_notice_day_the_condition_decides(
    unproven: Paying, is_suspensive: bool, is_met: bool, to: ReleasedTo
) -> None:
    deposit = reserved(unproven)
    given = {"is_suspensive": is_suspensive, "is_condition_met": is_met,
             "by": unproven.people.lead}  # fmt: skip
    with refused(NotInState, "no_last_notice"):
        settle_conditional(deposit_id=deposit.pk, **given)
    give_notice(unproven, TODAY)
    with refused(NotInState, "no_last_notice"):
        settle_conditional(deposit_id=deposit.pk, today=TODAY - timedelta(days=1), **given)

    settled = settle_conditional(deposit_id=deposit.pk, today=TODAY, **given)

    assert (settled.why, settled.released_to) == (W.CONDITIONAL, to)
    book = unproven.case.number
    gets = claims_of("consumer") if to == ReleasedTo.CREDITOR else GENERAL
    assert balance_fen(book, DEPOSITED) == 0
    assert balance_fen(book, gets) >= 50_000
    with refused(NotInState, "deposit_released"):
        settle_conditional(deposit_id=deposit.pk, **given)


def test_a_reserved_share_that_is_handed_over_is_paid_as_a_part_of_its_own(
    unproven: Paying,
) -> None:
    deposit = reserved(unproven)
    with refused(NotInState, "claim_open"):
        hand_over_deposit(deposit_id=deposit.pk, by=unproven.people.lead)
    Claim.objects.filter(pk=deposit.share.claim_id).update(identity="real_name")
    hand_over_deposit(deposit_id=deposit.pk, by=unproven.people.lead)

    orders = orders_of(make_released(unproven))

    assert sorted((one.part, one.fen) for one in orders) == [(0, FEN), (1, 50_000)]


@pytest.mark.parametrize(
    ("judged", "own"), [(50_000, 50_000), (49_999, 49_999), (1, 1), (0, 0)]
)
def test_of_a_disputed_share_the_creditor_has_what_the_judgment_gives(
    judged: int, own: int
) -> None:
    paying = make_reserved(state="disputed")
    deposit, lead = reserved(paying), paying.people.lead
    with refused(NotInState, "claim_open"):
        hand_over_deposit(deposit_id=deposit.pk, by=lead)
    before = balance_fen(paying.case.number, GENERAL)
    judge_claim(deposit, judged)

    hand_over_deposit(deposit_id=deposit.pk, by=lead)

    book = paying.case.number
    assert balance_fen(book, DEPOSITED) == 0
    assert balance_fen(book, GENERAL) == before + 50_000 - own
    assert is_balanced(paying.case)
    orders = orders_of(make_released(paying))
    assert sum(one.fen for one in orders) == FEN + own
    back = GivenBack.objects.filter(share=deposit.share).values_list("fen", flat=True)
    assert list(back) == [50_000 - own] * (own < 50_000)
    with nothing_changes():
        hand_over_deposit(deposit_id=deposit.pk, by=lead)


def test_the_next_plan_weighs_what_the_judgment_left_open() -> None:
    """Half of 50,000 is confirmed: half of its share was received, not the whole."""
    case, people = make_funded_case(fen=1_000_000)
    make_payee(case, 5_000_000)
    payee = make_payee(case, 5_000_000, state="disputed")
    paying = approved(case, people)
    deposit = reserved(paying)
    share = deposit.share
    judge_claim(deposit, 2_500_000)

    hand_over_deposit(deposit_id=deposit.pk, by=people.lead)

    rows = {row.claim_id: row.fen for row in register_for(case, LATER)}
    assert rows[payee.number] == 2_500_000 - share.reserved_fen // 2


def test_an_unclaimed_part_does_not_hide_what_is_reserved(unproven: Paying) -> None:
    share = unproven.plan.shares.get(reserved_fen=50_000)
    Deposit.objects.create(share=share, part=0, fen=1, why=W.UNCLAIMED, since=TODAY)

    assert deposit_overdue() == 1


def test_the_lead_alone_deposits_and_settles(paying: Paying) -> None:
    people = paying.people
    stranger = make_staff(Role.ADMINISTRATOR_LEAD)
    deposit = unclaimed(paying)

    for other in (people.cashier, people.reviewer, people.judge, people.clerk, stranger):
        with refused(NotAllowed):
            deposit_unclaimed(plan_id=paying.plan.pk, by=other)
        with refused(NotAllowed):
            hand_over_deposit(deposit_id=deposit.pk, by=other)
        with refused(NotAllowed):
            settle_conditional(
                deposit_id=deposit.pk, is_suspensive=True, is_condition_met=True, by=other
            )


def test_a_failing_record_undoes_each_act(
    paying: Paying, unproven: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = paying.people.lead
    make_released(paying)
    with failing_record(monkeypatch, depositing):
        deposit_unclaimed(plan_id=paying.plan.pk, by=lead, today=LATER)
    with failing_record(monkeypatch, depositing):
        deposit_overdue()
    (deposit,) = deposit_unclaimed(plan_id=paying.plan.pk, by=lead, today=LATER)
    with failing_record(monkeypatch, depositing):
        hand_over_deposit(deposit_id=deposit.pk, by=lead, today=LATER)
    kept = reserved(unproven)
    give_notice(unproven, TODAY)
    with failing_record(monkeypatch, depositing):
        settle_conditional(
            deposit_id=kept.pk, is_suspensive=True, is_condition_met=True,
            by=unproven.people.lead,
        )  # fmt: skip
