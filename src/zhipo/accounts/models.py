"""Users, organisations, appointments, sessions, one-time codes, API tokens and answers."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q

from zhipo.accounts.roles import OrganisationKind, Role
from zhipo.privacy.columns import EncryptedTextField


class Organisation(models.Model):
    """A court, an administrator's firm, a platform, an agency."""

    kind = models.CharField(max_length=20, choices=[(k, k) for k in OrganisationKind])
    name = models.CharField(max_length=200, unique=True)

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """A person: staff by login name and password, creditors by phone or WeChat."""

    login = models.CharField(max_length=100, unique=True)
    name = EncryptedTextField()
    phone = EncryptedTextField()
    phone_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    wechat_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    id_no = EncryptedTextField()
    id_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    code_word = models.CharField(max_length=40, blank=True, default="")
    is_staff_member = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_large_type = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["phone_hash"],
                condition=~Q(phone_hash=""),
                name="user_one_per_phone",
            ),
            models.UniqueConstraint(
                fields=["wechat_hash"],
                condition=~Q(wechat_hash=""),
                name="user_one_per_wechat",
            ),
        ]

    def __str__(self) -> str:
        return f"user {self.pk}"


class Appointment(models.Model):
    """A role that an organisation gives to one of its people."""

    user = models.ForeignKey(User, models.CASCADE, related_name="appointments")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    role = models.CharField(max_length=30, choices=[(role, role) for role in Role])
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], name="appointment_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.organisation_id}"


class Session(models.Model):
    """One signed-in device; the cookie has a random key, the table only its hash."""

    key_hash = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="sessions")
    is_second_factor_passed = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField()  # when the person last proved themselves
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    device = models.CharField(max_length=120, blank=True, default="")

    def __str__(self) -> str:
        return f"session of user {self.user_id}"


class OneTimeCode(models.Model):
    """A code sent to a phone: good once, for a few minutes, for a few tries."""

    phone_hash = models.CharField(max_length=64, db_index=True)
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"code {self.pk}"


class Attempt(models.Model):
    """A counted attempt (sign-in, code asked for), for limits and lock-out."""

    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=64)  # keyed hash of phone, login or address
    at = models.DateTimeField()
    is_failure = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "subject", "at"], name="attempt_by_subject")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ApiToken(models.Model):
    """A machine's key to the API: scopes and an expiry, only its hash kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    tail = models.CharField(max_length=4)
    label = models.CharField(max_length=80)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"token …{self.tail}"


class KeptAnswer(models.Model):
    """The answer to a machine's write, under the key that the machine gave it."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="answers")
    key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    content = EncryptedTextField()  # JSON as it was sent
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token", "key"], name="answer_one_per_key")
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
