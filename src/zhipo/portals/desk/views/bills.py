"""A bank's or payment institution's bill against the case's own book."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from zhipo.cases.models import Case
from zhipo.distributions.actions.reconciling import reconcile_account, statement_of
from zhipo.distributions.bills import read_bill
from zhipo.distributions.models import Bill
from zhipo.kernel.faults import SHOWN, Fault, Refused
from zhipo.ledger.kinds import ASSETS
from zhipo.ledger.reconciling import Unmatched
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.desk.bill_export import bill_sheets
from zhipo.portals.desk.exports import workbook_response
from zhipo.portals.desk.forms_money import BillForm, account_choices
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.web.words import say


@for_desk
@require_GET
def bills(request: HttpRequest, slug: str) -> HttpResponse:
    """The bills that were read, and the form for another."""
    case = case_of(request, slug)
    return _bills(request, case, BillForm(case))


@for_desk
@require_POST
def reconcile(request: HttpRequest, slug: str) -> HttpResponse:
    """Read a bill and hold it against the book; a file with faults is refused whole."""
    case = case_of(request, slug)
    form = BillForm(case, request.POST, request.FILES)
    try:
        answer = tried(form, lambda: _reconciled(case, form, request))
    except Refused as refused:
        return _bills(request, case, form, faults=refused.faults, status=422)
    if answer.result is None:
        return _bills(request, case, form, status=answer.status)
    messages.success(request, say("desk.money.said.reconciled",
                                  matched=answer.result.matched,
                                  count=len(answer.result.differences)))  # fmt: skip
    return redirect("desk:bill", slug=slug, bill_id=answer.result.pk)


@for_desk
@require_GET
def bill(request: HttpRequest, slug: str, bill_id: int) -> HttpResponse:
    """What does not match, both ways."""
    case = case_of(request, slug)
    found = get_object_or_404(Bill, pk=bill_id, case=case)
    titles = dict(account_choices(case, *sorted(ASSETS)))
    content = {
        "bill": found,
        "account": titles.get(found.account_code, found.account_code),
        "groups": [
            (why, [one for one in found.differences if one["why"] == why])
            for why in Unmatched
        ],
    }
    return desk_page(request, case, "desk/bill.html", content, stage="money")


@for_desk
@require_GET
def export(request: HttpRequest, slug: str, bill_id: int) -> HttpResponse:
    """The same as a workbook."""
    case = case_of(request, slug)
    found = get_object_or_404(Bill, pk=bill_id, case=case)
    return workbook_response(bill_sheets(found), name=f"{slug}-bill-{found.pk}")


def _reconciled(case: Case, form: BillForm, request: HttpRequest) -> Bill:
    """Raises Refused, NotAllowed, NotInState."""
    given = form.cleaned_data
    content = given["bill"].read()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"bill{Path(given['bill'].name).suffix.lower()}"
        path.write_bytes(content)
        lines = read_bill(path, read_as=given["read_as"])
    return reconcile_account(
        case_id=case.pk, account=given["account"], by=person(request),
        statement=statement_of(given["bill"].name, content, lines),
    )  # fmt: skip


def _bills(
    request: HttpRequest, case: Case, form: BillForm, *,
    faults: list[Fault] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    content = {
        "form": form,
        "bills": case.bills.select_related("read_by").order_by("-read_at"),
        "faults": (faults or [])[:SHOWN],
        "fault_count": len(faults or []),
    }
    return desk_page(request, case, "desk/bills.html", content, stage="money",
                     status=status)  # fmt: skip
