"""Writing to a case's book: balanced, once for a key, or not at all."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from zhipo.ledger.kinds import AccountKind
from zhipo.ledger.models import Account, Entry, Transaction


class Unbalanced(ValueError):
    """Debits and credits of a movement are not the same sum, or there is none."""


class KeyTaken(ValueError):
    """The key was used for another movement."""


@dataclass(frozen=True)
class Movement:
    """What is to be posted: `lines` maps account codes to fen, debits > 0, credits < 0."""

    key: str
    act: str
    lines: Mapping[str, int]
    value_on: date
    reference: str = ""
    note: str = ""

    @property
    def sha256(self) -> str:
        """The hash of what is asked, by which a retry is known."""
        told = [
            self.act,
            sorted(self.lines.items()),
            self.value_on.isoformat(),
            self.reference,
        ]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def open_account(
    book: str,
    code: str,
    kind: AccountKind,
    *,
    title: str,
    earmark: Mapping[str, Any] | None = None,
    basis: str = "",
) -> Account:
    """The account of that code, made if it is not there."""
    account, _ = Account.objects.get_or_create(
        book=book,
        code=code,
        defaults={
            "kind": kind,
            "title": title,
            "earmark": dict(earmark or {}),
            "basis": basis,
        },
    )
    return account


def post(book: str, movement: Movement, *, by: Any) -> Transaction:
    """Post one movement. Again with the same key: what was posted then."""
    return post_all(book, [movement], by=by)[0]


@transaction.atomic
def post_all(book: str, movements: Sequence[Movement], *, by: Any) -> list[Transaction]:
    """Post many movements as one act, all or none, in their order.

    Raises Unbalanced, KeyTaken; KeyError for an account that the book does not have.
    """
    for movement in movements:
        _check(movement)
    accounts = _accounts(book, {code for one in movements for code in one.lines})
    known = _known(book, [one.key for one in movements])
    new = [one for one in movements if one.key not in known]
    rows = _written(book, new, by)
    Entry.objects.bulk_create(
        Entry(transaction=rows[one.key], account_id=accounts[code], fen=fen)
        for one in new
        for code, fen in one.lines.items()
    )
    found = {**known, **rows}
    for movement in movements:
        if found[movement.key].input_sha256 != movement.sha256:
            raise KeyTaken(movement.key)
    return [found[movement.key] for movement in movements]


def _check(movement: Movement) -> None:
    if not movement.lines or sum(movement.lines.values()) != 0:
        raise Unbalanced(movement.key)
    if 0 in movement.lines.values():
        raise Unbalanced(f"{movement.key}: a line of nothing")


def _accounts(book: str, codes: Iterable[str]) -> dict[str, int]:
    wanted = set(codes)
    rows = Account.objects.filter(book=book, code__in=wanted).values_list("code", "pk")
    found = dict(rows)
    for code in sorted(wanted - found.keys()):
        raise KeyError(code)
    return found


def _known(book: str, keys: Sequence[str]) -> dict[str, Transaction]:
    """What stands under these keys; who posts the same keys waits for this one's end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [book])
    rows = Transaction.objects.filter(book=book, key__in=keys)
    return {row.key: row for row in rows}


def _written(book: str, new: Sequence[Movement], by: Any) -> dict[str, Transaction]:
    now = timezone.now()
    rows = {
        one.key: Transaction(
            book=book,
            key=one.key,
            input_sha256=one.sha256,
            act=one.act,
            value_on=one.value_on,
            reference=one.reference,
            note=one.note,
            posted_by=by,
            posted_at=now,
        )
        for one in new
    }
    Transaction.objects.bulk_create(rows.values())
    return rows
