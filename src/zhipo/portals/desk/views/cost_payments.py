"""One payment of a cost: its slip, who entered and checked it, its acts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from zhipo.cases.models import Case
from zhipo.cases.powers import open_acts
from zhipo.distributions.models import CostPayment
from zhipo.distributions.queries.costs import payments_of
from zhipo.ledger.models import Transaction
from zhipo.portals.access import person
from zhipo.portals.desk.acts_costs import COST_ACTS
from zhipo.portals.desk.acts_payouts import Failed, attempted, offered
from zhipo.portals.desk.costs_shown import payment_words
from zhipo.portals.desk.exports import handed_out
from zhipo.portals.desk.forms_money import title_of
from zhipo.portals.desk.fresh import with_fresh_code
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.web.words import say

STAGE = "payouts"


@for_desk
@require_GET
def payment(request: HttpRequest, slug: str, payment_id: int) -> HttpResponse:
    """What was entered, and whether it counts yet."""
    case = case_of(request, slug)
    return _page(request, case, _own(case, payment_id))


@for_desk
@require_GET
def paper(request: HttpRequest, slug: str, payment_id: int) -> HttpResponse:
    """The scan of slip, receipt or invoice, as it was sealed."""
    found = _own(case_of(request, slug), payment_id)
    if found.paper is None:
        raise Http404
    return handed_out(found.paper)


@for_desk
@require_POST
@with_fresh_code()
def act(request: HttpRequest, slug: str, payment_id: int, name: str) -> HttpResponse:
    """Checked by another person, or taken back; a refusal comes back on the page."""
    case = case_of(request, slug)
    found = _own(case, payment_id)
    form, done = attempted(COST_ACTS, name, request, payment_id=found.pk)
    if not done.is_done:
        return _page(request, case, found, failed=(name, form), status=done.status)
    messages.success(request, say(f"payouts.desk.said.{name}"))
    if name == "take_back":
        return redirect("desk:costs", slug=slug)
    return redirect("desk:cost_payment", slug=slug, payment_id=payment_id)


def _own(case: Case, payment_id: int) -> CostPayment:
    return get_object_or_404(payments_of(case), pk=payment_id)


def _page(
    request: HttpRequest, case: Case, found: CostPayment, *, failed: Failed = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    by = person(request)
    acts = offered(COST_ACTS, found, open_acts(case, by), failed=failed)
    is_own = found.entered_by_id == by.pk
    if is_own:
        acts = [one for one in acts if one["name"] != "check_cost"]
    key = f"cost:{found.pk}"
    content = {
        "payment": found,
        "title": payment_words(found),
        "account": title_of(found.account, found.account),
        "movement": Transaction.objects.filter(book=case.number, key=key).first(),
        "is_own": is_own,
        "acts": acts,
    }
    return desk_page(
        request, case, "desk/cost_payment.html", content, stage=STAGE, status=status
    )
