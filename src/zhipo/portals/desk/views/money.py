"""The case's money: accounts on any past day, what came in, every movement."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.cases.models import Case
from zhipo.distributions.actions import money as acts
from zhipo.distributions.queries.book import balance_on, bills_of, receipts_of, sides
from zhipo.ledger.kinds import AccountKind
from zhipo.ledger.models import Transaction
from zhipo.portals.access import person
from zhipo.portals.acting import tried, with_failed
from zhipo.portals.desk.fields import day_field
from zhipo.portals.desk.forms_money import (
    AccountForm,
    BackForm,
    PoolForm,
    ReceiptForm,
    title_of,
)
from zhipo.portals.desk.lists import LISTS
from zhipo.portals.desk.money_shown import (
    accounts_of,
    act_words,
    earmark_words,
    lines_of,
    note_words,
)
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.desk.tables import table_view
from zhipo.web.words import say

SHOWN, BILLS_SHOWN = 20, 5


class DayForm(forms.Form):
    """Until which day the book is read."""

    on = day_field("desk.money.on", required=False)


@for_desk
@require_GET
def money(request: HttpRequest, slug: str) -> HttpResponse:
    """Accounts as they stood when a day ended, receipts, bills, and the forms."""
    return _page(request, case_of(request, slug))


@for_desk
@require_POST
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Post what came in."""
    case = case_of(request, slug)
    form = ReceiptForm(case, request.POST)

    def act() -> object:
        return acts.enter_money(
            case_id=case.pk, receipt=form.receipt,
            form_key=form.cleaned_data["form_key"], by=person(request),
        )  # fmt: skip

    return _done(request, case, form, act, "entered")


@for_desk
@require_POST
def open_account(request: HttpRequest, slug: str) -> HttpResponse:
    """Open an account in which money lies."""
    case = case_of(request, slug)
    form = AccountForm(request.POST)

    def act() -> object:
        kind = AccountKind(form.cleaned_data["kind"])
        return acts.open_money_account(
            case_id=case.pk, code=f"{kind}:{form.cleaned_data['code']}", kind=kind,
            title=form.cleaned_data["title"].strip(), by=person(request),
        )  # fmt: skip

    return _done(request, case, form, act, "account_opened")


@for_desk
@require_POST
def open_pool(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a pool with its earmark."""
    case = case_of(request, slug)
    form = PoolForm(request.POST)

    def act() -> object:
        return acts.open_pool(
            case_id=case.pk, name=form.cleaned_data["name"],
            title=form.cleaned_data["title"].strip(), earmark=form.earmark,
            by=person(request),
        )  # fmt: skip

    return _done(request, case, form, act, "pool_opened")


@for_desk
@require_POST
def take_back(request: HttpRequest, slug: str, entry_id: int) -> HttpResponse:
    """Take a wrong entry back by the opposite one."""
    case = case_of(request, slug)
    wrong = get_object_or_404(Transaction, pk=entry_id, book=case.number)
    form = BackForm(request.POST)

    def act() -> object:
        return acts.take_money_back(
            transaction_id=wrong.pk, **form.cleaned_data, by=person(request)
        )

    return _done(request, case, form, act, "taken_back", failed_id=wrong.pk)


@for_desk
@require_GET
def movements(request: HttpRequest, slug: str) -> HttpResponse:
    """Every movement of the book, searched and exported."""
    case = case_of(request, slug)
    content = {
        "table": table_view(request, case, LISTS["movements"]),
        "accounts": accounts_of(case),
    }
    return desk_page(request, case, "desk/movements.html", content, stage="money")


@for_desk
@require_GET
def movement(request: HttpRequest, slug: str, entry_id: int) -> HttpResponse:
    """One movement: its act, its two sides, what was taken back of it."""
    case = case_of(request, slug)
    found = get_object_or_404(
        Transaction.objects.select_related("posted_by"), pk=entry_id, book=case.number
    )
    content = {
        "movement": found,
        "shown_act": act_words(found.act),
        "note": note_words(found.note),
        "entries": [
            (
                title_of(one.account.code, one.account.title),
                max(one.fen, 0),
                max(-one.fen, 0),
            )
            for one in found.entries.select_related("account").order_by("-fen")
        ],
    }
    return desk_page(request, case, "desk/movement.html", content, stage="money")


def _done(
    request: HttpRequest, case: Case, form: forms.Form, act: Callable[[], object],
    said: str, *, failed_id: int = 0,
) -> HttpResponse:  # fmt: skip
    """Do the act of a form; a refusal comes back on the page with what was typed."""
    answer = tried(form, act)
    if not answer.is_done:
        return _page(request, case, failed=form, failed_id=failed_id, status=answer.status)
    messages.success(request, say(f"desk.money.said.{said}"))
    return redirect("desk:money", slug=case.slug)


def _page(
    request: HttpRequest, case: Case, *, failed: forms.Form | None = None,
    failed_id: int = 0, status: int = 200,
) -> HttpResponse:  # fmt: skip
    asked = DayForm(request.GET if "on" in request.GET else {"on": ""})
    day = asked.cleaned_data["on"] if asked.is_valid() else None
    lines = balance_on(case, day)
    today = timezone.localdate().isoformat()
    shown = {
        "receipt_form": ReceiptForm(case, initial={"value_on": today}),
        "account_form": AccountForm(auto_id="account_%s"),
        "pool_form": PoolForm(auto_id="pool_%s"),
        "back_form": BackForm(),
    }
    content: dict[str, Any] = {
        **with_failed(shown, failed),
        "failed": type(failed).__name__ if failed else "",
        "failed_id": failed_id,
        "day_form": asked,
        "day": day,
        "lines": lines_of(lines),
        "sides": sides(lines),
        "earmarks": earmark_words(case),
        "receipts": receipts_of(case)[:SHOWN],
        "bills": bills_of(case)[:BILLS_SHOWN],
    }
    return desk_page(request, case, "desk/money.html", content, stage="money",
                     status=status)  # fmt: skip
