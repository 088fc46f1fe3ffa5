"""What is wrong after a run of inquiries: empty lists where nothing is."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum

from enforcement_ground import Network, Slot
from zhipo.accounts.roles import Role
from zhipo.audit.trail import first_broken_link
from zhipo.enforcement.models import (
    BureauNotice,
    Clue,
    EnforcementCase,
    Freeze,
    FreezeAlert,
    InquiryObjection,
    InquiryOrder,
    Proceeds,
)
from zhipo.enforcement.queries.due import overdue_unescalated, renewals_on_their_way
from zhipo.enforcement.states import HOLDS, FreezeState, InquiryState
from zhipo.gateways.institutions.messages import Act
from zhipo.gateways.institutions.moments import china_day
from zhipo.law.enforcement.closing import clue_checked_by
from zhipo.law.enforcement.freezes import ALERT_DAYS
from zhipo.law.enforcement.objections import (
    institution_answered_by,
    third_party_answered_by,
)

ENDS = frozenset({InquiryState.ANSWERED, InquiryState.REFUSED})


@dataclass
class Intended:
    """What the run has told the court to do, once each."""

    counts: Counter[str] = field(default_factory=Counter)
    clues: int = 0
    renewed_before: dict[int, int] = field(default_factory=dict)
    renewed: dict[int, date] = field(default_factory=dict)

    def add(self, act: Act, count: int = 1) -> None:
        self.counts[act.value] += count


@dataclass(frozen=True)
class Book:
    """What the institutions' books held before the run."""

    known: set[str]
    balances: dict[str, int]


def alerts_missing(standing: dict[int, date], day: date) -> list[str]:
    """After a watch: freezes whose alerts are not those that the law's days ask for.

    A week before the end the president must know, unless a renewal is on its way, or has
    its answer since the freeze was read here: answers are posted at any moment.
    """
    found = []
    for freeze in Freeze.objects.filter(pk__in=standing, state__in=HOLDS):
        if freeze.until != standing[freeze.pk]:
            continue
        told = set(
            FreezeAlert.objects.filter(freeze=freeze, until=freeze.until).values_list(
                "days_before", flat=True
            )
        )
        due = {one for one in ALERT_DAYS if freeze.until - timedelta(days=one) <= day}
        if told != due:
            found.append(f"freeze {freeze.pk}: told {sorted(told)}, due {sorted(due)}")
        is_last = (freeze.until - day).days <= min(ALERT_DAYS)
        is_renewing = renewals_on_their_way(freeze) or _was_renewed(freeze)
        if is_last and not is_renewing and not _president_knows(freeze):
            found.append(f"freeze {freeze.pk}: the president was not told")
    return found


def _was_renewed(freeze: Freeze) -> bool:
    """Whether its last day is another one by now than when it was read."""
    return Freeze.objects.filter(pk=freeze.pk, until__gt=freeze.until).exists()


def _president_knows(freeze: Freeze) -> bool:
    key = f"freeze_unanswered::{freeze.pk}:{freeze.until}:{Role.COURT_PRESIDENT}"
    return BureauNotice.objects.filter(key=key).exists()


def overdue_untold(now: datetime) -> set[int]:
    """After a chase: orders that are overdue and of which nobody was told.

    One on which an answer was just being entered is told of by the next chase.
    """
    return set(overdue_unescalated(now))


def faults_of(
    intended: Intended, book: Book, network: Network, slot: Slot, now: datetime
) -> list[str]:
    """Court and books compared, freeze by freeze and order by order."""
    entered = network.freezes(slot)
    return [
        *_freezes(intended, entered),
        *_orders(intended, book, network.answered()),
        *_answers(),
        *_money(book, network.balances(slot)),
        *_clocks(intended, china_day(now)),
        *_last_days(intended),
        *_trail(),
    ]


def _freezes(intended: Intended, entered: dict[str, dict[str, Any]]) -> Iterator[str]:
    """None lost, none doubled, each as the institution's own book has it."""
    freezes = list(Freeze.objects.select_related("order"))
    ours = {str(one.order.order_id): one for one in freezes}
    standing = {key for key, one in ours.items() if one.state != FreezeState.REFUSED}
    for order in standing - entered.keys():
        yield f"freeze of {order}: not in the institution's book"
    for order in entered.keys() - ours.keys():
        yield f"freeze of {order}: in the book, unknown to the court"
    if len(freezes) != intended.counts[Act.FREEZE]:
        yield f"{len(freezes)} freezes for {intended.counts[Act.FREEZE]} acts"
    for order in ours.keys() & entered.keys():
        if (was := _as_ours(ours[order])) != (told := _as_told(entered[order])):
            yield f"freeze of {order}: court {was}, book {told}"


def _as_ours(freeze: Freeze) -> tuple[Any, ...]:
    return freeze.state, freeze.frozen_fen, str(freeze.until), freeze.rank, freeze.limit_fen


def _as_told(told: dict[str, Any]) -> tuple[Any, ...]:
    fen = {name: (told[name] or {"value": None})["value"] for name in ("frozen", "limit")}
    return told["status"], fen["frozen"] or 0, told["until"], told["rank"], fen["limit"]


def _orders(
    intended: Intended, book: Book, answered: dict[str, tuple[str, int]]
) -> Iterator[str]:
    """Each order once, come to its end, every answer of the book taken over."""
    orders = {str(one.order_id): one for one in InquiryOrder.objects.all()}
    arrived = {key: value for key, value in answered.items() if key not in book.known}
    for key in arrived.keys() - orders.keys():
        yield f"order {key}: at an institution, unknown to the court"
    for key, order in orders.items():
        state, parts = arrived.get(key, ("never arrived", 0))
        if order.state not in ENDS or (order.state, order.told_parts) != (state, parts):
            yield f"order {key} ({order.act}): {order.state} {order.told_parts}, " \
                  f"book {state} {parts}"  # fmt: skip
        if order.finished_at is None:
            yield f"order {key}: no end"
    counted = Counter(order.act for order in orders.values())
    wanted = intended.counts | Counter({Act.RENEW.value: counted[Act.RENEW]})
    if counted != +wanted:
        yield f"orders {dict(counted)} for acts {dict(intended.counts)}"


def _answers() -> Iterator[str]:
    """Every order has an answer that is believed, and the newest was taken over."""
    for order in InquiryOrder.objects.all():
        newest = order.answers.filter(is_good=True).order_by("-as_of", "-pk").first()
        if newest is None:
            yield f"order {order.order_id}: no answer is kept"
        elif newest.applied_at is None:
            yield f"order {order.order_id}: its newest answer was not taken over"


def _money(book: Book, balances: dict[str, int]) -> Iterator[str]:
    """What has left the accounts is what the court has booked as proceeds."""
    gone = sum(book.balances.values()) - sum(balances.values())
    booked = Proceeds.objects.aggregate(fen=Sum("fen"))["fen"] or 0
    if gone != booked:
        yield f"{gone} fen have left the accounts, {booked} are booked"


def _clocks(intended: Intended, today: date) -> Iterator[str]:
    """What was renewed before its end holds; what nobody renewed has lapsed."""
    for pk, was_until in intended.renewed.items():
        freeze = Freeze.objects.get(pk=pk)
        if freeze.state not in HOLDS or freeze.until <= was_until:
            yield f"freeze {pk}: {freeze.state} until {freeze.until}, renewed in time"
    for freeze in Freeze.objects.filter(state__in=HOLDS, until__lt=today):
        yield f"freeze {freeze.pk}: {freeze.state} after its end"


def _last_days(intended: Intended) -> Iterator[str]:
    """Objections and clues have the law's last day, and were told of in time."""
    for objection in InquiryObjection.objects.all():
        by = institution_answered_by if objection.raised_by == "institution" \
            else third_party_answered_by  # fmt: skip
        last = by(objected_on=china_day(objection.raised_at)).last_day
        if objection.reply_by != last or objection.received_at is None:
            yield f"objection {objection.pk}: by {objection.reply_by}, law {last}"
    clues = list(Clue.objects.all())
    if len(clues) != intended.clues:
        yield f"{len(clues)} clues for {intended.clues} acts"
    for clue in clues:
        law = clue_checked_by(clue_on=clue.received_on, is_urgent=clue.is_urgent)
        if clue.check_by != law.last_day or clue.reminded_on is None:
            yield f"clue {clue.pk}: by {clue.check_by}, law {law.last_day}, told " \
                  f"{clue.reminded_on}"  # fmt: skip


def _trail() -> Iterator[str]:
    for case in EnforcementCase.objects.all():
        if first_broken_link(case.number) is not None:
            yield f"the trail of {case.number} does not hold"
