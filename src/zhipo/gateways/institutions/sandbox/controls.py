"""What whoever runs the sandbox may do to an institution: /sandbox/clock, /sandbox/..."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from zhipo.gateways.institutions.moments import china_day
from zhipo.gateways.institutions.sandbox.acts import freeze_now, holding
from zhipo.gateways.institutions.sandbox.arrivals import Arrivals
from zhipo.gateways.institutions.sandbox.behaviour import Behaviour
from zhipo.gateways.institutions.sandbox.book import Book, opened
from zhipo.gateways.institutions.sandbox.plan import Movement
from zhipo.gateways.institutions.sandbox.working import catch_up
from zhipo.gateways.sandboxes import clock

Asked = TypeVar("Asked", bound=BaseModel)


class NotUnderstood(ValueError):
    """The sandbox has no such control, or not with these values."""


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClockSet(_Asked):
    """Where the clock is put: at an instant, or so many hours on."""

    now: AwareDatetime | None = None
    hours: int = 0


class BehaviourSet(Behaviour):
    """A behaviour for one order, or without `order_id` for the next that arrives."""

    order_id: UUID | None = None


class MoneyMoved(_Asked):
    """Money that comes in (fen above zero) or leaves, as far as it is not frozen."""

    reference: str
    fen: int
    counterparty: str = "消费者"
    memo: str = ""


@dataclass(frozen=True)
class Controls:
    """One institution's."""

    book: Path
    seed: int

    def do(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        """What /sandbox/ answers. Raises NotUnderstood."""
        acts = {
            ("GET", "/sandbox/book"): lambda: self.shown(),
            ("POST", "/sandbox/clock"): lambda: self.set_clock(_read(ClockSet, body)),
            ("POST", "/sandbox/behaviour"): lambda: self.set_behaviour(
                _read(BehaviourSet, body)
            ),
            ("POST", "/sandbox/movements"): lambda: self.move(_read(MoneyMoved, body)),
        }
        act = acts.get((method, path))
        if act is None:
            raise NotUnderstood(f"{method} {path}")
        return act()

    def set_clock(self, asked: ClockSet) -> dict[str, Any]:
        """Move the clock on; everything that falls due on the way is done."""
        with opened(self.book) as sql:
            to = (asked.now or clock.now(sql)) + timedelta(hours=asked.hours)
            try:
                clock.set_clock(sql, to)
            except clock.ClockGoesBack as error:
                raise NotUnderstood(f"the clock stands later than {error}") from error
            catch_up(sql, to=to, seed=self.seed)
        return {"now": to.isoformat()}

    def set_behaviour(self, asked: BehaviourSet) -> dict[str, Any]:
        behaviour = Behaviour(**asked.model_dump(exclude={"order_id"}))
        with opened(self.book) as sql:
            Arrivals(sql).set_behaviour(behaviour, order_id=asked.order_id)
        return asked.model_dump(mode="json")

    def move(self, asked: MoneyMoved) -> dict[str, Any]:
        with opened(self.book) as sql:
            at = clock.now(sql)
            catch_up(sql, to=at, seed=self.seed)
            book = Book(sql)
            thing = book.find(asked.reference)
            if thing is None or not thing.target.is_money:
                raise NotUnderstood(f"no account {asked.reference}")
            shown = holding(book, thing, day=china_day(at))
            assert shown.available is not None
            if shown.available.value + asked.fen < 0:
                raise NotUnderstood(f"only {shown.available.value} fen are available")
            content = asked.model_dump(exclude={"reference"})
            number = book.move(asked.reference, Movement(at=at, **content))
        return {"booking": f"{asked.reference}-{number}"}

    def shown(self) -> dict[str, Any]:
        """The whole book as it is now: for whoever checks that no freeze is lost."""
        with opened(self.book) as sql:
            at = clock.now(sql)
            catch_up(sql, to=at, seed=self.seed)
            book, day = Book(sql), china_day(at)
            holdings = [
                {
                    "holder": thing.holder.uscc,
                    **holding(book, thing, day=day).model_dump(mode="json"),
                }
                for thing in book.objects()
            ]
            return {
                "now": at.isoformat(),
                "holdings": holdings,
                "freezes": _freezes(book, at),
            }


def _freezes(book: Book, at: datetime) -> list[dict[str, Any]]:
    """Every freeze ever registered, as it is now."""
    rows = book.sql.execute("SELECT order_id FROM freeze ORDER BY position").fetchall()
    states = (freeze_now(book, UUID(row[0]), at=at) for row in rows)
    return [state.model_dump(mode="json") for state in states if state is not None]


def _read(kind: type[Asked], body: bytes) -> Asked:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise NotUnderstood(json.dumps([*first["loc"], first["msg"]])) from error
