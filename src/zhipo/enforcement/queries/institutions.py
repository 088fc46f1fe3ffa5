"""The table of institutions: one for the installation, shown to every bureau."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from zhipo.accounts.models import User
from zhipo.enforcement import courts
from zhipo.enforcement.models import Institution, InstitutionKey
from zhipo.gateways.institutions.keys import Party
from zhipo.web.refusals import NotInState

GROUP = 4
"""Digits of a fingerprint that stand together where it is shown."""


@dataclass(frozen=True)
class KeyRow:
    """A key as it is shown: its fingerprint in groups, and how it stands."""

    key: InstitutionKey
    at: datetime

    @property
    def shown(self) -> str:
        text = self.key.fingerprint
        return " ".join(text[one : one + GROUP] for one in range(0, len(text), GROUP))

    @property
    def entered_by(self) -> str:
        return _name(self.key.entered_by)

    @property
    def confirmed_by(self) -> str:
        return "" if self.key.confirmed_by is None else _name(self.key.confirmed_by)

    @property
    def state(self) -> str:
        """A word of enforcement/phrases.yaml, key_state.<word>."""
        if self.key.discarded_at is not None:
            return "discarded"
        if self.key.since is None:
            return "waits"
        is_over = self.key.until is not None and self.key.until <= self.at
        return "ended" if is_over else "in_use"


def institutions() -> QuerySet[Institution]:
    """Everybody registered, with how many keys count and how many wait."""
    counts = Q(keys__confirmed_at__isnull=False)
    waits = Q(keys__confirmed_at=None, keys__discarded_at=None, keys__isnull=False)
    return Institution.objects.annotate(
        confirmed=Count("keys", filter=counts), waiting=Count("keys", filter=waits)
    ).order_by("name", "pk")


def keys_of(institution: Institution) -> list[KeyRow]:
    """Every key that was ever entered, the newest first."""
    at = timezone.now()
    rows = institution.keys.select_related("entered_by", "confirmed_by")
    return [KeyRow(one, at) for one in rows.order_by("-entered_at", "-pk")]


def unregistered_parties() -> list[Party]:
    """Institutions of the installation's directory that nobody has registered."""
    try:
        written = courts.written_directory().institutions()
    except NotInState:
        return []
    known = set(Institution.objects.values_list("party", flat=True))
    return [one for one in written if one.party not in known]


def _name(user: User) -> str:
    return str(user.name or user.login)
