"""Institutions as a workbook: the template, and reading what is handed in."""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any

from zhipo.enforcement.institution_entries import InstitutionEntry
from zhipo.enforcement.sheet_rows import (
    Reader,
    member_of,
    read_entries,
    words_of,
    write_columns,
)
from zhipo.enforcement.states import InstitutionKind
from zhipo.gateways.institutions.messages import ObjectKind
from zhipo.web.words import say

COLUMNS = (
    "party", "institution", "institution_kind", "server_address", "key_id", "public_key",
    "holds", "contact",
)  # fmt: skip
REQUIRED = ("party", "institution", "institution_kind")
KIND, HELD = "enforcement.institution", "enforcement.property"
BETWEEN = re.compile(r"[、，,;；]")


def write_template(file: IO[bytes]) -> None:
    """An empty workbook with the columns, and what each of them holds."""
    choices = {"institution_kind": words_of(InstitutionKind, KIND)}
    title = say("enforcement.sheet.institutions")
    write_columns(file, COLUMNS, title=title, choices=choices)


def read_institutions(path: Path) -> list[InstitutionEntry]:
    """The institutions of a workbook or CSV. Raises BadEntries with every bad cell."""
    readers: dict[str, Reader] = {
        "institution_kind": partial(member_of, InstitutionKind, words=KIND),
        "holds": _held,
    }
    return read_entries(path, COLUMNS, required=REQUIRED, readers=readers, entry=_entry)


def _held(text: str) -> tuple[ObjectKind, ...]:
    """Kinds of things, by their words, with a comma or the like between them."""
    found = [member_of(ObjectKind, one.strip(), words=HELD) for one in BETWEEN.split(text)]
    return tuple(ObjectKind(one) for one in found if one is not None)


def _entry(place: int, read: Mapping[str, Any]) -> InstitutionEntry:
    return InstitutionEntry(
        party=read["party"],
        name=read["institution"],
        kind=read["institution_kind"],
        address=read["server_address"],
        key_id=read["key_id"],
        public_key=read["public_key"],
        holds=read["holds"],
        contact=read["contact"],
        place=place,
    )
