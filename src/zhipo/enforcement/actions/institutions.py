"""Registering institutions: who is asked, and where orders go."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement import courts
from zhipo.enforcement.actions.institution_keys import (
    key_of,
    locked,
    take_from_directory,
    written_keys,
)
from zhipo.enforcement.entries import BadEntries, EntryFault
from zhipo.enforcement.institution_entries import (
    InstitutionEntry,
    as_text,
    faults_of,
    is_address,
    parse_public_key,
)
from zhipo.enforcement.models import Institution, InstitutionKey
from zhipo.enforcement.policies.institutions import (
    check_can_activate,
    check_can_decide,
    check_can_enter,
    presides,
)
from zhipo.gateways.institutions.messages import ObjectKind
from zhipo.web.refusals import NotAllowed, NotInState

REGISTERING = 2_037_451_302
"""The lock that keeps two registrations from making the same institution twice."""

MOST_AT_ONCE = 1_000


@dataclass(frozen=True)
class Details:
    """What is said of an institution beside its keys."""

    name: str
    address: str
    holds: tuple[ObjectKind, ...] = ()
    contact: str = ""


@transaction.atomic
def register_institutions(
    *, entries: Sequence[InstitutionEntry], by: Any
) -> list[Institution]:
    """Register institutions, all of them or none; one that is the same stays as it is.

    With an address and a key of its own it is asked once a president has confirmed the
    key; one of the installation's directory at once. Raises NotAllowed, BadEntries with
    every fault.
    """
    check_can_enter(by)
    _one_at_a_time()
    entries = list(entries)
    if faults := [*_faults_of_the_lot(entries), *_faults(entries)]:
        raise BadEntries(faults)
    known = _known(entries)
    if faults := [*_faults_of_keys(entries), *_faults_of_known(entries, known)]:
        raise BadEntries(faults)

    fresh = [one for one in entries if one.party not in known]
    made = Institution.objects.bulk_create([_institution(one) for one in fresh])
    known |= {one.party: one for one in made}
    own = [one for one in fresh if one.is_own]
    InstitutionKey.objects.bulk_create(
        [key_of(known[one.party], one.key_id, one.public_key, by) for one in own]
    )

    if made:
        record(Event.INSTITUTIONS_REGISTERED, of=made[0], by=by, count=len(made),
               keys=len(own))  # fmt: skip
    return [known[one.party] for one in entries]


@transaction.atomic
def describe_institution(*, institution_id: int, details: Details, by: Any) -> Institution:
    """Change name, address, kinds of things held, contact. The same again changes nothing.

    Where orders go is a president's to change. Raises NotAllowed, NotInState.
    """
    check_can_enter(by)
    found = locked(institution_id)
    if not details.name.strip():
        raise NotInState("enforcement.refused.no_name")
    is_moved = details.address != found.address
    if is_moved and not presides(by):
        raise NotAllowed("enforcement.refused.not_president")
    if is_moved:
        _move(found, details.address, by)
    if not is_moved and _details(found) == details:
        return found

    found.name, found.contact = details.name.strip(), details.contact
    found.holds = [one.value for one in details.holds]
    found.save(update_fields=["name", "contact", "holds", "address"])

    record(Event.INSTITUTION_CHANGED, of=found, by=by, is_moved=is_moved)
    return found


@transaction.atomic
def switch_institution(*, institution_id: int, is_active: bool, by: Any) -> Institution:
    """Have an institution asked from now on, or no more; what it was asked goes on.

    Raises NotAllowed, NotInState while none of its keys is confirmed.
    """
    check_can_decide(by)
    found = locked(institution_id)
    if found.is_active == is_active:
        return found
    if is_active:
        check_can_activate(found)
    found.is_active = is_active
    found.save(update_fields=["is_active"])

    record(Event.INSTITUTION_SWITCHED, of=found, by=by, is_active=is_active)
    return found


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REGISTERING])


def _faults_of_the_lot(entries: Sequence[InstitutionEntry]) -> Iterator[EntryFault]:
    if not entries:
        yield EntryFault(0, "", "", "no_institution")
    if len(entries) > MOST_AT_ONCE:
        yield EntryFault(0, "", "", "too_many_institutions", {"most": MOST_AT_ONCE})
    for column, name in (("party", "party"), ("key_id", "key_id")):
        counted = Counter(getattr(one, name) for one in entries if getattr(one, name))
        for one in entries:
            if counted[getattr(one, name)] > 1:
                yield EntryFault(one.place, column, getattr(one, name), "stands_twice")


def _faults(entries: Sequence[InstitutionEntry]) -> Iterator[EntryFault]:
    """Faults of each in itself, then against the installation's directory."""
    written = {one.party: one for one in courts.written_directory().parties}
    for entry in entries:
        yield from faults_of(entry)
        party = written.get(entry.party)
        if party is not None and (entry.is_own or party.role != "institution"):
            yield EntryFault(
                entry.place, "party", entry.party, f"in_directory_{party.role}"
            )
        if party is None and not entry.is_own:
            yield EntryFault(entry.place, "party", entry.party, "not_in_directory")


def _known(entries: Sequence[InstitutionEntry]) -> dict[str, Institution]:
    parties = [one.party for one in entries]
    found = Institution.objects.select_for_update().filter(party__in=parties)
    return {one.party: one for one in found}


def _faults_of_keys(entries: Sequence[InstitutionEntry]) -> Iterator[EntryFault]:
    """Keys whose names stand in the table or in the directory already."""
    ids = [one.key_id for one in entries if one.is_own]
    taken = dict(
        InstitutionKey.objects.filter(key_id__in=ids, discarded_at=None).values_list(
            "key_id", "institution__party"
        )
    )
    written = written_keys()
    for entry in entries:
        owner = taken.get(entry.key_id) or written.get(entry.key_id)
        if entry.is_own and owner is not None and owner != entry.party:
            yield EntryFault(entry.place, "key_id", entry.key_id, "key_taken")


def _faults_of_known(
    entries: Sequence[InstitutionEntry], known: dict[str, Institution]
) -> Iterator[EntryFault]:
    """Institutions that are registered with other content."""
    keys = {
        (one.institution_id, one.key_id): one.public
        for one in InstitutionKey.objects.filter(institution__in=known.values())
    }
    for entry in entries:
        found = known.get(entry.party)
        if found is None:
            continue
        same = (found.name, found.kind) == (entry.name.strip(), entry.kind)
        if entry.is_own:
            key = as_text(parse_public_key(entry.public_key))
            same = same and keys.get((found.pk, entry.key_id)) == key
            same = same and found.address == entry.address
        if not same:
            yield EntryFault(entry.place, "party", entry.party, "institution_taken")


def _institution(entry: InstitutionEntry) -> Institution:
    return Institution(
        party=entry.party,
        name=entry.name.strip(),
        kind=entry.kind,
        address=entry.address,
        holds=[one.value for one in entry.holds],
        contact=entry.contact,
        is_active=not entry.is_own,
    )


def _details(found: Institution) -> Details:
    holds = tuple(ObjectKind(one) for one in found.holds)
    return Details(found.name, found.address, holds, found.contact)


def _move(found: Institution, address: str, by: Any) -> None:
    """Orders go elsewhere from now on. Raises NotInState for what is no address."""
    if not is_address(address):
        raise NotInState("enforcement.fault.server_address")
    take_from_directory(found, by)
    found.address = address
