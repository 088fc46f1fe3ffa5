"""What nobody took in time goes to the others by a further plan (EBL 118, 119)."""

from datetime import date, timedelta
from typing import Any

import pytest

from factories import make_staff
from factories_payouts import Paying, approved, make_payee, make_prepared, make_released
from factories_plans import (
    TODAY,
    make_approved,
    make_funded_case,
    make_plan,
    make_submitted,
    make_terms,
    put_money,
)
from integration.payouts.deposit_ground import (
    LATER,
    give_notice,
    is_balanced,
    judge_claim,
    make_reserved,
    reserved,
    unclaimed,
)
from integration.payouts.unchanged import failing_record, refused
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry as AuditEntry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.models import Claim, Message
from zhipo.claims.queries.creditor import text_of
from zhipo.claims.states import PayoutChannel
from zhipo.distributions.actions.approving import approve_plan
from zhipo.distributions.actions.planning import draft_plan
from zhipo.distributions.building import ground_of
from zhipo.distributions.chart import DEPOSITED, GENERAL
from zhipo.distributions.models import Lapse, Plan, Share
from zhipo.distributions.queries.register import register_for
from zhipo.distributions.queries.returned import returned_fen, to_give_again_fen
from zhipo.distributions.states import PlanState
from zhipo.ledger.queries import balance_fen
from zhipo.payouts.actions import lapsing
from zhipo.payouts.actions.depositing import (
    deposit_overdue,
    deposit_unclaimed,
    hand_over_deposit,
    settle_conditional,
)
from zhipo.payouts.actions.lapsing import (
    share_out_unclaimed,
    share_out_unsettled,
    unsettled_over,
)
from zhipo.payouts.models import Deposit
from zhipo.payouts.queries.creditor import payments_on
from zhipo.payouts.states import DepositReason, ReleasedTo
from zhipo.portals.creditor.payments_shown import sums_of
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wechat")]
W = DepositReason
NOTICE, LAST = date(2027, 1, 4), date(2027, 3, 4)
OVER = LAST + timedelta(days=1)
ENDED, TWO_YEARS = date(2027, 1, 4), date(2029, 1, 4)
SINCE_THEN = TWO_YEARS + timedelta(days=1)
RULING = "（2029）湘0302破1号之九"


@pytest.fixture
def paying() -> Paying:
    """One creditor who is paid, one who does not come; half of what is owed."""
    case, people = make_funded_case(fen=1_000_000)
    make_payee(case, 1_000_000)
    make_payee(case, 1_000_000, PayoutChannel.CASH)
    return approved(case, people)


@pytest.fixture
def disputed() -> Paying:
    return make_reserved(state="disputed")


def given_up(paying: Paying) -> Deposit:
    """Deposited, the last distribution announced, two months gone."""
    deposit = unclaimed(paying)
    give_notice(paying, NOTICE)
    return deposit


def ended(paying: Paying) -> Deposit:
    """The case has ended; what is in dispute is kept two years from then."""
    deposit = reserved(paying)
    Case.objects.filter(pk=paying.case.pk).update(phase=Phase.CLOSED, ended_on=ENDED)
    paying.case.refresh_from_db()
    deposit_overdue()
    deposit.refresh_from_db()
    return deposit


def unclaimed_by(paying: Paying, by: Any, today: date = OVER) -> list[Deposit]:
    return share_out_unclaimed(case_id=paying.case.pk, by=by, today=today)


def unsettled_by(paying: Paying, by: Any, today: date = SINCE_THEN, **given: Any) -> Any:
    values = {"ruling": RULING} | given
    return share_out_unsettled(case_id=paying.case.pk, by=by, today=today, **values)


def test_two_months_after_the_last_notice_it_is_the_others(paying: Paying) -> None:
    deposit = given_up(paying)
    deposit_overdue()
    deposit.refresh_from_db()
    assert deposit.until == LAST
    lead, case = paying.people.lead, paying.case
    with refused(NotInState, "nothing_waived"):
        unclaimed_by(paying, lead, today=LAST)
    before = balance_fen(case.number, GENERAL)

    unclaimed_by(paying, lead)

    deposit.refresh_from_db()
    assert (deposit.released_on, deposit.released_to) == (OVER, ReleasedTo.OTHERS)
    assert balance_fen(case.number, GENERAL) == before + deposit.fen
    assert balance_fen(case.number, DEPOSITED) == 0
    assert is_balanced(case)
    lapse = Lapse.objects.get()
    assert (lapse.share_id, lapse.part, lapse.fen) == (deposit.share_id, 0, deposit.fen)
    entry = AuditEntry.objects.latest("position")
    assert (entry.event, entry.detail["fen"]) == ("deposits_redistributed", deposit.fen)
    said = Message.objects.filter(claim=deposit.share.claim_id).latest("pk")
    assert "第一百一十八条" in text_of(said)
    with refused(NotInState, "nothing_due"):
        make_prepared(paying, until=OVER + timedelta(days=9))
    with refused(NotInState, "nothing_waived"):
        unclaimed_by(paying, lead)


def test_before_the_last_notice_no_period_runs(paying: Paying) -> None:
    unclaimed(paying)

    with refused(NotInState, "nothing_waived"):
        unclaimed_by(paying, paying.people.lead, today=date(2099, 1, 1))


def test_the_others_have_it_by_a_further_plan_and_who_gave_it_up_does_not(
    paying: Paying,
) -> None:
    deposit = given_up(paying)
    case, people = paying.case, paying.people
    with pytest.raises(NotInState, match="last_was_made"):
        make_plan(case, people)
    unclaimed_by(paying, people.lead)
    other = case.claims.exclude(pk=deposit.share.claim_id).get()

    assert [row.claim_pk for row in register_for(case, TODAY)] == [other.pk]
    further = make_approved(case, people, title="第二次", due_days=(TODAY,))

    assert further.is_last is False
    share = Share.objects.get(plan=further)
    assert (share.claim_id, share.paid_fen > 0) == (other.pk, True)
    assert to_give_again_fen(case) == 0
    assert is_balanced(case)
    with pytest.raises(NotInState, match="last_was_made"):
        make_plan(case, people)
    assert {row.claim_pk for row in register_for(case, TODAY)} == {
        other.pk, deposit.share.claim_id,
    }  # fmt: skip


def test_what_comes_back_while_a_plan_is_with_the_court_waits_for_the_next_one() -> None:
    """That plan was made without it: its approval does not give it to anybody."""
    case, people = make_funded_case(fen=1_000_000)
    make_payee(case, 5_000_000)
    for _ in range(2):
        make_payee(case, 5_000_000, state="deferred")
    paying = approved(case, people)
    deposit_overdue()
    give_notice(paying, NOTICE)
    first, second = Deposit.objects.filter(part=None).order_by("pk")
    to_others = {"is_suspensive": True, "is_condition_met": False, "by": people.lead,
                 "today": NOTICE}  # fmt: skip
    settle_conditional(deposit_id=first.pk, **to_others)
    further = make_submitted(case, people, title="第二次", due_days=(TODAY,))
    settle_conditional(deposit_id=second.pk, **to_others)
    assert to_give_again_fen(case) == first.fen + second.fen

    approve_plan(plan_id=further.pk, ruling=RULING, ruled_on=TODAY, by=people.judge)

    assert to_give_again_fen(case) == second.fen
    third = make_plan(case, people, title="第三次", due_days=(TODAY,))
    assert sum(pool["fen"] for pool in third.content["pools"]) == second.fen


def test_money_given_again_bears_no_second_pay(paying: Paying) -> None:
    """It was paid once in the end: neither the court's fee nor the pay grows by it."""
    case = paying.case
    before = ground_of(case, TODAY).estate
    deposit = given_up(paying)
    unclaimed_by(paying, paying.people.lead)

    after = ground_of(case, TODAY).estate

    assert returned_fen(case) == deposit.fen
    assert after.own_fen + after.earlier_own_fen == before.own_fen + before.earlier_own_fen


def test_plans_being_made_end_and_none_may_be_before_the_court(paying: Paying) -> None:
    deposit = unclaimed(paying)
    draft = make_plan(paying.case, paying.people)
    give_notice(paying, NOTICE)
    unclaimed_by(paying, paying.people.lead)
    draft.refresh_from_db()
    assert draft.state == PlanState.SUPERSEDED
    assert AuditEntry.objects.latest("position").detail["superseded"] == [draft.number]
    assert deposit.pk


def test_what_is_before_the_court_is_ruled_on_first(paying: Paying) -> None:
    unclaimed(paying)
    make_submitted(paying.case, paying.people)
    give_notice(paying, NOTICE)

    with refused(NotInState, "plan_before_court"):
        unclaimed_by(paying, paying.people.lead)


def test_of_a_plan_after_the_last_one_the_two_months_begin_with_its_ruling(
    paying: Paying,
) -> None:
    given_up(paying)
    case, people = paying.case, paying.people
    unclaimed_by(paying, people.lead)
    further = make_approved(case, people, title="第二次", due_days=(TODAY,))
    Plan.objects.filter(pk=further.pk).update(ruled_on=date(2027, 6, 2))
    share = Share.objects.get(plan=further)
    Claim.objects.filter(pk=share.claim_id).update(payout_channel="cash")
    make_released(Paying(case, people, further))

    (deposit,) = deposit_unclaimed(plan_id=further.pk, by=people.lead, today=LATER)

    assert deposit.until == date(2027, 8, 2)


def test_a_disputed_share_goes_to_the_others_two_years_after_the_end_by_the_court(
    disputed: Paying,
) -> None:
    deposit, judge = ended(disputed), disputed.people.judge
    assert (deposit.why, deposit.until) == (W.DISPUTED, TWO_YEARS)
    with refused(NotInState, "nothing_waived"):
        unsettled_by(disputed, judge, today=TWO_YEARS)
    with refused(NotInState, "not_conditional"):
        settle_conditional(
            deposit_id=deposit.pk, is_suspensive=True, is_condition_met=True,
            by=disputed.people.lead, today=TWO_YEARS,
        )  # fmt: skip
    with refused(NotInState):
        unsettled_by(disputed, judge, ruling=" ")

    (over,) = unsettled_by(disputed, judge)

    assert over.pk == deposit.pk
    assert Lapse.objects.get().ruling == RULING
    entry = AuditEntry.objects.latest("position")
    assert (entry.detail["ruling"], entry.actor) == (RULING, f"user {judge.pk}")
    said = Message.objects.filter(claim=deposit.share.claim_id).latest("pk")
    assert "第一百一十九条" in text_of(said)


def test_after_the_two_years_a_plan_gives_it_to_the_others() -> None:
    """What came back from deposits is not property found too late (EBL 123)."""
    case, people = make_funded_case(fen=1_000_000)
    first = make_payee(case, 5_000_000)
    make_payee(case, 5_000_000, state="disputed")
    ended(approved(case, people))
    late = make_terms(law_date=SINCE_THEN, due_days=(SINCE_THEN,), pay_fen=0)
    with pytest.raises(NotInState, match="too_late_or_too_little"):
        draft_plan(case_id=case.pk, terms=late, by=people.lead)
    share_out_unsettled(case_id=case.pk, ruling=RULING, by=people.judge, today=SINCE_THEN)

    plan = draft_plan(case_id=case.pk, terms=late, by=people.lead)

    assert sum(pool["fen"] for pool in plan.content["pools"]) == to_give_again_fen(case)
    assert [row.claim_pk for row in register_for(case, SINCE_THEN)] == [first.pk]


def test_property_found_beside_it_still_has_its_two_years() -> None:
    case, people = make_funded_case(fen=1_000_000)
    make_payee(case, 5_000_000)
    make_payee(case, 5_000_000, state="disputed")
    ended(approved(case, people))
    share_out_unsettled(case_id=case.pk, ruling=RULING, by=people.judge, today=SINCE_THEN)
    put_money(case, people, 700)
    late = make_terms(law_date=SINCE_THEN, due_days=(SINCE_THEN,), pay_fen=0)

    with pytest.raises(NotInState, match="too_late_or_too_little"):
        draft_plan(case_id=case.pk, terms=late, by=people.lead)


def test_what_its_creditor_could_take_by_now_stays_theirs(disputed: Paying) -> None:
    deposit = ended(disputed)
    judge_claim(deposit, 50_000)

    assert not unsettled_over(disputed.case, SINCE_THEN).exists()
    with refused(NotInState, "nothing_waived"):
        unsettled_by(disputed, disputed.people.judge)

    hand_over_deposit(deposit_id=deposit.pk, by=disputed.people.lead, today=SINCE_THEN)


def test_a_claim_whose_creditor_is_unproven_is_not_settled() -> None:
    paying = make_reserved(identity="unproven")
    deposit = ended(paying)
    assert deposit.why == W.RESERVED

    (over,) = unsettled_by(paying, paying.people.judge)

    assert over.pk == deposit.pk


def test_its_creditor_is_told_that_it_is_theirs_no_more(
    paying: Paying, disputed: Paying
) -> None:
    deposit, kept = given_up(paying), ended(disputed)
    unclaimed_by(paying, paying.people.lead)
    unsettled_by(disputed, disputed.people.judge)

    (one,) = payments_on(deposit.share.claim, today=OVER)
    (other,) = payments_on(kept.share.claim, today=SINCE_THEN)

    assert (one.lapsed_fen, one.lapsed_reserve_fen) == (deposit.fen, 0)
    assert other.lapsed_fen == other.lapsed_reserve_fen == kept.fen == 50_000
    assert other.reserved_fen == 0
    assert sums_of([one]).total == one.total_fen - deposit.fen
    assert sums_of([other]).total == 0


def test_each_article_names_who_gives_it_to_the_others(
    paying: Paying, disputed: Paying
) -> None:
    given_up(paying)
    ended(disputed)
    people = paying.people
    stranger = make_staff(Role.ADMINISTRATOR_LEAD)
    for other in (people.cashier, people.reviewer, people.clerk, stranger):
        with refused(NotAllowed):
            unclaimed_by(paying, other)
    theirs = disputed.people
    for other in (theirs.lead, theirs.cashier, theirs.reviewer, theirs.clerk, stranger):
        with refused(NotAllowed):
            unsettled_by(disputed, other)

    assert unclaimed_by(paying, people.judge)
    assert unsettled_by(disputed, theirs.judge)


def test_before_the_end_nothing_in_dispute_is_given_away(disputed: Paying) -> None:
    reserved(disputed)

    with refused(NotInState):
        unsettled_by(disputed, disputed.people.judge)


def test_a_failing_record_undoes_both(
    paying: Paying, disputed: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up(paying)
    deposit_overdue()
    ended(disputed)

    with failing_record(monkeypatch, lapsing):
        unclaimed_by(paying, paying.people.lead)
    with failing_record(monkeypatch, lapsing):
        unsettled_by(disputed, disputed.people.judge)
