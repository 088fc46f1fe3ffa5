"""The channel's outgoing post: callbacks, tried again until they are taken."""

import threading
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from zhipo.gateways.payouts.sandbox.behaviour import Manner
from zhipo.gateways.payouts.sandbox.book import Book, Books, Entry
from zhipo.gateways.payouts.sandbox.spoken import Reply, Request
from zhipo.gateways.payouts.sandbox.teller import Teller

TRIES = 10
AT_ONCE = 200
LOOK_SECONDS = 0.2
SECONDS = 5.0


class Front(Protocol):
    """A channel's side of its protocol."""

    @property
    def books(self) -> Books: ...

    @property
    def teller(self) -> Teller: ...

    def answer(self, request: Request) -> Reply: ...

    def callback(self, entry: Entry, manner: Manner) -> tuple[dict[str, str], bytes]: ...


@dataclass
class Poster:
    """One channel's; `http` is its own."""

    front: Front
    http: httpx.Client = field(
        default_factory=lambda: httpx.Client(timeout=SECONDS, trust_env=False)
    )
    bell: threading.Event = field(default_factory=threading.Event)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True).start()

    def once(self) -> int:
        """Work off what is due and post what is open; how many were posted."""
        with self.turn:
            with self.front.books.opened() as book:
                self.front.teller.work_off(book)
                waiting = _open(book)
            for position, entry, manner in waiting:
                is_taken = self._post(entry, manner)
                with self.front.books.opened() as book:
                    _mark(book, position, is_taken=is_taken)
            return len(waiting)

    def _run(self) -> None:
        while True:
            self.bell.wait(LOOK_SECONDS)
            self.bell.clear()
            self.once()

    def _post(self, entry: Entry, manner: Manner) -> bool:
        headers, body = self.front.callback(entry, manner)
        try:
            response = self.http.post(entry.callback_to, content=body, headers=headers)
        except httpx.HTTPError:
            return False
        return response.is_success


def _open(book: Book) -> list[tuple[int, Entry, Manner]]:
    rows = book.sql.execute(
        "SELECT position, reference, manner FROM callback WHERE is_done = 0 "
        "ORDER BY tried, position LIMIT ?",
        (AT_ONCE,),
    ).fetchall()
    found = ((position, book.find(ref), Manner(manner)) for position, ref, manner in rows)
    return [(position, entry, manner) for position, entry, manner in found if entry]


def _mark(book: Book, position: int, *, is_taken: bool) -> None:
    """A callback that was not taken is tried again, a few times."""
    book.sql.execute(
        "UPDATE callback SET tried = tried + 1, is_done = (? OR tried + 1 >= ?) "
        "WHERE position = ?",
        (is_taken, TRIES, position),
    )
