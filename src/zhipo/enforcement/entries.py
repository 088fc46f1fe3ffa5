"""A case as it is handed in, on whatever way, and everything that can be wrong with it."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhipo.enforcement.case_numbers import CaseNumberError, parse_case_number
from zhipo.enforcement.states import ApplicantKind
from zhipo.kernel.identifiers import IdentifierError, is_uscc, parse_phone
from zhipo.kernel.money import MAX_FEN
from zhipo.law.triage.cause import Entity
from zhipo.web.refusals import Declined
from zhipo.web.words import say

CODES_OF = {Entity.COMPANY: "91", Entity.SOLE_TRADER: "92"}
"""How a code of that kind of entity begins (GB 32100-2015: 机构类别代码)."""

REQUIRED = frozenset({"number", "debtor", "applicant", "title"})
LONGEST = {
    "number": 60, "debtor": 200, "brand": 80, "address": 200, "title": 200,
    "applicant": 100, "representative": 60, "applicant_address": 200,
}  # fmt: skip


@dataclass(frozen=True)
class DebtorEntry:
    """Who is enforced against, as the writ says."""

    name: str
    credit_code: str = ""
    entity: Entity = Entity.COMPANY
    brand: str = ""
    address: str = ""
    representative: str = ""
    founded_on: date | None = None

    @property
    def code(self) -> str:
        """The credit code as it is kept; empty for none."""
        return self.credit_code.strip().upper()


@dataclass(frozen=True)
class ApplicantEntry:
    """Who applied for enforcement."""

    name: str
    kind: ApplicantKind
    phone: str = ""
    address: str = ""


@dataclass(frozen=True)
class CaseEntry:
    """One case to register; amounts in fen; `place` is where faults are told of."""

    court_id: int
    number: str
    debtor: DebtorEntry
    applicant: ApplicantEntry
    title: str
    filed_on: date
    amount_fen: int
    paid_fen: int = 0
    costs_fen: int = 0
    place: int = 0


@dataclass(frozen=True)
class EntryFault:
    """One fault: the entry's place, its column, what stood there, a phrase's key."""

    place: int
    column: str
    value: str
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return say(f"enforcement.fault.{self.key}", **self.values)


class BadEntries(Declined):
    """Nothing was registered; `faults` say why, all of them."""

    status = 422

    def __init__(self, faults: Sequence[EntryFault]) -> None:
        self.faults = list(faults)
        super().__init__("enforcement.refused.entries", count=len(self.faults))


def faults_of(entry: CaseEntry, *, today: date) -> Iterator[EntryFault]:
    """What is wrong with an entry in itself, whatever is registered already."""
    checks = (*_text_faults(entry), *_debtor_faults(entry), *_figure_faults(entry, today))
    for column, value, key in checks:
        yield EntryFault(entry.place, column, value, key)


def form_faults(column: str, text: str, *, most: int) -> Iterator[tuple[str, str, str]]:
    """A text of a column that is too long, or has signs that nobody can see."""
    if len(text) > most:
        yield column, text, "too_long"
    elif any(unicodedata.category(one) == "Cc" for one in text):
        yield column, text, "control"


def number_of(entry: CaseEntry) -> str:
    """The number as courts write it. Raises CaseNumberError."""
    return parse_case_number(entry.number)


def _text_faults(entry: CaseEntry) -> Iterator[tuple[str, str, str]]:
    for column, text in _texts(entry).items():
        if not text.strip() and column in REQUIRED:
            yield column, text, "required"
        else:
            yield from form_faults(column, text, most=LONGEST[column])
    if entry.number.strip() and not _is_read_by(parse_case_number, entry.number):
        yield "number", entry.number, "number"
    phone = entry.applicant.phone
    if phone and not _is_read_by(parse_phone, phone):
        yield "applicant_phone", phone, "phone"


def _is_read_by(parse: Callable[[str], str], text: str) -> bool:
    try:
        parse(text)
    except (CaseNumberError, IdentifierError):
        return False
    return True


def _texts(entry: CaseEntry) -> dict[str, str]:
    return {
        "number": entry.number,
        "debtor": entry.debtor.name,
        "applicant": entry.applicant.name,
        "title": entry.title,
        "brand": entry.debtor.brand,
        "address": entry.debtor.address,
        "representative": entry.debtor.representative,
        "applicant_address": entry.applicant.address,
    }


def _debtor_faults(entry: CaseEntry) -> Iterator[tuple[str, str, str]]:
    code, entity = entry.debtor.code, entry.debtor.entity
    if code and not is_uscc(code):
        yield "credit_code", code, "credit_code"
    elif code and not _is_of_entity(code, entity):
        yield "entity", entity, "entity_of_code"


def _is_of_entity(code: str, entity: Entity) -> bool:
    """Whether a code of this beginning can be that of such an entity."""
    begins = CODES_OF.get(entity)
    return code.startswith(begins) if begins else code[:2] not in CODES_OF.values()


def _figure_faults(entry: CaseEntry, today: date) -> Iterator[tuple[str, str, str]]:
    if not 0 < entry.amount_fen <= MAX_FEN:
        yield "amount", str(entry.amount_fen), "amount"
    for column in ("paid", "costs"):
        fen = getattr(entry, f"{column}_fen")
        if not 0 <= fen <= MAX_FEN:
            yield column, str(fen), "not_negative"
    if entry.paid_fen > entry.amount_fen > 0:
        yield "paid", str(entry.paid_fen), "paid_more"
    if entry.filed_on > today:
        yield "filed_on", str(entry.filed_on), "in_future"
    founded_on = entry.debtor.founded_on
    if founded_on is not None and founded_on > entry.filed_on:
        yield "founded_on", str(founded_on), "founded_later"
