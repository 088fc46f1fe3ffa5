"""Whether two debtors may be one: keys, grounds, a score that anybody can add up.

A rule, no statistics: see docs/adr/0018. A person decides; the score only orders what they
look at, and two rows with different credit codes are never proposed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from zhipo.enforcement.finding_states import LinkKind
from zhipo.enforcement.models import Debtor, LinkageKey
from zhipo.enforcement.names import address_key, core_key, full_key, likeness, text_key
from zhipo.law.triage.cause import Entity
from zhipo.privacy.columns import lookup_hash

K = LinkKind
POINTS: dict[LinkKind, int] = {
    K.FULL_NAME: 70,
    K.CORE_NAME: 50,
    K.SIMILAR_NAME: 30,
    K.REPRESENTATIVE: 25,
    K.ADDRESS: 20,
    K.BRAND: 15,
}
"""Of the three names the best one counts alone; all together make 130."""

NAMES = (K.FULL_NAME, K.CORE_NAME, K.SIMILAR_NAME)
PROPOSED_FROM = 50
SIMILAR_FROM = 0.75
SHARED_BY_TOO_MANY = 40
"""A value that so many debtors share (a business centre's address) tells nothing."""

STAYS_APART = frozenset({Entity.SOLE_TRADER, Entity.NATURAL_PERSON, Entity.RURAL_HOUSEHOLD})
"""Who is never joined by name: names of shops and people repeat (TRI-01)."""


@dataclass(frozen=True)
class Ground:
    """One thing in which two debtors agree, and what it counts."""

    kind: LinkKind
    points: int


def keys_of(debtor: Debtor, names: Iterable[str] = ()) -> list[LinkageKey]:
    """The keys of a debtor's own data, `names` being further names it goes by."""
    found: set[tuple[LinkKind, str]] = set()
    for name in (debtor.name, *names):
        found |= {(K.FULL_NAME, full_key(name)), (K.CORE_NAME, core_key(name))}
    if debtor.representative:
        person = lookup_hash("name", text_key(debtor.representative))
        found.add((K.REPRESENTATIVE, person))
    found.add((K.ADDRESS, address_key(debtor.address)))
    found.add((K.BRAND, text_key(debtor.brand)))
    return [
        LinkageKey(debtor=debtor, kind=kind, value=value[:200])
        for kind, value in sorted(found)
        if value
    ]


def grounds_of(shared: Iterable[LinkKind], name: str, other: str) -> list[Ground]:
    """In what two debtors agree: the keys they share, and how alike their names are."""
    kinds = set(shared)
    if likeness(core_key(name), core_key(other)) >= SIMILAR_FROM:
        kinds.add(K.SIMILAR_NAME)
    best_name = next((kind for kind in NAMES if kind in kinds), None)
    counted = [kind for kind in K if kind == best_name or kind in kinds - set(NAMES)]
    return [Ground(kind, POINTS[kind]) for kind in counted]


def score_of(grounds: Iterable[Ground]) -> int:
    """The sum of their points."""
    return sum(ground.points for ground in grounds)


def may_be_one(debtor: Debtor, other: Debtor) -> bool:
    """Whether two rows can be the same at all: no two codes, one kind, none that stays
    apart."""
    if debtor.credit_code and other.credit_code:
        return False
    return debtor.entity == other.entity and Entity(debtor.entity) not in STAYS_APART
