"""Documents that the system has made: kind, file, seal."""

from typing import ClassVar

from django.db import models

from zhipo.accounts.models import User


class Document(models.Model):
    """A notice, a register, a ruling's draft; `chain` is the case's number."""

    chain = models.CharField(max_length=60, db_index=True)
    kind = models.CharField(max_length=40)
    lang = models.CharField(max_length=2, default="zh")  # other than zh: a reading copy
    title = models.CharField(max_length=200)
    path = models.CharField(max_length=200)  # below ENVIRONMENT.files
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    for_role = models.CharField(max_length=30, blank=True, default="")
    # the only role that may fetch it; empty for all staff of the case
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["chain", "kind", "sha256", "for_role"], name="document_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
