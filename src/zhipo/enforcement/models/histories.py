"""Transaction histories: sealed files, with what a list says of them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from zhipo.enforcement.models.debtors import Debtor
from zhipo.enforcement.models.inquiries import InquiryOrder
from zhipo.enforcement.models.properties import Property


class TransactionHistory(models.Model):
    """The movements of one account over the days asked for, kept as a sealed Parquet file.

    `path` is below ENVIRONMENT.files; the columns are those of `enforcement.histories`.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="histories")
    target = models.ForeignKey(Property, models.PROTECT, related_name="histories")
    order = models.OneToOneField(InquiryOrder, models.PROTECT, related_name="history")
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    first_on = models.DateField()
    last_on = models.DateField()
    opening_fen = models.BigIntegerField()
    closing_fen = models.BigIntegerField()
    as_of = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_on__gte=models.F("first_on")), name="history_days"
            )
        ]

    def __str__(self) -> str:
        return f"history {self.pk}"
