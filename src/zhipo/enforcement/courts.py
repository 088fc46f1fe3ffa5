"""A court as a party of the inquiry protocol: its name in the directory, its key.

Directory and keys come from the environment (gateways/institutions/keys.py); a court is
found there by the name it has here. Institutions that were registered with an address and
keys of their own stand beside those of the directory.
"""

import base64
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

import httpx
from django.utils import timezone

from zhipo.accounts.models import Organisation
from zhipo.enforcement.models import Institution, InstitutionKey, SeenNonce
from zhipo.gateways.institutions.client import SECONDS, CourtClient
from zhipo.gateways.institutions.keys import (
    Directory,
    NoKeys,
    Party,
    PublicKey,
    read_directory,
    read_private_key,
)
from zhipo.gateways.institutions.messages import Court
from zhipo.gateways.institutions.signing import SKEW
from zhipo.web.refusals import NotInState

FAR = datetime(9999, 1, 1, tzinfo=UTC)
"""Until when a key counts whose end nobody has set."""

ClientOf = Callable[[Organisation], CourtClient]
DirectoryOf = Callable[[], Directory]


def directory() -> Directory:
    """Everybody who takes part: the installation's directory, and who was registered.

    Raises NotInState where the installation names nobody.
    """
    written = written_directory().parties
    registered = registered_parties()
    names = {one.party for one in registered}
    return Directory(
        parties=(*(one for one in written if one.party not in names), *registered)
    )


def written_directory() -> Directory:
    """The installation's own directory of parties. Raises NotInState without one."""
    try:
        return read_directory()
    except NoKeys as error:
        raise NotInState("enforcement.refused.no_directory") from error


def registered_parties() -> tuple[Party, ...]:
    """Institutions with an address and at least one confirmed key in the table."""
    rows = InstitutionKey.objects.exclude(confirmed_at=None).select_related("institution")
    rows = rows.defer("institution__contact")  # encrypted, and no part of a party
    keys: dict[Institution, list[PublicKey]] = defaultdict(list)
    for row in rows.order_by("institution__party", "since", "pk"):
        keys[row.institution].append(_public(row))
    return tuple(
        Party(party=one.party, name=one.name, role="institution", address=one.address,
              keys=tuple(several))
        for one, several in keys.items()
    )  # fmt: skip


def court_of(court: Organisation, everybody: Directory) -> Court:
    """How a court signs its orders. Raises NotInState for one that takes no part."""
    return Court(party=_party(court, everybody).party, name=court.name)


def client_of(court: Organisation) -> CourtClient:
    """The court's side of the protocol. Raises NotInState without directory or key."""
    everybody = directory()
    party = _party(court, everybody)
    try:
        key = read_private_key(party.party)
    except NoKeys as error:
        raise NotInState("enforcement.refused.no_key", court=court.name) from error
    return CourtClient(key, everybody, http=_http())


@cache
def _http() -> httpx.Client:
    """One for the process: connections to institutions are kept open between orders."""
    return httpx.Client(timeout=SECONDS, trust_env=False)


def _party(court: Organisation, everybody: Directory) -> Party:
    known = (one for one in everybody.parties if one.role == "court")
    found = next((one for one in known if one.name == court.name), None)
    if found is None:
        raise NotInState("enforcement.refused.not_a_party", name=court.name)
    return found


def _public(row: InstitutionKey) -> PublicKey:
    assert row.since is not None
    return PublicKey(
        key_id=row.key_id,
        public=base64.b64decode(row.public),
        since=row.since,
        until=row.until or FAR,
    )


class KeptNonces:
    """The nonces of posted answers, in the database that every process shares."""

    def is_new(self, key_id: str, nonce: str, *, at: datetime) -> bool:
        """Keep the nonce; whether it was not there. What is stale goes."""
        SeenNonce.objects.filter(seen_at__lt=timezone.now() - 2 * SKEW).delete()
        _, is_new = SeenNonce.objects.get_or_create(
            key_id=key_id, nonce=nonce, defaults={"seen_at": at}
        )
        return is_new
