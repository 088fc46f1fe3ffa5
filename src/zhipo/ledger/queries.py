"""Reading a case's book: balances, the trial balance, at any moment that has passed."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from zhipo.ledger.kinds import ASSETS, AccountKind
from zhipo.ledger.models import Account, Entry


@dataclass(frozen=True)
class Line:
    """One account of a trial balance, in fen; `balance_fen` grows on its own side."""

    code: str
    kind: AccountKind
    title: str
    debit_fen: int
    credit_fen: int

    @property
    def balance_fen(self) -> int:
        net = self.debit_fen - self.credit_fen
        return net if self.kind in ASSETS else -net


def trial_balance(book: str, *, at: datetime | None = None) -> list[Line]:
    """Every account with what was debited and credited until `at`; both sides are equal."""
    until = Q(entries__transaction__posted_at__lte=at) if at else Q()
    debit = Sum("entries__fen", filter=until & Q(entries__fen__gt=0), default=0)
    credit = Sum("entries__fen", filter=until & Q(entries__fen__lt=0), default=0)
    rows = Account.objects.filter(book=book).annotate(debit=debit, credit=credit)
    return [
        Line(row.code, AccountKind(row.kind), row.title, int(row.debit), -int(row.credit))
        for row in rows.order_by("kind", "code")
    ]


def balance_fen(book: str, code: str, *, at: datetime | None = None) -> int:
    """The balance of one account, on its own side. Raises Account.DoesNotExist."""
    account = Account.objects.get(book=book, code=code)
    entries = account.entries.all()
    if at:
        entries = entries.filter(transaction__posted_at__lte=at)
    net = int(entries.aggregate(net=Coalesce(Sum("fen"), 0))["net"])
    return net if AccountKind(account.kind) in ASSETS else -net


def entries_of(book: str, code: str) -> QuerySet[Entry]:
    """The entries of an account with their movements, oldest first."""
    return (
        Entry.objects.filter(account__book=book, account__code=code)
        .select_related("transaction")
        .order_by("transaction__posted_at", "pk")
    )
