"""What each freeze on one object holds: by order of registration, from what is there.

The state is computed for a day, never stored: a freeze that ends lets the next one in by
itself (《查封扣押冻结规定》第二十六条), and the sum frozen cannot exceed the balance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from zhipo.gateways.institutions.amounts import amount
from zhipo.gateways.institutions.answers import FreezeState, StandingFreeze
from zhipo.gateways.institutions.messages import FreezeStatus, Target
from zhipo.law.enforcement.freezes import takes_effect


@dataclass(frozen=True)
class Freeze:
    """A freeze as registered; `limit_fen` is None for a thing."""

    order_id: UUID
    court: str
    court_name: str
    case_number: str
    limit_fen: int | None
    until: date
    is_lifted: bool

    def stands_on(self, day: date) -> bool:
        return not self.is_lifted and day <= self.until


@dataclass(frozen=True)
class Frozen:
    """An object with every freeze ever registered on it, in order, on a given day."""

    target: Target
    balance_fen: int
    freezes: Sequence[Freeze]
    day: date

    @property
    def standing(self) -> list[Freeze]:
        return [one for one in self.freezes if one.stands_on(self.day)]

    def held_fen(self) -> dict[UUID, int]:
        """What each standing freeze holds: its limit, as far as is left for it."""
        left = self.balance_fen
        held = {}
        for one in self.standing:
            held[one.order_id] = min(left, one.limit_fen or 0)
            left -= held[one.order_id]
        assert left >= 0
        return held

    def state_of(self, freeze: Freeze) -> FreezeState:
        """A freeze as the institution reports it."""
        standing = [one.order_id for one in self.standing]
        rank = standing.index(freeze.order_id) + 1 if freeze.order_id in standing else 0
        held = self.held_fen().get(freeze.order_id, 0)
        limit = freeze.limit_fen
        return FreezeState(
            freeze_order=freeze.order_id,
            target=self.target,
            status=self._status(freeze, held),
            limit=None if limit is None else amount(limit),
            frozen=None if limit is None else amount(held),
            rank=rank,
            until=freeze.until,
        )

    def reported(self) -> tuple[StandingFreeze, ...]:
        """The standing freezes as every court may see them."""
        return tuple(
            StandingFreeze(
                rank=rank,
                court_name=one.court_name,
                case_number=one.case_number,
                limit=None if one.limit_fen is None else amount(one.limit_fen),
                frozen=None
                if one.limit_fen is None
                else amount(self.held_fen()[one.order_id]),
                until=one.until,
            )
            for rank, one in enumerate(self.standing, start=1)
        )

    def _status(self, freeze: Freeze, held_fen: int) -> FreezeStatus:
        if freeze.is_lifted:
            return FreezeStatus.LIFTED
        if not freeze.stands_on(self.day):
            return FreezeStatus.LAPSED
        if freeze.limit_fen is None:
            is_first = self._first_thing_freeze() == str(freeze.order_id)
            return FreezeStatus.IN_FORCE if is_first else FreezeStatus.WAITING
        if held_fen == 0:
            return FreezeStatus.WAITING
        is_whole = held_fen == freeze.limit_fen
        return FreezeStatus.IN_FORCE if is_whole else FreezeStatus.PARTLY_IN_FORCE

    def _first_thing_freeze(self) -> str | None:
        """A thing is held by one freeze at a time: the first that has not ended."""
        standing = {one.order_id for one in self.standing}
        ended = (one for one in self.freezes if one.order_id not in standing)
        return takes_effect(
            waiting=tuple(str(one.order_id) for one in self.freezes),
            lifted=frozenset(str(one.order_id) for one in ended),
        )
