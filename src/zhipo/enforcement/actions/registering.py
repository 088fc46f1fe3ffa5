"""Registering enforcement cases: one or many, whole or not at all, debtors found again."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from zhipo.accounts.queries import offices_of
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.entries import (
    BadEntries,
    CaseEntry,
    EntryFault,
    faults_of,
    number_of,
)
from zhipo.enforcement.linkage import keys_of
from zhipo.enforcement.matching import Matching
from zhipo.enforcement.models import Debtor, EnforcementCase, LinkageKey
from zhipo.enforcement.powers import Act, check_power_at
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.kernel.identifiers import parse_phone
from zhipo.privacy.columns import lookup_hash
from zhipo.web.refusals import NotInState

MOST_AT_ONCE = 5_000
REGISTERING = 2_037_451_301
"""The lock that keeps two registrations from making the same debtor twice."""


@dataclass(frozen=True)
class Registered:
    """What became of the entries: the cases in their order, how many are new."""

    cases: list[EnforcementCase]
    new_cases: int
    new_debtors: int


@transaction.atomic
def register_cases(
    *, entries: Sequence[CaseEntry], by: Any, today: date | None = None
) -> Registered:
    """Register cases at courts of `by`'s, all of them or none.

    A case that is there already with the same content stays as it is, so that a file may
    be handed in again. Raises NotAllowed, BadEntries with every fault.
    """
    _one_at_a_time()
    entries = list(entries)
    faults = [
        *_faults_of_the_lot(entries),
        *(one for entry in entries for one in faults_of(entry, today=_day(today))),
    ]
    if faults:
        raise BadEntries(faults)
    known, taken = _known(entries)
    matching = Matching.of(entry.debtor for entry in entries)
    faults = [*taken, *_faults_of_debtors(entries, matching, by)]
    if faults:
        raise BadEntries(faults)

    new_debtors = _create_debtors(matching)
    fresh = [entry for entry in entries if number_of(entry) not in known]
    made = EnforcementCase.objects.bulk_create(
        [_case_of(entry, matching.debtor_of(entry.debtor), by) for entry in fresh],
        batch_size=1_000,
    )

    _record(made, by)
    found = known | {case.number: case for case in made}
    cases = [found[number_of(entry)] for entry in entries]
    return Registered(cases, len(made), new_debtors)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REGISTERING])


def _day(today: date | None) -> date:
    return today or timezone.localdate()


def _faults_of_the_lot(entries: Sequence[CaseEntry]) -> Iterable[EntryFault]:
    if not entries:
        yield EntryFault(0, "", "", "none")
    if len(entries) > MOST_AT_ONCE:
        yield EntryFault(0, "", "", "too_many", {"most": MOST_AT_ONCE})
    numbers = Counter(_plain(entry.number) for entry in entries)
    for entry in entries:
        if entry.number.strip() and numbers[_plain(entry.number)] > 1:
            yield EntryFault(entry.place, "number", entry.number, "twice")


def _plain(number: str) -> str:
    return "".join(number.split())


def _known(
    entries: Sequence[CaseEntry],
) -> tuple[dict[str, EnforcementCase], list[EntryFault]]:
    """Cases that are registered under these numbers, and numbers others have taken."""
    numbers = [number_of(entry) for entry in entries]
    found = EnforcementCase.objects.select_related("debtor").filter(number__in=numbers)
    known = {case.number: case for case in found}
    taken = [
        EntryFault(entry.place, "number", entry.number, "taken")
        for entry, number in zip(entries, numbers, strict=True)
        if number in known and not _is_same(known[number], entry)
    ]
    return known, taken


def _is_same(case: EnforcementCase, entry: CaseEntry) -> bool:
    return (case.court_id, case.applicant_hash, case.amount_fen, case.filed_on) == (
        entry.court_id,
        lookup_hash("name", entry.applicant.name.strip()),
        entry.amount_fen,
        entry.filed_on,
    )


def _faults_of_debtors(
    entries: Sequence[CaseEntry], matching: Matching, by: Any
) -> list[EntryFault]:
    """Entries whose debtor is another kind of entity, or no longer open to new cases.

    Raises NotAllowed where the court is none of `by`'s.
    """
    faults = []
    for entry in entries:
        debtor = matching.debtor_of(entry.debtor)
        if debtor.entity != entry.debtor.entity:
            faults.append(EntryFault(entry.place, "entity", entry.debtor.entity, "entity"))
        try:
            check_power_at(debtor, Act.REGISTER_CASE, by, entry.court_id)
        except NotInState as refused:
            told = {"sentence": refused.sentence}
            faults.append(
                EntryFault(entry.place, "debtor", entry.debtor.name, "stage", told)
            )
    return faults


def _create_debtors(matching: Matching) -> int:
    """The debtors that are new, with the keys by which others are compared with them."""
    for debtor in matching.new:
        debtor.slug = debtor.credit_code.lower() or f"n{secrets.token_hex(6)}"
    Debtor.objects.bulk_create(matching.new, batch_size=1_000)
    keys = [key for debtor in matching.new for key in keys_of(debtor)]
    LinkageKey.objects.bulk_create(keys, batch_size=2_000)
    return len(matching.new)


def _case_of(entry: CaseEntry, debtor: Debtor, by: Any) -> EnforcementCase:
    judges = offices_of(by).get(Role.ENFORCEMENT_JUDGE, frozenset())
    name = entry.applicant.name.strip()
    phone = entry.applicant.phone
    return EnforcementCase(
        debtor=debtor,
        court_id=entry.court_id,
        number=number_of(entry),
        judge=by if entry.court_id in judges else None,
        applicant=name,
        applicant_hash=lookup_hash("name", name),
        applicant_kind=entry.applicant.kind,
        applicant_phone=parse_phone(phone) if phone else "",
        applicant_address=entry.applicant.address,
        title=entry.title.strip(),
        amount_fen=entry.amount_fen,
        paid_fen=entry.paid_fen,
        costs_fen=entry.costs_fen,
        filed_on=entry.filed_on,
    )


def _record(made: Sequence[EnforcementCase], by: Any) -> None:
    """One entry in the chain of each debtor, in one order whoever registers."""
    by_debtor: dict[int, list[EnforcementCase]] = defaultdict(list)
    for case in made:
        by_debtor[case.debtor_id].append(case)
    for cases in sorted(by_debtor.values(), key=lambda one: one[0].debtor.slug):
        debtor = cases[0].debtor
        record(Event.ENFORCEMENT_CASES_REGISTERED, of=debtor, by=by,
               chain=chain_of(debtor), count=len(cases),
               fen=sum(case.amount_fen for case in cases))  # fmt: skip
