"""Sealed bundles: those this court has made, those it was handed, and what came of them."""

from typing import ClassVar

from django.db import models

from zhipo.accounts.models import User
from zhipo.enforcement.models.referrals import Referral


class SealedBundle(models.Model):
    """A bundle as it was sealed here; unchanged rows give the same one again.

    `path` is below ENVIRONMENT.files; `manifest_sha256` is over everything but the
    signature, `sha256` over the whole file.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="bundles")
    version = models.PositiveIntegerField()
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    manifest_sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    parts = models.PositiveIntegerField()
    gaps = models.JSONField(default=list)
    key_id = models.CharField(max_length=120)
    sealed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral", "version"], name="bundle_one_per_version"
            ),
            models.UniqueConstraint(
                fields=["referral", "manifest_sha256"], name="bundle_once"
            ),
        ]

    def __str__(self) -> str:
        return f"bundle {self.version} of referral {self.referral_id}"


class ReceivedBundle(models.Model):
    """A bundle that was checked through at the receiving court, and by whom.

    `origin` names the sending court and its debtor, the same for every version; `counts`
    says how many rows of each table were new or had changed.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="received_bundles")
    origin = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    signer = models.CharField(max_length=200)
    signed_at = models.DateTimeField()
    gaps = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"received bundle {self.pk}"


class CarriedRow(models.Model):
    """Which row here a row of a bundle is; `is_own` False: it was here before.

    A later version of the bundle changes only what an earlier one has put in.
    """

    origin = models.CharField(max_length=200)
    table = models.CharField(max_length=30)
    key = models.BigIntegerField()
    row_id = models.BigIntegerField()
    is_own = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["origin", "table", "key"], name="carried_row_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key} -> {self.row_id}"
