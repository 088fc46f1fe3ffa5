"""兑付: what I get, why, when, where; each payment as it stands; the proof of the sum."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhipo.claims.actions.payout import shown_payout
from zhipo.claims.models import Claim
from zhipo.claims.policies.filing import can_choose_payout
from zhipo.claims.states import IdentityProof
from zhipo.distributions.queries.published import proof_for
from zhipo.documents.rendering import DOCX
from zhipo.kernel.identifiers import mask
from zhipo.payouts.actions.changing import PLACES
from zhipo.payouts.models import FurtherWay, Order
from zhipo.payouts.queries.creditor import (
    Payment,
    further_ways,
    paid_order,
    payments_of,
    payments_on,
)
from zhipo.portals.access import for_creditors, person
from zhipo.portals.creditor.pages import as_file, claim_of
from zhipo.portals.creditor.payment_reasons import rate_of, why_of
from zhipo.portals.creditor.payments_shown import next_on, parts_shown, sums_of
from zhipo.portals.creditor.receipts import receipt_fields, receipt_paper
from zhipo.portals.public.cases import case_of, case_with_offices


@for_creditors
@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """All claims of the person that a plan gives something, with their sums."""
    case = case_of(slug)
    found = payments_of(person(request), case, today=timezone.localdate())
    by_claim: dict[int, list[Payment]] = {}
    for one in found:
        by_claim.setdefault(one.claim.pk, []).append(one)
    page = {
        "case": case,
        "sums": sums_of(found),
        "claims": [(ones[0].claim, sums_of(ones)) for ones in by_claim.values()],
    }
    return render(request, "creditor/payments.html", page)


@for_creditors
@require_safe
def payment(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """One claim: what, why, when, where, and what came of every payment."""
    claim = claim_of(request, slug, claim_id)
    found = payments_on(claim, today=timezone.localdate())
    ways = {one.place: one for one in further_ways(claim)}
    page = {
        "case": claim.case,
        "claim": claim,
        "payments": [_shown(one) for one in found],
        "sums": sums_of(found),
        "next_on": next_on(found),
        "payout": shown_payout(claim),
        "further": [(place, _way_shown(ways.get(place))) for place in PLACES],
        "can_choose": can_choose_payout(claim),
        "is_unproven": claim.identity == IdentityProof.UNPROVEN,
        "unread": claim.messages.filter(from_administrator=True, read_at=None).count(),
    }
    return render(request, "creditor/payment.html", page)


@for_creditors
@require_safe
def proof(request: HttpRequest, slug: str, claim_id: int, number: int) -> HttpResponse:
    """The proof of this claim in one plan, as a file that names nobody else."""
    claim = claim_of(request, slug, claim_id)
    found = payments_on(claim, today=timezone.localdate())
    share = next((one.share for one in found if one.plan.number == number), None)
    if share is None:
        raise Http404
    content = json.dumps(proof_for(share), ensure_ascii=False, indent=2) + "\n"
    name = f"proof-{claim.number}-{number}.json"
    return as_file(content.encode(), "application/json", name)


@for_creditors
@require_safe
def receipt(request: HttpRequest, slug: str, claim_id: int, order_id: int) -> HttpResponse:
    """What was paid, to print."""
    claim, order = _paid(request, slug, claim_id, order_id)
    page = {"case": claim.case, "claim": claim, "order": order,
            "fields": receipt_fields(claim, order)}  # fmt: skip
    return render(request, "creditor/receipt.html", page)


@for_creditors
@require_safe
def receipt_file(
    request: HttpRequest, slug: str, claim_id: int, order_id: int
) -> HttpResponse:
    """The same as a paper of the administrator's."""
    claim, order = _paid(request, slug, claim_id, order_id)
    name = f"receipt-{order.reference}.docx"
    return as_file(receipt_paper(claim, order), DOCX, name)


def _paid(
    request: HttpRequest, slug: str, claim_id: int, order_id: int
) -> tuple[Claim, Order]:
    """The claim with its offices and a paid order of it. Raises Http404."""
    claim = claim_of(request, slug, claim_id)
    claim.case = case_with_offices(slug)
    order = paid_order(claim, order_id)
    if order is None:
        raise Http404
    return claim, order


def _shown(one: Payment) -> dict[str, Any]:
    share = one.share
    return {
        "payment": one,
        "plan": one.plan,
        "parts": parts_shown(one, now=timezone.now()),
        "why": why_of(share),
        "rate": rate_of(one.total_fen, share.fen),
        "baseline_rate": rate_of(share.baseline_fen, share.fen),
        "shift_fen": one.total_fen - share.baseline_fen,
        "less_fen": share.baseline_fen - one.total_fen,
    }


def _way_shown(known: FurtherWay | None) -> dict[str, str] | None:
    if known is None:
        return None
    account = mask(known.account, head=0, tail=4) if known.account else ""
    return {"channel": known.channel, "account": account}
