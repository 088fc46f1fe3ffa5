"""The facts of an identification: all of them, one of them, order books."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhipo.enforcement.actions.memos import state_fact, withdraw_fact
from zhipo.enforcement.actions.order_books import HandedIn, add_order_book
from zhipo.enforcement.identification.facts import SPECS, FactGroup, FactKey
from zhipo.enforcement.identification.wording import fact_text, source_text
from zhipo.enforcement.models import Debtor, Fact, OrderBook
from zhipo.enforcement.queries.facts import Ground, facts_of, ground_of
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.bureau.forms_memo import FactForm, OrdersForm, WithdrawForm
from zhipo.portals.bureau.surroundings import bureau_page, debtor_of, for_bureau
from zhipo.web.words import say


@for_bureau
@require_GET
def facts(request: HttpRequest, slug: str) -> HttpResponse:
    """Every fact by group: what counts, where it is from, what nobody knows."""
    return _facts_page(request, debtor_of(request, slug), OrdersForm())


@for_bureau
@require_http_methods(["GET", "HEAD", "POST"])
def fact(request: HttpRequest, slug: str, fact_key: str) -> HttpResponse:
    """State one fact, and see who stated it before."""
    debtor, key = debtor_of(request, slug), _key_of(fact_key)
    ground = ground_of(debtor)
    value = ground.values.get(key)
    if request.method != "POST":
        return _fact_page(request, ground, FactForm(key, value))
    form = FactForm(key, value, request.POST)

    def state() -> object:
        statement = form.statement()
        return state_fact(debtor_id=debtor.pk, statement=statement, by=person(request))

    stated = tried(form, state)
    if not stated.is_done:
        return _fact_page(request, ground, form, status=stated.status)
    messages.success(request, say("bureau.fact.stated"))
    return redirect("bureau:facts", slug=slug)


@for_bureau
@require_POST
def withdraw(request: HttpRequest, slug: str, fact_key: str) -> HttpResponse:
    """Take a statement back: what the system knows counts again."""
    debtor, key = debtor_of(request, slug), _key_of(fact_key)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        withdraw_fact(
            debtor_id=debtor.pk,
            key=key,
            reason=form.cleaned_data["reason"],
            by=person(request),
        )
        messages.success(request, say("bureau.fact.withdrawn"))
        return redirect("bureau:facts", slug=slug)
    ground = ground_of(debtor)
    shown = FactForm(key, ground.values.get(key))
    return _fact_page(request, ground, shown, withdraw_form=form, status=400)


@for_bureau
@require_POST
def add_orders(request: HttpRequest, slug: str) -> HttpResponse:
    """Seal an order book, in which buyers are counted."""
    debtor = debtor_of(request, slug)
    form = OrdersForm(request.POST, request.FILES)

    def add() -> OrderBook:
        handed = HandedIn(form.cleaned_data["file"], form.cleaned_data["source"])
        return add_order_book(debtor_id=debtor.pk, handed=handed, by=person(request))

    added = tried(form, add, field="file")
    book = added.result
    if book is None:
        return _facts_page(request, debtor, form, status=added.status)
    messages.success(
        request, say("bureau.orders.added", rows=book.rows, buyers=book.buyers)
    )
    return redirect("bureau:facts", slug=slug)


def _key_of(text: str) -> FactKey:
    if text not in set(FactKey):
        raise Http404
    return FactKey(text)


def _facts_page(
    request: HttpRequest, debtor: Debtor, form: OrdersForm, *, status: int = 200
) -> HttpResponse:
    ground = ground_of(debtor)
    content = {
        "groups": [(group, _rows_of(ground, group)) for group in FactGroup],
        "orders_form": form,
        "order_books": debtor.order_books.order_by("-last_on", "-added_at"),
    }
    return bureau_page(
        request, debtor, "bureau/memo_facts.html", content, tab="memo", status=status
    )


def _rows_of(ground: Ground, group: FactGroup) -> list[dict[str, Any]]:
    return [_row_of(ground, key) for key, spec in SPECS.items() if spec.group == group]


def _row_of(ground: Ground, key: FactKey) -> dict[str, Any]:
    """One fact: what counts, by whom, and whether the system knows otherwise."""
    known, stated = ground.known.get(key), ground.stated.get(key)
    value = stated.value if stated else known.value if known else None
    differs = bool(known and stated and known.value != stated.value)
    return {
        "key": key.value,
        "text": fact_text(key, value) if value is not None else "",
        "stated": stated,
        "source": source_text(known.source, known.says) if known else "",
        "rule": known.rule if known else "",
        "known_text": fact_text(key, known.value) if differs and known else "",
    }


def _fact_page(
    request: HttpRequest,
    ground: Ground,
    form: FactForm,
    *,
    withdraw_form: WithdrawForm | None = None,
    status: int = 200,
) -> HttpResponse:
    history = [(one, _text_of(one)) for one in facts_of(ground.debtor, form.key)]
    content = {
        "form": form,
        "row": _row_of(ground, form.key),
        "history": history,
        "withdraw_form": withdraw_form or WithdrawForm(),
    }
    return bureau_page(
        request, ground.debtor, "bureau/memo_fact.html", content, tab="memo", status=status
    )


def _text_of(one: Fact) -> str:
    return fact_text(one.key, one.value)
