"""A freeze as the institution says it stands: state, sum, place in the queue, last day."""

from datetime import date, datetime
from typing import Any

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.models import Freeze, InquiryOrder
from zhipo.enforcement.states import HOLDS, FreezeState, InquiryState
from zhipo.gateways.institutions.answers import FreezeState as ToldFreeze
from zhipo.gateways.institutions.answers import Status
from zhipo.gateways.institutions.messages import Act, FreezeStatus
from zhipo.gateways.institutions.moments import china_day

NOT_OURS = "the freeze's limit is none that this court has set"
LOWERING = frozenset({Act.PARTIAL_LIFT, Act.DEDUCT})
NOT_DONE = frozenset({InquiryState.REFUSED, InquiryState.TURNED_AWAY})
ENDED = frozenset({FreezeState.LAPSED, FreezeState.LIFTED})
FIELDS = ("state", "limit_fen", "frozen_fen", "rank", "until", "frozen_on", "as_of")


def freeze_of(order: InquiryOrder) -> Freeze | None:
    """The freeze that an order made or refers to, locked; None for a query and the like."""
    made_by = order.freeze_order_id or order.pk
    return (
        Freeze.objects.select_for_update(of=("self",), no_key=True)
        .select_related("case", "target")
        .filter(order=made_by)
        .first()
    )


def wrong_limit(freeze: Freeze | None, status: Status) -> str | None:
    """Whether a status names a ceiling that is not this court's: sums in another unit.

    It may be lower than known where a partial lift or a deduction is on its way.
    """
    told = status.freeze
    if freeze is None or told is None or told.limit is None or _is_older(freeze, status):
        return None
    limit = told.limit.value
    if limit == freeze.limit_fen:
        return None
    assert freeze.limit_fen is not None
    is_lowered = limit < freeze.limit_fen and _is_being_lowered(freeze)
    return None if is_lowered else NOT_OURS


def take_freeze(
    order: InquiryOrder, freeze: Freeze | None, status: Status, *, now: datetime
) -> None:
    """Enter how the freeze stands, unless something newer is known of it."""
    if freeze is None:
        return
    if status.freeze is None:
        _take_absence(order, freeze)
        return
    if _is_older(freeze, status):
        return
    before = known_of(freeze)
    _enter(freeze, status.freeze, status)
    freeze.save(update_fields=FIELDS)
    if known_of(freeze) != before:
        if freeze.state in ENDED:
            wake_waiting(freeze, now)
        record_change(freeze, before)


def record_change(freeze: Freeze, before: dict[str, Any]) -> None:
    """Enter in the trail how a freeze stood and how it stands."""
    record(Event.FREEZE_CHANGED, of=freeze, by=None, chain=freeze.case.number,
           before=before["state"], after=freeze.state, frozen_fen=freeze.frozen_fen,
           until=str(freeze.until), rank=freeze.rank)  # fmt: skip


def wake_waiting(freeze: Freeze, now: datetime) -> int:
    """Ask at once about the freezes behind one that has ended (FRZ art. 26).

    They take effect by themselves; how far, the institution says.
    """
    behind = Freeze.objects.filter(
        target=freeze.target_id,
        state__in=(FreezeState.WAITING, FreezeState.PARTLY_IN_FORCE),
    ).exclude(pk=freeze.pk)
    return InquiryOrder.objects.filter(
        pk__in=behind.values("order"), settled_at=None
    ).update(ask_at=now)


def _is_older(freeze: Freeze, status: Status) -> bool:
    return freeze.state != FreezeState.ORDERED and status.as_of < freeze.as_of


def _is_being_lowered(freeze: Freeze) -> bool:
    return (
        InquiryOrder.objects.filter(freeze_order=freeze.order_id, act__in=LOWERING)
        .exclude(state__in=NOT_DONE)
        .exists()
    )


def _take_absence(order: InquiryOrder, freeze: Freeze) -> None:
    """No freeze of ours there: refused if it was to be made, otherwise nothing is said."""
    is_refused = order.act == Act.FREEZE and order.state == InquiryState.REFUSED
    if is_refused and freeze.state == FreezeState.ORDERED:
        freeze.state = FreezeState.REFUSED
        freeze.save(update_fields=["state"])


def _enter(freeze: Freeze, told: ToldFreeze, status: Status) -> None:
    state = FreezeState(told.status.value)
    is_kept = freeze.state == FreezeState.TAKEN_OVER and state in HOLDS
    freeze.state = FreezeState.TAKEN_OVER if is_kept else state
    freeze.limit_fen = told.limit.value if told.limit is not None else None
    freeze.frozen_fen = told.frozen.value if told.frozen is not None else 0
    freeze.rank, freeze.until, freeze.as_of = told.rank, told.until, status.as_of
    if freeze.frozen_on is None and told.status is not FreezeStatus.LIFTED:
        freeze.frozen_on = _first_day(status)


def _first_day(status: Status) -> date:
    """The day on which the freeze was registered, by the first answer that tells of it."""
    told = next((one for one in status.answers if one.freeze is not None), None)
    return china_day(status.as_of if told is None else told.answered_at)


def known_of(freeze: Freeze) -> dict[str, Any]:
    """How a freeze stands, to compare with how it stands afterwards."""
    return {name: getattr(freeze, name) for name in FIELDS if name != "as_of"}
