"""What a bankruptcy took over from enforcement: property, evidence, the count of it all."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from zhipo.accounts.models import User
from zhipo.cases.models import Case
from zhipo.enforcement.models.histories import TransactionHistory
from zhipo.enforcement.models.origins import OfOrigin, one_origin
from zhipo.enforcement.models.petitions import Petition
from zhipo.enforcement.models.properties import Property
from zhipo.enforcement.models.referrals import Referral
from zhipo.enforcement.states import Belonging


class TakeOver(OfOrigin):
    """A debtor's enforcement went over into a bankruptcy case; once for each origin."""

    referral = models.OneToOneField(
        Referral, models.PROTECT, null=True, related_name="take_over"
    )
    petition = models.OneToOneField(
        Petition, models.PROTECT, null=True, related_name="take_over"
    )
    case = models.OneToOneField(Case, models.PROTECT, related_name="take_over")
    counts = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [one_origin("take_over_of_one_origin")]

    def __str__(self) -> str:
        return f"take-over {self.case_id}"


class Asset(models.Model):
    """One property as the administrator has it: whether it is estate, by which rule.

    What was found, frozen and checked stays with the property itself. `rule` names the
    rule of law that was asked; `handed_over_on` is the day on which the administrator has
    had it in hand.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="assets")
    target = models.ForeignKey(Property, models.PROTECT, related_name="assets")
    belongs = models.CharField(max_length=20, choices=[(one, one) for one in Belonging])
    rule = models.CharField(max_length=60)
    value_fen = models.BigIntegerField(null=True)
    handed_over_on = models.DateField(null=True)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "target"], name="asset_once"),
            models.CheckConstraint(
                condition=Q(handed_over_on=None, taken_by=None, taken_at=None)
                | Q(
                    handed_over_on__isnull=False,
                    taken_by__isnull=False,
                    taken_at__isnull=False,
                ),
                name="asset_taken_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"asset {self.pk}"


class Exhibit(models.Model):
    """A transaction history as evidence of the case, under the digest of its seal."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="exhibits")
    history = models.ForeignKey(TransactionHistory, models.PROTECT, related_name="exhibits")
    sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "history"], name="exhibit_once")
        ]

    def __str__(self) -> str:
        return f"exhibit {self.pk}"
