"""Answers that institutions post to the court: proven like a poll's, then entered alike."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from zhipo.enforcement import courts
from zhipo.enforcement.actions.ordering import message_of
from zhipo.enforcement.actions.sending import take_outcome
from zhipo.enforcement.courts import ClientOf, KeptNonces
from zhipo.enforcement.models import InquiryOrder
from zhipo.enforcement.states import CameBy
from zhipo.gateways.institutions.client import Told
from zhipo.gateways.institutions.signing import Raw
from zhipo.web.refusals import Declined


def take_posted(
    raw: Raw,
    *,
    order_id: UUID,
    now: datetime | None = None,
    client_of: ClientOf = courts.client_of,
) -> bool:
    """Enter a posted answer; whether it was one. What cannot be relied on is kept too.

    An order that nobody here has made says nothing: the sender learns no more than that.
    """
    order = (
        InquiryOrder.objects.select_related("case__court").filter(order_id=order_id).first()
    )
    if order is None:
        return False
    try:
        client = client_of(order.case.court)
    except Declined:
        return False
    message = message_of(order)
    outcome = client.verify(
        raw,
        find_order=lambda asked: message if asked == order_id else None,
        nonces=KeptNonces(),
    )
    take_outcome(order_id=order.pk, outcome=outcome, now=now or timezone.now(),
                 came_by=CameBy.CALLBACK)  # fmt: skip
    return isinstance(outcome, Told)
