"""The bank's desk: a payment file is handed in, a return file fetched.

It stands for the page of an online bank on which two people hand files in. There is no
signature: who may reach it is the bank's own sign-in, which nobody can rehearse here.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from zhipo.gateways.institutions.moments import CHINA
from zhipo.gateways.payouts.bank.layout import (
    PAYMENT_HEAD,
    RETURN_HEAD,
    TIME,
    TOTAL,
    Result,
)
from zhipo.gateways.payouts.bank.tables import NotATable, read_table
from zhipo.gateways.payouts.outcomes import Reason
from zhipo.gateways.payouts.sandbox.behaviour import Manner
from zhipo.gateways.payouts.sandbox.book import OPEN, Book, Books, Entry, State
from zhipo.gateways.payouts.sandbox.spoken import Reply, Request
from zhipo.gateways.payouts.sandbox.teller import Asked, Teller, TurnedAway
from zhipo.kernel.money import MoneyError, parse_yuan, plain_yuan

WORDS = {
    Manner.WRONG_NAME: "户名不符",
    Manner.ACCOUNT_CLOSED: "账户已销户",
    Reason.NO_MONEY: "付款账户余额不足",
    Reason.PAYEE_CAP: "超过收款限额",
    Reason.MERCHANT_CAP: "超过付款限额",
    Reason.NAME_MISSING: "户名为空",
    Reason.OTHER_TRANSFER: "指令编号重复",
}
JSON = {"content-type": "application/json"}
CSV = {"content-type": "text/csv; charset=utf-8"}


class NotTaken(ValueError):
    """The whole file is refused."""


@dataclass(frozen=True)
class BankFront:
    """Who paid is not asked: the desk is on loopback."""

    books: Books
    teller: Teller

    def answer(self, request: Request) -> Reply:
        """POST /files/NUMBER hands in, GET /files/NUMBER/return fetches."""
        number, _, last = request.path.removeprefix("/files/").partition("/")
        with self.books.opened() as book:
            self.teller.work_off(book)
            if request.method == "POST" and not last:
                return self._take(book, number, request.body)
            if request.method == "GET" and last == "return":
                return self._give(book, number)
        return Reply(404, JSON, b'{"detail": "no such page"}')

    def callback(self, entry: Entry, manner: Manner) -> tuple[dict[str, str], bytes]:
        raise AssertionError("a bank posts nothing")

    def _take(self, book: Book, number: str, content: bytes) -> Reply:
        """All rows of a file, once: the same file again changes nothing."""
        digest = hashlib.sha256(content).hexdigest()
        known = book.batch(number)
        if known is not None:
            status = 200 if known[0] == digest else 409
            return Reply(status, JSON, json.dumps({"sha256": known[0]}).encode())
        try:
            rows = list(_rows(number, content))
        except (NotTaken, NotATable) as error:
            return Reply(422, JSON, json.dumps({"detail": str(error)}).encode())
        book.arrive(number)
        behaviour = self.teller.behaviour(book, number)
        is_late = behaviour.manner is Manner.RETURN_LATE
        hours = behaviour.hours if is_late else 0
        book.add_batch(number, sha256=digest, ready_at=book.now() + timedelta(hours=hours))
        for asked in rows:
            self._take_row(book, asked)
        return Reply(200, JSON, json.dumps({"sha256": digest, "rows": len(rows)}).encode())

    def _take_row(self, book: Book, asked: Asked) -> None:
        """A reference that another batch had already stands in that one alone."""
        try:
            self.teller.take(book, asked, self.teller.behaviour(book, asked.reference))
        except TurnedAway as error:
            if book.find(asked.reference) is None:
                self.teller.enter_failed(book, asked, error.reason)

    def _give(self, book: Book, number: str) -> Reply:
        known = book.batch(number)
        if known is None or known[1] > book.now():
            return Reply(404, JSON, b'{"detail": "not there"}')
        lines: list[tuple[str, ...]] = []
        for entry in book.entries(batch=number):
            lines += self._lines(book, entry)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(RETURN_HEAD)
        writer.writerows((str(at), *line) for at, line in enumerate(lines, start=1))
        total = plain_yuan(sum(parse_yuan(line[3]) for line in lines))
        writer.writerow((TOTAL, number, str(len(lines)), "", total, "", "", "", ""))
        return Reply(200, CSV, text.getvalue().encode("utf-8-sig"))

    def _lines(self, book: Book, entry: Entry) -> list[tuple[str, ...]]:
        """The rows of a transfer: one, unless this desk makes a mess of it."""
        behaviour = self.teller.behaviour(book, entry.reference)
        manner = behaviour.manner
        is_shown = manner in MESSES and book.shows(entry.reference, behaviour)
        if not is_shown:
            return [_line(entry)]
        if manner is Manner.ROW_CHANGED:
            return [_line(entry, off_fen=1)]
        return [] if manner is Manner.ROW_MISSING else [_line(entry)] * 2


MESSES = (Manner.ROW_MISSING, Manner.ROW_DOUBLED, Manner.ROW_CHANGED)


def _rows(number: str, content: bytes) -> Iterator[Asked]:
    """What a payment file asks for. Raises NotTaken where it does not add up."""
    lines = [line for line in read_table(content) if any(line)]
    if len(lines) < 3 or tuple(lines[0]) != PAYMENT_HEAD:
        raise NotTaken("another head, or no rows")
    *rows, total = (dict(zip(PAYMENT_HEAD, line, strict=True)) for line in lines[1:])
    try:
        sums = [parse_yuan(row["金额（元）"]) for row in rows]
        is_whole = parse_yuan(total["金额（元）"]) == sum(sums)
    except MoneyError as error:
        raise NotTaken("a sum is none") from error
    if not is_whole or (total["序号"], total["指令编号"]) != (TOTAL, number):
        raise NotTaken("the total does not agree")
    for row, fen in zip(rows, sums, strict=True):
        yield Asked(
            reference=row["指令编号"],
            fen=fen,
            payee=row["收款账号"],
            payee_name=row["收款户名"],
            remark=row["用途"],
            callback_to="",
            batch=number,
        )


def _line(entry: Entry, *, off_fen: int = 0) -> tuple[str, ...]:
    result, number, at = Result.PENDING, "", ""
    if entry.state is State.DONE:
        result, number = Result.PAID, entry.number
    elif entry.state not in OPEN:
        result = Result.FAILED
    if result is not Result.PENDING:
        at = entry.updated_at.astimezone(CHINA).strftime(TIME)
    cause = _words(entry.cause) if entry.cause else ""
    yuan = plain_yuan(entry.fen + off_fen)
    payee = (entry.payee, entry.payee_name)
    return (entry.reference, *payee, yuan, result, cause, number, at)


def _words(cause: str) -> str:
    found = (text for key, text in WORDS.items() if key == cause)
    return next(found, "不予受理")
