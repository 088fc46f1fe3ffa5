"""One act of a form, and what the page shows when it was refused."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhipo.enforcement.entries import BadEntries, EntryFault
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.web.words import say

Again = Callable[[forms.Form], HttpResponse]
T = TypeVar("T")


def do(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[..., object],
    *,
    said: str,
    onward: str,
    again: Again,
) -> HttpResponse:
    """Do the act with what the form holds; refused, the page comes back with it.

    `said` is a sentence of bureau/phrases.yaml, `onward` an address. A refusal of the
    person (403) is raised.
    """
    if not tried(form, lambda: act(**form.cleaned_data, by=person(request))).is_done:
        return again(form)
    messages.success(request, say(f"bureau.{said}"))
    return redirect(onward)


def entered(form: forms.Form, act: Callable[[], T]) -> T | None:
    """Do the act of an entry by hand; None where its faults now stand on the form."""
    if not form.is_valid():
        return None
    try:
        return act()
    except BadEntries as refused:
        _tell(form, refused.faults)
        return None


def _tell(form: forms.Form, faults: list[EntryFault]) -> None:
    """Each fault at its field, or above the form where it has none."""
    for fault in faults:
        form.add_error(
            fault.column if fault.column in form.fields else None, fault.sentence
        )
