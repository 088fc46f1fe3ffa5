"""What whoever runs a sandbox may do to it, under /sandbox/: clock, behaviour, book..."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from zhipo.gateways.payouts.sandbox.behaviour import Behaviour
from zhipo.gateways.payouts.sandbox.book import Book, Books, Entry
from zhipo.gateways.payouts.sandbox.spoken import Reply, Request
from zhipo.gateways.payouts.sandbox.teller import Teller, TurnedAway
from zhipo.gateways.sandboxes import clock

PREFIX = "/sandbox/"
JSON = {"content-type": "application/json"}
Model = TypeVar("Model", bound=BaseModel)


class NotUnderstood(ValueError):
    """The sandbox has no such control, or not with these values."""


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClockSet(_Asked):
    """Where the clock is put: at an instant, or so many hours on."""

    now: AwareDatetime | None = None
    hours: float = 0


class BehaviourSet(Behaviour):
    """A behaviour for one transfer or batch, or without `reference` for the next."""

    reference: str | None = None


class Confirmed(_Asked):
    """The payee takes a transfer, found by its package or its reference."""

    package: str = ""
    reference: str = ""


class FundsAdded(_Asked):
    """Money that the payer puts into the account, or takes out of it."""

    fen: int


@dataclass(frozen=True)
class Controls:
    """One channel's; not signed: it listens on loopback alone."""

    books: Books
    teller: Teller

    def answer(self, request: Request) -> Reply:
        name = request.path.removeprefix(PREFIX)
        try:
            content = self.do(request.method, name, request.body)
        except NotUnderstood as error:
            detail = json.dumps({"detail": str(error)}, ensure_ascii=False)
            return Reply(422, JSON, detail.encode("utf-8"))
        return Reply(200, JSON, json.dumps(content, ensure_ascii=False).encode("utf-8"))

    def do(self, method: str, name: str, body: bytes) -> dict[str, Any]:
        """One control, whole or not at all. Raises NotUnderstood."""
        with self.books.opened() as book:
            self.teller.work_off(book)
            match method, name:
                case "GET", "book":
                    return _book(book)
                case "POST", "clock":
                    return self._set_clock(book, _read(ClockSet, body))
                case "POST", "behaviour":
                    return _set_behaviour(book, _read(BehaviourSet, body))
                case "POST", "confirm":
                    return self._confirm(book, _read(Confirmed, body))
                case "POST", "funds":
                    book.add_funds(_read(FundsAdded, body).fen)
                    return {"funds_fen": book.funds_fen()}
        raise NotUnderstood(f"{method} {name}")

    def _set_clock(self, book: Book, asked: ClockSet) -> dict[str, Any]:
        to = (asked.now or book.now()) + timedelta(hours=asked.hours)
        try:
            clock.set_clock(book.sql, to)
        except clock.ClockGoesBack as error:
            raise NotUnderstood(f"the clock does not go back: {error}") from error
        self.teller.work_off(book)
        return {"now": book.now().isoformat()}

    def _confirm(self, book: Book, asked: Confirmed) -> dict[str, Any]:
        entry = _find(book, asked)
        if entry is None:
            raise NotUnderstood("no such transfer")
        try:
            return {"state": self.teller.confirm(book, entry).state}
        except TurnedAway as error:
            raise NotUnderstood("not to be confirmed, or not any more") from error


def _find(book: Book, asked: Confirmed) -> Entry | None:
    if asked.reference:
        return book.find(asked.reference)
    row = book.sql.execute(
        "SELECT reference FROM transfer WHERE package = ?", (asked.package,)
    ).fetchone()
    return None if row is None else book.find(row[0])


def _set_behaviour(book: Book, asked: BehaviourSet) -> dict[str, Any]:
    behaviour = Behaviour(**asked.model_dump(exclude={"reference"}))
    if asked.reference is not None:
        book.set_behaviour(behaviour, asked.reference)
    else:
        book.sql.execute(
            "INSERT INTO next_behaviour (content) VALUES (?)",
            (behaviour.model_dump_json(),),
        )
    return behaviour.model_dump(mode="json")


def _book(book: Book) -> dict[str, Any]:
    """All that was taken, and what was really paid."""
    paid = book.sql.execute("SELECT reference, fen, payee, at FROM movement ORDER BY id")
    taken = "SELECT reference, number, fen, state, cause FROM transfer ORDER BY rowid"
    return {
        "now": book.now().isoformat(),
        "funds_fen": book.funds_fen(),
        "paid": [_named(paid.description, row) for row in paid],
        "transfers": [
            _named(rows.description, row)
            for rows in [book.sql.execute(taken)]
            for row in rows
        ],
    }


def _named(description: Any, row: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: value for column, value in zip(description, row, strict=True)}


def _read(model: type[Model], body: bytes) -> Model:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise NotUnderstood(str(error)) from error
