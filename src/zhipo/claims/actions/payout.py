"""Where the money is to go: chosen by the creditor, changeable until it is ordered."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.claims.models import Adjustment, Claim
from zhipo.claims.policies.filing import check_can_choose_payout
from zhipo.claims.states import PayoutChannel
from zhipo.kernel.identifiers import mask
from zhipo.privacy.columns import lookup_hash


@transaction.atomic
def choose_payout(*, claim_id: int, channel: PayoutChannel, account: str, by: Any) -> Claim:
    """Set channel and account; the change is kept, the account masked in it.

    Raises NotAllowed, NotInState.
    """
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("holder", "case")
        .get(pk=claim_id)
    )
    check_can_choose_payout(by, claim)
    if (claim.payout_channel, claim.payout_account) == (channel, account):
        return claim

    before = shown_payout(claim)
    claim.payout_channel, claim.payout_account = channel, account
    claim.payout_hash = lookup_hash("account", account)
    claim.save(update_fields=["payout_channel", "payout_account", "payout_hash"])
    Adjustment.objects.create(
        claim=claim, at=timezone.now(), by=by, act="payout_chosen", before=before,
        after=shown_payout(claim),
    )  # fmt: skip

    record(Event.PAYOUT_CHOSEN, of=claim, by=by, chain=claim.case.number,
           before=before["channel"], after=channel)  # fmt: skip
    return claim


def shown_payout(claim: Claim) -> dict[str, str]:
    """Channel and masked account, as pages and histories may show them."""
    account = claim.payout_account
    return {
        "channel": claim.payout_channel,
        "account": mask(account, head=0, tail=4) if account else "",
    }
