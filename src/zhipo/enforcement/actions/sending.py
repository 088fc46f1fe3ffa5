"""Sending orders and asking after them until each has its end; jobs call nothing else.

The network is never waited for inside a transaction. Killed between the answer of an
institution and our commit, the same body is sent again and gets the same receipt.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement import courts
from zhipo.enforcement.actions.answering import (
    keep_bad,
    pause,
    take_status,
)
from zhipo.enforcement.actions.ordering import message_of
from zhipo.enforcement.actions.telling import tell
from zhipo.enforcement.courts import ClientOf
from zhipo.enforcement.models import Freeze, InquiryObjection, InquiryOrder
from zhipo.enforcement.queries.due import orders_due, overdue_unescalated
from zhipo.enforcement.states import CameBy, FreezeState, InquiryState
from zhipo.gateways.institutions.client import (
    AskOutcome,
    BadAnswer,
    CourtClient,
    Received,
    Refused,
    SendOutcome,
    Told,
    Unknown,
)
from zhipo.gateways.institutions.messages import ObjectionReply
from zhipo.gateways.institutions.refusals import BadMessage, Reason
from zhipo.web.refusals import Declined

UNSENT = frozenset({InquiryState.PREPARED, InquiryState.SENT})
TRANSIENT = frozenset({Reason.STALE, Reason.REPLAYED, Reason.NOT_SIGNED})
"""Refusals of one delivery, not of the order: signed anew the next one may pass."""

Outcome = SendOutcome | AskOutcome


def chase(now: datetime | None = None, *, client_of: ClientOf = courts.client_of) -> int:
    """Do everything that is due: send, ask, reply, escalate. How many orders were due."""
    at = now or timezone.now()
    due = orders_due(at)
    for order_id in due:
        chase_order(order_id=order_id, now=at, client_of=client_of)
    escalate_overdue(at)
    return len(due)


def chase_order(
    *,
    order_id: int,
    now: datetime | None = None,
    client_of: ClientOf = courts.client_of,
) -> None:
    """Take one order one step further, if a step is due."""
    at = now or timezone.now()
    order = InquiryOrder.objects.select_related("case__court").get(pk=order_id)
    if order.settled_at is not None or order.ask_at > at:
        return
    reply = pending_reply(order)
    outcome = _exchange(order, reply, client_of)
    take_outcome(order_id=order_id, outcome=outcome, now=at, reply=reply)


def pending_reply(order: InquiryOrder) -> InquiryObjection | None:
    """The court's reply that the institution has not confirmed yet."""
    written = order.objections.exclude(replied_at=None).filter(received_at=None)
    return written.order_by("part").first()


@transaction.atomic
def take_outcome(
    *,
    order_id: int,
    outcome: Outcome,
    now: datetime,
    came_by: CameBy = CameBy.POLL,
    reply: InquiryObjection | None = None,
) -> None:
    """Enter what came of sending, asking, or of an answer that was posted to us."""
    order = (
        InquiryOrder.objects.select_for_update(of=("self",), no_key=True)
        .select_related("case__court", "case__debtor", "institution", "target")
        .get(pk=order_id)
    )
    if isinstance(outcome, Told):
        take_status(order, outcome, came_by=came_by, now=now)
    elif isinstance(outcome, Received):
        _take_receipt(order, outcome, now, reply)
    elif isinstance(outcome, Refused):
        _take_refusal(order, outcome, now, reply)
    else:
        _take_nothing(order, outcome, now, came_by)


@transaction.atomic
def escalate_overdue(now: datetime) -> int:
    """Tell the judge of each answer that is overdue, once; how many."""
    late = (
        InquiryOrder.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .filter(pk__in=overdue_unescalated(now), escalated_at=None)
        .select_related("case", "institution")
        .order_by("case__number", "pk")
    )
    found = list(late)
    for order in found:
        order.escalated_at = now
        tell(order.case, "overdue", key=f"overdue:{order.pk}", now=now,
             institution=order.institution.name, act=order.act)  # fmt: skip
    InquiryOrder.objects.bulk_update(found, ["escalated_at"])
    for order in found:
        record(Event.INQUIRY_ESCALATED, of=order, by=None, chain=order.case.number,
               act=order.act, answer_by=order.answer_by.isoformat())  # fmt: skip
    return len(found)


def _exchange(
    order: InquiryOrder, reply: InquiryObjection | None, client_of: ClientOf
) -> Outcome:
    """One request. Without directory or key nothing leaves: as open as before."""
    try:
        client: CourtClient = client_of(order.case.court)
        message = message_of(order)
        if order.state in UNSENT:
            return client.send(message)
        if reply is not None:
            words = ObjectionReply.model_validate_json(reply.body)
            return client.reply(words, order=message)
        return client.ask(message)
    except (Declined, BadMessage) as error:
        return Unknown(type(error).__name__)


def _take_receipt(
    order: InquiryOrder, outcome: Received, now: datetime, reply: InquiryObjection | None
) -> None:
    if order.state in UNSENT:
        order.state = InquiryState.RECEIVED
        order.receipt = outcome.receipt.model_dump(mode="json")
    elif reply is not None:
        InquiryObjection.objects.filter(pk=reply.pk, received_at=None).update(
            received_at=now
        )
    else:
        return
    order.tries, order.ask_at = 0, now
    order.save(update_fields=["state", "receipt", "tries", "ask_at"])

    record(Event.INQUIRY_RECEIVED, of=order, by=None, chain=order.case.number,
           act=order.act, is_reply=reply is not None)  # fmt: skip


def _take_refusal(
    order: InquiryOrder, outcome: Refused, now: datetime, reply: InquiryObjection | None
) -> None:
    """Signed, so relied on: it never arrived, it is not to come again, or try anew."""
    reason = outcome.problem.reason
    if reason is Reason.UNKNOWN_ORDER and order.state not in UNSENT:
        order.state, order.ask_at = InquiryState.PREPARED, now
        order.save(update_fields=["state", "ask_at"])
    elif reason in TRANSIENT:
        _wait(order, now)
    elif reason is Reason.NO_OBJECTION and reply is not None:
        InquiryObjection.objects.filter(pk=reply.pk).update(received_at=now)
        order.ask_at = now
        order.save(update_fields=["ask_at"])
    elif order.state in UNSENT:
        _turn_away(order, outcome, now)
    else:
        keep_bad(order, outcome.raw, reason, outcome.problem.detail, CameBy.POLL, now)
        _wait(order, now)


def _turn_away(order: InquiryOrder, outcome: Refused, now: datetime) -> None:
    """Not taken at the door: nothing was done, nothing comes; somebody must mend it."""
    problem = outcome.problem
    keep_bad(order, outcome.raw, problem.reason, problem.detail, CameBy.POLL, now)
    order.state = InquiryState.TURNED_AWAY
    order.finished_at = order.settled_at = now
    order.save(update_fields=["state", "finished_at", "settled_at"])
    Freeze.objects.filter(order=order, state=FreezeState.ORDERED).update(
        state=FreezeState.REFUSED
    )
    tell(order.case, "turned_away", key=f"turned-away:{order.pk}", now=now,
         institution=order.institution.name, act=order.act,
         reason=problem.reason)  # fmt: skip
    record(Event.INQUIRY_TURNED_AWAY, of=order, by=None, chain=order.case.number,
           act=order.act, reason=problem.reason)  # fmt: skip


def _take_nothing(
    order: InquiryOrder, outcome: Unknown | BadAnswer, now: datetime, came_by: CameBy
) -> None:
    """Arrived or not, nobody knows: the same again later. What came is kept as it came."""
    if isinstance(outcome, BadAnswer):
        keep_bad(order, outcome.raw, outcome.reason, outcome.detail, came_by, now)
    if came_by is CameBy.CALLBACK:
        return
    if order.state == InquiryState.PREPARED:
        order.state = InquiryState.SENT
        order.save(update_fields=["state"])
    _wait(order, now)


def _wait(order: InquiryOrder, now: datetime) -> None:
    order.tries += 1
    order.ask_at = now + pause(order.tries)
    order.save(update_fields=["tries", "ask_at"])
