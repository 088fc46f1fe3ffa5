"""The acts on releases, orders and deposits: form, power, states; which are offered now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.utils import timezone

from zhipo.cases.powers import Act
from zhipo.payouts.actions import (
    bank_files,
    by_hand,
    closing,
    depositing,
    lapsing,
    preparing,
    releasing,
    resolving,
)
from zhipo.payouts.policies.hand import BY_HAND
from zhipo.payouts.states import DepositReason, Ending, OrderState, ReleaseState
from zhipo.portals.access import person
from zhipo.portals.acting import Tried, tried
from zhipo.portals.desk import forms_payouts as f

R, S = ReleaseState, OrderState
Failed = tuple[str, forms.Form] | None


@dataclass(frozen=True)
class ThingAct:
    """One act on one thing: `is_open` tells from the thing whether it is offered."""

    form: type[f.ActForm]
    do: Callable[..., object]
    power: Act
    is_open: Callable[[Any], bool]
    is_danger: bool = False


def _in(*states: ReleaseState) -> Callable[[Any], bool]:
    return lambda release: release.state in states


def _is_collected_by_hand(order: Any) -> bool:
    is_here = order.state == S.PLANNED and order.channel in BY_HAND
    return bool(is_here and order.reason != Ending.CONTRADICTED)


def _is_entered(order: Any) -> bool:
    return _is_collected_by_hand(order) and hasattr(order, "hand_payment")


def _is_to_enter(order: Any) -> bool:
    runs = order.release is not None and order.release.state == R.RELEASED
    is_due = order.due_on <= timezone.localdate()
    is_new = _is_collected_by_hand(order) and not hasattr(order, "hand_payment")
    return bool(is_new and runs and is_due)


def _is_lost(order: Any) -> bool:
    return bool(order.state == S.SENDING and order.reason == Ending.NOT_FOUND)


def _is_held(order: Any) -> bool:
    is_beside_another = order.state == S.PLANNED and not order.tries
    return bool(order.reason == Ending.CONTRADICTED and not is_beside_another)


def _lasts(deposit: Any) -> bool:
    return deposit.released_on is None


def _may_be_conditional(deposit: Any) -> bool:
    reserved = (DepositReason.RESERVED, DepositReason.CONDITIONAL)
    return _lasts(deposit) and deposit.part is None and deposit.why in reserved


RELEASE_ACTS: Mapping[str, ThingAct] = {
    "release": ThingAct(f.ReleaseForm, releasing.release_orders, Act.RELEASE_ORDERS,
                        _in(R.PREPARED)),
    "discard": ThingAct(f.DiscardForm, preparing.discard_release, Act.PREPARE_RELEASE,
                        _in(R.PREPARED)),
    "bank_file": ThingAct(f.BankFileForm, bank_files.make_bank_file, Act.PREPARE_RELEASE,
                          lambda release: False),
    "resume": ThingAct(f.ResumeForm, releasing.resume_release, Act.PAUSE_RELEASE,
                       _in(R.PAUSED)),
    "pause": ThingAct(f.WhyForm, releasing.pause_release, Act.PAUSE_RELEASE,
                      _in(R.RELEASED)),
    "stop": ThingAct(f.StopForm, releasing.stop_release, Act.STOP_RELEASE,
                     _in(R.RELEASED, R.PAUSED), is_danger=True),
}  # fmt: skip
"""The bank's file has its own place on the page, beside the files that were made."""

ORDER_ACTS: Mapping[str, ThingAct] = {
    "enter": ThingAct(f.ReceiptForm, by_hand.enter_hand_payment, Act.RECORD_CASH,
                      _is_to_enter),
    "check": ThingAct(f.CheckForm, by_hand.check_hand_payment, Act.RECORD_CASH,
                      _is_entered),
    "take_back": ThingAct(f.TakeBackForm, by_hand.take_back_entry, Act.RECORD_CASH,
                          _is_entered),
    "close": ThingAct(f.CloseForm, closing.close_unfound, Act.RELEASE_ORDERS, _is_lost,
                      is_danger=True),
    "resolve": ThingAct(f.ResolveForm, resolving.resolve_contradiction,
                        Act.RELEASE_ORDERS, _is_held, is_danger=True),
}  # fmt: skip

DEPOSIT_ACTS: Mapping[str, ThingAct] = {
    "hand_over": ThingAct(f.HandOverForm, depositing.hand_over_deposit, Act.SETTLE_DEPOSIT,
                          _lasts),
    "settle": ThingAct(f.ConditionForm, depositing.settle_conditional, Act.SETTLE_DEPOSIT,
                       _may_be_conditional, is_danger=True),
}  # fmt: skip


SHARE_OUTS: Mapping[str, ThingAct] = {
    "unclaimed": ThingAct(f.ShareOutUnclaimedForm, lapsing.share_out_unclaimed,
                          Act.SHARE_OUT_UNCLAIMED, lambda case: True, is_danger=True),
    "unsettled": ThingAct(f.ShareOutUnsettledForm, lapsing.share_out_unsettled,
                          Act.SHARE_OUT_UNSETTLED, lambda case: True, is_danger=True),
}  # fmt: skip


def offered(
    acts: Mapping[str, ThingAct], thing: Any, powers: Mapping[str, bool], *, failed: Failed
) -> list[dict[str, Any]]:
    """The acts that the reader may do now, each with its form; a failed one is open."""
    found = []
    for name, act in acts.items():
        if not powers.get(act.power, False) or not act.is_open(thing):
            continue
        is_failed = failed is not None and failed[0] == name
        form = failed[1] if failed and is_failed else act.form(auto_id=f"{name}_%s")
        found.append(
            {"name": name, "form": form, "is_open": is_failed, "is_danger": act.is_danger}
        )
    return found


def attempted(
    acts: Mapping[str, ThingAct], name: str, request: HttpRequest, **thing: Any
) -> tuple[forms.Form, Tried[object]]:
    """The form of an act as it was sent, and what came of it. Raises Http404."""
    if name not in acts:
        raise Http404
    act = acts[name]
    form = act.form(request.POST, auto_id=f"{name}_%s")
    return form, tried(form, lambda: act.do(**thing, **form.arguments, by=person(request)))
