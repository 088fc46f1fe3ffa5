"""The movements of a case's book, found by what people know of one."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from zhipo.cases.models import Case
from zhipo.kernel.money import MoneyError, parse_yuan
from zhipo.ledger.kinds import ASSETS
from zhipo.ledger.models import Account, Entry, Transaction


def movements_of(
    case: Case, *, text: str = "", account: str = "", since: date | None = None,
    until: date | None = None,
) -> QuerySet[Transaction]:  # fmt: skip
    """The movements, the newest first, with `fen` (moved) and `net_fen` (in or out).

    `text` is a reference, a part of a note, or a sum in yuan; `account` the code of one
    that takes part; the days are those on which the money moved, both included.
    """
    found = Transaction.objects.filter(book=case.number)
    if text:
        found = found.filter(_meaning(text))
    if account:
        taking_part = Entry.objects.filter(
            transaction=OuterRef("pk"), account__code=account
        )
        found = found.filter(Exists(taking_part))
    if since:
        found = found.filter(value_on__gte=since)
    if until:
        found = found.filter(value_on__lte=until)
    moved, into = Q(fen__gt=0), Q(account__kind__in=ASSETS)
    return (
        found.annotate(fen=_sum(moved), net_fen=_sum(into))
        .select_related("posted_by")
        .prefetch_related("entries__account")
        .order_by("-posted_at", "-pk")
    )


def accounts_in(case: Case) -> Iterable[Account]:
    """The book's accounts, by code."""
    return Account.objects.filter(book=case.number).order_by("code")


def _meaning(text: str) -> Q:
    wanted = Q(reference__icontains=text) | Q(note__icontains=text) | Q(key=text)
    try:
        fen = parse_yuan(text)
    except MoneyError:
        return wanted
    moved = Entry.objects.filter(transaction=OuterRef("pk"), fen__in=[fen, -fen])
    return wanted | Q(Exists(moved))


def _sum(which: Q) -> Coalesce:
    """The entries of one movement, summed for its row alone: a page has few rows."""
    entries = Entry.objects.filter(which, transaction=OuterRef("pk")).order_by()
    summed = entries.values("transaction").annotate(sum=Sum("fen")).values("sum")
    return Coalesce(Subquery(summed), Value(0))
