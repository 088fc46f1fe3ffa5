"""Cases as a workbook: the template that courts fill in, and reading what they hand in."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO, Any

from zhipo.accounts.models import Organisation
from zhipo.enforcement.entries import (
    CODES_OF,
    ApplicantEntry,
    CaseEntry,
    DebtorEntry,
)
from zhipo.enforcement.sheet_rows import (
    NotRead,
    Reader,
    member_of,
    read_entries,
    words_of,
    write_columns,
)
from zhipo.enforcement.states import ApplicantKind
from zhipo.kernel.money import MoneyError, parse_yuan
from zhipo.law.triage.cause import Entity
from zhipo.web.words import say

COLUMNS = (
    "number", "court", "debtor", "credit_code", "entity", "brand", "address",
    "representative", "founded_on", "applicant", "applicant_kind", "applicant_phone",
    "applicant_address", "title", "amount", "paid", "costs", "filed_on",
)  # fmt: skip
"""Columns in the order of the template; their headings are phrases column.<name>."""

REQUIRED = (
    "number",
    "debtor",
    "applicant",
    "applicant_kind",
    "title",
    "amount",
    "filed_on",
)
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:T00:00:00)?")
ENTITY, APPLICANT = "enforcement.entity", "enforcement.applicant"


def write_template(file: IO[bytes]) -> None:
    """An empty workbook with the columns, and what each of them holds."""
    choices = {
        "entity": words_of(Entity, ENTITY),
        "applicant_kind": words_of(ApplicantKind, APPLICANT),
    }
    write_columns(file, COLUMNS, title=say("enforcement.sheet.cases"), choices=choices)


def read_cases(path: Path, *, courts: Sequence[Organisation]) -> list[CaseEntry]:
    """The cases of a workbook or CSV, every row's number with it.

    `courts` are those of the person who hands it in; with one, the column may stay empty.
    Raises BadEntries with every cell that cannot be read.
    """
    return read_entries(
        path, COLUMNS, required=REQUIRED, readers=_readers(courts), entry=_entry
    )


def _readers(courts: Sequence[Organisation]) -> dict[str, Reader]:
    return {
        "court": partial(_court, courts),
        "entity": partial(member_of, Entity, words=ENTITY),
        "applicant_kind": partial(member_of, ApplicantKind, words=APPLICANT),
        "founded_on": _day,
        "filed_on": _day,
        "amount": _fen,
        "paid": _fen,
        "costs": _fen,
    }


def _entry(place: int, read: Mapping[str, Any]) -> CaseEntry:
    debtor = DebtorEntry(
        name=read["debtor"],
        credit_code=read["credit_code"],
        entity=read["entity"] or entity_of_code(read["credit_code"]),
        brand=read["brand"],
        address=read["address"],
        representative=read["representative"],
        founded_on=read["founded_on"],
    )
    applicant = ApplicantEntry(
        name=read["applicant"],
        kind=read["applicant_kind"],
        phone=read["applicant_phone"],
        address=read["applicant_address"],
    )
    return CaseEntry(
        court_id=read["court"],
        number=read["number"],
        debtor=debtor,
        applicant=applicant,
        title=read["title"],
        filed_on=read["filed_on"],
        amount_fen=read["amount"] or 0,
        paid_fen=read["paid"] or 0,
        costs_fen=read["costs"] or 0,
        place=place,
    )


def entity_of_code(code: str) -> Entity:
    """The kind that a code's beginning says, a company where it says nothing."""
    begins = code.strip()[:2]
    return next((one for one, start in CODES_OF.items() if start == begins), Entity.COMPANY)


def _court(courts: Sequence[Organisation], text: str) -> int:
    if not text and len(courts) == 1:
        return courts[0].pk
    found = next((court.pk for court in courts if court.name == text), None)
    if found is None:
        raise NotRead("court" if text else "required")
    return found


def _day(text: str) -> date | None:
    if not text:
        return None
    found = DAY.fullmatch(text)
    try:
        if found is not None:
            return date(*map(int, found.groups()))
    except ValueError:
        pass
    raise NotRead("date")


def _fen(text: str) -> int | None:
    if not text:
        return None
    try:
        return parse_yuan(text)
    except MoneyError:
        raise NotRead("money") from None
