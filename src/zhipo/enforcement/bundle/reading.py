"""What a bundle holds: its tables as typed rows, each reference and each file found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from zhipo.enforcement.bundle.container import NotAContainer, chunks_of
from zhipo.enforcement.bundle.gaps import gaps_of
from zhipo.enforcement.bundle.manifest import FILES, MANIFEST, Manifest, canonical
from zhipo.enforcement.bundle.opening import Sheath, open_sheath, parsed, wrong
from zhipo.enforcement.bundle.rows.keys import Row, file_fields_of, references_of
from zhipo.enforcement.bundle.tables import TABLES, TableKind, tables_of
from zhipo.gateways.institutions.keys import Directory
from zhipo.kernel.faults import Fault, refuse_if_any

MAX_TABLE = 256 << 20
Tables = dict[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Bundle:
    """A bundle that has been checked through: what it says may be relied on."""

    sheath: Sheath
    tables: Tables

    @property
    def manifest(self) -> Manifest:
        return self.sheath.manifest

    @property
    def referral(self) -> Any:
        return self.tables["referrals"][0]

    @property
    def debtor(self) -> Any:
        return self.tables["debtors"][0]

    def files(self) -> list[str]:
        """The paths of the parts that are files."""
        return [one.path for one in self.manifest.parts if _is_file(one.path)]

    def chunks(self, path: str) -> Iterator[bytes]:
        """The bytes of one part."""
        return chunks_of(self.sheath.path, self.sheath.entries[path])


def open_bundle(path: Path, directory: Directory | None) -> Bundle:
    """Check a bundle through and read it. Raises Refused with every fault of a step.

    In steps: the container; manifest, signature and digests; the tables; what they say of
    each other and of the files.
    """
    sheath = open_sheath(path, directory)
    tables = _tables(sheath)
    refuse_if_any([
        *_reference_faults(tables),
        *_file_faults(sheath, tables),
        *_manifest_faults(sheath.manifest, tables),
    ])  # fmt: skip
    return Bundle(sheath, tables)


def _tables(sheath: Sheath) -> Tables:
    """Every table; those that its format did not have yet are empty. Raises Refused."""
    named = {one.path for one in sheath.manifest.parts if not _is_file(one.path)}
    wanted = tables_of(sheath.manifest.format)
    faults = [wrong(one.path, "missing") for one in wanted if one.path not in named]
    faults += [wrong(one, "unknown") for one in named - {one.path for one in wanted}]
    refuse_if_any(faults)
    tables: Tables = {one.name: () for one in TABLES}
    for kind in wanted:
        tables[kind.name], more = _rows(sheath, kind)
        faults += more
    refuse_if_any(faults)
    return tables


def _rows(sheath: Sheath, kind: TableKind) -> tuple[tuple[Row, ...], list[Fault]]:
    try:
        content = sheath.content(kind.path, limit=MAX_TABLE)
    except NotAContainer:
        return (), [wrong(kind.path, "too_large", limit=MAX_TABLE)]
    table, faults = parsed(kind.model, content, kind.path)
    if faults:
        return (), faults
    if canonical(table.model_dump(mode="json")) != content:
        return (), [wrong(kind.path, "not_canonical")]
    keys = [row.id for row in table.rows]
    if any(a >= b for a, b in pairwise(keys)):
        return (), [wrong(kind.path, "order")]
    return table.rows, []


def _reference_faults(tables: Tables) -> list[Fault]:
    """References to rows that are not there."""
    keys = {name: {row.id for row in rows} for name, rows in tables.items()}
    return [
        _at(kind.path, number, field, "dangling", getattr(row, field))
        for kind in TABLES
        for field, table in references_of(kind.row).items()
        for number, row in enumerate(tables[kind.name], start=1)
        if getattr(row, field) is not None and getattr(row, field) not in keys[table]
    ]


def _file_faults(sheath: Sheath, tables: Tables) -> list[Fault]:
    """Files that no row names, rows whose file is not there or is another."""
    digests = {one.path: one.sha256 for one in sheath.manifest.parts}
    faults, used = [], set()
    for kind in TABLES:
        for field, digest in file_fields_of(kind.row).items():
            for number, row in enumerate(tables[kind.name], start=1):
                path = getattr(row, field)
                used.add(path)
                if digests.get(path) != getattr(row, digest):
                    faults.append(_at(kind.path, number, field, "other_file", path))
    files = [path for path in digests if _is_file(path)]
    faults += [wrong(path, "unused") for path in files if path not in used]
    faults += [
        wrong(path, "misnamed") for path in files if digests[path] != Path(path).stem
    ]
    return faults or _history_faults(sheath, tables)


def _history_faults(sheath: Sheath, tables: Tables) -> list[Fault]:
    """Transaction histories that are no Parquet, or have other rows than their table says.

    Only the footer is read: what a column decompresses to is not asked here.
    """
    faults = []
    for number, row in enumerate(tables.get("histories", ()), start=1):
        entry = sheath.entries[row.path]
        try:
            with pa.OSFile(str(sheath.path)) as file:
                file.seek(entry.begins)
                found = pq.read_metadata(pa.BufferReader(file.read(entry.size))).num_rows
        except (pa.ArrowException, OSError) as error:
            told = type(error).__name__
            faults.append(_at("records/histories.json", number, "path", "no_parquet", told))
            continue
        if found != row.rows:
            faults.append(_at("records/histories.json", number, "rows", "rows", found))
    return faults


def _manifest_faults(manifest: Manifest, tables: Tables) -> list[Fault]:
    """What the manifest says of the whole and the tables say otherwise."""
    if len(tables["referrals"]) != 1 or len(tables["debtors"]) != 1:
        return [wrong(MANIFEST, "not_one")]
    (referral,), (debtor,) = tables["referrals"], tables["debtors"]
    names = {one.id: one.name for one in tables["courts"]}
    numbers = {one.id: one.number for one in tables["cases"]}
    said: Sequence[tuple[str, object, object]] = (
        ("sent_by", manifest.sent_by.name, names[referral.sending]),
        ("sent_to", manifest.sent_to.name, names[referral.receiving]),
        ("debtor", manifest.debtor.name, debtor.name),
        ("debtor", manifest.debtor.credit_code, debtor.credit_code),
        ("case_number", manifest.case_number, numbers[referral.leading]),
        ("decided_on", manifest.decided_on, referral.decided_on),
        ("gaps", manifest.gaps, gaps_of(tables)),
    )
    return [
        Fault(MANIFEST, 0, field, "", wrong(MANIFEST, "says_other").message)
        for field, told, found in said
        if told != found
    ]


def _is_file(path: str) -> bool:
    return path.startswith(f"{FILES}/")


def _at(part: str, row: int, field: str, code: str, value: object) -> Fault:
    return Fault(part, row, field, str(value), wrong(part, code).message)
