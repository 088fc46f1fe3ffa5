"""What the payment pages say of each part: state, day, reason and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zhipo.kernel.identifiers import mask
from zhipo.payouts.channels import wechat_client
from zhipo.payouts.models import Deposit, Order
from zhipo.payouts.payees import USED_UP
from zhipo.payouts.queries.creditor import Part, PartState, Payment
from zhipo.payouts.states import DepositReason, Ending
from zhipo.portals.creditor.reasons import Article, rules_of
from zhipo.web.words import has, say

S = PartState
MARKS: dict[PartState, str] = {S.PAID: "done", S.CAME_BACK: "stop", S.WAIVED: "stop"}
ON_THE_WAY = frozenset({S.PLANNED, S.SENDING, S.WAITING_USER, S.TO_RELEASE})
FUTURE = frozenset({S.NOT_DUE, S.TO_ARRANGE, S.TO_RELEASE, S.PLANNED})
DEPOSIT_RULES: dict[DepositReason, str] = {
    DepositReason.UNCLAIMED: "cn.ebl.118",
    DepositReason.DISPUTED: "cn.ebl.119",
    DepositReason.CONDITIONAL: "cn.ebl.117",
    DepositReason.RESERVED: "cn.ebl.119",
}


@dataclass(frozen=True)
class Countdown:
    """Until when the payee may confirm: an instant for a script, words for people."""

    until: datetime
    left: str
    pattern: str
    is_over: bool


@dataclass(frozen=True)
class PartShown:
    """One part as the page shows it. `next_step` names the kind of act that helps."""

    part: Part
    mark: str
    account: str
    reason: str = ""
    next_step: str = ""
    countdown: Countdown | None = None
    opens: tuple[str, str, str] | None = None
    deposit: "DepositShown | None" = None


@dataclass(frozen=True)
class DepositShown:
    """Money that is kept: why, since and until when, by which article."""

    why: str
    since: date
    until: date | None
    rules: list[Article]


@dataclass(frozen=True)
class Sums:
    """What several payments come to, in fen; together they are all that is given."""

    total: int
    arrived: int
    on_the_way: int
    to_come: int
    kept: int


def parts_shown(payment: Payment, *, now: datetime) -> list[PartShown]:
    """The parts of one payment, in order."""
    return [part_shown(part, now=now) for part in payment.parts]


def part_shown(part: Part, *, now: datetime) -> PartShown:
    order, state = part.order, part.state
    waits = order if state is S.WAITING_USER else None
    reason, next_step = ("", "")
    if order is not None and state in (S.CAME_BACK, S.SENDING, S.PLANNED):
        reason, next_step = reason_words(order.reason, is_ended=state is S.CAME_BACK)
    return PartShown(
        part, MARKS.get(state, ""), account_of(order), reason, next_step,
        countdown_of(waits, now=now) if waits is not None else None,
        opens_with(waits) if waits is not None else None,
        deposit_shown(part.deposit) if part.deposit is not None and state is S.DEPOSITED
        else None,
    )  # fmt: skip


def sums_of(payments: Sequence[Payment]) -> Sums:
    """All of a person's money: arrived, on the way, to come, kept."""
    parts = [part for one in payments for part in one.parts]
    kept = sum(one.reserved_fen for one in payments)
    kept += sum(part.fen for part in parts if part.state is S.DEPOSITED)
    arrived = sum(part.fen for part in parts if part.state is S.PAID)
    on_the_way = sum(part.fen for part in parts if part.state in ON_THE_WAY)
    to_come = sum(
        part.fen for part in parts if part.state in (S.NOT_DUE, S.TO_ARRANGE, S.CAME_BACK)
    )
    total = sum(one.total_fen - one.lapsed_fen for one in payments)
    return Sums(total, arrived, on_the_way, to_come, kept)


def next_on(payments: Sequence[Payment]) -> date | None:
    """The day of what is paid next; None where that is under way, or its day not known."""
    is_open = {*FUTURE, S.CAME_BACK, S.SENDING, S.WAITING_USER}
    parts = [part for one in payments for part in one.parts if part.state in is_open]
    following = min(parts, key=lambda part: part.due_on, default=None)
    if following is None or following.state not in FUTURE:
        return None
    return following.due_on


def reason_words(reason: str, *, is_ended: bool) -> tuple[str, str]:
    """Why it did not arrive, in plain words, and what helps: change, wait or people.

    Of an order that is still open only what holds it up is said.
    """
    if not reason:
        return "", ""
    plain = f"creditor.payment.reason.{reason}"
    sentence = say(plain if has(plain) else f"payouts.reason.{reason}")
    if reason == Ending.CONTRADICTED:
        return sentence, "people"
    if not is_ended:
        return sentence, ""
    return sentence, "change" if reason in USED_UP else "wait"


def account_of(order: Order | None) -> str:
    """The payee's account with all but its end hidden; "" where nothing is on record."""
    if order is None or not order.payee_hash:
        return ""
    return mask(order.payee_account, head=0, tail=4)


def countdown_of(order: Order, *, now: datetime) -> Countdown | None:
    until = order.confirm_until
    if until is None:
        return None
    left = until - now
    return Countdown(
        until, left_words(left), say("creditor.payment.left", hours="{h}", minutes="{m}"),
        is_over=left <= timedelta(),
    )  # fmt: skip


def left_words(left: timedelta) -> str:
    """5 hours 12 minutes left; whole minutes, none of them promised that is not there."""
    minutes = max(0, int(left.total_seconds()) // 60)
    return say("creditor.payment.left", hours=minutes // 60, minutes=minutes % 60)


def opens_with(order: Order) -> tuple[str, str, str] | None:
    """Merchant, app and package with which WeChat opens the page to confirm on."""
    client = wechat_client()
    return (*client, order.package) if client is not None and order.package else None


def deposit_shown(deposit: Deposit) -> DepositShown:
    why = DepositReason(deposit.why)
    return DepositShown(why, deposit.since, deposit.until, rules_of([DEPOSIT_RULES[why]]))
