"""One answer per key: a machine that repeats a write is given the first answer again.

Act and answer commit together, so a process that dies leaves neither: there is no state
"begun" to clean up. While one request works under a key, a lock that ends with its
transaction keeps a second one out.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from zhipo.accounts.models import ApiToken, KeptAnswer

KEPT_HOURS = 48


@dataclass(frozen=True)
class Answer:
    """What a write answers: HTTP status and JSON."""

    status: int
    content: str


class KeyBusy(Exception):
    """A request with this key is being worked on."""


class KeyTaken(Exception):
    """The key was used for another request."""


@transaction.atomic
def answer_once(
    act: Callable[[], Answer], *, token: ApiToken, key: str, request_hash: str
) -> tuple[Answer, bool]:
    """The answer of `act`, or the one kept under the key, and whether it was kept.

    An act that raises leaves the key free: nothing was done. Raises KeyBusy, KeyTaken.
    """
    if not _lock(f"{token.pk}:{key}"):
        raise KeyBusy
    known = KeptAnswer.objects.filter(token=token, key=key).first()
    if known is not None and known.kept_at < _oldest():
        known.delete()
        known = None
    if known is not None:
        if known.request_hash != request_hash:
            raise KeyTaken
        return Answer(known.status, known.content), True

    answer = act()
    KeptAnswer.objects.create(
        token=token,
        key=key,
        request_hash=request_hash,
        status=answer.status,
        content=answer.content,
        kept_at=timezone.now(),
    )
    return answer, False


def forget_old_answers() -> int:
    """Delete answers kept for longer than KEPT_HOURS; how many."""
    count, _ = KeptAnswer.objects.filter(kept_at__lt=_oldest()).delete()
    return count


def _oldest() -> datetime:
    return timezone.now() - timedelta(hours=KEPT_HOURS)


def _lock(name: str) -> bool:
    """Whether this transaction now holds the name; PostgreSQL lets go at its end."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])
