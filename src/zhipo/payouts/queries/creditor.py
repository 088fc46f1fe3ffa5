"""What a creditor is paid: every share of an approved plan, part by part, as it stands."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.distributions.models import Plan, Share
from zhipo.distributions.states import PlanState
from zhipo.payouts.models import Deposit, FurtherWay, Order
from zhipo.payouts.states import OrderState, ReleasedTo, ReleaseState


class PartState(StrEnum):
    """Where one part of a share stands, as its creditor is told."""

    NOT_DUE = "not_due"  # 未到付款日
    TO_ARRANGE = "to_arrange"  # 等待安排付款
    TO_RELEASE = "to_release"  # 等待放行
    PLANNED = "planned"  # 已排入付款计划
    SENDING = "sending"  # 已汇出，等待结果
    WAITING_USER = "waiting_user"  # 等您确认收款
    PAID = "paid"  # 已到账
    CAME_BACK = "came_back"  # 没有付成，还会再付
    DEPOSITED = "deposited"  # 已提存
    WAIVED = "waived"  # 逾期未领，已分配给其他债权人


@dataclass(frozen=True)
class Part:
    """One part of a share: its sum in fen, its day, and the last order made for it.

    `attempts` counts the orders that were sent to a channel.
    """

    number: int  # 0 is the first, as in orders
    fen: int
    due_on: date
    state: PartState
    order: Order | None
    deposit: Deposit | None
    attempts: int


@dataclass(frozen=True)
class Payment:
    """A claim's share in one approved plan; amounts in fen.

    `reserve` is what is kept because claim, condition or identity are not settled.
    """

    share: Share
    parts: Sequence[Part]
    reserve: Deposit | None

    @property
    def plan(self) -> Plan:
        return self.share.plan

    @property
    def claim(self) -> Claim:
        return self.share.claim

    @property
    def arrived_fen(self) -> int:
        return sum(one.fen for one in self.parts if one.state is PartState.PAID)

    @property
    def given_fen(self) -> int:
        """All that the plan gave the claim, reserved money included."""
        return self.share.paid_fen + self.share.reserved_fen

    @property
    def given_back_fen(self) -> int:
        """What of the reserve its settled claim did not come to (EBL 119)."""
        back = getattr(self.share, "given_back", None)
        return 0 if back is None else int(back.fen)

    @property
    def lapsed_fen(self) -> int:
        """What of it was not taken in time and is the others' (EBL 118, 119)."""
        return sum(one.fen for one in self.share.lapses.all())

    @property
    def lapsed_reserve_fen(self) -> int:
        """What of the reserve the court gave to the others two years after the end."""
        return sum(one.fen for one in self.share.lapses.all() if one.part is None)

    @property
    def total_fen(self) -> int:
        """What of it is the creditor's, as far as that is settled."""
        return self.given_fen - self.given_back_fen

    @property
    def reserved_fen(self) -> int:
        """What is still kept in reserve: nothing once it was released."""
        is_over = self.reserve is not None and self.reserve.released_on is not None
        return 0 if is_over else self.share.reserved_fen

    @property
    def is_complete(self) -> bool:
        """Whether every part has arrived and nothing is kept."""
        arrived = all(one.state is PartState.PAID for one in self.parts)
        return arrived and bool(self.parts) and not self.reserved_fen


def payments_of(user: Any, case: Case, *, today: date) -> list[Payment]:
    """The person's shares in the case's approved plans: by claim, then by plan."""
    shares = list(
        Share.objects.filter(
            claim__creditor=user, claim__case=case, plan__state=PlanState.APPROVED
        )
        .select_related("plan__case", "claim", "given_back")
        .prefetch_related("lapses")
        .order_by("claim_id", "plan__number")
    )
    return _payments(shares, today)


def payments_on(claim: Claim, *, today: date) -> list[Payment]:
    """A claim's shares, plan by plan; whoever asks has been let to the claim."""
    shares = list(
        claim.shares.filter(plan__state=PlanState.APPROVED)
        .select_related("plan__case", "claim", "given_back")
        .prefetch_related("lapses")
        .order_by("plan__number")
    )
    return _payments(shares, today)


def paid_order(claim: Claim, order_id: int) -> Order | None:
    """An order that has arrived, of a claim that its reader has been let to."""
    return (
        Order.objects.select_related("share__plan", "share__claim")
        .filter(pk=order_id, share__claim=claim, state=OrderState.PAID)
        .first()
    )


def payment_of_reference(case: Case, text: str) -> Order | None:
    """The payment of a case under this reference, if it has arrived: "is it real?"."""
    reference = text.strip().upper()
    if not reference:
        return None
    return Order.objects.filter(
        share__plan__case=case, reference=reference, state=OrderState.PAID
    ).first()


def further_ways(claim: Claim) -> QuerySet[FurtherWay]:
    """The second and the third way that the creditor has named."""
    return claim.further_ways.order_by("place")


def _payments(shares: Sequence[Share], today: date) -> list[Payment]:
    if not shares:
        return []
    ids = [share.pk for share in shares]
    orders: defaultdict[tuple[int, int], list[Order]] = defaultdict(list)
    for order in Order.objects.filter(share__in=ids).select_related("release").defer(
        "payee_name", "payee_bank"
    ).order_by("pk"):  # fmt: skip
        orders[order.share_id, order.part].append(order)
    deposits: dict[tuple[int, int | None], Deposit] = {
        (one.share_id, one.part): one
        for one in Deposit.objects.filter(share__in=ids).order_by("pk")
    }
    return [
        Payment(
            share, _parts(share, orders, deposits, today), deposits.get((share.pk, None))
        )
        for share in shares
    ]


def _parts(
    share: Share,
    orders: Mapping[tuple[int, int], list[Order]],
    deposits: Mapping[tuple[int, int | None], Deposit],
    today: date,
) -> list[Part]:
    """The parts that the plan cut, and after them the reserve that was released."""
    found = []
    for number, fen, due_on in _cut(share, deposits.get((share.pk, None))):
        made = orders.get((share.pk, number), [])
        deposit = deposits.get((share.pk, number))
        last = made[-1] if made else None
        found.append(
            Part(
                number, fen, due_on, _state(last, deposit, due_on, today), last, deposit,
                sum(1 for order in made if order.sent_at is not None),
            )
        )  # fmt: skip
    return found


def _cut(share: Share, reserve: Deposit | None) -> list[tuple[int, int, date]]:
    """(number, fen, day) of every part, as the orders are made (queries/due.py)."""
    days, ruled_on = share.plan.due_days, share.plan.ruled_on
    assert ruled_on is not None
    cut = [
        (number, fen, days[min(number, len(days) - 1)] if days else ruled_on)
        for number, fen in enumerate(share.parts)
        if fen
    ]
    if reserve is not None and reserve.released_to == ReleasedTo.CREDITOR:
        assert reserve.released_on is not None
        cut.append((len(share.parts), reserve.fen, reserve.released_on))
    return cut


def _state(
    order: Order | None, deposit: Deposit | None, due_on: date, today: date
) -> PartState:
    if deposit is not None and deposit.released_on is None:
        return PartState.DEPOSITED
    if deposit is not None and deposit.released_to == ReleasedTo.OTHERS:
        return PartState.WAIVED
    if order is None or order.state == OrderState.DEPOSITED:
        return PartState.NOT_DUE if due_on > today else PartState.TO_ARRANGE
    if order.state == OrderState.PLANNED:
        is_let_go = order.release is not None and order.release.state in LET_GO
        return PartState.PLANNED if is_let_go else PartState.TO_RELEASE
    if order.state in (OrderState.FAILED, OrderState.RETURNED):
        return PartState.CAME_BACK
    return PartState(order.state)


LET_GO = frozenset({ReleaseState.RELEASED, ReleaseState.DONE})
