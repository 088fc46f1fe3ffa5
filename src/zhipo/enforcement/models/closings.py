"""Enforcement that was ended for now (终本), and the queries that go on for five years."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from zhipo.accounts.models import User
from zhipo.enforcement.models.debtors import EnforcementCase
from zhipo.privacy.columns import EncryptedTextField


class ClosingForNow(models.Model):
    """One ending for now: what was found to hold, who agreed, when it was taken up again.

    《民事诉讼法解释》第五百一十七条: signed by the applicant, or examined by the panel and
    approved by the president.
    """

    case = models.ForeignKey(EnforcementCase, models.PROTECT, related_name="closings")
    closed_on = models.DateField()
    restricted_on = models.DateField()
    investigated = EncryptedTextField()
    searched = EncryptedTextField()
    is_signed_by_applicant = models.BooleanField()
    approval = models.CharField(max_length=200, blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    resumed_on = models.DateField(null=True)
    resumed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    resumed_for = EncryptedTextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(resumed_on=None), name="closed_for_now_once"
            ),
            models.CheckConstraint(
                condition=Q(is_signed_by_applicant=True) | ~Q(approval=""),
                name="closing_signed_or_approved",
            ),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True, resumed_by__isnull=True)
                | Q(resumed_on__isnull=False, resumed_by__isnull=False),
                name="closing_resumed_by",
            ),
        ]

    def __str__(self) -> str:
        return f"closing {self.pk}"


class Requery(models.Model):
    """One of the six-monthly queries after a closing for now."""

    closing = models.ForeignKey(ClosingForNow, models.CASCADE, related_name="requeries")
    due_on = models.DateField(db_index=True)
    done_on = models.DateField(null=True)
    result = models.CharField(max_length=300, blank=True, default="")
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["closing", "due_on"], name="requery_once"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_by__isnull=True)
                | Q(done_on__isnull=False, done_by__isnull=False),
                name="requery_done_by",
            ),
        ]

    def __str__(self) -> str:
        return f"requery {self.due_on}"
