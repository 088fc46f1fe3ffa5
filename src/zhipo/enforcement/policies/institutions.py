"""Who keeps the table of institutions, and when a key of one may be confirmed.

The table is the installation's, not a debtor's: every bureau asks by it. Whoever works in
a bureau enters; where orders go and whose signature counts, a president decides, and never
on an entry of their own.
"""

from typing import Any

from zhipo.accounts.queries import organisations_where
from zhipo.accounts.roles import Role
from zhipo.enforcement.models import Institution, InstitutionKey
from zhipo.enforcement.queries.debtors import BUREAU
from zhipo.web.refusals import NotAllowed, NotInState

SHOWN_DIGITS = 12
"""Of a fingerprint these last ones are typed from the institution's own letter."""


def check_can_enter(by: Any) -> None:
    """Raises NotAllowed for whoever works in no bureau."""
    if not organisations_where(by, BUREAU):
        raise NotAllowed("enforcement.refused.not_bureau")


def check_can_decide(by: Any) -> None:
    """Raises NotAllowed for whoever presides over no court."""
    if not presides(by):
        raise NotAllowed("enforcement.refused.not_president")


def presides(by: Any) -> bool:
    return bool(organisations_where(by, {Role.COURT_PRESIDENT}))


def check_can_confirm(key: InstitutionKey, digits: str, by: Any) -> None:
    """Raises NotAllowed for others than a president, and for who entered the key.

    Raises NotInState for a key that was discarded, and for digits that are not its
    fingerprint's.
    """
    check_can_decide(by)
    check_waits(key)
    if key.entered_by_id == by.pk:
        raise NotAllowed("enforcement.refused.own_entry")
    typed = "".join(digits.split()).lower()
    if len(typed) < SHOWN_DIGITS or not key.fingerprint.endswith(typed):
        raise NotInState("enforcement.refused.other_fingerprint")


def check_waits(key: InstitutionKey) -> None:
    """Raises NotInState unless the key waits for its confirmation."""
    if key.confirmed_at is not None or key.discarded_at is not None:
        raise NotInState("enforcement.refused.key_settled", name=key.key_id)


def check_can_activate(institution: Institution) -> None:
    """Raises NotInState while an institution with an address has no key that counts."""
    if institution.address and not institution.keys.exclude(confirmed_at=None).exists():
        raise NotInState("enforcement.refused.no_confirmed_key", name=institution.name)
