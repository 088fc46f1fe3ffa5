"""提存: what cannot be paid is kept for its creditor, and goes to the others in the end."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.claims.states import IdentityProof
from zhipo.distributions.chart import GENERAL, claims_of
from zhipo.distributions.models import Plan, Share
from zhipo.distributions.states import PlanState
from zhipo.law.register.states import ClaimState
from zhipo.law.waterfall.deposits import goes_to_creditor
from zhipo.payouts.actions.posting import post_deposits, post_release
from zhipo.payouts.actions.reserves import is_settled, settle_reserved
from zhipo.payouts.models import Deposit, Order
from zhipo.payouts.policies.deposits import (
    check_can_deposit,
    check_can_settle,
    check_is_not_waived,
    kept_until,
)
from zhipo.payouts.queries.releases import not_collected, without_way
from zhipo.payouts.states import DepositReason, Ending, OrderState, ReleasedTo
from zhipo.web.refusals import NotInState

W = DepositReason


def deposit_overdue(*, today: date | None = None) -> int:
    """For every approved plan: what is reserved stands as deposited, periods that have
    begun are entered. How many deposits are new. Repeated, it changes nothing.
    """
    on = today or timezone.localdate()
    plans = Plan.objects.filter(state=PlanState.APPROVED).order_by("pk")
    return sum(_keep_reserved(pk, on) for pk in plans.values_list("pk", flat=True))


@transaction.atomic
def deposit_unclaimed(*, plan_id: int, by: Any, today: date | None = None) -> list[Deposit]:
    """Deposit the parts for which no way is left, and those nobody came to collect.

    The same again deposits nothing twice. Raises NotAllowed, NotInState where there is
    nothing to deposit.
    """
    on = today or timezone.localdate()
    plan = _locked_plan(plan_id)
    check_can_deposit(by, plan)
    waiting = _not_collected(plan, on)
    parts = {(one.share_id, one.part): one.fen for one in waiting}
    parts |= {(one.share, one.part): one.fen for one in without_way(plan, on)}
    if not parts:
        raise NotInState("payouts.refused.nothing_to_deposit")

    waiting.update(state=OrderState.DEPOSITED, reason=Ending.NOT_COLLECTED, ask_at=None,
                   ended_at=timezone.now())  # fmt: skip
    made = _make(plan, parts, on)
    _post(plan, made, on, by)

    record(Event.MONEY_DEPOSITED, of=plan, by=by, chain=plan.case.number, why=W.UNCLAIMED,
           count=len(made), fen=sum(one.fen for one in made))  # fmt: skip
    return made


@transaction.atomic
def hand_over_deposit(*, deposit_id: int, by: Any, today: date | None = None) -> Deposit:
    """The creditor may have it: it is payable again and goes into the next release.

    Not once its period is over. Of a reserved share the creditor has what the settled
    claim comes to (`settle_reserved`). Again: as it stands. Raises NotAllowed, NotInState.
    """
    on = today or timezone.localdate()
    deposit = _locked_deposit(deposit_id)
    if deposit.released_to == ReleasedTo.CREDITOR or is_settled(deposit):
        check_power(deposit.share.plan.case, Act.SETTLE_DEPOSIT, by)
        return deposit
    check_can_settle(by, deposit)
    check_is_not_waived(deposit, on)
    if deposit.part is None:
        return settle_reserved(deposit, on=on, by=by)

    release_deposits([deposit], ReleasedTo.CREDITOR, on, by)

    record(Event.DEPOSIT_HANDED_OVER, of=deposit, by=by,
           chain=deposit.share.plan.case.number, fen=deposit.fen)  # fmt: skip
    return deposit


@transaction.atomic
def settle_conditional(
    *, deposit_id: int, is_suspensive: bool, is_condition_met: bool, by: Any,
    today: date | None = None,
) -> Deposit:  # fmt: skip
    """On the last-distribution notice day the condition decides whose it is (EBL 117).

    Raises NotAllowed; NotInState before that day, or for a claim without a condition.
    """
    on = today or timezone.localdate()
    deposit = _locked_deposit(deposit_id)
    check_can_settle(by, deposit)
    notice_on = notice_of(deposit.share.plan.case)
    if deposit.part is not None or deposit.why == W.DISPUTED:
        raise NotInState("payouts.refused.not_conditional")
    if notice_on is None or on < notice_on:
        raise NotInState("payouts.refused.no_last_notice")

    deposit.why = W.CONDITIONAL
    deposit.save(update_fields=["why"])
    is_creditors = goes_to_creditor(
        is_suspensive=is_suspensive, is_condition_met=is_condition_met
    )
    to = ReleasedTo.CREDITOR if is_creditors else ReleasedTo.OTHERS
    release_deposits([deposit], to, on, by)
    event = Event.DEPOSIT_HANDED_OVER if is_creditors else Event.DEPOSITS_REDISTRIBUTED

    record(event, of=deposit, by=by, chain=deposit.share.plan.case.number,
           fen=deposit.fen, is_suspensive=is_suspensive,
           is_condition_met=is_condition_met)  # fmt: skip
    return deposit


def notice_of(case: Case) -> date | None:
    """The day of the last-distribution notice, None before it is given."""
    rows = case.plans.exclude(notice_on=None).order_by("-notice_on")
    return rows.values_list("notice_on", flat=True).first()


@transaction.atomic
def _keep_reserved(plan_id: int, on: date) -> int:
    """Deposits for the reserved shares; the approval has posted their money already."""
    plan = _locked_plan(plan_id)
    whole = Deposit.objects.filter(share=OuterRef("pk"), part=None)
    shares = (
        plan.shares.filter(~Exists(whole), reserved_fen__gt=0)
        .select_related("claim")
        .order_by("pk")
    )
    made = Deposit.objects.bulk_create(
        Deposit(share=share, part=None, fen=share.reserved_fen, why=_why(share),
                since=plan.ruled_on or on)
        for share in shares
    )  # fmt: skip
    enter_periods(plan.case)
    if made:
        record(Event.MONEY_DEPOSITED, of=plan, by=None, chain=plan.case.number,
               why=W.RESERVED, count=len(made),
               fen=sum(one.fen for one in made))  # fmt: skip
    return len(made)


def _why(share: Share) -> DepositReason:
    """In dispute, where the claim is; else reserved until claim or identity is settled."""
    is_in_suit = share.claim.state == ClaimState.DISPUTED
    is_known = share.claim.identity != IdentityProof.UNPROVEN
    return W.DISPUTED if is_in_suit and is_known else W.RESERVED


def enter_periods(case: Case) -> None:
    """Set the last day of every deposit whose period has begun."""
    notice_on = notice_of(case)
    for plan in case.plans.filter(state=PlanState.APPROVED).select_related("case"):
        shares = Share.objects.filter(plan=plan).values("pk")
        for why in W:
            until = kept_until(why, plan, notice_on)
            if until is not None:
                Deposit.objects.filter(
                    share__in=shares, released_on=None, why=why, until=None
                ).update(until=until)


def _not_collected(plan: Plan, on: date) -> QuerySet[Order]:
    """Orders for the cash desk whose day has long passed, locked."""
    ids = not_collected(plan, on).select_for_update(of=("self",), no_key=True)
    return Order.objects.filter(pk__in=[one.pk for one in ids])


def _make(plan: Plan, parts: dict[tuple[int, int], int], on: date) -> list[Deposit]:
    until = kept_until(W.UNCLAIMED, plan, notice_of(plan.case))
    return Deposit.objects.bulk_create(
        Deposit(share_id=share, part=part, fen=fen, why=W.UNCLAIMED, since=on, until=until)
        for (share, part), fen in sorted(parts.items())
    )


def _post(plan: Plan, made: Sequence[Deposit], on: date, by: Any) -> None:
    classes = dict(
        Share.objects.filter(pk__in=[one.share_id for one in made]).values_list(
            "pk", "class_name"
        )
    )
    sums = {f"{one.pk}": (classes[one.share_id], one.fen) for one in made}
    post_deposits(plan.case.number, sums, on=on, by=by)


def release_deposits(
    deposits: Sequence[Deposit], to: ReleasedTo, on: date, by: Any
) -> None:
    """Their money is payable to the creditors again, or in the general pool; part of the
    act that has locked them.
    """
    for deposit in deposits:
        deposit.released_on, deposit.released_to = on, to
    Deposit.objects.bulk_update(deposits, ["released_on", "released_to"])
    shares = Share.objects.in_bulk([one.share_id for one in deposits])
    accounts = {
        one.pk: claims_of(shares[one.share_id].class_name)
        if to is ReleasedTo.CREDITOR
        else GENERAL
        for one in deposits
    }
    book = deposits[0].share.plan.case.number
    sums = {f"{one.pk}": (accounts[one.pk], one.fen) for one in deposits}
    post_release(book, sums, on=on, by=by)


def _locked_plan(plan_id: int) -> Plan:
    return (
        Plan.objects.select_for_update(of=("self",)).select_related("case").get(pk=plan_id)
    )


def _locked_deposit(deposit_id: int) -> Deposit:
    return (
        Deposit.objects.select_for_update(of=("self",))
        .select_related("share__plan__case")
        .get(pk=deposit_id)
    )
