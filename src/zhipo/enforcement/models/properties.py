"""What was found: property, the freezes on it, whose it is, what protects it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from zhipo.accounts.models import User
from zhipo.enforcement.models.debtors import Debtor, EnforcementCase
from zhipo.enforcement.models.inquiries import InquiryOrder, Institution
from zhipo.enforcement.states import FreezeState, PropertyKind, Title
from zhipo.law.enforcement.freezes import Kind, Measure
from zhipo.law.enforcement.measures import Exempt
from zhipo.privacy.columns import EncryptedTextField


class Property(models.Model):
    """One account or thing of a debtor's (财产), in fen where it has a sum.

    `reference` is what the institution calls it; `label` what people read, masked;
    `loses_value_if` what would destroy the value of virtual property; `queue` the freezes
    of all courts on it as the institution last listed them; `exempt_as` the item of
    《查封扣押冻结规定》第三条 under which it may not be seized.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="properties")
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, related_name="properties"
    )
    kind = models.CharField(max_length=20, choices=[(one, one) for one in PropertyKind])
    reference = EncryptedTextField()
    reference_hash = models.CharField(max_length=64)
    label = models.CharField(max_length=200)
    holder = EncryptedTextField()
    control = models.CharField(max_length=200, blank=True, default="")
    loses_value_if = models.CharField(max_length=300, blank=True, default="")
    value_fen = models.BigIntegerField(null=True)
    available_fen = models.BigIntegerField(null=True)
    as_of = models.DateTimeField()
    title = models.CharField(
        max_length=20, choices=[(one, one) for one in Title], default=Title.UNCHECKED
    )
    found_by = models.CharField(max_length=60)  # order …, clue …, report …
    queue = models.JSONField(default=list)
    exempt_as = models.CharField(
        max_length=20, choices=[(one, one) for one in Exempt], blank=True, default=""
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["debtor", "institution", "kind", "reference_hash"],
                nulls_distinct=False,
                name="property_once",
            )
        ]

    def __str__(self) -> str:
        return self.label


class Freeze(models.Model):
    """A freeze that one court has on one property (冻结), as the institution last said.

    `until` is the last day on which it holds; `limit_fen` its ceiling, None for a thing.
    """

    case = models.ForeignKey(EnforcementCase, models.PROTECT, related_name="freezes")
    target = models.ForeignKey(Property, models.PROTECT, related_name="freezes")
    order = models.OneToOneField(InquiryOrder, models.PROTECT, related_name="freeze")
    kind = models.CharField(max_length=20, choices=[(one, one) for one in Kind])
    limit_fen = models.BigIntegerField(null=True)
    frozen_fen = models.BigIntegerField(default=0)
    state = models.CharField(
        max_length=20,
        choices=[(one, one) for one in FreezeState],
        default=FreezeState.ORDERED,
    )
    rank = models.PositiveIntegerField(default=0)
    frozen_on = models.DateField(null=True)
    until = models.DateField(db_index=True)
    as_of = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(limit_fen__isnull=True)
                | Q(frozen_fen__lte=models.F("limit_fen")),
                name="freeze_within_limit",
            ),
            models.CheckConstraint(
                condition=Q(frozen_fen__gte=0), name="freeze_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"freeze {self.pk}"


class FreezeAlert(models.Model):
    """Somebody was told that a freeze runs out: once for each of its last days."""

    freeze = models.ForeignKey(Freeze, models.CASCADE, related_name="alerts")
    until = models.DateField()
    days_before = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["freeze", "until", "days_before"], name="alert_once"
            )
        ]

    def __str__(self) -> str:
        return f"alert {self.pk}"


class OwnershipCheck(models.Model):
    """A finding on whose a property is, with its grounds; the last one counts."""

    target = models.ForeignKey(Property, models.PROTECT, related_name="checks")
    order = models.ForeignKey(InquiryOrder, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=20, choices=[(one, one) for one in Title])
    grounds = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.outcome} {self.target_id}"


class Protection(models.Model):
    """A harsh measure held back, in one of the lawful forms only (ENF-10)."""

    target = models.ForeignKey(Property, models.PROTECT, related_name="protections")
    form = models.CharField(max_length=30, choices=[(one, one) for one in Measure])
    grounds = models.TextField()
    since = models.DateField()
    until = models.DateField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(form=Measure.NONE), name="protection_has_a_lawful_form"
            )
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.target_id}"
