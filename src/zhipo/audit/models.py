"""The audit trail's entries and the head of each chain.

Hashes are computed by a trigger in the database (migration `chain`), so that no writer can
forget them; a second trigger refuses UPDATE, DELETE and TRUNCATE.
"""

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One act. `chain` is a case's number, or "system" for acts outside of any case."""

    chain = models.CharField(max_length=60)
    position = models.BigIntegerField(default=0)  # set by the trigger
    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    actor = models.CharField(max_length=60)  # "user 17", "worker", "system"
    role = models.CharField(max_length=30)
    subject = models.CharField(max_length=80)  # "claim 4711"
    detail = models.JSONField(default=dict)  # never personal data
    previous_hash = models.CharField(max_length=64, default="")  # set by the trigger
    hash = models.CharField(max_length=64, default="")  # set by the trigger

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "position"], name="audit_one_link")
        ]
        indexes: ClassVar = [models.Index(fields=["subject"], name="audit_by_subject")]

    def __str__(self) -> str:
        return f"{self.chain}:{self.position} {self.event}"


class ChainHead(models.Model):
    """Where a chain ends: locked by each writer, so that links are in one order."""

    chain = models.CharField(max_length=60, primary_key=True)
    position = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.chain}:{self.position}"
