"""Some creditors say how they want to be paid: Alipay, a bank, the desk, a second way.

Most are paid back to the account that paid the platform. Numbers are nobody's: they come
from the claim's.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.claims.states import ClaimKind, PayoutChannel
from zhipo.distributions.models import Plan
from zhipo.payouts.actions.changing import change_payout, choose_further_way

BATCH = 200
CHANGED = {20: PayoutChannel.ALIPAY, 100: PayoutChannel.BANK, 700: PayoutChannel.CASH}
"""One in so many takes another way than the one that the platform was paid by."""

SECOND_ONE_IN = 15
C = PayoutChannel


def choose_ways(case: Case, plan: Plan, *, told: Callable[[int, int], None]) -> None:
    """Each as the creditor's own act; again nothing changes."""
    claims = list(
        Claim.objects.filter(case=case, kind=ClaimKind.CONSUMER, shares__plan=plan,
                             shares__paid_fen__gt=0)
        .exclude(creditor=None)
        .select_related("creditor")
        .order_by("pk")
    )  # fmt: skip
    chosen = list(_chosen(claims))
    for first in range(0, len(chosen), BATCH):
        with transaction.atomic():
            for claim, channel, place in chosen[first : first + BATCH]:
                _choose(claim, channel, place)
        told(min(first + BATCH, len(chosen)), len(chosen))


def _chosen(claims: Iterable[Claim]) -> Iterable[tuple[Claim, PayoutChannel, int]]:
    """(claim, channel, whether it is the first or the second way)."""
    for number, claim in enumerate(claims, 1):
        changed = [channel for every, channel in CHANGED.items() if number % every == 0]
        if changed:
            yield claim, changed[-1], 1
        elif number % SECOND_ONE_IN == 1:
            yield claim, C.ALIPAY, 2


def _choose(claim: Claim, channel: PayoutChannel, place: int) -> None:
    account, by = _account(claim, channel), claim.creditor
    values: dict[str, Any] = {
        "claim_id": claim.pk, "channel": channel, "account": account, "by": by,
    }  # fmt: skip
    if place == 1:
        change_payout(**values)
    else:
        choose_further_way(place=place, **values)


def _account(claim: Claim, channel: PayoutChannel) -> str:
    if channel is C.ALIPAY:
        return f"2088{claim.pk:012d}"
    return f"621700{claim.pk:013d}" if channel is C.BANK else ""
