"""A debtor, the names it goes by, and every court's enforcement cases against it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from zhipo.accounts.models import Organisation, User
from zhipo.enforcement.states import ApplicantKind, EnforcementState, Stage
from zhipo.law.triage.cause import Entity
from zhipo.privacy.columns import EncryptedTextField


class Debtor(models.Model):
    """Who is enforced against: one row however many courts and applicants there are.

    `credit_code` is the 统一社会信用代码, empty while it is not known. A shop of an
    个体工商户 has its own row and kind, and never goes into bankruptcy (TRI-01).
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    credit_code = models.CharField(max_length=18, blank=True, default="")
    entity = models.CharField(
        max_length=20, choices=[(one, one) for one in Entity], default=Entity.COMPANY
    )
    brand = models.CharField(max_length=80, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    representative = EncryptedTextField()
    founded_on = models.DateField(null=True)
    stage = models.CharField(
        max_length=20, choices=[(one, one) for one in Stage], default=Stage.ENFORCING
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(credit_code=""),
                name="debtor_one_per_credit_code",
            )
        ]

    def __str__(self) -> str:
        return self.name


class OtherName(models.Model):
    """A name under which a court knew the debtor, and why it is taken for the same."""

    debtor = models.ForeignKey(Debtor, models.CASCADE, related_name="other_names")
    name = models.CharField(max_length=200)
    grounds = models.CharField(max_length=200)
    joined_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    joined_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["debtor", "name"], name="other_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class EnforcementCase(models.Model):
    """One applicant's case against a debtor before one court; amounts in fen."""

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="cases")
    court = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.CharField(max_length=60, unique=True)  # （2025）湘0302执123号
    judge = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    applicant = EncryptedTextField()
    applicant_hash = models.CharField(max_length=64, db_index=True)
    applicant_kind = models.CharField(
        max_length=20, choices=[(one, one) for one in ApplicantKind]
    )
    applicant_phone = EncryptedTextField()
    applicant_address = EncryptedTextField()
    title = models.CharField(max_length=200)  # 执行依据
    amount_fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField(default=0)
    costs_fen = models.BigIntegerField(default=0)
    filed_on = models.DateField()
    state = models.CharField(
        max_length=20,
        choices=[(one, one) for one in EnforcementState],
        default=EnforcementState.OPEN,
    )
    closed_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, paid_fen__gte=0, costs_fen__gte=0),
                name="enforcement_amounts",
            )
        ]

    def __str__(self) -> str:
        return self.number
