"""Objections that came back on an order, and the court's replies to them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from zhipo.accounts.models import User
from zhipo.enforcement.models.inquiries import InquiryOrder
from zhipo.gateways.institutions.messages import Decision, Objector
from zhipo.privacy.columns import EncryptedTextField


class InquiryObjection(models.Model):
    """Who objects to an order and why; `reply_by` is the law's last day for the court.

    `body` is the reply as it is sent, the same at every retry; `received_at` is when the
    institution said that it has it.
    """

    order = models.ForeignKey(InquiryOrder, models.PROTECT, related_name="objections")
    part = models.PositiveSmallIntegerField()
    raised_by = models.CharField(max_length=20, choices=[(one, one) for one in Objector])
    name = EncryptedTextField()
    text = EncryptedTextField()
    raised_at = models.DateTimeField()
    reply_by = models.DateField(db_index=True)
    decision = models.CharField(
        max_length=20, choices=[(one, one) for one in Decision], blank=True, default=""
    )
    grounds = models.TextField(blank=True, default="")
    body = EncryptedTextField()
    replied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "part"], name="objection_per_part"),
            models.CheckConstraint(
                condition=Q(decision="", replied_at=None)
                | ~Q(decision="") & ~Q(grounds="") & Q(replied_at__isnull=False),
                name="objection_reply_has_grounds",
            ),
        ]

    def __str__(self) -> str:
        return f"objection {self.pk}"
