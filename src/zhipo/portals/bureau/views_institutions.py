"""Institutions of the inquiry network: the table, one of them, many from a workbook."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhipo.enforcement.actions.institution_keys import (
    confirm_key,
    discard_key,
    enter_key,
)
from zhipo.enforcement.actions.institutions import (
    describe_institution,
    register_institutions,
    switch_institution,
)
from zhipo.enforcement.actions.lines import try_line
from zhipo.enforcement.institution_sheet import read_institutions, write_template
from zhipo.enforcement.models import Institution, InstitutionKey
from zhipo.enforcement.policies.institutions import presides
from zhipo.enforcement.queries.institutions import (
    institutions,
    keys_of,
    unregistered_parties,
)
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.bureau.acting import entered
from zhipo.portals.bureau.forms_institutions import (
    ConfirmForm,
    DetailsForm,
    InstitutionForm,
    KeyForm,
    SwitchForm,
)
from zhipo.portals.bureau.surroundings import for_bureau
from zhipo.portals.bureau.uploads import empty_table, read_upload, table_page
from zhipo.web.words import say

TAB = {"tab": "institutions"}


@for_bureau
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Everybody who can be asked, and who of the directory is not registered yet."""
    content = {"rows": institutions(), "unregistered": unregistered_parties(), **TAB}
    return render(request, "bureau/institutions_list.html", content)


@for_bureau
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Register one institution by hand; `party` in the address is one of the directory."""
    if request.method != "POST":
        return _add_page(request, InstitutionForm(initial=_of_directory(request)))
    form = InstitutionForm(request.POST)
    done = entered(
        form, lambda: register_institutions(entries=[form.entry()], by=person(request))
    )
    if done is None:
        return _add_page(request, form, status=400)
    (made,) = done
    messages.success(request, say("bureau.institution.said.added", name=made.name))
    return redirect("bureau:institution", institution_id=made.pk)


@for_bureau
@require_http_methods(["GET", "HEAD", "POST"])
def from_file(request: HttpRequest) -> HttpResponse:
    """Register the institutions of a workbook, all or none."""

    def enter(file: Any) -> str:
        entries = read_upload(file, read_institutions)
        done = register_institutions(entries=entries, by=person(request))
        return say("bureau.institution.said.imported", count=len(done))

    return table_page(request, "bureau/institutions_file.html", enter=enter,
                      onward="bureau:institutions", **TAB)  # fmt: skip


@for_bureau
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in."""
    return empty_table(write_template, name=say("bureau.institution.template_name"))


@for_bureau
@require_GET
def one(request: HttpRequest, institution_id: int) -> HttpResponse:
    """One institution: what is said of it, its keys, the line to it."""
    return _page(request, _found(institution_id))


@for_bureau
@require_POST
def describe(request: HttpRequest, institution_id: int) -> HttpResponse:
    """Change what is said of an institution."""
    found = _found(institution_id)
    form = DetailsForm(request.POST, found=found, may_move=presides(person(request)))
    return _do(
        request, found, form, said="changed",
        act=lambda: describe_institution(
            institution_id=found.pk, details=form.details(), by=person(request)
        ),
    )  # fmt: skip


@for_bureau
@require_POST
def add_key(request: HttpRequest, institution_id: int) -> HttpResponse:
    """Enter a further key."""
    found = _found(institution_id)
    form = KeyForm(request.POST)
    key = entered(
        form,
        lambda: enter_key(institution_id=found.pk, **form.cleaned_data, by=person(request)),
    )
    if key is None:
        return _page(request, found, failed=form, status=400)
    return _onward(request, found, "key_entered")


@for_bureau
@require_POST
def confirm(request: HttpRequest, institution_id: int, key_id: int) -> HttpResponse:
    """Have a key count from now on."""
    found, key = _key(institution_id, key_id)
    form = ConfirmForm(request.POST, key_id=key.pk)
    return _do(
        request, found, form, said="key_confirmed", key_id=key.pk,
        act=lambda: confirm_key(key_id=key.pk, **form.cleaned_data, by=person(request)),
    )  # fmt: skip


@for_bureau
@require_POST
def discard(request: HttpRequest, institution_id: int, key_id: int) -> HttpResponse:
    """Put a key away that was entered wrongly."""
    found, key = _key(institution_id, key_id)
    discard_key(key_id=key.pk, by=person(request))
    return _onward(request, found, "key_discarded")


@for_bureau
@require_POST
def try_it(request: HttpRequest, institution_id: int) -> HttpResponse:
    """Try the line; the page waits for the institution, ten seconds at most."""
    found = _found(institution_id)
    tested = try_line(institution_id=found.pk, by=person(request))
    say_so = messages.success if tested.test_result == "works" else messages.warning
    say_so(request, say(f"enforcement.line.{tested.test_result}"))
    return redirect(_address(found))


@for_bureau
@require_POST
def switch(request: HttpRequest, institution_id: int) -> HttpResponse:
    """Have an institution asked from now on, or no more."""
    found = _found(institution_id)
    form = SwitchForm(request.POST)
    is_on = form.data.get("is_active") == "yes"
    return _do(
        request, found, form, said="switched_on" if is_on else "switched_off",
        act=lambda: switch_institution(
            institution_id=found.pk, **form.cleaned_data, by=person(request)
        ),
    )  # fmt: skip


def _found(institution_id: int) -> Institution:
    return get_object_or_404(Institution, pk=institution_id)


def _key(institution_id: int, key_id: int) -> tuple[Institution, InstitutionKey]:
    key = get_object_or_404(
        InstitutionKey.objects.select_related("institution"),
        pk=key_id,
        institution=institution_id,
    )
    return key.institution, key


def _of_directory(request: HttpRequest) -> dict[str, str]:
    """What the directory says of the party that the address names."""
    known = {party.party: party.name for party in unregistered_parties()}
    party = request.GET.get("party", "")
    return {"party": party, "institution": known[party]} if party in known else {}


def _add_page(
    request: HttpRequest, form: InstitutionForm, *, status: int = 200
) -> HttpResponse:
    content = {"form": form, **TAB}
    return render(request, "bureau/institutions_add.html", content, status=status)


def _do(
    request: HttpRequest,
    found: Institution,
    form: forms.Form,
    *,
    act: Any,
    said: str,
    key_id: int = 0,
) -> HttpResponse:
    """Do the act, or show the page again with the form and why not."""
    done = tried(form, act)
    if done.is_done:
        return _onward(request, found, said)
    return _page(request, found, failed=form, key_id=key_id, status=done.status)


def _onward(request: HttpRequest, found: Institution, said: str) -> HttpResponse:
    messages.success(request, say(f"bureau.institution.said.{said}"))
    return redirect(_address(found))


def _address(found: Institution) -> str:
    return reverse("bureau:institution", args=[found.pk])


def _page(
    request: HttpRequest,
    found: Institution,
    *,
    failed: forms.Form | None = None,
    key_id: int = 0,
    status: int = 200,
) -> HttpResponse:
    found.refresh_from_db()
    by = person(request)
    may_decide = presides(by)
    rows = [
        (row, _confirm_form(row.key.pk, failed, key_id), row.key.entered_by_id == by.pk)
        for row in keys_of(found)
    ]
    details = DetailsForm(found=found, may_move=may_decide)
    content = {
        "one": found,
        "rows": rows,
        "details": failed if isinstance(failed, DetailsForm) else details,
        "key_form": failed if isinstance(failed, KeyForm) else KeyForm(),
        "refused": failed if isinstance(failed, SwitchForm) else None,
        "may_decide": may_decide,
        "can_try": not found.address or any(row.state == "in_use" for row, *_ in rows),
        **TAB,
    }
    return render(request, "bureau/institutions_one.html", content, status=status)


def _confirm_form(key_id: int, failed: forms.Form | None, failed_id: int) -> forms.Form:
    is_failed = isinstance(failed, ConfirmForm) and key_id == failed_id
    return failed if is_failed and failed is not None else ConfirmForm(key_id=key_id)
