"""What an answer means for an order: the state table's decisions, pure, nothing guessed.

An order that was refused at its only request is not with the channel and may wait or end;
so is one that the channel does not know and will not take. Whatever else is not an end is
asked again. Only the channel's own word ends an order.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from zhipo.gateways.institutions.moments import CHINA, china_day
from zhipo.gateways.payouts.limits import Limits
from zhipo.gateways.payouts.outcomes import (
    AskOutcome,
    Closed,
    ClosedBy,
    Failed,
    NotFound,
    Paid,
    Reason,
    Refused,
    SendOutcome,
    Sent,
    Waiting,
)
from zhipo.payouts.schedule import opening
from zhipo.payouts.states import CLOSED, MOVES, Ending, OrderState

SOON = timedelta(seconds=20)
LONGEST = timedelta(hours=6)
AFTER_CLOSING = timedelta(minutes=40)
"""A channel closes some time after the payee's time is up, and says so only then."""

TOMORROW = frozenset({Reason.MERCHANT_CAP, Reason.PAYEE_CAP})
AN_HOUR = frozenset({Reason.NO_MONEY, Reason.NO_POWER, Reason.NOT_AUTHENTIC, Reason.RISK})
"""Somebody has to do something first: fill the account, mend keys or the contract."""

AFTER_MIDNIGHT = time(0, 10)
S = OrderState


class Asked(StrEnum):
    """By which way an answer came."""

    SEND = "send"  # 发起付款
    ASK = "ask"  # 查询
    CANCEL = "cancel"  # 撤回
    CALLBACK = "callback"  # 通道通知
    FILE = "file"  # 回盘文件
    HAND = "hand"  # 人工登记


@dataclass(frozen=True)
class Standing:
    """An order as it was when it was taken up, for how many times by now."""

    state: OrderState
    turn: int
    confirm_until: datetime | None = None


@dataclass(frozen=True)
class Verdict:
    """Where the order goes and when it is seen to next; `ask_at` is None at an end.

    `is_fact` is a channel's word on the transfer itself, which holds whatever was asked
    meanwhile; a refusal of one request only holds as long as there was no other.
    """

    state: OrderState
    ask_at: datetime | None = None
    reason: str = ""
    is_fact: bool = True
    at: datetime | None = None
    number: str = ""
    confirm_until: datetime | None = None
    package: str = ""
    is_to_send_again: bool = False


def after_sending(
    outcome: SendOutcome, *, is_first: bool, turn: int, limits: Limits, now: datetime
) -> Verdict:
    """What follows from the answer to a request to pay.

    The first one, or else one after the channel has just said that it knows no such
    transfer.
    """
    if isinstance(outcome, Sent):
        return _taken(outcome, now)
    if isinstance(outcome, Refused):
        return _turned_away(outcome, is_first=is_first, turn=turn, limits=limits, now=now)
    return _open(S.SENDING, now, turn, Ending.NO_WORD)


def after_asking(outcome: AskOutcome, standing: Standing, *, now: datetime) -> Verdict:
    """What follows from the channel's word on a transfer, asked for or called back."""
    match outcome:
        case Paid():
            return Verdict(S.PAID, at=outcome.at, number=outcome.number)
        case Failed(reason=Reason.RETURNED):
            return Verdict(S.RETURNED, reason=outcome.reason, at=now)
        case Failed():
            return Verdict(S.FAILED, reason=outcome.reason, at=now)
        case Closed():
            is_expiry = outcome.by is ClosedBy.EXPIRY
            reason = Ending.EXPIRED if is_expiry else Ending.TAKEN_BACK
            return Verdict(S.RETURNED, reason=reason, at=outcome.at or now)
        case Waiting():
            return _waiting(outcome, standing, now)
        case NotFound():
            found = _open(standing.state, now, standing.turn, Ending.NOT_FOUND)
            is_lost = standing.state is S.SENDING
            return replace(found, is_to_send_again=is_lost)
        case _:
            return _open(standing.state, now, standing.turn, Ending.NO_WORD)


def may_move(state: OrderState, verdict: Verdict) -> bool:
    """Whether the table lets an order in this state follow the verdict.

    What has arrived may be returned by the payee's bank; it cannot lapse any more.
    """
    if state is S.PAID and verdict.reason in (Ending.EXPIRED, Ending.TAKEN_BACK):
        return False
    return verdict.state == state or verdict.state in MOVES[state]


def contradicts(state: OrderState, verdict: Verdict) -> bool:
    """Whether the channel's word is the opposite of the word by which the order stands.

    Money has left although the order has ended; it is back although it had arrived; or the
    channel has a transfer that it turned away.
    """
    if not verdict.is_fact:
        return False
    if state is S.PAID:
        is_back = verdict.state in (S.FAILED, S.RETURNED)
        return is_back and not may_move(state, verdict)
    if state is S.PLANNED:
        return verdict.state in (S.WAITING_USER, S.PAID, S.RETURNED)
    return verdict.state is S.PAID and state in CLOSED


def pause(turn: int) -> timedelta:
    """How long to wait before the next turn: doubled each time, a few hours at most."""
    doubled: timedelta = SOON * 2 ** min(turn, 12)
    return min(doubled, LONGEST)


def _taken(outcome: Sent, now: datetime) -> Verdict:
    told = outcome.told
    if told is not None and told.must_confirm:
        return Verdict(
            S.WAITING_USER, now + SOON, number=outcome.number, confirm_until=told.until,
            package=told.package or "",
        )  # fmt: skip
    return Verdict(S.SENDING, now, number=outcome.number)


def _turned_away(
    outcome: Refused, *, is_first: bool, turn: int, limits: Limits, now: datetime
) -> Verdict:
    """Refused for good, and not known: it ends, for an earlier request that is still under
    way would be refused as well. Refused for now, an earlier one may yet be taken.

    That the reference is another transfer's is never ours to end: a person looks.
    """
    is_ours = outcome.reason is not Reason.OTHER_TRANSFER
    if is_ours and outcome.is_final:
        return Verdict(S.FAILED, reason=outcome.reason, at=now, is_fact=False)
    at = _again_at(outcome.reason, turn, limits, now)
    if is_ours and is_first:
        return Verdict(S.PLANNED, at, reason=outcome.reason, is_fact=False)
    return Verdict(S.SENDING, at, reason=outcome.reason)


def _again_at(reason: Reason, turn: int, limits: Limits, now: datetime) -> datetime:
    if reason in TOMORROW:
        following = china_day(now) + timedelta(days=1)
        at = datetime.combine(following, AFTER_MIDNIGHT, CHINA)
    elif reason in AN_HOUR:
        at = now + timedelta(hours=1)
    else:
        at = now + pause(turn)
    return opening(limits, at)


def _waiting(outcome: Waiting, standing: Standing, now: datetime) -> Verdict:
    if not outcome.must_confirm:
        return _open(standing.state, now, standing.turn, "")
    until = outcome.until or standing.confirm_until
    at = now + pause(standing.turn)
    if until is not None and now < until:
        at = min(at, until + AFTER_CLOSING)
    return Verdict(S.WAITING_USER, at, confirm_until=until, package=outcome.package or "")


def _open(state: OrderState, now: datetime, turn: int, reason: str) -> Verdict:
    return Verdict(state, now + pause(turn), reason=reason)
