"""What a channel allows, in fen: the planner reads them, the channel enforces its own.

Caps differ by merchant and change by contract: those here are defaults with their source,
an installation sets its own (`read_limits`).
"""

from datetime import datetime, time, timedelta

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from zhipo.gateways.institutions.moments import CHINA
from zhipo.gateways.payouts.outcomes import Reason
from zhipo.gateways.payouts.transfers import Transfer
from zhipo.kernel.money import MAX_FEN


class Window(BaseModel):
    """A time of day (+08:00) in which the channel takes nothing; may run over midnight."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: time
    until: time

    def covers(self, at: datetime) -> bool:
        moment = at.astimezone(CHINA).time()
        if self.since <= self.until:
            return self.since <= moment < self.until
        return moment >= self.since or moment < self.until


class Limits(BaseModel):
    """None: the channel sets no such limit, or it is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_fen: int = Field(default=1, ge=1)
    max_fen: int = Field(default=MAX_FEN, ge=1, le=MAX_FEN)
    day_fen: int | None = Field(default=None, ge=1)
    payee_day_fen: int | None = Field(default=None, ge=1)
    name_from_fen: int | None = Field(default=None, ge=0)
    confirm_within: timedelta | None = None
    per_second: int | None = Field(default=None, ge=1)
    windows: tuple[Window, ...] = ()

    def refusal(self, transfer: Transfer, *, at: datetime) -> Reason | None:
        """Why the channel would turn this transfer away at that instant, alone."""
        if transfer.fen < self.min_fen:
            return Reason.BELOW_MINIMUM
        if transfer.fen > self.max_fen:
            return Reason.ABOVE_MAXIMUM
        if self.needs_name(transfer.fen) and not transfer.payee.name:
            return Reason.NAME_MISSING
        if any(window.covers(at) for window in self.windows):
            return Reason.CLOSED_HOURS
        return None

    def needs_name(self, fen: int) -> bool:
        return self.name_from_fen is not None and fen >= self.name_from_fen


WECHAT = Limits(
    min_fen=10,
    max_fen=20_000_00,
    day_fen=100_000_00,
    payee_day_fen=20_000_00,
    name_from_fen=2_000_00,
    confirm_within=timedelta(hours=24),
    per_second=100,
)
"""商家转账: name from 2,000 yuan, 24 hours and 100 requests a second by its documentation;
minimum and caps as merchants report them for a new account, raisable."""

ALIPAY = Limits(min_fen=10, max_fen=50_000_00, payee_day_fen=50_000_00, name_from_fen=0)
"""单笔转账: minimum by its error list; the name is ours to ask: it is checked if given.
Caps are the contract's."""

BANK = Limits(name_from_fen=0)
"""批量代发: the name is part of every row."""

CASH_DESK = Limits(name_from_fen=0)
POSTAL = Limits(name_from_fen=0)


def read_limits(text: str, default: Limits) -> Limits:
    """The default with what a JSON object sets otherwise. Raises ValueError."""
    if not text.strip():
        return default
    given = TypeAdapter(dict[str, object]).validate_json(text)
    return Limits.model_validate({**default.model_dump(), **given})
