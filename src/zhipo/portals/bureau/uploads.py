"""Tables that are filled in: the empty one, the page that takes a filled-in one."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zhipo.claims.policies.books import MEGABYTE
from zhipo.enforcement.entries import BadEntries, EntryFault
from zhipo.portals.bureau.forms_cases import CaseFileForm
from zhipo.portals.desk.exports import KIND, download
from zhipo.web.words import has, say

LARGEST_FILE = 10 * MEGABYTE
MOST_FAULTS_SHOWN = 200
T = TypeVar("T")


def empty_table(write: Callable[[IO[bytes]], None], *, name: str) -> HttpResponse:
    """The workbook to fill in, as `write` writes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    write(file)
    file.seek(0)
    return download(file, name=f"{name}.xlsx", kind=KIND)


def table_page(
    request: HttpRequest,
    template: str,
    *,
    enter: Callable[[Any], str],
    onward: str,
    tab: str,
) -> HttpResponse:
    """The form for a filled-in table: all of it is entered, or every fault is shown.

    `enter` takes the file and says what it entered, or raises BadEntries.
    """
    form = CaseFileForm(request.POST or None, request.FILES or None)
    faults: list[EntryFault] = []
    if request.method == "POST" and form.is_valid():
        try:
            said = enter(form.cleaned_data["file"])
        except BadEntries as refused:
            faults = refused.faults
        else:
            messages.success(request, said)
            return redirect(onward)
    content = {"form": form, "tab": tab, **faults_shown(faults)}
    status = 400 if request.method == "POST" else 200
    return render(request, template, content, status=status)


def faults_shown(faults: Sequence[EntryFault]) -> dict[str, Any]:
    """Faults for the template `bureau/_entry_faults.html`: the first of them, how many."""
    first = [(one, _column(one)) for one in faults[:MOST_FAULTS_SHOWN]]
    return {"faults": first, "fault_count": len(faults)}


def read_upload(file: Any, read: Callable[[Path], T]) -> T:
    """What `read` makes of a file that was handed in, in a folder that goes afterwards.

    Raises BadEntries.
    """
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


def _file_fault(key: str, **values: Any) -> EntryFault:
    return EntryFault(0, "", "", "file", {"reason": say(key, **values)})


def _column(fault: EntryFault) -> str:
    key = f"enforcement.column.{fault.column}"
    return say(key) if has(key) else fault.column
