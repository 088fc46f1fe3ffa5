"""When a payment by hand may be entered and checked, a bank's file made and read."""

from typing import Any

from django.utils import timezone

from zhipo.cases.powers import Act, check_power
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.payouts.models import HandPayment, Order, Release
from zhipo.payouts.states import Ending, OrderState, ReleaseState
from zhipo.web.refusals import NotAllowed, NotInState

BY_HAND = frozenset({ChannelName.BY_CASH, ChannelName.BY_POST})


def check_can_enter(by: Any, order: Order) -> None:
    """One of the two people, for an order by hand whose release runs (EBL 116.1)."""
    check_power(order.share.plan.case, Act.RECORD_CASH, by)
    _check_open(order)


def check_can_check(by: Any, entered: HandPayment) -> None:
    """Another person than the one who entered it, whatever became of the release since:
    the money has been handed over.
    """
    check_power(entered.order.share.plan.case, Act.RECORD_CASH, by)
    if entered.entered_by_id == by.pk:
        raise NotAllowed("payouts.refused.own_entry")
    _check_planned(entered.order)
    _check_not_held(entered.order)


def check_can_take_back(by: Any, entered: HandPayment) -> None:
    """One of the two people, while nobody has checked it."""
    check_power(entered.order.share.plan.case, Act.RECORD_CASH, by)
    _check_planned(entered.order)


def check_can_make_file(by: Any, release: Release) -> None:
    """The cashier, for a release that runs."""
    check_power(release.plan.case, Act.PREPARE_RELEASE, by)
    if release.state != ReleaseState.RELEASED:
        raise NotInState("payouts.refused.release_state", state=release.state)


def check_can_read_return(by: Any, release: Release) -> None:
    """The cashier, whatever became of the release: the bank has the file."""
    check_power(release.plan.case, Act.PREPARE_RELEASE, by)


def check_can_close(by: Any, order: Order) -> None:
    """The lead, for an order on the way of which the channel knows nothing."""
    check_power(order.share.plan.case, Act.RELEASE_ORDERS, by)
    if order.state != OrderState.SENDING:
        raise NotInState("payouts.refused.order_state", state=order.state)


def check_can_resolve(by: Any, order: Order) -> None:
    """The lead, for an order that is held because its channel contradicted itself; one that
    is only held beside it follows from what was found of that one.
    """
    check_power(order.share.plan.case, Act.RELEASE_ORDERS, by)
    if order.reason != Ending.CONTRADICTED:
        raise NotInState("payouts.refused.not_held")
    others = Order.objects.filter(
        share=order.share_id, part=order.part, reason=Ending.CONTRADICTED
    ).exclude(state=OrderState.PLANNED)
    if order.state == OrderState.PLANNED and others.exists():
        raise NotInState("payouts.refused.other_first")


def _check_not_held(order: Order) -> None:
    if order.reason == Ending.CONTRADICTED:
        raise NotInState("payouts.refused.contradicted")


def _check_planned(order: Order) -> None:
    if order.channel not in BY_HAND:
        raise NotInState("payouts.refused.not_by_hand")
    if order.state != OrderState.PLANNED:
        raise NotInState("payouts.refused.order_state", state=order.state)


def _check_open(order: Order) -> None:
    _check_planned(order)
    _check_not_held(order)
    if order.due_on > timezone.localdate():
        raise NotInState("payouts.refused.not_due", day=order.due_on)
    if order.release is None or order.release.state != ReleaseState.RELEASED:
        raise NotInState("payouts.refused.not_released")
