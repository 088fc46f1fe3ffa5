"""The register of a debtor's property, and one property with all that can be done."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.enforcement.actions import protecting
from zhipo.enforcement.actions.freezing import order_freeze
from zhipo.enforcement.actions.inquiring import ask_history, ask_ownership
from zhipo.enforcement.models import Debtor, Property
from zhipo.enforcement.queries.freezes import freezes_of_debtor, rows_of
from zhipo.enforcement.queries.properties import (
    cases_to_act_in,
    orders_about,
    properties_of,
    seizures_of,
)
from zhipo.enforcement.states import Title
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.bureau.forms_inquiries import (
    AskForm,
    DescribeForm,
    FindForm,
    FreezeForm,
    OwnCaseForm,
    ProtectForm,
    RegisterForm,
)
from zhipo.portals.bureau.freeze_forms import with_forms
from zhipo.portals.bureau.surroundings import bureau_page, debtor_of, for_bureau
from zhipo.web.words import say


@for_bureau
@require_GET
def properties(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything found, what is frozen of it and until when, what is too much."""
    return _register_page(request, debtor_of(request, slug))


@for_bureau
@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask about the chosen properties: whose they are, or what moved."""
    debtor = debtor_of(request, slug)
    form = AskForm(request.POST, cases=_cases(request, debtor))
    chosen = [int(one) for one in request.POST.getlist("property") if one.isdigit()]
    if not chosen:
        form.add_error(None, say("bureau.form.nothing_chosen"))

    def act() -> object:
        given = form.cleaned_data
        asked = {"case_id": given["case_id"], "property_ids": chosen, "by": person(request)}
        if request.POST.get("what") != "history":
            return ask_ownership(**asked)
        days = (given["first_on"], given["last_on"])
        return ask_history(days=days, **asked)

    is_history = request.POST.get("what") == "history"
    if form.is_valid() and is_history:
        for name in ("first_on", "last_on"):
            if form.cleaned_data[name] is None:
                form.add_error(name, say("bureau.form.day_missing"))
    if tried(form, act).is_done:
        messages.success(request, say("bureau.said.asked"))
        return redirect("bureau:inquiries", slug=slug)
    return _register_page(request, debtor, failed=form)


@for_bureau
@require_POST
def register_property(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter a property that no institution reports."""
    debtor = debtor_of(request, slug)
    form = RegisterForm(request.POST, cases=_cases(request, debtor))

    def act() -> object:
        given = form.cleaned_data
        named = {name: given[name] for name in ("case_id", "kind", "label", "reference")}
        return protecting.register_property(
            **named, description=form.description(), by=person(request)
        )

    if tried(form, act).is_done:
        messages.success(request, say("bureau.said.registered"))
        return redirect("bureau:properties", slug=slug)
    return _register_page(request, debtor, failed=form)


@for_bureau
@require_GET
def property_page(request: HttpRequest, slug: str, property_id: int) -> HttpResponse:
    """One property: freezes, orders and answers, whose it is, what protects it."""
    debtor = debtor_of(request, slug)
    return show_property(request, debtor, property_of(request, debtor, property_id))


@for_bureau
@require_POST
def freeze(request: HttpRequest, slug: str, property_id: int) -> HttpResponse:
    """Order a freeze."""

    def act(form: Any, thing: Property) -> object:
        given = form.cleaned_data
        return order_freeze(
            case_id=given["case_id"], wanted=form.wanted(thing.pk),
            form_key=given["form_key"], by=person(request),
        )  # fmt: skip

    return _act_on(request, slug, property_id, FreezeForm, act)


@for_bureau
@require_POST
def find(request: HttpRequest, slug: str, property_id: int) -> HttpResponse:
    """Enter the court's own finding on whose it is."""

    def act(form: Any, thing: Property) -> object:
        given = form.cleaned_data
        return protecting.find_ownership(
            case_id=given["case_id"], property_id=thing.pk, by=person(request),
            outcome=Title(given["outcome"]), grounds=given["grounds"],
        )  # fmt: skip

    return _act_on(request, slug, property_id, FindForm, act)


@for_bureau
@require_POST
def describe(request: HttpRequest, slug: str, property_id: int) -> HttpResponse:
    """Enter who holds and controls it, and what would destroy its value."""

    def act(form: Any, thing: Property) -> object:
        return protecting.describe_property(
            case_id=form.cleaned_data["case_id"], property_id=thing.pk,
            description=form.description(), by=person(request),
        )  # fmt: skip

    return _act_on(request, slug, property_id, DescribeForm, act)


@for_bureau
@require_POST
def protect(request: HttpRequest, slug: str, property_id: int) -> HttpResponse:
    """Hold back from harsh measures in a lawful form."""

    def act(form: Any, thing: Property) -> object:
        given = form.cleaned_data
        return protecting.protect(
            case_id=given["case_id"], property_id=thing.pk, grounds=given["grounds"],
            circumstances=form.circumstances(), days=(given["since"], given["until"]),
            by=person(request),
        )  # fmt: skip

    return _act_on(request, slug, property_id, ProtectForm, act)


def property_of(request: HttpRequest, debtor: Debtor, pk: int) -> Property:
    """A property of this debtor's. Raises Http404."""
    found = properties_of(person(request), debtor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def show_property(
    request: HttpRequest,
    debtor: Debtor,
    thing: Property,
    *,
    failed: forms.Form | None = None,
) -> HttpResponse:
    """The page of a property; a form that failed comes back with what was typed."""
    cases = _cases(request, debtor)
    kinds: dict[str, type[OwnCaseForm]] = {
        "freeze_form": FreezeForm,
        "find_form": FindForm,
        "protect_form": ProtectForm,
    }
    shown: dict[str, forms.Form] = {
        name: failed if isinstance(failed, kind) else kind(cases=cases)
        for name, kind in kinds.items()
    }
    shown["describe_form"] = (
        failed if isinstance(failed, DescribeForm) else _described(thing, cases)
    )
    freezes = freezes_of_debtor(person(request), debtor).filter(target=thing)
    content = {
        **shown,
        "thing": thing,
        "freezes": with_forms(rows_of(freezes, timezone.localdate()), failed),
        "orders": orders_about(person(request), thing),
        "checks": thing.checks.select_related("order__institution", "by").order_by("-at"),
        "protections": thing.protections.order_by("-since"),
        "histories": thing.histories.order_by("-as_of"),
        "failed": failed,
    }
    return bureau_page(
        request, debtor, "bureau/properties_one.html", content, tab="properties",
        status=400 if failed is not None else 200,
    )  # fmt: skip


def _described(thing: Property, cases: Any) -> DescribeForm:
    form = DescribeForm(cases=cases)
    for name in ("holder", "control", "loses_value_if", "exempt_as"):
        form.fields[name].initial = getattr(thing, name)
    return form


def _cases(request: HttpRequest, debtor: Debtor) -> Any:
    return cases_to_act_in(person(request), debtor)


def _act_on(
    request: HttpRequest,
    slug: str,
    property_id: int,
    kind: type[OwnCaseForm],
    act: Callable[[Any, Property], object],
) -> HttpResponse:
    """Do one act on a property, or show its page again with the form and the reason."""
    debtor = debtor_of(request, slug)
    thing = property_of(request, debtor, property_id)
    form = kind(request.POST, cases=_cases(request, debtor))
    if tried(form, lambda: act(form, thing)).is_done:
        messages.success(request, say(f"bureau.said.{kind.__name__.lower()}"))
        return redirect("bureau:property", slug=slug, property_id=property_id)
    return show_property(request, debtor, thing, failed=form)


def _register_page(
    request: HttpRequest, debtor: Debtor, *, failed: forms.Form | None = None
) -> HttpResponse:
    by = person(request)
    cases = _cases(request, debtor)
    ask_form = failed if isinstance(failed, AskForm) else AskForm(cases=cases)
    is_registering = isinstance(failed, RegisterForm)
    content = {
        "things": properties_of(by, debtor),
        "seizures": seizures_of(by, debtor),
        "ask_form": ask_form,
        "register_form": failed if is_registering else RegisterForm(cases=cases),
        "freezes": rows_of(freezes_of_debtor(by, debtor), timezone.localdate()),
        "failed": failed,
    }
    return bureau_page(
        request, debtor, "bureau/properties_list.html", content, tab="properties",
        status=400 if failed is not None else 200,
    )  # fmt: skip
