"""Taking in a platform's order book: sealed as handed in, its buyers counted."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.claims.actions.receiving import BOOKS, Handed, Incoming, received
from zhipo.enforcement.models import Debtor, OrderBook
from zhipo.enforcement.policies.memos import BadOrders, check_can_state
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.engine.buyers import Buyers, count_buyers
from zhipo.kernel.faults import Refused


@dataclass(frozen=True)
class HandedIn:
    """One file of orders and whose export it is."""

    file: Incoming
    source: str


class _SentTwice(Exception):
    """The same bytes came again: the files of the second go."""

    def __init__(self, book: OrderBook) -> None:
        self.book = book
        super().__init__()


def add_order_book(
    *, debtor_id: int, handed: HandedIn, now: datetime | None = None, by: Any
) -> OrderBook:
    """Seal an order book and count its buyers; the same file again is the same book.

    Raises NotAllowed, NotInState, BookRefused (not a file of orders at all), BadOrders
    (its rows do not hold); then no file stays.
    """
    debtor = Debtor.objects.get(pk=debtor_id)
    check_can_state(debtor, by)
    below = Path(settings.ENVIRONMENT.files) / f"debtor-{debtor.pk}" / "orders"
    try:
        with received(Handed([handed.file]), below=below) as (folder, entries):
            path = folder / BOOKS / entries[0]["file"]
            counted = _counted(path)
            book = OrderBook(
                source=handed.source.strip(),
                name=entries[0]["name"],
                path=str(path.relative_to(settings.ENVIRONMENT.files)),
                sha256=entries[0]["sha256"],
                **counted,
            )
            return _enter(debtor_id, book, now or timezone.now(), by)
    except _SentTwice as twice:
        return twice.book


@transaction.atomic
def _enter(debtor_id: int, book: OrderBook, now: datetime, by: Any) -> OrderBook:
    debtor = Debtor.objects.select_for_update(no_key=True).get(pk=debtor_id)
    check_can_state(debtor, by)
    known = debtor.order_books.filter(sha256=book.sha256).first()
    if known is not None:
        raise _SentTwice(known)

    book.debtor, book.added_by, book.added_at = debtor, by, now
    book.save()

    record(Event.ORDER_BOOK_ADDED, of=book, by=by, chain=chain_of(debtor), rows=book.rows,
           buyers=book.buyers, active=book.active_buyers, repeat=book.repeat_buyers,
           sha256=book.sha256)  # fmt: skip
    return book


def _counted(path: Path) -> dict[str, Any]:
    work = Path(tempfile.mkdtemp(prefix="orders-"))
    try:
        found: Buyers = count_buyers(path, work=work)
    except Refused as refused:
        first = refused.faults[0]
        raise BadOrders(
            "enforcement.orders.refused", count=len(refused.faults), row=first.row,
            column=first.column, message=first.message,
        ) from refused  # fmt: skip
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return {
        "rows": found.rows,
        "first_on": found.first_on,
        "last_on": found.last_on,
        "buyers": found.buyers,
        "active_buyers": found.active,
        "repeat_buyers": found.repeat,
    }
