"""Institutions with a line of their own: entered by a clerk, confirmed by a president."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from factories import make_staff
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import Role
from zhipo.enforcement.actions.institution_keys import confirm_key
from zhipo.enforcement.actions.institutions import (
    register_institutions,
    switch_institution,
)
from zhipo.enforcement.institution_entries import InstitutionEntry, fingerprint
from zhipo.enforcement.models import Institution, InstitutionKey
from zhipo.enforcement.states import InstitutionKind
from zhipo.gateways.institutions.keys import PrivateKey, new_private_key
from zhipo.gateways.institutions.messages import ObjectKind

PARTY, LETTER_DIGITS = "bank-river", 12
ANY_DAY = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Office:
    """The people of one bureau."""

    clerk: User
    judge: User
    president: User


def make_office(court: Organisation) -> Office:
    return Office(
        clerk=make_staff(Role.COURT_CLERK, court),
        judge=make_staff(Role.ENFORCEMENT_JUDGE, court),
        president=make_staff(Role.COURT_PRESIDENT, court),
    )


def key_text(key: PrivateKey) -> str:
    """The public half of a key, as an institution writes it."""
    public = key.public_key(since=ANY_DAY, until=ANY_DAY).public
    return base64.b64encode(public).decode("ascii")


def make_entry(key: PrivateKey | None = None, **given: Any) -> InstitutionEntry:
    """An institution that no directory knows, on an address where nobody listens."""
    used = key or new_private_key(PARTY, f"{PARTY}-1")
    values: dict[str, Any] = {
        "party": PARTY,
        "name": "大河银行股份有限公司",
        "kind": InstitutionKind.BANK,
        "address": "https://inquiry.river.example",
        "key_id": used.key_id,
        "public_key": key_text(used),
        "holds": (ObjectKind.BANK_ACCOUNT,),
        "contact": "协查岗 0731-55551111",
    }
    return InstitutionEntry(**{**values, **given})


def letter_digits(key: InstitutionKey) -> str:
    """What stands at the end of the fingerprint in the institution's letter."""
    return key.fingerprint[-LETTER_DIGITS:]


def make_waiting_institution(court: Organisation) -> Institution:
    """One with a key that nobody has confirmed, without a directory behind it."""
    key = make_entry()
    raw = base64.b64decode(key.public_key)
    made = Institution.objects.create(
        party=f"bank-{court.pk}-river", name=key.name, kind=key.kind, is_active=False,
        address=key.address, holds=["bank_account"], contact=key.contact,
    )  # fmt: skip
    InstitutionKey.objects.create(
        institution=made, key_id=f"{made.party}-1", public=key.public_key,
        fingerprint=fingerprint(raw), entered_at=ANY_DAY,
        entered_by=make_staff(Role.COURT_CLERK, court),
    )  # fmt: skip
    return made


def make_own_institution(office: Office, entry: InstitutionEntry) -> Institution:
    """One that was entered, confirmed and switched on."""
    (made,) = register_institutions(entries=[entry], by=office.clerk)
    key = made.keys.get()
    confirm_key(key_id=key.pk, digits=letter_digits(key), by=office.president)
    return switch_institution(institution_id=made.pk, is_active=True, by=office.president)
