"""Sign-in by a one-time code sent to the phone that stands on the order."""

import hmac
import secrets
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from zhipo.accounts import limits
from zhipo.accounts.models import OneTimeCode, User
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.gateways.sms import SmsGateway
from zhipo.kernel.identifiers import parse_phone
from zhipo.privacy.columns import lookup_hash

MINUTES = 5
TRIES = 5
WORDS = {
    "a": ("蓝色", "青色", "橙色", "紫色", "绿色", "红色", "白色", "金色"),
    "b": ("松树", "燕子", "月亮", "稻田", "石桥", "灯塔", "山茶", "帆船"),
}
"""A person's code word, shown on every page: who calls and does not know it is not us."""


class WrongCode(Exception):
    """The code is not the one sent, is too old, or was tried too often."""


def phone_key(phone: str) -> str:
    """The keyed hash of a phone number. Raises IdentifierError."""
    return lookup_hash("phone", parse_phone(phone))


@transaction.atomic
def send_code(*, phone: str, address: str, sms: SmsGateway) -> None:
    """Send a fresh six-digit code; an older one stops being good.

    Whether anybody has a claim under this phone is not told. Raises IdentifierError,
    TooMany.
    """
    number = parse_phone(phone)
    key = lookup_hash("phone", number)
    asked = {limits.CODE_BY_PHONE: key}
    if address:
        asked[limits.CODE_BY_ADDRESS] = lookup_hash("address", address)
    for limit, subject in asked.items():
        limits.check(limit, subject)
    limits.count_each(asked)

    code = f"{secrets.randbelow(1_000_000):06d}"
    now = timezone.now()
    OneTimeCode.objects.filter(phone_hash=key, used_at=None).delete()
    OneTimeCode.objects.create(
        phone_hash=key,
        code_hash=lookup_hash("code", key + code),
        sent_at=now,
        expires_at=now + timedelta(minutes=MINUTES),
        tries_left=TRIES,
    )
    sms.send_code(phone=number, code=code, minutes=MINUTES)


def user_of_code(*, phone: str, code: str) -> User:
    """The person who holds the phone, made on first sight. Raises WrongCode."""
    number = parse_phone(phone)
    key = lookup_hash("phone", number)
    user = _let_in(key, code.strip(), number)
    if user is None:
        raise WrongCode
    return user


@transaction.atomic
def _let_in(key: str, code: str, number: str) -> User | None:
    """The person, or None after a try that counts: either way one commit."""
    return _user_of_phone(key, number) if _use_code(key, code) else None


def _use_code(key: str, code: str) -> bool:
    """Whether the code is good; a try is used up either way (and stays used up)."""
    sent = (
        OneTimeCode.objects.select_for_update()
        .filter(
            phone_hash=key, used_at=None, expires_at__gt=timezone.now(), tries_left__gt=0
        )
        .order_by("-sent_at")
        .first()
    )
    if sent is None:
        return False
    is_right = hmac.compare_digest(sent.code_hash, lookup_hash("code", key + code))
    sent.tries_left -= 1
    sent.used_at = timezone.now() if is_right else None
    sent.save(update_fields=["tries_left", "used_at"])
    return is_right


def _user_of_phone(key: str, number: str) -> User:
    user, _ = User.objects.get_or_create(
        phone_hash=key,
        defaults={
            "login": f"phone:{key}",
            "phone": number,
            "password": make_password(None),
            "code_word": " · ".join(secrets.choice(words) for words in WORDS.values()),
        },
    )
    record(Event.USER_SIGNED_IN, of=user, by=user, chain=f"people:{key[:2]}", way="code")
    return user
