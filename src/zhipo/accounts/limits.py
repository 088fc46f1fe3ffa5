"""Counted attempts: how often something may be tried, and for how long it is locked."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from zhipo.accounts.models import Attempt

KEPT_DAYS = 2


@dataclass(frozen=True)
class Limit:
    """At most `count` attempts of a kind within `minutes`, for one subject."""

    kind: str
    count: int
    minutes: int
    failures_only: bool = False


CODE_BY_PHONE = Limit("code_by_phone", 5, 60)
CODE_BY_ADDRESS = Limit("code_by_address", settings.ENVIRONMENT.codes_per_address, 60)
"""Thousands of phones share one address of their carrier: this stops floods, not people."""
SIGN_IN_BY_LOGIN = Limit("sign_in_by_login", 5, 15, failures_only=True)
SIGN_IN_BY_ADDRESS = Limit("sign_in_by_address", 50, 15, failures_only=True)
API_BY_TOKEN = Limit("api_by_token", 300, 1)


class TooMany(Exception):
    """The limit is reached; `minutes` says for how long to wait."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        super().__init__(f"too many attempts, wait {minutes} minutes")


def check(limit: Limit, subject: str) -> None:
    """Raise TooMany where the limit is reached."""
    since = timezone.now() - timedelta(minutes=limit.minutes)
    attempts = Attempt.objects.filter(kind=limit.kind, subject=subject, at__gt=since)
    if limit.failures_only:
        attempts = attempts.filter(is_failure=True)
    if attempts[: limit.count].count() >= limit.count:
        raise TooMany(limit.minutes)


def count(limit: Limit, subject: str, *, is_failure: bool = False) -> None:
    """Count one attempt."""
    Attempt.objects.create(
        kind=limit.kind, subject=subject, at=timezone.now(), is_failure=is_failure
    )


def count_each(subjects: dict[Limit, str]) -> None:
    """Count one attempt against each of several limits."""
    now = timezone.now()
    Attempt.objects.bulk_create(
        Attempt(kind=limit.kind, subject=subject, at=now)
        for limit, subject in subjects.items()
    )


def forget_old_attempts() -> int:
    """Delete attempts that no limit looks at any more; how many."""
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    count, _ = Attempt.objects.filter(at__lt=before).delete()
    return count
