"""Who takes part in a distribution with how much, by the register as it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.claims.queries.register import (
    MAY_STILL_SUE,
    OBJECTED,
    ON_REGISTER,
    SETTLED,
)
from zhipo.claims.states import ClaimKind, IdentityProof
from zhipo.distributions.models import Plan, Share
from zhipo.distributions.queries.returned import lapses_to_give
from zhipo.distributions.register import Row, in_order
from zhipo.distributions.states import PlanState
from zhipo.law.instalments.receipt import takes_part_in
from zhipo.law.register.states import ClaimState
from zhipo.law.waterfall.order import ClaimClass

CLASS_OF: dict[str, ClaimClass] = {
    ClaimKind.CONSUMER: ClaimClass.CONSUMER,
    ClaimKind.SUPPLIER: ClaimClass.ORDINARY,
    ClaimKind.PLATFORM: ClaimClass.ORDINARY,
    ClaimKind.BANK: ClaimClass.ORDINARY,
    ClaimKind.SECURED: ClaimClass.SECURED,
    ClaimKind.EMPLOYEE: ClaimClass.EMPLOYEE,
    ClaimKind.SOCIAL_TAX: ClaimClass.SOCIAL_TAX,
}
STANDING = ~Q(state=ClaimState.REJECTED) | Q(OBJECTED) | Q(MAY_STILL_SUE)
"""A rejected claim stands while its rejection is objected to or sued over, or still may
be (EBL 119)."""

UNSETTLED = (
    ~Q(state__in=[ClaimState.CONFIRMED, ClaimState.WITHDRAWN]) & STANDING
    | Q(state=ClaimState.CONFIRMED, kind=ClaimKind.CONSUMER,
        identity=IdentityProof.UNPROVEN)
)  # fmt: skip
"""The claim, or who it belongs to, is still to be settled: its share cannot be taken."""

FIELDS = ("pk", "number", "kind", "state", "identity", "claimed_fen", "admitted_fen",
          "confirmed_fen", "filed_at")  # fmt: skip


@dataclass(frozen=True)
class Earlier:
    """A plan that was approved before: its day, and what each class received of its sum.

    `waived` has the claims whose creditors came down to a sum under it, with that sum.
    """

    day: date
    rates: Mapping[str, tuple[int, int]]
    waived: Mapping[str, int]


def register_for(case: Case, day: date) -> list[Row]:
    """The claims that take part in a distribution of `day`, in register order.

    Confirmed claims with their confirmed sum; what is disputed, deferred, not yet
    confirmed, or of a consumer whose identity is unproven stands provisionally and keeps
    its share (《企业破产法》第一百一十七条至第一百一十九条). Each weighs what is still to
    be distributed on it: what earlier plans gave, and what a late filer missed of them,
    is taken off (第五十六条). Whoever let a share lapse has no part in the plan that gives
    it to the others (第一百一十八条、第一百一十九条).
    """
    earlier = approved_before(case)
    received = _received(Share.objects.filter(plan__case=case)) if earlier else {}
    rows = (
        _row(claim, earlier, received.get(claim["pk"], 0), day)
        for claim in _taking_part(case).values(*FIELDS).iterator(chunk_size=5_000)
    )
    return in_order(row for row in rows if row is not None and row.fen > 0)


def approved_before(case: Case, *, number: int | None = None) -> Sequence[Earlier]:
    """The case's approved plans before that number, or all; the first one first."""
    plans = Plan.objects.filter(case=case, state=PlanState.APPROVED).order_by("number")
    if number is not None:
        plans = plans.filter(number__lt=number)
    return [
        Earlier(
            plan.law_date,
            {
                name: (line["paid_fen"] + line["reserved_fen"], line["fen"])
                for name, line in plan.summary["classes"].items()
            },
            dict.fromkeys(plan.opted_down, plan.content["small_claims"]["ceiling_fen"]),
        )
        for plan in plans
    ]


def _standing(case: Case) -> QuerySet[Claim]:
    return Claim.objects.filter(STANDING, case=case, state__in=ON_REGISTER)


def _taking_part(case: Case) -> QuerySet[Claim]:
    lapsed = lapses_to_give(case).values("share__claim")
    return _standing(case).exclude(pk__in=lapsed)


def weight_in(plan: Plan, claim: Claim) -> int:
    """What a claim as it stands today would have weighed in an approved plan, in fen."""
    earlier = approved_before(claim.case, number=plan.number)
    received = _received(Share.objects.filter(claim=claim, plan__number__lt=plan.number))
    facts = {name: getattr(claim, name) for name in FIELDS}
    row = _row(facts, earlier, received.get(claim.pk, 0), plan.law_date)
    return 0 if row is None else max(0, row.fen)


def _received(shares: QuerySet[Share]) -> Mapping[int, int]:
    """Claim -> what approved plans have given it: paid, or reserved and not given back."""
    given = F("paid_fen") + F("reserved_fen") - Coalesce("given_back__fen", 0)
    sums = shares.values("claim").annotate(given_fen=Sum(given))
    return {row["claim"]: row["given_fen"] for row in sums}


def _row(
    claim: Mapping[str, Any], earlier: Sequence[Earlier], received: int, day: date
) -> Row | None:
    """The claim's row, None where it was filed too late for this distribution."""
    filed_on = timezone.localtime(claim["filed_at"]).date()
    days = (*(one.day for one in earlier), day)
    *took_part, takes_part = takes_part_in(filed_on=filed_on, distributed_on=days)
    if not takes_part:
        return None
    name = CLASS_OF[claim["kind"]]
    left = min([_fen(claim), *_waived_to(claim["number"], earlier)])
    for one, was_there in zip(earlier, took_part, strict=True):
        if not was_there:
            left -= _share_of(left, one.rates.get(name, (0, 1)))
    return Row(claim["number"], name, left - received, _is_provisional(claim), claim["pk"])


def _waived_to(number: str, earlier: Sequence[Earlier]) -> Iterator[int]:
    return (one.waived[number] for one in earlier if number in one.waived)


def _fen(claim: Mapping[str, Any]) -> int:
    """What a claim counts with: confirmed, else admitted, else all that is claimed."""
    if claim["state"] == ClaimState.CONFIRMED:
        return int(claim["confirmed_fen"])
    if claim["state"] in SETTLED and claim["admitted_fen"] is not None:
        return int(claim["admitted_fen"])
    return int(claim["claimed_fen"])


def _is_provisional(claim: Mapping[str, Any]) -> bool:
    is_unproven = claim["identity"] == IdentityProof.UNPROVEN
    is_unknown_consumer = claim["kind"] == ClaimKind.CONSUMER and is_unproven
    return bool(claim["state"] != ClaimState.CONFIRMED or is_unknown_consumer)


def _share_of(fen: int, rate: tuple[int, int]) -> int:
    """What the class's rate would have given, floored."""
    given, owed = rate
    return fen * given // owed if owed else 0
