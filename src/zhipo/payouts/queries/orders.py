"""Payment orders: one by its reference, a case's for its people, what is due by channel."""

from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from zhipo.cases.models import Case
from zhipo.cases.queries import cases_visible_to
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.transfers import PayeeKind
from zhipo.payouts.channels import SPOKEN
from zhipo.payouts.models import Order, Release
from zhipo.payouts.states import OPEN, Ending, OrderState, ReleaseState
from zhipo.payouts.work import Work
from zhipo.privacy.columns import encrypt

TROUBLES = frozenset({OrderState.FAILED, OrderState.RETURNED})


def work_of(reference: str) -> Work | None:
    """An order of ours as a worker would hold it, None for a reference that is not."""
    order = (
        Order.objects.select_related("release", "share__claim")
        .filter(reference=reference)
        .first()
    )
    return None if order is None else as_work(order)


def as_work(order: Order) -> Work:
    """An order read with its release, share and claim, as it stands."""
    sealed = (order.payee_account, order.payee_name, order.payee_bank)
    state = order.release.state if order.release else ReleaseState.STOPPED
    return Work(
        order.pk, order.turn, OrderState(order.state), ReleaseState(state), order.tries,
        order.confirm_until, order.package != "",
        ChannelName(order.channel), order.reference, order.fen, order.part,
        order.share.claim.number, PayeeKind(order.payee_kind),
        (encrypt(sealed[0]), encrypt(sealed[1]), encrypt(sealed[2])),
    )  # fmt: skip


def channels_due(now: datetime) -> list[str]:
    """The spoken channels with something for a worker to see to now."""
    due = Order.objects.filter(
        Q(state__in=[OrderState.SENDING, OrderState.WAITING_USER])
        | Q(state=OrderState.PLANNED, release__state=ReleaseState.RELEASED),
        channel__in=sorted(SPOKEN),
        ask_at__lte=now,
    )
    return sorted(set(due.order_by().values_list("channel", flat=True).distinct()))


def releases_visible_to(user: Any, case: Case) -> QuerySet[Release]:
    """Releases of a case for those who run or judge it, with how far each is."""
    if not cases_visible_to(user).filter(pk=case.pk).exists() or not user.is_staff_member:
        return Release.objects.none()
    counts = {
        f"{state}_count": Count("orders", filter=Q(orders__state=state))
        for state in OrderState
    }
    sums: dict[str, Any] = {
        "paid_fen": Sum("orders__fen", filter=Q(orders__state=OrderState.PAID), default=0),
        "open_fen": Sum("orders__fen", filter=Q(orders__state__in=sorted(OPEN)), default=0),
    }
    return (
        Release.objects.filter(plan__case=case)
        .select_related("plan", "prepared_by", "released_by")
        .annotate(**counts, **sums)
        .order_by("-pk")
    )


def orders_visible_to(user: Any, case: Case) -> QuerySet[Order]:
    """Orders of a case for those who run or judge it; payees stay sealed in the list."""
    if not cases_visible_to(user).filter(pk=case.pk).exists() or not user.is_staff_member:
        return Order.objects.none()
    return (
        Order.objects.filter(share__plan__case=case)
        .select_related("share__claim", "release", "hand_payment")
        .defer("payee_account", "payee_name", "payee_bank")
    )


def in_need(orders: QuerySet[Order]) -> QuerySet[Order]:
    """What a person has to see to: ended without payment and nothing follows, or odd."""
    is_left = Q(state__in=sorted(TROUBLES), followed_by=None)
    is_odd = Q(reason__in=[Ending.CONTRADICTED, Ending.NOT_FOUND], state__in=sorted(OPEN))
    held = Q(reason=Ending.CONTRADICTED)
    return (
        orders.filter(is_left | is_odd | held)
        .exclude(state__in=sorted(TROUBLES), reason=Ending.TAKEN_BACK, tries=0)
        .exclude(share__deposits__part=F("part"), state__in=sorted(TROUBLES))
    )


def reasons_of(orders: QuerySet[Order]) -> list[dict[str, Any]]:
    """Why orders are in need, most frequent first: reason, state, count, fen."""
    rows = (
        orders.order_by()
        .values("reason", "state")
        .annotate(count=Count("pk"), fen=Sum("fen"))
    )
    return sorted(map(dict, rows), key=lambda row: -row["count"])
