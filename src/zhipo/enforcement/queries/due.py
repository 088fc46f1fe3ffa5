"""Which orders have something due: the next word, or an answer that is overdue."""

from datetime import datetime

from zhipo.enforcement.models import InquiryOrder
from zhipo.enforcement.states import STILL_OPEN


def orders_due(now: datetime) -> list[int]:
    """Orders to send again, to ask about or to reply on by now, the longest due first."""
    due = InquiryOrder.objects.filter(settled_at=None, ask_at__lte=now)
    return list(due.order_by("ask_at", "pk").values_list("pk", flat=True))


def overdue_unescalated(now: datetime) -> list[int]:
    """Orders whose answer is overdue, of which nobody was told yet."""
    late = InquiryOrder.objects.filter(
        state__in=STILL_OPEN, settled_at=None, answer_by__lt=now, escalated_at=None
    )
    return list(late.order_by("answer_by", "pk").values_list("pk", flat=True))
