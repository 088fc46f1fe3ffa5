"""One act of a form, and what the page shows when it was refused."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.web.words import say

Again = Callable[[forms.Form], HttpResponse]


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
