"""Freezing and what follows: renew, lift, lift in part, deduct; each an order to send."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.actions.inquiring import locked_case
from zhipo.enforcement.actions.ordering import Wanted, place_order, running
from zhipo.enforcement.models import Debtor, EnforcementCase, Freeze, InquiryOrder, Property
from zhipo.enforcement.policies import standing
from zhipo.enforcement.policies.freezing import FreezeWanted, check_can_freeze
from zhipo.enforcement.policies.own_case import check_own_case
from zhipo.enforcement.powers import Act as Power
from zhipo.gateways.institutions.messages import Act, CourtAccount
from zhipo.web.refusals import Declined


@transaction.atomic
def order_freeze(
    *,
    case_id: int,
    wanted: FreezeWanted,
    form_key: str,
    by: Any,
    now: datetime | None = None,
) -> Freeze:
    """Order a freeze of one property; until the institution answers it is ORDERED.

    The same form again is the same freeze. Raises NotAllowed, NotInState.
    """
    at = now or timezone.now()
    case = locked_case(case_id)
    check_own_case(case, Power.FREEZE, by)
    thing = Property.objects.select_related("institution").get(
        pk=wanted.property_id, debtor=case.debtor_id
    )
    key = f"freeze:{case.pk}:{form_key}:{thing.pk}"
    known = Freeze.objects.filter(order__act_key=key).first()
    if known is not None:
        return known
    kind = check_can_freeze(case, thing, wanted, today=timezone.localdate(at))
    assert thing.institution is not None

    asked = Wanted(Act.FREEZE, target=thing, fen=wanted.limit_fen, until=wanted.until,
                   grounds=wanted.reason)  # fmt: skip
    order = place_order(case, thing.institution, asked, act_key=key, now=at, by=by)
    freeze = Freeze.objects.create(
        case=case, target=thing, order=order, kind=kind, limit_fen=wanted.limit_fen,
        until=wanted.until, as_of=at,
    )  # fmt: skip

    record(Event.INQUIRY_ORDERED, of=freeze, by=by, chain=case.number, act=Act.FREEZE,
           fen=wanted.limit_fen, until=str(wanted.until),
           has_reason=bool(wanted.reason))  # fmt: skip
    return freeze


@transaction.atomic
def renew_freeze(
    *, freeze_id: int, by: Any, until: date | None = None, now: datetime | None = None
) -> InquiryOrder:
    """Order the renewal of a freeze, to the law's longest day unless told otherwise.

    While a renewal is on its way it stands for the second. `by` None: ex officio, by the
    installation's choice. Raises NotAllowed, NotInState.
    """
    at = now or timezone.now()
    freeze = _locked(freeze_id)
    today = timezone.localdate(at)
    last = until or standing.next_until(freeze, today=today)
    if (known := _running(freeze, Act.RENEW, at)) is not None:
        if by is not None:
            check_own_case(freeze.case, Power.RENEW_FREEZE, by)
        return known
    standing.check_can_renew(freeze, last, today=today, by=by)

    order = _follow(freeze, Wanted(Act.RENEW, until=last), at.isoformat(), at, by)

    record(Event.INQUIRY_ORDERED, of=freeze, by=by, chain=freeze.case.number,
           act=Act.RENEW, until=str(last))  # fmt: skip
    return order


def renew_freezes(
    *, freeze_ids: Sequence[int], by: Any, now: datetime | None = None
) -> tuple[int, list[tuple[int, str]]]:
    """Renew each of these: how many were ordered, and which were refused with why.

    Each is an act of its own: one that is too late holds up no other.
    """
    done, refused = 0, []
    for freeze_id in freeze_ids:
        try:
            renew_freeze(freeze_id=freeze_id, by=by, now=now)
            done += 1
        except Declined as declined:
            refused.append((freeze_id, declined.sentence))
    return done, refused


@transaction.atomic
def lift_freeze(
    *, freeze_id: int, grounds: str, by: Any, now: datetime | None = None
) -> InquiryOrder:
    """Order that a freeze be lifted; it stands until the institution says it is.

    Raises NotAllowed, NotInState.
    """
    at = now or timezone.now()
    freeze = _locked(freeze_id)
    if (known := _running(freeze, Act.LIFT, at)) is not None:
        check_own_case(freeze.case, Power.LIFT_FREEZE, by)
        return known
    standing.check_can_lift(freeze, by=by)

    order = _follow(freeze, Wanted(Act.LIFT, grounds=grounds), at.isoformat(), at, by)

    record(Event.INQUIRY_ORDERED, of=freeze, by=by, chain=freeze.case.number, act=Act.LIFT)
    return order


@transaction.atomic
def lift_part(
    *,
    freeze_id: int,
    fen: int,
    grounds: str,
    form_key: str,
    by: Any,
    now: datetime | None = None,
) -> InquiryOrder:
    """Order that so many fen be released; the rest stays frozen.

    The same form again is the same order. Raises NotAllowed, NotInState.
    """
    at = now or timezone.now()
    freeze = _locked(freeze_id)
    if (known := _of_form(freeze, Act.PARTIAL_LIFT, form_key)) is not None:
        check_own_case(freeze.case, Power.LIFT_FREEZE, by)
        return known
    standing.check_can_lift_in_part(freeze, fen, by=by)

    asked = Wanted(Act.PARTIAL_LIFT, fen=fen, grounds=grounds)
    order = _follow(freeze, asked, form_key, at, by)

    record(Event.INQUIRY_ORDERED, of=freeze, by=by, chain=freeze.case.number,
           act=Act.PARTIAL_LIFT, fen=fen)  # fmt: skip
    return order


@transaction.atomic
def deduct(
    *,
    freeze_id: int,
    fen: int,
    pay_to: CourtAccount,
    form_key: str,
    by: Any,
    now: datetime | None = None,
) -> InquiryOrder:
    """Order that so many fen of a freeze be paid to the court's account (划拨).

    The same form again is the same order: nothing is deducted twice. Raises NotAllowed,
    NotInState.
    """
    at = now or timezone.now()
    freeze = _locked(freeze_id)
    if (known := _of_form(freeze, Act.DEDUCT, form_key)) is not None:
        check_own_case(freeze.case, Power.DEDUCT, by)
        return known
    standing.check_can_deduct(freeze, fen, by=by)

    asked = Wanted(Act.DEDUCT, fen=fen, pay_to=pay_to)
    order = _follow(freeze, asked, form_key, at, by)

    record(Event.INQUIRY_ORDERED, of=freeze, by=by, chain=freeze.case.number,
           act=Act.DEDUCT, fen=fen)  # fmt: skip
    return order


def _locked(freeze_id: int) -> Freeze:
    """The freeze with its case; the debtor is locked, as in every act on one."""
    debtor = Freeze.objects.values_list("case__debtor", flat=True).get(pk=freeze_id)
    locked = Debtor.objects.select_for_update(no_key=True).get(pk=debtor)
    freeze = Freeze.objects.select_related(
        "case__court", "case__judge", "target__institution", "order"
    ).get(pk=freeze_id)
    freeze.case.debtor = locked
    return freeze


def _running(freeze: Freeze, act: Act, at: datetime) -> InquiryOrder | None:
    try:
        return running(freeze.case, act, at, freeze_order=freeze.order)
    except InquiryOrder.DoesNotExist:
        return None


def _of_form(freeze: Freeze, act: Act, form_key: str) -> InquiryOrder | None:
    return InquiryOrder.objects.filter(act_key=_key(freeze, act, form_key)).first()


def _key(freeze: Freeze, act: Act, occasion: str) -> str:
    return f"{act}:{freeze.pk}:{occasion}"


def _follow(
    freeze: Freeze, wanted: Wanted, occasion: str, at: datetime, by: Any
) -> InquiryOrder:
    """An order that refers to a freeze, at the institution that holds it."""
    case: EnforcementCase = freeze.case
    assert freeze.target.institution is not None
    asked = Wanted(
        wanted.act, target=freeze.target, freeze=freeze, fen=wanted.fen,
        until=wanted.until, pay_to=wanted.pay_to, grounds=wanted.grounds,
    )  # fmt: skip
    return place_order(case, freeze.target.institution, asked, now=at, by=by,
                       act_key=_key(freeze, wanted.act, occasion))  # fmt: skip
