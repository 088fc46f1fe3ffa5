"""Where the money is to go: chosen by the creditor, changeable until it is ordered."""

from collections.abc import Iterable
from dataclasses import dataclass
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

COLUMNS = ("payout_channel", "payout_account", "payout_hash")


@dataclass(frozen=True)
class Chosen:
    """How one claim is to be paid."""

    claim: Claim
    channel: PayoutChannel
    account: str


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
    before = claim.payout_channel
    if not put_payouts([Chosen(claim, channel, account)], by=by):
        return claim

    record(Event.PAYOUT_CHOSEN, of=claim, by=by, chain=claim.case.number, before=before,
           after=channel)  # fmt: skip
    return claim


def put_payouts(chosen: Iterable[Chosen], *, by: Any) -> list[Claim]:
    """Set channels and accounts, each change kept with its account masked: what changed.

    Part of an act that has locked the claims, asked whether it may, and records.
    """
    changed, kept = [], []
    now = timezone.now()
    for one in chosen:
        claim = one.claim
        if (claim.payout_channel, claim.payout_account) == (one.channel, one.account):
            continue
        before = shown_payout(claim)
        claim.payout_channel, claim.payout_account = one.channel, one.account
        claim.payout_hash = lookup_hash("account", one.account)
        changed.append(claim)
        kept.append(
            Adjustment(claim=claim, at=now, by=by, act="payout_chosen", before=before,
                       after=shown_payout(claim))
        )  # fmt: skip
    Claim.objects.bulk_update(changed, COLUMNS, batch_size=1_000)
    Adjustment.objects.bulk_create(kept)
    return changed


def shown_payout(claim: Claim) -> dict[str, str]:
    """Channel and masked account, as pages and histories may show them."""
    account = claim.payout_account
    return {
        "channel": claim.payout_channel,
        "account": mask(account, head=0, tail=4) if account else "",
    }
