"""Which debtor an entry means: by its code, or by a name that is the same or was joined."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from django.db.models import Prefetch

from zhipo.enforcement.entries import DebtorEntry
from zhipo.enforcement.finding_states import LinkKind
from zhipo.enforcement.linkage import STAYS_APART
from zhipo.enforcement.models import Debtor, LinkageKey, OtherName
from zhipo.enforcement.names import full_key, text_key
from zhipo.law.triage.cause import Entity

By = tuple[str, ...]


@dataclass
class Matching:
    """Debtors by what entries say of them; `new` are those that were not there.

    The code decides. Without one, the very name of a debtor that has none either, or a
    name that a person has joined to a debtor; shops and people also need the same person
    behind them. Whatever is only alike is proposed, never joined by itself.
    """

    found: dict[By, Debtor]
    new: list[Debtor] = field(default_factory=list)

    @classmethod
    def of(cls, entries: Iterable[DebtorEntry]) -> Self:
        """Every entry's debtor, three queries however many there are."""
        entries = list(entries)
        matching = cls({**_by_code(entries), **_by_name(entries)})
        for entry in entries:
            if _by(entry) not in matching.found:
                debtor = _new(entry)
                matching.found[_by(entry)] = debtor
                matching.new.append(debtor)
        return matching

    def debtor_of(self, entry: DebtorEntry) -> Debtor:
        return self.found[_by(entry)]


def _by(entry: DebtorEntry) -> By:
    if entry.code:
        return ("code", entry.code)
    person = text_key(entry.representative) if entry.entity in STAYS_APART else ""
    return ("name", entry.entity, text_key(entry.name), person)


def _by_code(entries: Iterable[DebtorEntry]) -> dict[By, Debtor]:
    codes = {entry.code for entry in entries if entry.code}
    found = Debtor.objects.select_for_update().filter(credit_code__in=codes).order_by("pk")
    return {("code", debtor.credit_code): debtor for debtor in found}


def _by_name(entries: Iterable[DebtorEntry]) -> dict[By, Debtor]:
    """Debtors under every name they are known by; the one without a code under its own."""
    keys = {full_key(entry.name)[:200] for entry in entries if not entry.code}
    holders = LinkageKey.objects.filter(kind=LinkKind.FULL_NAME, value__in=keys)
    others = Prefetch("other_names", OtherName.objects.order_by("pk"))
    debtors = (
        Debtor.objects.select_for_update()
        .filter(pk__in=holders.values("debtor"))
        .exclude(joined_into__state="joined")
        .prefetch_related(others)
        .order_by("-pk")
    )
    found: dict[By, Debtor] = {}
    for debtor in debtors:
        own = [] if debtor.credit_code else [debtor.name]
        joined = [one.name for one in debtor.other_names.all()]
        for name in (*own, *joined):
            entity, person = Entity(debtor.entity), debtor.representative
            entry = DebtorEntry(name, entity=entity, representative=person)
            found[_by(entry)] = debtor
    return found


def _new(entry: DebtorEntry) -> Debtor:
    return Debtor(
        name=entry.name.strip(),
        credit_code=entry.code,
        entity=entry.entity,
        brand=entry.brand.strip(),
        address=entry.address.strip(),
        representative=entry.representative.strip(),
        founded_on=entry.founded_on,
    )
