"""A debtor's rows as a bundle has them: read by sets, in the order of their keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from zhipo.documents.models import Document
from zhipo.enforcement.bundle.carried import BY_TABLE, CARRIED, NAMED, Carried
from zhipo.enforcement.bundle.manifest import file_path
from zhipo.enforcement.bundle.rows.keys import Row, file_fields_of, references_of
from zhipo.enforcement.bundle.storing import below_files
from zhipo.enforcement.models import Debtor, Referral
from zhipo.enforcement.queries.debtors import chain_of

Rows = dict[str, tuple[Any, ...]]
Files = dict[str, Path]


@dataclass(frozen=True)
class Gathered:
    """The rows of a bundle, and where each file that they name lies on disk."""

    tables: Rows
    files: Files


def gather(referral: Referral) -> Gathered:
    """Every table of a referral's bundle; a query a table.

    The referral itself is the only one: earlier ones of the debtor were refused or
    declined, and are not what is handed over.
    """
    tables: Rows = {}
    files: Files = {}
    for carried in CARRIED:
        if carried.table not in NAMED:
            tables[carried.table] = _rows(carried, _about(carried, referral), files)
    documents = _documents(referral.debtor, _named("documents", tables))
    tables["documents"] = _rows(BY_TABLE["documents"], documents, files)
    for table in ("institutions", "people", "courts"):
        carried = BY_TABLE[table]
        named = carried.manager.filter(pk__in=_named(table, tables))
        tables[table] = _rows(carried, named, files)
    return Gathered(tables, files)


def _about(carried: Carried, referral: Referral) -> QuerySet[Any]:
    found: QuerySet[Any] = carried.manager.filter(**{carried.debtor: referral.debtor_id})
    if carried.table == "referrals":
        return found.filter(pk=referral.pk)
    if carried.debtor.startswith("referral__"):
        return found.filter(referral=referral)
    return found


def _documents(debtor: Debtor, keys: Iterable[int]) -> QuerySet[Document]:
    """Papers of the debtor and of its enforcement cases, and those that rows refer to."""
    chains = [chain_of(debtor), *debtor.cases.values_list("number", flat=True)]
    of_chains = Document.objects.filter(chain__in=chains)
    return of_chains | Document.objects.filter(pk__in=list(keys))


def _named(table: str, tables: Rows) -> set[int]:
    """The keys of a table that rows of others refer to."""
    return {
        getattr(row, field)
        for name, rows in tables.items()
        for field, target in references_of(BY_TABLE[name].kind.row).items()
        if target == table
        for row in rows
        if getattr(row, field) is not None
    }


def _rows(carried: Carried, found: QuerySet[Any], files: Files) -> tuple[Row, ...]:
    """The rows of one table in the types of the bundle; their files go into `files`."""
    kind = carried.kind.row
    columns = {name: _column(carried, name) for name in carried.fields()}
    made = []
    for values in found.order_by("pk").distinct().values("pk", *columns.values()):
        row = {name: values[column] for name, column in columns.items()}
        for name, digest in file_fields_of(kind).items():
            lies = below_files(row[name])
            row[name] = file_path(row[digest], lies.suffix[1:])
            files[row[name]] = lies
        made.append(kind.model_validate({"id": values["pk"], **row}, strict=False))
    return tuple(made)


def _column(carried: Carried, name: str) -> str:
    """The column of a field: a reference's own number, not the row that it names."""
    found: Any = carried.model._meta.get_field(name)
    return str(found.attname)
