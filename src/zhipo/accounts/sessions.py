"""Signed-in devices: a random key in the cookie, its hash here, one query a page."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from zhipo.accounts.models import Session, User

COOKIE = "zhipo_session"
CREDITOR_HOURS = 12
STAFF_HOURS = 8
FRESH_MINUTES = 10
"""Acts on money ask for proof again after this long (step-up)."""

Respond = Callable[[HttpRequest], HttpResponse]


def middleware(respond: Respond) -> Respond:
    """Put `user` and `signed_in` (the Session or None) on every request."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.signed_in = _session_of(request)  # type: ignore[attr-defined]
        found = request.signed_in  # type: ignore[attr-defined]
        request.user = found.user if found is not None else AnonymousUser()
        return respond(request)

    return answer


def start_session(
    request: HttpRequest,
    response: HttpResponse,
    *,
    user: User,
    is_second_factor: bool = False,
) -> Session:
    """Sign a device in: a new key every time, so that no old key can be planted."""
    key = secrets.token_urlsafe(32)
    now = timezone.now()
    hours = STAFF_HOURS if user.is_staff_member else CREDITOR_HOURS
    session = Session.objects.create(
        key_hash=_hash(key),
        user=user,
        is_second_factor_passed=is_second_factor,
        confirmed_at=now,
        created_at=now,
        expires_at=now + timedelta(hours=hours),
        device=request.headers.get("User-Agent", "")[:120],
    )
    response.set_cookie(
        COOKIE,
        key,
        max_age=hours * 3600,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return session


def end_session(request: HttpRequest, response: HttpResponse) -> None:
    """Sign this device out."""
    if request.signed_in is not None:  # type: ignore[attr-defined]
        Session.objects.filter(pk=request.signed_in.pk).delete()  # type: ignore[attr-defined]
    response.delete_cookie(COOKIE)


def end_all_sessions(user: User) -> int:
    """Sign a person out everywhere; how many devices that was."""
    count, _ = Session.objects.filter(user=user).delete()
    return count


def forget_expired_sessions() -> int:
    """Delete sessions whose time is over; how many."""
    count, _ = Session.objects.filter(expires_at__lt=timezone.now()).delete()
    return count


def is_fresh(session: Session) -> bool:
    """Whether the person proved themselves within the last FRESH_MINUTES."""
    return timezone.now() - session.confirmed_at < timedelta(minutes=FRESH_MINUTES)


def _session_of(request: HttpRequest) -> Session | None:
    key = request.COOKIES.get(COOKIE, "")
    if not key:
        return None
    try:
        return Session.objects.select_related("user").get(
            pk=_hash(key), expires_at__gt=timezone.now(), user__is_active=True
        )
    except Session.DoesNotExist:
        return None


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
