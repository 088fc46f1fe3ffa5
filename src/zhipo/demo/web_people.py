"""The people of the demo case: courts, platform, the administrator's team of five."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhipo.accounts.models import Appointment, Organisation, User
from zhipo.accounts.roles import OrganisationKind, Role

COURT = "湘潭市雨湖区人民法院"
YUETANG, KAIFU = "湘潭市岳塘区人民法院", "长沙市开福区人民法院"
ABOVE = ("湖南省高级人民法院", "湘潭市中级人民法院", "长沙市中级人民法院")
PLATFORM = "鲜享家小程序平台"
ADMINISTRATOR = "湖南湘衡律师事务所（管理人）"
KINDS = {
    **dict.fromkeys((COURT, YUETANG, KAIFU, *ABOVE), OrganisationKind.COURT),
    PLATFORM: OrganisationKind.PLATFORM,
    ADMINISTRATOR: OrganisationKind.ADMINISTRATOR,
}
STAFF = (
    ("lead", "周衡", Role.ADMINISTRATOR_LEAD, ADMINISTRATOR),
    ("reviewer-1", "许琳", Role.ADMINISTRATOR_REVIEWER, ADMINISTRATOR),
    ("reviewer-2", "邓宇", Role.ADMINISTRATOR_REVIEWER, ADMINISTRATOR),
    ("reviewer-3", "彭晨", Role.ADMINISTRATOR_REVIEWER, ADMINISTRATOR),
    ("cashier", "何丹", Role.ADMINISTRATOR_CASHIER, ADMINISTRATOR),
    ("judge", "唐立", Role.BANKRUPTCY_JUDGE, COURT),
    ("clerk", "梁静", Role.COURT_CLERK, COURT),
    ("enforcement", "萧刚", Role.ENFORCEMENT_JUDGE, COURT),
    ("enforcement-2", "邹敏", Role.ENFORCEMENT_JUDGE, COURT),
    ("enforcement-3", "贺军", Role.ENFORCEMENT_JUDGE, COURT),
    ("president", "罗毅", Role.COURT_PRESIDENT, COURT),
    ("enforcement-yuetang", "颜峰", Role.ENFORCEMENT_JUDGE, YUETANG),
    ("clerk-yuetang", "龙娟", Role.COURT_CLERK, YUETANG),
    ("enforcement-kaifu", "文涛", Role.ENFORCEMENT_JUDGE, KAIFU),
    ("clerk-kaifu", "易琳", Role.COURT_CLERK, KAIFU),
    ("platform", "曾浩", Role.PLATFORM_OFFICER, PLATFORM),
)
"""login, name (nobody's), role, organisation."""

SIGN_INS = "demo-sign-ins.json"


@dataclass(frozen=True)
class SignIn:
    """How one person of the demo signs in; `totp_secret` goes into an authenticator app."""

    login: str
    role: str
    password: str
    totp_secret: str


def organisations() -> dict[str, Organisation]:
    """Court, platform and administrator, made if missing."""
    return {
        name: Organisation.objects.get_or_create(name=name, defaults={"kind": kind})[0]
        for name, kind in KINDS.items()
    }


@transaction.atomic
def staff(home: Path, offices: dict[str, Organisation], *, since: date) -> list[SignIn]:
    """Everybody's way in: as kept in `home` since the first time, for people made then.

    The file is readable by its owner alone; a password here is worth a demo, no more.
    """
    known = _kept(home)
    found = [
        _person(login, name, role, offices[office], since, known.get(login))
        for login, name, role, office in STAFF
    ]
    _keep(home, found)
    return found


def staff_member(login: str) -> Any:
    """One of these people, once `staff` has entered them. Raises DoesNotExist."""
    return User.objects.get(login=login)


def _person(
    login: str, name: str, role: Role, office: Organisation, since: date,
    known: SignIn | None,
) -> SignIn:  # fmt: skip
    user = User.objects.filter(login=login).first()
    if user is not None and known is not None:
        return known
    password, secret = secrets.token_urlsafe(12), secrets.token_bytes(20)
    values = {
        "name": name, "is_staff_member": True, "password": make_password(password),
    }  # fmt: skip
    user, _ = User.objects.update_or_create(login=login, defaults=values)
    Appointment.objects.get_or_create(
        user=user,
        organisation=office,
        role=role,
        defaults={"since": since - timedelta(days=1)},
    )
    TOTPDevice.objects.filter(user=user).delete()
    TOTPDevice.objects.create(user=user, name="app", confirmed=True, key=secret.hex())
    return SignIn(login, role, password, base64.b32encode(secret).decode())


def _kept(home: Path) -> dict[str, SignIn]:
    path = home / SIGN_INS
    if not path.exists():
        return {}
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {row["login"]: SignIn(**row) for row in rows}


def _keep(home: Path, sign_ins: list[SignIn]) -> None:
    descriptor = os.open(home / SIGN_INS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump([asdict(one) for one in sign_ins], file, ensure_ascii=False, indent=2)
