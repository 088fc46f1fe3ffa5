"""From rows and files to the parts of a bundle and its manifest; the same in, the same out.

No clock is asked and no chance: two assemblies of an unchanged referral differ in the time
of their signature alone.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from zhipo.enforcement.bundle.container import Content, write_container
from zhipo.enforcement.bundle.gaps import gaps_of
from zhipo.enforcement.bundle.manifest import (
    ENDINGS,
    MANIFEST,
    SIGNATURE,
    CourtNamed,
    DebtorNamed,
    Manifest,
    MediaType,
    Part,
    Signature,
    canonical,
)
from zhipo.enforcement.bundle.rows.keys import file_fields_of
from zhipo.enforcement.bundle.tables import BY_NAME, TABLES, TableKind
from zhipo.enforcement.bundle.words import words
from zhipo.gateways.institutions.keys import Directory

Tables = Mapping[str, tuple[Any, ...]]


class FileLost(Exception):
    """A file that a row names is gone or is another: `path` is its part's."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(path)


@dataclass(frozen=True)
class Draft:
    """A bundle before it is signed."""

    manifest: Manifest
    contents: tuple[Content, ...]

    def write(self, signature: Signature, sink: IO[bytes]) -> None:
        """Write the whole file: manifest and signature first, then the parts."""
        own = [
            Content(MANIFEST, self.manifest.to_bytes()),
            Content(SIGNATURE, signature.to_bytes()),
        ]
        write_container([*own, *self.contents], sink)


def draft_of(
    tables: Tables, *, files: Mapping[str, Path], source: str, directory: Directory
) -> Draft:
    """The parts of a bundle and the manifest over them; `files` is part -> where it lies.

    `source` is what the sending installation calls the debtor. Raises FileLost.
    """
    made = [_table_part(kind, tables) for kind in TABLES]
    made += [_file_part(path, files[path], tables) for path in sorted(files)]
    made.sort(key=lambda pair: pair[0].path)
    manifest = _manifest(tables, tuple(part for part, _ in made), source, directory)
    return Draft(manifest, tuple(content for _, content in made))


def court_named(name: str, directory: Directory) -> CourtNamed:
    """A court under its name in the directory of keys, if it is there."""
    parties = (one for one in directory.parties if one.role == "court")
    found = next((one for one in parties if one.name == name), None)
    return CourtNamed(name=name, party=found.party if found else None)


def _manifest(
    tables: Tables, parts: tuple[Part, ...], source: str, directory: Directory
) -> Manifest:
    (referral,), (debtor,) = tables["referrals"], tables["debtors"]
    courts = {one.id: one.name for one in tables["courts"]}
    numbers = {one.id: one.number for one in tables["cases"]}
    return Manifest(
        source=source,
        sent_by=court_named(courts[referral.sending], directory),
        sent_to=court_named(courts[referral.receiving], directory),
        debtor=DebtorNamed(name=debtor.name, credit_code=debtor.credit_code),
        case_number=numbers[referral.leading],
        decided_on=referral.decided_on,
        parts=parts,
        gaps=gaps_of(tables),
    )


def _table_part(kind: TableKind, tables: Tables) -> tuple[Part, Content]:
    rows = [row.model_dump(mode="json") for row in tables[kind.name]]
    content = canonical({"rows": rows})
    part = Part(
        path=kind.path,
        media_type=MediaType.JSON,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        what=words(f"table.{kind.name}", lang="zh"),
        cite=kind.cite,
        item=kind.item,
    )
    return part, Content(kind.path, content)


def _file_part(path: str, source: Path, tables: Tables) -> tuple[Part, Content]:
    """A file under the item of the first table that names it."""
    kind, what = _named_by(path, tables)
    try:
        with source.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = source.stat().st_size
    except OSError as error:
        raise FileLost(path) from error
    if digest != Path(path).stem:
        raise FileLost(path)
    part = Part(
        path=path,
        media_type=ENDINGS.get(path.rpartition(".")[2], MediaType.OTHER),
        size=size,
        sha256=digest,
        what=what,
        cite=kind.cite,
        item=kind.item,
    )
    return part, Content(path, source)


def _named_by(path: str, tables: Tables) -> tuple[TableKind, str]:
    """The table whose row names a file, and what the file is, in words."""
    for name, said in FILES_OF.items():
        for row in tables[name]:
            if path in (getattr(row, one) for one in file_fields_of(BY_NAME[name].row)):
                return BY_NAME[name], row.title if not said else words(said, lang="zh")
    raise KeyError(path)


FILES_OF = {
    "histories": "file.history",
    "order_books": "file.order_book",
    "searches": "file.evidence",
    "documents": "",
}
"""Tables whose rows have files -> what such a file is; empty: as its row is titled."""
