"""What is due: the next word on an order, an overdue answer, a freeze that runs out."""

from datetime import date, datetime, timedelta

from zhipo.enforcement.models import Freeze, InquiryOrder
from zhipo.enforcement.states import HOLDS, STILL_OPEN
from zhipo.gateways.institutions.messages import Act


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


def freezes_running_out(today: date, *, within_days: int) -> list[int]:
    """Freezes that stand and whose last day is at most so many days off, or past."""
    near = Freeze.objects.filter(
        state__in=HOLDS, until__lte=today + timedelta(days=within_days)
    )
    return list(near.order_by("until", "pk").values_list("pk", flat=True))


def renewals_on_their_way(freeze: Freeze) -> list[InquiryOrder]:
    """Renewals of a freeze whose outcome the institution has not told yet."""
    orders = InquiryOrder.objects.filter(
        freeze_order=freeze.order_id, act=Act.RENEW, finished_at=None, settled_at=None
    )
    return list(orders.order_by("pk"))
