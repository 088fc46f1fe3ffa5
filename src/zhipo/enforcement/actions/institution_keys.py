"""Keys of an institution: entered, confirmed by a president, followed by others.

A key that was entered counts for nothing until a president, who is not the one who entered
it, has compared its fingerprint with the institution's own letter. The times of keys are
the machine's: signatures are made by it.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement import courts
from zhipo.enforcement.entries import BadEntries, EntryFault
from zhipo.enforcement.institution_entries import (
    as_text,
    faults_of_key,
    fingerprint,
    parse_public_key,
)
from zhipo.enforcement.models import Institution, InstitutionKey
from zhipo.enforcement.policies.institutions import (
    check_can_confirm,
    check_can_decide,
    check_can_enter,
    check_waits,
)
from zhipo.gateways.institutions.keys import PublicKey
from zhipo.web.refusals import NotInState

OVERLAP = timedelta(days=1)
"""How long an old key still counts beside its successor, so that no answer is lost."""


@transaction.atomic
def enter_key(
    *, institution_id: int, key_id: str, public_key: str, by: Any
) -> InstitutionKey:
    """Enter a further key; the ones in use go on until it is confirmed.

    The same key again is the same entry. Raises NotAllowed, BadEntries.
    """
    check_can_enter(by)
    found = locked(institution_id)
    known = InstitutionKey.objects.filter(key_id=key_id, discarded_at=None).first()
    if faults := list(faults_of_key(key_id, public_key)):
        raise BadEntries(faults)
    if known is not None and _is_same_key(known, found, public_key):
        return known
    if known is not None or key_id in written_keys():
        raise BadEntries([EntryFault(0, "key_id", key_id, "key_taken")])
    take_from_directory(found, by)
    key = key_of(found, key_id, public_key, by)
    key.save()

    record(Event.INSTITUTION_KEY_ENTERED, of=key, by=by, fingerprint=key.fingerprint)
    return key


@transaction.atomic
def confirm_key(
    *, key_id: int, digits: str, by: Any, is_old_lost: bool = False
) -> InstitutionKey:
    """Have a key count from now on; `digits` are the end of its fingerprint as told.

    The key before it still counts for OVERLAP, `is_old_lost` until now only; what it has
    signed stays proven. Again changes nothing. Raises NotAllowed, NotInState.
    """
    key = _locked_key(key_id)
    if key.confirmed_at is not None:
        check_can_decide(by)
        return key
    check_can_confirm(key, digits, by)
    now = timezone.now()
    end = now if is_old_lost else now + OVERLAP
    before = key.institution.keys.exclude(confirmed_at=None).exclude(until__lt=end)
    ended = before.update(until=end)
    key.confirmed_by, key.confirmed_at, key.since = by, now, now
    key.save(update_fields=["confirmed_by", "confirmed_at", "since"])

    record(Event.INSTITUTION_KEY_CONFIRMED, of=key, by=by, fingerprint=key.fingerprint,
           ended=ended, is_old_lost=is_old_lost)  # fmt: skip
    return key


@transaction.atomic
def discard_key(*, key_id: int, by: Any) -> InstitutionKey:
    """Put a key away that was entered wrongly and never counted. Again changes nothing.

    Raises NotAllowed, NotInState for one that is in use.
    """
    check_can_enter(by)
    key = _locked_key(key_id)
    if key.discarded_at is not None:
        return key
    check_waits(key)
    key.discarded_at = timezone.now()
    key.save(update_fields=["discarded_at"])

    record(Event.INSTITUTION_KEY_DISCARDED, of=key, by=by, fingerprint=key.fingerprint)
    return key


def locked(institution_id: int) -> Institution:
    """The institution, so that two acts on one follow each other."""
    return Institution.objects.select_for_update().get(pk=institution_id)


def key_of(institution: Institution, key_id: str, public: str, by: Any) -> InstitutionKey:
    """A key as it is entered, not saved yet."""
    raw = parse_public_key(public)
    return InstitutionKey(
        institution=institution,
        key_id=key_id,
        public=as_text(raw),
        fingerprint=fingerprint(raw),
        entered_by=by,
        entered_at=timezone.now(),
    )


def take_from_directory(found: Institution, by: Any) -> None:
    """Address and keys of the directory become the table's: there they can change."""
    if found.address:
        return
    written = courts.written_directory().parties
    party = next((one for one in written if one.party == found.party), None)
    if party is None:
        raise NotInState("enforcement.refused.not_a_party", name=found.name)
    InstitutionKey.objects.bulk_create([_as_row(found, one, by) for one in party.keys])
    found.address = party.address
    found.save(update_fields=["address"])


def written_keys() -> dict[str, str]:
    """The names of the directory's keys, each with the party whose it is."""
    written = courts.written_directory().parties
    return {key.key_id: one.party for one in written for key in one.keys}


def _as_row(found: Institution, key: PublicKey, by: Any) -> InstitutionKey:
    """A key that the installation's directory vouches for: nobody has to confirm it."""
    row = key_of(found, key.key_id, as_text(key.public), by)
    row.confirmed_at, row.since, row.until = row.entered_at, key.since, key.until
    return row


def _locked_key(key_id: int) -> InstitutionKey:
    """The key, and its institution with it: keys of one follow each other."""
    locked(InstitutionKey.objects.values_list("institution", flat=True).get(pk=key_id))
    return InstitutionKey.objects.select_related("institution").get(pk=key_id)


def _is_same_key(known: InstitutionKey, institution: Institution, public: str) -> bool:
    is_his = known.institution_id == institution.pk
    return is_his and known.public == as_text(parse_public_key(public))
