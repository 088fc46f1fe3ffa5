"""Nonces of answers that institutions posted: each is good once."""

from typing import ClassVar

from django.db import models


class SeenNonce(models.Model):
    """A nonce under a key; kept for as long as its timestamp would still be taken."""

    key_id = models.CharField(max_length=120)
    nonce = models.CharField(max_length=32)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key_id", "nonce"], name="nonce_once")
        ]

    def __str__(self) -> str:
        return f"nonce {self.pk}"
