"""What an institution found and did: the messages that come back, checked against
themselves. That they answer the order that was sent is `reading.py`'s part.
"""

import hashlib
from datetime import date
from enum import StrEnum
from typing import Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from zhipo.gateways.institutions.amounts import Amount
from zhipo.gateways.institutions.messages import (
    PROTOCOL,
    Act,
    Days,
    FreezeStatus,
    Message,
    Objection,
    OrderState,
    PartyId,
    Reference,
    Refusal,
    Target,
    Text,
    Title,
    contradiction,
)


class FreezeState(Message):
    """A freeze as it stands: `limit` its ceiling, `frozen` what it holds now.

    Both are None for a thing. `rank` is its place by registration among the freezes that
    stand on the object, 1 the first; 0 once it has ended.
    """

    freeze_order: UUID
    target: Target
    status: FreezeStatus
    limit: Amount | None
    frozen: Amount | None
    rank: int = Field(ge=0)
    until: date

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        is_money = self.target.is_money
        if (self.limit is not None, self.frozen is not None) != (is_money, is_money):
            raise contradiction("money has a limit and a frozen sum, a thing has neither")
        has_ended = self.status in (FreezeStatus.LAPSED, FreezeStatus.LIFTED)
        if has_ended != (self.rank == 0):
            raise contradiction("a freeze has a rank until it ends")
        if self.limit is not None and self.frozen is not None:
            self._check_status(self.limit.value, self.frozen.value, has_ended)
        elif self.status is FreezeStatus.PARTLY_IN_FORCE:
            raise contradiction("a thing is not frozen in part")
        return self

    def _check_status(self, limit_fen: int, frozen_fen: int, has_ended: bool) -> None:
        holds = {
            FreezeStatus.IN_FORCE: 0 < frozen_fen == limit_fen,
            FreezeStatus.PARTLY_IN_FORCE: 0 < frozen_fen < limit_fen,
            FreezeStatus.WAITING: 0 == frozen_fen < limit_fen,
        }
        if not holds.get(self.status, frozen_fen == 0 and has_ended):
            raise contradiction(f"{self.status} with {frozen_fen} of {limit_fen} fen")


class StandingFreeze(Message):
    """A freeze as other courts may see it (《查封扣押冻结规定》第二十六条)."""

    rank: int = Field(ge=1)
    court_name: Text
    case_number: Reference
    limit: Amount | None
    frozen: Amount | None
    until: date


class Holding(Message):
    """One account or thing of the debtor's; a thing has no sums."""

    target: Target
    label: Text
    balance: Amount | None
    available: Amount | None
    frozen: Amount | None
    freezes: tuple[StandingFreeze, ...]

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        sums = (self.balance, self.available, self.frozen)
        if not self.target.is_money:
            if sums != (None, None, None):
                raise contradiction("a thing has no balance")
            return self
        if self.balance is None or self.available is None or self.frozen is None:
            raise contradiction("money has balance, available and frozen")
        if self.balance.value != self.available.value + self.frozen.value:
            raise contradiction("balance is not available plus frozen")
        if sum(one.frozen.value for one in self.freezes if one.frozen) != self.frozen.value:
            raise contradiction("frozen is not the sum of the freezes")
        return self


class Deduction(Message):
    """What was paid to the court's account, and what the freeze still holds."""

    booking: Reference
    booked_at: AwareDatetime
    deducted: Amount
    paid_to: Reference
    freeze: FreezeState


class Ownership(Message):
    """Whose the object is by the institution's books, and what shows it."""

    title: Title
    holder_name: Text
    evidence: tuple[Text, ...] = Field(min_length=1)


class Direction(StrEnum):
    INCOMING = "incoming"  # 收入
    OUTGOING = "outgoing"  # 支出


class Transaction(Message):
    booking: Reference
    at: AwareDatetime
    direction: Direction
    amount: Amount
    counterparty: Text
    memo: str
    balance_after: Amount


class History(Message):
    """Every movement of the days asked for, in order, each balance after the last."""

    opening: Amount
    closing: Amount
    transactions: tuple[Transaction, ...]

    @model_validator(mode="after")
    def _runs_on(self) -> Self:
        balance = self.opening.value
        for one in self.transactions:
            sign = 1 if one.direction is Direction.INCOMING else -1
            balance += sign * one.amount.value
            if balance != one.balance_after.value:
                raise contradiction(f"the balance after {one.booking} does not follow")
        if balance != self.closing.value:
            raise contradiction("closing is not the last balance")
        return self


class Echo(Message):
    """What the institution understood it was asked: compared with what was sent."""

    target: Target | None
    freeze_order: UUID | None
    amount: Amount | None
    freeze_until: date | None
    days: Days | None


CONTENT: dict[Act, str] = {
    Act.QUERY: "holdings",
    Act.FREEZE: "freeze",
    Act.RENEW: "freeze",
    Act.PARTIAL_LIFT: "freeze",
    Act.LIFT: "freeze",
    Act.DEDUCT: "deduction",
    Act.OWNERSHIP_CHECK: "ownership",
    Act.HISTORY: "history",
}
"""The field that carries the result of each act."""


class Answer(Message):
    """The result of an order, or one `part` of it; `is_last` says that none follows.

    An objection is never the last: the court replies, the institution goes on. It may
    carry the freeze that stands meanwhile.
    """

    order_id: UUID
    institution: PartyId
    court: PartyId
    debtor_uscc: str
    act: Act
    part: int = Field(ge=1)
    is_last: bool
    answered_at: AwareDatetime
    echo: Echo
    outcome: OrderState
    holdings: tuple[Holding, ...] | None = None
    freeze: FreezeState | None = None
    deduction: Deduction | None = None
    ownership: Ownership | None = None
    history: History | None = None
    refusal: Refusal | None = None
    objection: Objection | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the content: two answers are the same if and only if this is."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @property
    def is_customer(self) -> bool:
        """For a query: whether the debtor has anything there at all."""
        return bool(self.holdings)

    @model_validator(mode="after")
    def _has_the_content_of_its_act(self) -> Self:
        names = (*dict.fromkeys(CONTENT.values()), "refusal", "objection")
        given = {name for name in names if getattr(self, name) is not None}
        allowed = {
            OrderState.ANSWERED: [{CONTENT[self.act]}],
            OrderState.REFUSED: [{"refusal"}],
            OrderState.OBJECTED: [{"objection"}, {"objection", "freeze"}],
        }.get(self.outcome, [])
        if given not in allowed:
            raise contradiction(f"{self.act} {self.outcome} with {sorted(given)}")
        if self.outcome is OrderState.OBJECTED and self.is_last:
            raise contradiction("the court's reply and another answer follow an objection")
        return self


class Status(Message):
    """How an order stands: polled, or posted to the court when something is new.

    `freeze` is the order's own freeze as it is at `as_of`: a waiting one that has come into
    force, or one that has lapsed, shows here without a new answer.
    """

    protocol: Literal["zhipo-inquiry/1"] = PROTOCOL
    order_id: UUID
    institution: PartyId
    court: PartyId
    state: OrderState
    as_of: AwareDatetime
    answers: tuple[Answer, ...]
    freeze: FreezeState | None

    @model_validator(mode="after")
    def _answers_fit_the_state(self) -> Self:
        if [one.part for one in self.answers] != list(range(1, len(self.answers) + 1)):
            raise contradiction("the parts are not numbered one after the other")
        if any(one.is_last for one in self.answers[:-1]):
            raise contradiction("an answer follows the last one")
        if self.state not in _states_after(self.answers):
            raise contradiction(f"{self.state} with {len(self.answers)} answers")
        return self


def _states_after(answers: tuple[Answer, ...]) -> set[OrderState]:
    """The states an order can be in with these answers given."""
    if not answers:
        return {OrderState.RECEIVED, OrderState.WORKING}
    last = answers[-1]
    if last.is_last:
        return {last.outcome}
    if last.outcome is OrderState.OBJECTED:
        return {OrderState.WORKING, OrderState.OBJECTED}
    return {OrderState.WORKING}
