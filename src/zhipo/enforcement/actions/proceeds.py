"""What enforcement has turned into money: booked, paid out, or handed to the estate."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.actions.origins import locked_origin
from zhipo.enforcement.actions.referrals import locked
from zhipo.enforcement.clocks import start_clock, stop_clock
from zhipo.enforcement.models import (
    CostItem,
    Debtor,
    EnforcementCase,
    Proceeds,
    Property,
    Referral,
    SaleOfPerishable,
)
from zhipo.enforcement.policies.origins import check_accepted, debtor_of, writer_of
from zhipo.enforcement.policies.referrals import check_day, check_state
from zhipo.enforcement.policies.stays import is_estate
from zhipo.enforcement.powers import Act, check_power_at
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.enforcement.referral_states import STAYS, ReferralState
from zhipo.enforcement.states import PropertyKind
from zhipo.law.referral.handover import EnforcementCost, Held
from zhipo.law.referral.transfer import may_sell_during_review
from zhipo.web.refusals import NotInState

R = ReferralState


@dataclass(frozen=True)
class Booking:
    """Money or a thing that enforcement holds, in fen, and how."""

    what: str
    held: Held
    fen: int
    since: date


@dataclass(frozen=True)
class PerishableSale:
    """Goods that cannot be kept, why, to whom they went, for how many fen."""

    target_id: int
    what: str
    grounds: str
    is_perishable: bool
    buyer: str
    price_fen: int
    sold_on: date


@transaction.atomic
def book_proceeds(*, case_id: int, booking: Booking, by: Any) -> Proceeds:
    """Enter what this court holds of a debtor; the same entry is made once.

    Raises NotAllowed, NotInState for a sum that is none.
    """
    case = _case(case_id)
    check_power_at(case.debtor, Act.BOOK_PROCEEDS, by, case.court_id)
    if booking.fen <= 0 or not booking.what.strip():
        raise NotInState("enforcement.proceeds.no_sum")
    paid_out_on = booking.since if booking.held == Held.PAID_OUT else None
    proceeds, is_new = Proceeds.objects.get_or_create(
        case=case,
        what=booking.what.strip(),
        fen=booking.fen,
        since=booking.since,
        held=booking.held,
        defaults={"by": by, "paid_out_on": paid_out_on},
    )
    if is_new:
        record(Event.PROCEEDS_BOOKED, of=proceeds, by=by, chain=case.number,
               fen=booking.fen, held=booking.held)  # fmt: skip
    return proceeds


@transaction.atomic
def pay_out(
    *, proceeds_id: int, paid_on: date, by: Any, today: date | None = None
) -> Proceeds:
    """Pay money in the court's account to the applicant; once.

    From the decision to refer on nothing is paid out (《执转破意见》第八条), after
    acceptance a payment to one creditor is void (《企业破产法》第十六条). Raises
    NotAllowed, NotInState.
    """
    (case_id,) = Proceeds.objects.values_list("case_id").get(pk=proceeds_id)
    case = _case(case_id)
    check_power_at(case.debtor, Act.PAY_OUT, by, case.court_id)
    proceeds = Proceeds.objects.select_for_update().get(pk=proceeds_id)
    if proceeds.paid_out_on == paid_on:
        return proceeds
    if proceeds.held != Held.COURT_ACCOUNT or proceeds.handed_over_on is not None:
        raise NotInState("enforcement.proceeds.not_in_account")
    check_day(paid_on, since=proceeds.since, today=today or timezone.localdate())

    proceeds.held, proceeds.paid_out_on = Held.PAID_OUT, paid_on
    proceeds.save(update_fields=["held", "paid_out_on"])

    record(Event.PROCEEDS_PAID_OUT, of=proceeds, by=by, chain=case.number,
           fen=proceeds.fen)  # fmt: skip
    return proceeds


@transaction.atomic
def sell_perishable(
    *, referral_id: int, sale: PerishableSale, by: Any, today: date | None = None
) -> SaleOfPerishable:
    """Sell what cannot be kept during the review; the price stays with the court.

    Nothing else is sold between decision and acceptance (《执转破意见》第八条). Raises
    NotAllowed, NotInState.
    """
    referral = locked(referral_id)
    check_power_at(referral.debtor, Act.SELL_PERISHABLE, by, referral.sending_id)
    check_state(referral, *(STAYS - {R.ACCEPTED}))
    earlier = referral.sales.filter(target=sale.target_id, what=sale.what.strip()).first()
    if earlier is not None:
        return earlier
    target = Property.objects.get(pk=sale.target_id, debtor=referral.debtor)
    if target.kind != PropertyKind.GOODS or not may_sell_during_review(
        is_perishable=sale.is_perishable
    ):
        raise NotInState("enforcement.proceeds.not_perishable")
    if sale.price_fen <= 0 or not sale.grounds.strip():
        raise NotInState("enforcement.proceeds.no_sum")
    check_day(sale.sold_on, since=referral.decided_on, today=today or timezone.localdate())

    price = Proceeds.objects.create(
        case=referral.leading, what=sale.what.strip(), held=Held.COURT_ACCOUNT,
        fen=sale.price_fen, since=sale.sold_on, by=by,
    )  # fmt: skip
    sold = SaleOfPerishable.objects.create(
        referral=referral, target=target, what=sale.what.strip(), price=price, by=by,
        grounds=sale.grounds.strip(), sold_on=sale.sold_on, buyer=sale.buyer.strip(),
    )  # fmt: skip

    record(Event.PERISHABLE_SOLD, of=sold, by=by, chain=chain_of(referral.debtor),
           fen=sale.price_fen)  # fmt: skip
    return sold


@transaction.atomic
def receive_ruling(
    *, referral_id: int, received_on: date, by: Any, today: date | None = None
) -> Referral:
    """The enforcement court has the acceptance ruling: seven days to hand over.

    《执转破意见》第八条 (price of perishables), 第十六条 (the rest, tag U). Raises
    NotAllowed, NotInState.
    """
    referral = locked(referral_id)
    if referral.clocks.filter(deadline="D35b", event_on=received_on).exists():
        return referral
    check_power_at(referral.debtor, Act.HAND_OVER, by, referral.sending_id)
    check_state(referral, R.ACCEPTED)
    check_day(received_on, since=referral.ruled_on, today=today or timezone.localdate())

    stop_clock(referral, "D33b", received_on)
    start_clock(referral, "D35b", received_on, court=referral.sending)
    if referral.sales.exists():
        start_clock(referral, "D35", received_on, court=referral.sending)

    record(Event.RULING_RECEIVED, of=referral, by=by, chain=chain_of(referral.debtor))
    return referral


@transaction.atomic
def hand_over(
    *,
    proceeds_ids: Collection[int],
    handed_over_on: date,
    by: Any,
    referral_id: int | None = None,
    petition_id: int | None = None,
    today: date | None = None,
) -> int:
    """Hand what is estate to the administrator; how many entries anew.

    Each court hands over what it holds. What is not estate is refused with the reason.
    Raises NotAllowed, NotInState.
    """
    origin = locked_origin(referral_id=referral_id, petition_id=petition_id)
    debtor = debtor_of(origin)
    check_accepted(origin)
    check_day(handed_over_on, since=origin.ruled_on, today=today or timezone.localdate())
    named = list(
        Proceeds.objects.select_for_update(of=("self",))
        .select_related("case")
        .filter(pk__in=proceeds_ids, case__debtor=debtor)
    )
    for court_id in {one.case.court_id for one in named} or {writer_of(origin).pk}:
        check_power_at(debtor, Act.HAND_OVER, by, court_id)
    chosen = [one for one in named if one.handed_over_on is None]
    kept = [one for one in chosen if not is_estate(one)]
    if kept:
        raise NotInState("enforcement.proceeds.not_estate", what=kept[0].what)

    ids = [one.pk for one in chosen]
    Proceeds.objects.filter(pk__in=ids).update(handed_over_on=handed_over_on)
    if isinstance(origin, Referral):
        _stop_if_done(origin, handed_over_on)

    if chosen:
        record(Event.PROCEEDS_HANDED_OVER, of=origin, by=by,
               chain=chain_of(debtor), count=len(chosen),
               fen=sum(one.fen for one in chosen))  # fmt: skip
    return len(chosen)


@transaction.atomic
def book_cost(
    *, case_id: int, kind: EnforcementCost, fen: int, note: str, by: Any
) -> CostItem:
    """Enter a cost that the debtor has not paid; the same entry is made once.

    Its class in the bankruptcy is the law's (《破产法解释三》第一条). Raises NotAllowed,
    NotInState.
    """
    case = _case(case_id)
    check_power_at(case.debtor, Act.BOOK_PROCEEDS, by, case.court_id)
    if fen <= 0:
        raise NotInState("enforcement.proceeds.no_sum")
    item, is_new = CostItem.objects.get_or_create(
        case=case,
        kind=kind,
        fen=fen,
        note=note.strip(),
        defaults={"by": by, "at": timezone.now()},
    )
    if is_new:
        record(Event.COST_BOOKED, of=item, by=by, chain=case.number, kind=kind, fen=fen)
    return item


def _case(case_id: int) -> EnforcementCase:
    """The case, its debtor locked: money and stage change one after the other."""
    case = EnforcementCase.objects.get(pk=case_id)
    case.debtor = Debtor.objects.select_for_update().get(pk=case.debtor_id)
    return case


def _stop_if_done(referral: Referral, day: date) -> None:
    """The seven days are met once this court holds nothing more that is estate."""
    left = [
        one
        for one in Proceeds.objects.filter(
            case__debtor=referral.debtor,
            case__court=referral.sending,
            handed_over_on=None,
        )
        if is_estate(one)
    ]
    if not left:
        stop_clock(referral, "D35b", day)
    prices = referral.sales.filter(price__handed_over_on=None)
    if not prices.exists():
        stop_clock(referral, "D35", day)
