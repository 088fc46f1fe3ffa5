"""Staff sign-in, second factor, devices and machine tokens: every write, each recorded."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhipo.accounts import limits
from zhipo.accounts.models import ApiToken, Session, User
from zhipo.accounts.scopes import Scope
from zhipo.accounts.sessions import end_all_sessions
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.privacy.columns import lookup_hash

TOKEN_DAYS = 90
# Somebody who does not exist takes as long as somebody with a wrong password.
NOBODY = make_password(secrets.token_hex(16))


class WrongCredentials(Exception):
    """Name, password or code is wrong; which of them is not told."""


def staff_of_password(*, login: str, password: str, address: str) -> User:
    """The staff member of this name and password. Raises WrongCredentials, TooMany."""
    subject = lookup_hash("login", login)
    limits.check(limits.SIGN_IN_BY_LOGIN, subject)
    limits.check(limits.SIGN_IN_BY_ADDRESS, lookup_hash("address", address))
    user = User.objects.filter(login=login, is_staff_member=True, is_active=True).first()
    if check_password(password, user.password if user else NOBODY) and user:
        return user
    _record_refusal(subject, address)
    raise WrongCredentials


@transaction.atomic
def pass_second_factor(*, session: Session, code: str, address: str) -> None:
    """Confirm the second factor for this device. Raises WrongCredentials, TooMany.

    A code is good once: the device remembers the last step used.
    """
    subject = lookup_hash("login", session.user.login)
    limits.check(limits.SIGN_IN_BY_LOGIN, subject)
    device = (
        TOTPDevice.objects.select_for_update()
        .filter(user=session.user, confirmed=True)
        .first()
    )
    if device is None or not device.verify_token(code.strip()):
        raise WrongCredentials
    _let_in(session)
    record(Event.USER_SIGNED_IN, of=session.user, by=session.user, way="password and code")


@transaction.atomic
def enrolment_of(*, user: User, fresh: bool) -> TOTPDevice:
    """The unconfirmed device whose secret the person puts into an app, made if missing.

    `fresh` throws an older one away, so that a secret shown once is not shown again.
    """
    waiting = TOTPDevice.objects.filter(user=user, confirmed=False)
    if fresh:
        waiting.delete()
    found = waiting.first()
    if found is not None:
        kept: TOTPDevice = found
        return kept
    device: TOTPDevice = TOTPDevice.objects.create(user=user, name="app", confirmed=False)
    return device


@transaction.atomic
def finish_enrolment(*, session: Session, code: str) -> None:
    """Confirm the device with its first code. Raises WrongCredentials.

    Whoever has a confirmed device already cannot get a second one this way.
    """
    user = session.user
    if has_second_factor(user):
        raise WrongCredentials
    device = TOTPDevice.objects.select_for_update().filter(user=user).first()
    if device is None or not device.verify_token(code.strip()):
        raise WrongCredentials
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    _let_in(session)
    record(Event.SECOND_FACTOR_ENROLLED, of=user, by=user)


@transaction.atomic
def change_password(*, session: Session, old: str, new: str) -> None:
    """Set a new password and sign out every other device.

    Raises WrongCredentials, or ValidationError for a password too weak.
    """
    user = User.objects.select_for_update().get(pk=session.user_id)
    if not check_password(old, user.password):
        raise WrongCredentials
    validate_password(new, user)
    user.set_password(new)
    user.save(update_fields=["password"])
    Session.objects.filter(user=user).exclude(pk=session.pk).delete()
    record(Event.PASSWORD_CHANGED, of=user, by=user)


@transaction.atomic
def sign_out_everywhere(*, by: User) -> int:
    """End every session of a person; how many devices that was."""
    devices = end_all_sessions(by)
    record(Event.USER_SIGNED_OUT, of=by, by=by, devices=devices)
    return devices


@transaction.atomic
def issue_token(*, label: str, scopes: list[Scope], by: User) -> str:
    """A new token for a machine; shown once, only its hash is kept."""
    key = f"zp_{secrets.token_urlsafe(32)}"
    now = timezone.now()
    token = ApiToken.objects.create(
        token_hash=token_hash(key),
        tail=key[-4:],
        label=label,
        user=by,
        scopes=[str(scope) for scope in scopes],
        created_at=now,
        expires_at=now + timedelta(days=TOKEN_DAYS),
    )
    record(Event.TOKEN_ISSUED, of=token, by=by, scopes=token.scopes)
    return key


@transaction.atomic
def revoke_token(*, token_id: int, by: User) -> None:
    """End a token of one's own at once; again does nothing."""
    token = ApiToken.objects.select_for_update().get(pk=token_id, user=by)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(Event.TOKEN_REVOKED, of=token, by=by)


def has_second_factor(user: User) -> bool:
    """Whether a confirmed second factor exists."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def token_hash(key: str) -> str:
    """What is kept of a token; the key has 256 bits, so a plain hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def count_failure(*, login: str, address: str) -> None:
    """Count a failed proof, outside of the transaction that refused it."""
    _record_refusal(lookup_hash("login", login), address)


@transaction.atomic
def _record_refusal(subject: str, address: str) -> None:
    limits.count(limits.SIGN_IN_BY_LOGIN, subject, is_failure=True)
    limits.count(
        limits.SIGN_IN_BY_ADDRESS, lookup_hash("address", address), is_failure=True
    )
    record(Event.SIGN_IN_REFUSED, of=subject[:12], by=None)


def _let_in(session: Session) -> None:
    session.is_second_factor_passed = True
    session.confirmed_at = timezone.now()
    session.save(update_fields=["is_second_factor_passed", "confirmed_at"])
