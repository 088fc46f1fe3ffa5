"""What was handed to the outside world: the sandbox's outbox of text messages."""

from django.db import models

from zhipo.privacy.columns import EncryptedTextField


class OutboxMessage(models.Model):
    """A text message that the sandbox has taken instead of a provider (demo, tests)."""

    phone_hash = models.CharField(max_length=64, db_index=True)
    phone = EncryptedTextField()
    text = EncryptedTextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"text message {self.pk}"
