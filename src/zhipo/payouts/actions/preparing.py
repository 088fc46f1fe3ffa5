"""The cashier prepares a release: an order for each part that is due, none paid yet."""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.distributions.models import Plan
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.payouts.actions.scheduling import last_day
from zhipo.payouts.models import Order, Release
from zhipo.payouts.payees import Way
from zhipo.payouts.policies.releasing import check_can_discard, check_can_prepare
from zhipo.payouts.queries.due import Part, parts_with_ways
from zhipo.payouts.schedule import Sum
from zhipo.payouts.states import Ending, OrderState, ReleaseState
from zhipo.web.refusals import NotInState

PUT = """COPY payouts_order (share_id, part, fen, release_id, reference, channel,
    payee_kind, payee_account, payee_name, payee_bank, payee_hash, due_on, state, tries,
    turn, package, channel_number, reason, follows_id) FROM STDIN"""


@transaction.atomic
def prepare_release(*, plan_id: int, until: date, by: Any) -> Release:
    """Orders for everything of a plan that is due by a day and can be paid on some way.

    Again before it is released: the one that is prepared. Raises NotAllowed, NotInState
    where the plan is not approved or nothing is due.
    """
    plan = (
        Plan.objects.select_for_update(of=("self",)).select_related("case").get(pk=plan_id)
    )
    check_can_prepare(by, plan)
    prepared = plan.releases.filter(state=ReleaseState.PREPARED).first()
    if prepared is not None:
        return prepared
    # What has no way left waits for a person.
    ways = parts_with_ways(plan, until=until)
    found = [(part, way) for part, way in ways if way is not None]
    if not found:
        raise NotInState("payouts.refused.nothing_due")

    now = timezone.now()
    release = Release.objects.create(
        plan=plan, orders_count=len(found), fen=sum(part.fen for part, _ in found),
        prepared_by=by, prepared_at=now, ends_on=_ends_on(found, now),
    )  # fmt: skip
    _put(release, found)

    record(Event.RELEASE_PREPARED, of=release, by=by, chain=plan.case.number,
           plan=plan.number, orders=release.orders_count, fen=release.fen)  # fmt: skip
    return release


@transaction.atomic
def discard_release(*, release_id: int, by: Any) -> Release:
    """Take back what is prepared and not released; its parts can be prepared again.

    Again: as it stands. Raises NotAllowed, NotInState.
    """
    release = locked_release(release_id)
    check_can_discard(by, release)
    if release.state == ReleaseState.STOPPED:
        return release

    release.state = ReleaseState.STOPPED
    release.save(update_fields=["state"])
    withdraw_planned(release.orders.all(), Ending.TAKEN_BACK)

    record(Event.RELEASE_DISCARDED, of=release, by=by, chain=release.plan.case.number)
    return release


def locked_release(release_id: int) -> Release:
    """A release with plan and case, locked against workers and other acts."""
    return (
        Release.objects.select_for_update(of=("self",))
        .select_related("plan__case", "paused_by")
        .get(pk=release_id)
    )


def withdraw_planned(orders: Any, why: Ending) -> tuple[int, int]:
    """End those that no channel has seen; how many, and how much in fen.

    One for which a payment by hand is entered stays, and one that a channel says it has
    after all: the money may be with the payee.
    """
    planned = orders.filter(state=OrderState.PLANNED, hand_payment=None)
    locked = planned.select_for_update(of=("self",), no_key=True).order_by("pk")
    sums = dict(locked.exclude(reason=Ending.CONTRADICTED).values_list("pk", "fen"))
    Order.objects.filter(pk__in=list(sums)).update(
        state=OrderState.FAILED, reason=why, ask_at=None, ended_at=timezone.now()
    )
    return len(sums), sum(sums.values())


def new_reference() -> str:
    """A reference for life: 32 letters and digits, never given twice."""
    return secrets.token_hex(16).upper()


def _ends_on(found: Iterable[tuple[Part, Way]], now: datetime) -> date | None:
    """The last day of sending, if the release went now; of what is held in memory."""
    sums: defaultdict[ChannelName, list[Sum]] = defaultdict(list)
    for place, (part, way) in enumerate(found):
        has_name = bool(part.creditor.name)
        one = Sum(place, part.fen, part.due_on, way.account_hash, has_name)
        sums[way.channel].append(one)
    return last_day(sums, now=now)


def _put(release: Release, found: list[tuple[Part, Way]]) -> None:
    with connection.cursor() as cursor, cursor.copy(PUT) as copy:
        for part, way in found:
            copy.write_row(
                (
                    part.share, part.part, part.fen, release.pk, new_reference(),
                    way.channel, way.kind, way.account, part.creditor.name, b"",
                    way.account_hash, part.due_on, OrderState.PLANNED, 0, 0, "", "", "",
                    part.follows,
                )
            )  # fmt: skip
    assert Order.objects.filter(release=release).count() == len(found)
