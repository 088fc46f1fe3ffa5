"""One act of a form, and what the page shows when it was refused."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhipo.portals.access import person
from zhipo.web.refusals import Declined
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
    if not form.is_valid():
        return again(form)
    given: dict[str, Any] = form.cleaned_data
    try:
        act(**given, by=person(request))
    except Declined as refused:
        if refused.status == 403:
            raise
        form.add_error(None, refused.sentence)
        return again(form)
    messages.success(request, say(f"bureau.{said}"))
    return redirect(onward)
