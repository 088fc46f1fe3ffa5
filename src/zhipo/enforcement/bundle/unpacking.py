"""From a bundle's rows to rows here: new ones made, known ones changed, none twice.

Works by sets, table after table, in one transaction of the act that calls it. A row is
known by what an earlier version of the bundle has made of it (CarriedRow), or by its
natural fields where it was here before; the latter stays as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zhipo.accounts.models import User
from zhipo.enforcement.bundle.carried import CARRIED, Carried
from zhipo.enforcement.bundle.reading import Bundle
from zhipo.enforcement.bundle.rows.keys import file_fields_of, references_of
from zhipo.enforcement.models import CarriedRow, Debtor
from zhipo.privacy.columns import lookup_hash

BATCH = 2_000
Values = dict[str, Any]


@dataclass
class Unpacked:
    """Which row here each row of the bundle is, and how many were new or changed."""

    ids: dict[str, dict[int, int]] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)


def origin_of(bundle: Bundle) -> str:
    """The sending court and its name for the debtor: the same in every version."""
    return f"{bundle.manifest.sent_by.party}/{bundle.manifest.source}"


def local_path(path: str) -> str:
    """Where a file of a bundle is kept here, below ENVIRONMENT.files."""
    folder = "documents" if path.endswith((".docx", ".pdf")) else "bundles/files"
    return f"{folder}/{Path(path).name}"


def put_in(bundle: Bundle) -> Unpacked:
    """Put the rows of a bundle in; its files are there already (`local_path`)."""
    origin = origin_of(bundle)
    known: dict[str, dict[int, CarriedRow]] = {one.table: {} for one in CARRIED}
    for row in CarriedRow.objects.filter(origin=origin):
        known[row.table][row.key] = row
    done = Unpacked()
    for carried in CARRIED:
        values = {
            row.id: _values(carried, row, done, origin)
            for row in bundle.tables[carried.table]
        }
        _put_table(carried, values, known[carried.table], origin, done)
        _put_own_references(carried, bundle.tables[carried.table], done)
    return done


def _put_table(
    carried: Carried,
    values: Mapping[int, Values],
    known: Mapping[int, CarriedRow],
    origin: str,
    done: Unpacked,
) -> None:
    """One table: what is known is changed, what is here is found, the rest is made."""
    ids = {key: known[key].row_id for key in values if key in known}
    unknown = {key: one for key, one in values.items() if key not in known}
    found = _found_here(carried, unknown)
    missing = {key: one for key, one in unknown.items() if key not in found}
    made = _made(carried, missing)
    changed = _changed(carried, {ids[key]: values[key] for key in ids if known[key].is_own})
    CarriedRow.objects.bulk_create(
        (
            CarriedRow(origin=origin, table=carried.table, key=key, row_id=row_id,
                       is_own=key in made)
            for key, row_id in (made | found).items()
        ),
        batch_size=BATCH,
    )  # fmt: skip
    done.ids[carried.table] = ids | found | made
    if made or changed:
        done.counts[carried.table] = {"new": len(made), "changed": changed}


def _values(carried: Carried, row: Any, done: Unpacked, origin: str) -> Values:
    """A row's columns here: references translated, hashes made with this side's key."""
    references = references_of(carried.kind.row)
    values: Values = {}
    for name in carried.fields():
        value = getattr(row, name)
        if name not in references:
            values[name] = value
        elif references[name] != carried.table:
            values[f"{name}_id"] = _id_of(done, references[name], value)
    for name in file_fields_of(carried.kind.row):
        values[name] = local_path(values[name])
    for name, (kind, source) in carried.hashes.items():
        values[name] = lookup_hash(kind, values[source])
    for name, make in carried.made.items():
        values[name] = make(values)
    return values | _own_values(carried, values, origin)


def _own_values(carried: Carried, values: Values, origin: str) -> Values:
    """What a row has here that the sending side cannot know.

    An official of the other side stands here as an account nobody can sign in with.
    """
    if carried.model is User:
        login = f"{origin.split('/')[0]}:{values['login']}"
        return {"login": login[:100], "is_staff_member": True, "is_active": False}
    if carried.model is Debtor and Debtor.objects.filter(slug=values["slug"]).exists():
        return {"slug": f"{values['slug'][:24]}-{origin.split('/')[0]}"[:50]}
    return {}


def _id_of(done: Unpacked, table: str, key: int | None) -> int | None:
    return None if key is None else done.ids[table][key]


def _found_here(carried: Carried, values: Mapping[int, Values]) -> dict[int, int]:
    """Rows that were here before, by their natural fields."""
    columns = [_column(carried, name) for name in carried.natural]
    wanted = {
        tuple(one[column] for column in columns): key
        for key, one in values.items()
        if columns and one[columns[0]] not in ("", None)
    }
    if not wanted:
        return {}
    firsts = {one[0] for one in wanted}
    here = carried.manager.filter(**{f"{columns[0]}__in": firsts})
    return {
        wanted[tuple(rest)]: row_id
        for row_id, *rest in here.values_list("pk", *columns)
        if tuple(rest) in wanted
    }


def _made(carried: Carried, values: Mapping[int, Values]) -> dict[int, int]:
    rows = [carried.model(**values[key]) for key in sorted(values)]
    for row in rows:
        if isinstance(row, User):
            row.set_unusable_password()
    made = carried.manager.bulk_create(rows, batch_size=BATCH)
    return dict(zip(sorted(values), (one.pk for one in made), strict=True))


def _changed(carried: Carried, values: Mapping[int, Values]) -> int:
    """Bring rows of an earlier version up to this one; how many had changed."""
    kept = {_column(carried, name) for name in carried.once} | {"login"}
    rows = carried.manager.in_bulk(list(values))
    different: list[Any] = []
    columns: set[str] = set()
    for row_id, row in rows.items():
        news = {
            name: value
            for name, value in values[row_id].items()
            if name not in kept and getattr(row, name) != value
        }
        for name, value in news.items():
            setattr(row, name, value)
        columns |= news.keys()
        different += [row] if news else []
    if different:
        carried.manager.bulk_update(different, _fields(carried, columns), BATCH)
    return len(different)


def _put_own_references(carried: Carried, rows: Sequence[Any], done: Unpacked) -> None:
    """References within one table, once all its rows have their numbers here."""
    names = [
        name
        for name, table in references_of(carried.kind.row).items()
        if table == carried.table
    ]
    ids = done.ids[carried.table]
    for name in names:
        column = _column(carried, name)
        wanted = {
            ids[row.id]: ids[getattr(row, name)]
            for row in rows
            if getattr(row, name) is not None
        }
        found = carried.manager.in_bulk(list(wanted))
        for row_id, row in found.items():
            setattr(row, column, wanted[row_id])
        carried.manager.bulk_update(found.values(), [name], BATCH)


def _column(carried: Carried, name: str) -> str:
    found: Any = carried.model._meta.get_field(name)
    return str(found.attname)


def _fields(carried: Carried, columns: Iterable[str]) -> list[str]:
    """The fields of these columns: a reference by its name, as Django updates it."""
    return [
        one.name for one in carried.model._meta.concrete_fields if one.attname in columns
    ]
