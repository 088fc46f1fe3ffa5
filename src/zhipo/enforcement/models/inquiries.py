"""Orders to institutions and everything that came back, kept as it came."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from zhipo.accounts.models import User
from zhipo.enforcement.models.debtors import EnforcementCase
from zhipo.enforcement.states import CameBy, InquiryState, InstitutionKind
from zhipo.gateways.institutions.messages import Act
from zhipo.privacy.columns import EncryptedTextField


class Institution(models.Model):
    """A party of the inquiry protocol.

    Without an `address` of its own it stands in the installation's directory of parties
    with address and keys. `holds` are the kinds of things it keeps for its customers,
    `contact` whom to call there; `tested_at`, `test_result` are of the last test.
    """

    party = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=[(one, one) for one in InstitutionKind])
    is_active = models.BooleanField(default=True)
    address = models.CharField(max_length=200, blank=True, default="")
    holds = models.JSONField(default=list, blank=True)
    contact = EncryptedTextField()
    tested_at = models.DateTimeField(null=True)
    test_result = models.CharField(max_length=40, blank=True, default="")

    def __str__(self) -> str:
        return self.name


class InstitutionKey(models.Model):
    """A public key of an institution, good once a president has confirmed it.

    It proves what was signed in [since, until); `fingerprint` is the SHA-256 of the key.
    Confirmed by nobody: taken over from the installation's own directory. `discarded_at`:
    entered wrongly, never in use.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="keys")
    key_id = models.CharField(max_length=120)
    public = models.CharField(max_length=44)  # 32 bytes in base64
    fingerprint = models.CharField(max_length=64)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, since=None, until=None)
                | Q(confirmed_at__isnull=False, since__isnull=False, discarded_at=None),
                name="institution_key_in_use_once_confirmed",
            ),
            models.UniqueConstraint(
                fields=["key_id"],
                condition=Q(discarded_at=None),
                name="institution_key_once",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")),
                name="institution_key_days",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.key_id


class InquiryOrder(models.Model):
    """One act asked of one institution: the bytes that are sent, and how it stands.

    `body` is the message as sent, the same at every retry; `ask_at` is when to send or to
    ask again, until `settled_at`; `act_key` names the act of the court that made it, so
    that a second click makes no second order. `told_at` and `told_parts` are the newest
    word of the institution, by its own clock: an older one changes nothing any more.
    """

    order_id = models.UUIDField(unique=True)
    act_key = models.CharField(max_length=120, unique=True)
    case = models.ForeignKey(EnforcementCase, models.PROTECT, related_name="orders")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="orders")
    act = models.CharField(max_length=20, choices=[(one, one) for one in Act])
    target = models.ForeignKey(
        "enforcement.Property", models.PROTECT, null=True, related_name="orders"
    )
    freeze_order = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="later_orders"
    )
    fen = models.BigIntegerField(null=True)
    body = EncryptedTextField()
    body_sha256 = models.CharField(max_length=64)
    state = models.CharField(
        max_length=20,
        choices=[(one, one) for one in InquiryState],
        default=InquiryState.PREPARED,
    )
    ordered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ordered_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    ask_at = models.DateTimeField(db_index=True)
    tries = models.PositiveIntegerField(default=0)
    receipt = models.JSONField(null=True)
    escalated_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    told_parts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(fen__isnull=True) | Q(fen__gt=0), name="inquiry_sum"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "ask_at"], name="inquiry_next"),
            models.Index(
                fields=["ask_at"], condition=Q(settled_at=None), name="inquiry_unsettled"
            ),
        ]

    def __str__(self) -> str:
        return str(self.order_id)


class InquiryAnswer(models.Model):
    """What an institution said, with the bytes as they first came, in base64.

    `sha256` is of what it says, the moment of saying it left out: the same answer is kept
    once and counted. `fingerprints` are of its parts, `as_of` is when it was last said.
    `is_good` False: something in it cannot be relied on (`reason`), and nothing of it was
    taken over.
    """

    order = models.ForeignKey(InquiryOrder, models.PROTECT, related_name="answers")
    sha256 = models.CharField(max_length=64)
    raw = EncryptedTextField()
    headers = models.JSONField(default=dict)
    came_by = models.CharField(max_length=10, choices=[(one, one) for one in CameBy])
    came_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    is_good = models.BooleanField()
    as_of = models.DateTimeField(null=True)
    fingerprints = models.JSONField(default=list)
    reason = models.CharField(max_length=40, blank=True, default="")
    detail = models.CharField(max_length=500, blank=True, default="")
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "sha256"], name="answer_once")
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
