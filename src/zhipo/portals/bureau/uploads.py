"""A filled-in table that somebody hands in: read from a folder that is gone afterwards."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django import forms

from zhipo.claims.policies.books import MEGABYTE
from zhipo.enforcement.entries import BadEntries, EntryFault
from zhipo.web.words import has, say

LARGEST_FILE = 10 * MEGABYTE
MOST_FAULTS_SHOWN = 200
T = TypeVar("T")


def read_upload(file: Any, read: Callable[[Path], T]) -> T:
    """What `read` makes of a file that was handed in. Raises BadEntries."""
    ending = Path(file.name or "").suffix.lower()
    if (file.size or 0) > LARGEST_FILE:
        raise BadEntries([_file_fault("bureau.register.too_large", most=10)])
    if ending not in (".xlsx", ".csv"):
        raise BadEntries([_file_fault("bureau.register.ending")])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table{ending}"
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        return read(path)


def shown(faults: list[EntryFault]) -> dict[str, Any]:
    """Faults for the template `bureau/_entry_faults.html`: the first of them, how many."""
    first = [(one, _column(one)) for one in faults[:MOST_FAULTS_SHOWN]]
    return {"faults": first, "fault_count": len(faults)}


def tell(form: forms.Form, faults: list[EntryFault]) -> None:
    """Each fault at its field, or above the form where it has none."""
    for fault in faults:
        form.add_error(
            fault.column if fault.column in form.fields else None, fault.sentence
        )


def _file_fault(key: str, **values: Any) -> EntryFault:
    return EntryFault(0, "", "", "file", {"reason": say(key, **values)})


def _column(fault: EntryFault) -> str:
    key = f"enforcement.column.{fault.column}"
    return say(key) if has(key) else fault.column
