"""Ways of being paid that staff entered: of a claim, of a list, those that wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.claims.states import LIVE, PayoutChannel
from zhipo.payouts.models import EnteredWay
from zhipo.payouts.states import WayState


@dataclass(frozen=True)
class CurrentWay:
    """How a claim's creditor is paid at one place of their list."""

    place: int
    channel: PayoutChannel
    account: str


@dataclass(frozen=True)
class WayList:
    """A list that was handed in: how many ways it has, wait, are checked."""

    batch: str
    entered_at: datetime
    entered_by: str
    entered_by_id: int
    count: int
    waiting: int
    checked: int


def current_ways(claim: Claim) -> list[CurrentWay]:
    """The first way and the further ones, as they stand."""
    found = []
    if claim.payout_channel:
        first = PayoutChannel(claim.payout_channel)
        found.append(CurrentWay(1, first, claim.payout_account))
    found += [
        CurrentWay(one.place, PayoutChannel(one.channel), one.account)
        for one in claim.further_ways.order_by("place")
    ]
    return found


def entered_ways(claim: Claim) -> QuerySet[EnteredWay]:
    """All that was entered for a claim, the latest first."""
    return _whole(EnteredWay.objects.filter(claim=claim)).order_by("-pk")


def waiting_ways(case: Case) -> QuerySet[EnteredWay]:
    """What waits for another person, by claim and place; lists apart."""
    rows = EnteredWay.objects.filter(claim__case=case, state=WayState.ENTERED, batch="")
    return _whole(rows).order_by("claim__number", "place")


def ways_of_list(case: Case, batch: str) -> QuerySet[EnteredWay]:
    """The ways of a list, by claim and place."""
    rows = EnteredWay.objects.filter(claim__case=case, batch=batch)
    return _whole(rows).order_by("claim__number", "place")


def way_lists(case: Case) -> list[WayList]:
    """The lists that were handed in, the latest first."""
    rows = (
        EnteredWay.objects.filter(claim__case=case)
        .exclude(batch="")
        .order_by()
        .values("batch", "entered_by__login", "entered_by_id")
        .annotate(
            at=Min("entered_at"),
            all=Count("pk"),
            waiting=Count("pk", filter=Q(state=WayState.ENTERED)),
            checked=Count("pk", filter=Q(state=WayState.CHECKED)),
        )
        .order_by("-at")
    )
    return [
        WayList(row["batch"], row["at"], row["entered_by__login"], row["entered_by_id"],
                row["all"], row["waiting"], row["checked"])
        for row in rows
    ]  # fmt: skip


def waiting_places(claim_ids: Iterable[int]) -> frozenset[tuple[int, int]]:
    """(claim, place) of what waits for these claims."""
    rows = EnteredWay.objects.filter(claim__in=claim_ids, state=WayState.ENTERED)
    return frozenset(rows.values_list("claim_id", "place"))


def on_paper(case: Case) -> QuerySet[Claim]:
    """Filed claims whose creditor has not signed in: staff say how they are paid."""
    return Claim.objects.filter(case=case, creditor=None, state__in=LIVE)


def without_way(case: Case) -> QuerySet[Claim]:
    """Those of them that name no way yet and for which none waits to be checked."""
    waiting = EnteredWay.objects.filter(claim=OuterRef("pk"), state=WayState.ENTERED)
    missing = on_paper(case).filter(~Exists(waiting), payout_channel="")
    return missing.order_by("number")


def _whole(rows: QuerySet[EnteredWay]) -> QuerySet[Any]:
    return rows.select_related("claim__holder", "paper", "entered_by", "ended_by")
