"""A request that reaches a sandbox, and what goes back."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from zhipo.gateways.payouts.sandbox.behaviour import (
    AT_THE_DOOR,
    ON_THE_WAY_OUT,
    Manner,
)
from zhipo.gateways.payouts.sandbox.book import Book
from zhipo.gateways.payouts.sandbox.teller import Teller


@dataclass(frozen=True)
class Request:
    """`target` is path and query as they were sent; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query))


@dataclass(frozen=True)
class Reply:
    """`wait` holds the answer back; with `after_callbacks` the post goes out first."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    wait: bool = False
    after_callbacks: bool = False


class Dropped(Exception):
    """The connection is closed without an answer."""


def door_fault(teller: Teller, book: Book, reference: str) -> Manner | None:
    """The fault that turns this request away before it is looked at, if one shows."""
    behaviour = teller.behaviour(book, reference)
    is_one = behaviour.manner in AT_THE_DOOR and book.shows(reference, behaviour)
    return behaviour.manner if is_one else None


def exit_fault(
    teller: Teller, book: Book, reference: str, *, has_sum: bool
) -> Manner | None:
    """The fault that befalls this answer, if one shows; only a sum told can be wrong."""
    behaviour = teller.behaviour(book, reference)
    if behaviour.manner not in ON_THE_WAY_OUT:
        return None
    if behaviour.manner is Manner.OTHER_SUM and not has_sum:
        return None
    return behaviour.manner if book.shows(reference, behaviour) else None


class Meter:
    """Requests in the present second; a channel takes so many and no more."""

    def __init__(self, per_second: int | None) -> None:
        self.per_second = per_second
        self.second, self.count = 0, 0

    def is_over(self) -> bool:
        """Count a request; whether it is one too many. Near enough between threads."""
        second = int(time.monotonic())
        self.count = self.count + 1 if second == self.second else 1
        self.second = second
        return self.per_second is not None and self.count > self.per_second
