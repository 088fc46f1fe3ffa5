"""Payment orders: the list, searched and exported; one order with all there is of it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhipo.cases.models import Case
from zhipo.cases.powers import open_acts
from zhipo.kernel.identifiers import mask_name
from zhipo.ledger.models import Transaction
from zhipo.payouts.models import Deposit, Order
from zhipo.payouts.queries.finding import chain_of, movements_of, next_step
from zhipo.payouts.queries.orders import orders_visible_to
from zhipo.portals.access import person
from zhipo.portals.csv_lines import csv_lines
from zhipo.portals.desk.acts_payouts import ORDER_ACTS, Failed, attempted, offered
from zhipo.portals.desk.columns_payouts import (
    answer_words,
    order_choices,
    payee_masked,
    reason_words,
)
from zhipo.portals.desk.exports import list_sheets
from zhipo.portals.desk.forms_money import title_of
from zhipo.portals.desk.fresh import with_fresh_code
from zhipo.portals.desk.lists import LISTS
from zhipo.portals.desk.searching import opened, sealed
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.desk.tables import table_view
from zhipo.web.words import say

STAGE = "payouts"


@for_desk
@require_http_methods(["GET", "HEAD", "POST"])
def orders(request: HttpRequest, slug: str) -> HttpResponse:
    """All orders of the case; what is looked for is posted, and seen by nobody else."""
    case, by = case_of(request, slug), person(request)
    if request.method == "POST":
        token = sealed(request.POST.get("asked", ""), by=by)
        return redirect(f"{request.path}?q={token}")
    content = {
        "table": table_view(request, case, LISTS["orders"]),
        "choices": order_choices(case, request.GET),
        "asked": opened(request.GET.get("q", ""), by=by),
        "query": request.GET.urlencode(),
    }
    return desk_page(request, case, "desk/orders.html", content, stage=STAGE)


@for_desk
@require_GET
def orders_csv(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The list as its page shows it, all pages of it, row by row; payees stay masked."""
    case, by = case_of(request, slug), person(request)
    [(_, columns, rows)] = list_sheets(case, LISTS["orders"], request.GET, by=by)

    def lines() -> Iterator[list[str]]:
        yield [column.title for column in columns]
        for row in rows:
            yield [column.exported(row) for column in columns]

    answer = StreamingHttpResponse(
        csv_lines(lines()), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{slug}-orders.csv"'
    return answer


@for_desk
@require_GET
def order(request: HttpRequest, slug: str, order_id: int) -> HttpResponse:
    """One order: what it says, what was said of it, where its money is, what is next."""
    case = case_of(request, slug)
    return _page(request, case, _own(request, case, order_id))


@for_desk
@require_POST
@with_fresh_code()
def act(request: HttpRequest, slug: str, order_id: int, name: str) -> HttpResponse:
    """One act on it; a refusal comes back with what was typed."""
    case = case_of(request, slug)
    found = _own(request, case, order_id)
    form, done = attempted(ORDER_ACTS, name, request, order_id=found.pk)
    if not done.is_done:
        return _page(request, case, found, failed=(name, form), status=done.status)
    messages.success(request, say(f"payouts.desk.said.{name}"))
    return redirect("desk:order", slug=slug, order_id=order_id)


def _own(request: HttpRequest, case: Case, order_id: int) -> Order:
    whole = orders_visible_to(person(request), case).defer(None).select_related(
        "share__claim__holder", "share__plan__case", "release", "bank_file",
        "hand_payment__entered_by", "hand_payment__checked_by",
    )  # fmt: skip
    return get_object_or_404(whole, pk=order_id)


def _page(
    request: HttpRequest,
    case: Case,
    found: Order,
    *,
    failed: Failed = None,
    status: int = 200,
) -> HttpResponse:
    by = person(request)
    acts = offered(ORDER_ACTS, found, open_acts(case, by), failed=failed)
    payment = getattr(found, "hand_payment", None)
    is_own_entry = payment is not None and payment.entered_by_id == by.pk
    if is_own_entry:
        acts = [one for one in acts if one["name"] != "check"]
    chain = chain_of(found)
    deposit = Deposit.objects.filter(share=found.share_id, part=found.part).last()
    content: dict[str, Any] = {
        "order": found,
        "payee": payee_masked(found),
        "part": found.part + 1,
        "reason": reason_words(found.reason),
        "taken_by": mask_name(payment.taken_by) if payment else "",
        "payment": payment,
        "is_own_entry": is_own_entry,
        "answers": [answer_words(one) for one in found.answers.order_by("at", "pk")],
        "movements": [_movement(one) for one in movements_of(found)],
        "chain": chain,
        "deposit": deposit,
        "step": next_step(
            found, followed=chain[-1].pk != found.pk,
            deposit=deposit if deposit and deposit.released_on is None else None,
        ),
        "acts": acts,
    }  # fmt: skip
    return desk_page(request, case, "desk/order.html", content, stage=STAGE, status=status)


def _movement(one: Transaction) -> dict[str, Any]:
    lines = [
        (title_of(entry.account.code, entry.account.title), entry.fen)
        for entry in one.entries.all()
    ]
    return {"act": one.act, "value_on": one.value_on, "lines": lines}
