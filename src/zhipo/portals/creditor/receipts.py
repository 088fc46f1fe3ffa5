"""The receipt of a payment that has arrived: for the page, and as a paper to keep."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from zhipo.claims.models import Claim
from zhipo.documents.kinds import DocumentKind
from zhipo.documents.rendering import rendered, template_path
from zhipo.kernel.identifiers import mask_name
from zhipo.payouts.models import Order
from zhipo.portals.creditor.payments_shown import account_of
from zhipo.web.words import current_language, say

NOTHING = "–"


def receipt_fields(claim: Claim, order: Order) -> Mapping[str, Any]:
    """What the receipt says; name and account with all hidden but what its owner knows."""
    case, share = claim.case, order.share
    account = account_of(order)
    return {
        "court": case.court.name,
        "number": case.number,
        "debtor": case.debtor,
        "administrator": case.administrator.name,
        "administrator_phone": case.administrator_phone or NOTHING,
        "ruling_number": share.plan.ruling,
        "plan_title": share.plan.title,
        "claim_number": claim.number,
        "payee": mask_name(order.payee_name) or NOTHING,
        "part": order.part + 1,
        "part_count": max(len(share.parts), order.part + 1),
        "paid_fen": order.fen,
        "paid_through": say(f"payouts.channel.{order.channel}"),
        "payee_account": account or NOTHING,
        "paid_at": order.ended_at,
        "reference": order.reference,
        "channel_number": order.channel_number or NOTHING,
        "dated_on": timezone.localdate(),
    }


def receipt_paper(claim: Claim, order: Order) -> bytes:
    """The receipt as DOCX, in the reader's language; the English one is a reading copy."""
    lang = current_language()
    fields = receipt_fields(claim, order)
    return rendered(template_path(DocumentKind.PAYMENT_RECEIPT, lang), fields, lang=lang)
