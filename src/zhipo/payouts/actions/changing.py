"""The creditor changes how they are paid: whatever has not been sent goes the new way."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.claims.actions.payout import choose_payout
from zhipo.claims.models import Claim
from zhipo.claims.policies.filing import check_can_choose_payout
from zhipo.claims.states import PayoutChannel
from zhipo.payouts.actions.preparing import withdraw_planned
from zhipo.payouts.models import FurtherWay, Order
from zhipo.payouts.states import Ending, OrderState
from zhipo.privacy.columns import lookup_hash
from zhipo.web.refusals import NotInState

PLACES = (2, 3)


@transaction.atomic
def change_payout(*, claim_id: int, channel: PayoutChannel, account: str, by: Any) -> Claim:
    """Choose another account; orders that no channel has seen end, and the parts wait for
    the next release: what the lead lets go names the payee who gets it.

    Raises NotAllowed, NotInState while one is under way.
    """
    lock_planned([claim_id])
    before = Claim.objects.get(pk=claim_id)
    claim = choose_payout(claim_id=claim_id, channel=channel, account=account, by=by)
    is_other = (before.payout_channel, before.payout_hash) != (
        claim.payout_channel, claim.payout_hash
    )  # fmt: skip
    if not is_other or not lock_planned([claim_id]):
        return claim
    count, fen = end_planned([claim_id])

    record(Event.ORDERS_WITHDRAWN, of=claim, by=by, chain=claim.case.number,
           orders=count, fen=fen)  # fmt: skip
    return claim


def lock_planned(claim_ids: Sequence[int]) -> int:
    """Lock the orders of claims that no channel has seen, before the claims themselves, as
    workers do; how many they are.
    """
    planned = _planned(claim_ids).select_for_update(of=("self",), no_key=True)
    return len(planned.order_by("pk").values_list("pk", flat=True))


def end_planned(claim_ids: Sequence[int]) -> tuple[int, int]:
    """End them, looked for again once the claims are locked: how many, how much in fen."""
    return withdraw_planned(_planned(claim_ids), Ending.PAYEE_CHANGED)


def _planned(claim_ids: Sequence[int]) -> QuerySet[Order]:
    return Order.objects.filter(share__claim__in=claim_ids, state=OrderState.PLANNED)


@transaction.atomic
def choose_further_way(
    *, claim_id: int, place: int, channel: PayoutChannel | None, account: str, by: Any
) -> FurtherWay | None:
    """Name the second or third way, or with no channel take it off the list.

    The same again changes nothing. Raises NotAllowed, NotInState.
    """
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("case", "holder")
        .get(pk=claim_id)
    )
    check_can_choose_payout(by, claim)
    if place not in PLACES:
        raise NotInState("payouts.refused.no_place")
    known = FurtherWay.objects.filter(claim=claim, place=place).first()
    said = None if known is None else (known.channel, known.account)
    if said == (None if channel is None else (channel, account)):
        return known
    FurtherWay.objects.filter(claim=claim, place=place).delete()
    chosen = None
    if channel is not None:
        chosen = FurtherWay.objects.create(
            claim=claim, place=place, channel=channel, account=account,
            account_hash=lookup_hash("account", account), chosen_by=by,
            chosen_at=timezone.now(),
        )  # fmt: skip

    record(Event.FURTHER_WAY_CHOSEN, of=claim, by=by, chain=claim.case.number,
           place=place, channel=channel or "")  # fmt: skip
    return chosen
