"""A case's book as its people read it: balances on a day, receipts, bills."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet, Sum
from django.utils import timezone

from zhipo.cases.models import Case
from zhipo.distributions.acts import MONEY_IN, TAKEN_BACK
from zhipo.distributions.models import Bill
from zhipo.ledger.kinds import ASSETS, AccountKind
from zhipo.ledger.models import Account, Entry, Transaction
from zhipo.ledger.queries import Line, trial_balance
from zhipo.ledger.reconciling import Moved


def balance_on(case: Case, day: date | None) -> list[Line]:
    """The trial balance as it stood when that day ended (+08:00); now without a day."""
    return trial_balance(case.number, at=_end_of(day) if day else None)


def sides(lines: Sequence[Line]) -> tuple[int, int]:
    """All debits and all credits in fen: the same, or the book is broken."""
    return sum(one.debit_fen for one in lines), sum(one.credit_fen for one in lines)


def pools_of(case: Case) -> list[tuple[Account, int]]:
    """Each pool with what is in it, in fen, by code."""
    balances = {line.code: line.balance_fen for line in trial_balance(case.number)}
    pools = Account.objects.filter(book=case.number, kind=AccountKind.POOL)
    return [(pool, balances[pool.code]) for pool in pools.order_by("code")]


def receipts_of(case: Case) -> QuerySet[Transaction]:
    """What was entered and taken back, the newest first, with its sum `fen`."""
    return (
        Transaction.objects.filter(book=case.number, act__in=[MONEY_IN, TAKEN_BACK])
        .filter(entries__account__kind__in=ASSETS)
        .annotate(fen=Sum("entries__fen"))
        .select_related("posted_by")
        .order_by("-posted_at", "-pk")
    )


def moved_on_account(case: Case, code: str, *, since: date, until: date) -> list[Moved]:
    """The account's lines whose money moved between two days, both included."""
    entries = Entry.objects.filter(
        account__book=case.number,
        account__code=code,
        transaction__value_on__range=(since, until),
    )
    rows = entries.order_by("transaction__value_on", "pk").values_list(
        "transaction__reference", "fen", "transaction__value_on"
    )
    return [Moved(reference, fen, on) for reference, fen, on in rows]


def bills_of(case: Case) -> QuerySet[Bill]:
    """The bills that were read, the newest first."""
    return Bill.objects.filter(case=case).select_related("read_by").order_by("-read_at")


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - (
        timedelta(microseconds=1)
    )
