"""A case's book: accounts, transactions that balance, entries that never change.

The database refuses a change of what is written (trigger `ledger_refuse`) and, at commit, a
transaction whose entries do not sum to nothing (deferred trigger `ledger_balanced`).
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from zhipo.accounts.models import User
from zhipo.ledger.kinds import AccountKind


class Account(models.Model):
    """One account of a book; `book` is the case's number, `code` its name in the book.

    A pool carries its earmark and the ground of it.
    """

    book = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=[(one, one) for one in AccountKind])
    title = models.CharField(max_length=120)
    earmark = models.JSONField(default=dict)
    basis = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "code"], name="ledger_account_once")
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.code}"


class Transaction(models.Model):
    """One movement: the act that made it, once for its key, whatever is retried.

    `input_sha256` is of what was asked: the same key with another content is refused.
    `value_on` is the day on which the money moved; `reference` what the bank calls it.
    """

    book = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    input_sha256 = models.CharField(max_length=64)
    act = models.CharField(max_length=60)
    value_on = models.DateField()
    reference = models.CharField(max_length=120, blank=True, default="", db_index=True)
    note = models.CharField(max_length=300, blank=True, default="")
    posted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    posted_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "key"], name="ledger_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.key}"


class Entry(models.Model):
    """One side of a movement: fen > 0 debits the account, fen < 0 credits it."""

    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, models.PROTECT, related_name="entries")
    fen = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(fen=0), name="ledger_entry_moves"),
            models.UniqueConstraint(
                fields=["transaction", "account"], name="ledger_account_once_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.fen}"
