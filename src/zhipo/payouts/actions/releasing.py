"""The lead lets a release go; it is paused, goes on, or is stopped for good."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.claims.jobs import later
from zhipo.payouts.actions.posting import open_paying_accounts
from zhipo.payouts.actions.preparing import locked_release, withdraw_planned
from zhipo.payouts.actions.scheduling import put_into_calendar
from zhipo.payouts.channels import SPOKEN
from zhipo.payouts.models import Order, Release
from zhipo.payouts.policies.releasing import (
    check_can_pause,
    check_can_release,
    check_can_resume,
    check_can_stop,
    check_reason,
)
from zhipo.payouts.states import Ending, OrderState, ReleaseState
from zhipo.web.refusals import NotInState

JOB = "zhipo.payouts.tasks.drive_channel"
NOT_AS_APPROVED = """
SELECT count(*) FROM payouts_order o JOIN distributions_share s ON s.id = o.share_id
WHERE o.release_id = %(release)s AND o.state = 'planned'
    AND (s.plan_id <> %(plan)s OR o.fen <> coalesce(s.parts[o.part + 1], (
        SELECT d.fen FROM payouts_deposit d WHERE d.share_id = s.id AND d.part IS NULL
            AND d.released_to = 'creditor' AND o.part = cardinality(s.parts)
        LIMIT 1), 0))"""
NOT_THE_PAYEE = """
SELECT count(*) FROM payouts_order o
JOIN distributions_share s ON s.id = o.share_id
JOIN claims_claim c ON c.id = s.claim_id
LEFT JOIN claims_holder h ON h.id = c.holder_id
WHERE o.release_id = %(release)s AND o.state = 'planned' AND o.payee_hash <> ''
    AND o.payee_hash <> c.payout_hash AND o.payee_hash <> coalesce(h.payer_hash, '')
    AND NOT EXISTS (SELECT FROM payouts_furtherway w
        WHERE w.claim_id = c.id AND w.account_hash = o.payee_hash)"""
R = ReleaseState


@transaction.atomic
def release_orders(*, release_id: int, by: Any, now: datetime | None = None) -> Release:
    """Let what another person prepared go, each order at its place in the calendar.

    Every sum is held once more against the share that the court approved. Again by the
    same person: as it stands. Raises NotAllowed, NotInState.
    """
    at = now or timezone.now()
    release = locked_release(release_id)
    if release.released_by_id == by.pk and release.state != R.PREPARED:
        return release
    check_can_release(by, release)
    _check_as_approved(release)
    _check_payees_stand(release)

    case = release.plan.case
    open_paying_accounts(case.number)
    release.state, release.released_by, release.released_at = R.RELEASED, by, at
    release.ends_on = put_into_calendar(release, now=at)
    release.save(update_fields=["state", "released_by", "released_at", "ends_on"])
    _start_workers()

    planned = release.orders.filter(state=OrderState.PLANNED)
    record(Event.RELEASE_LET_GO, of=release, by=by, chain=case.number,
           **planned.aggregate(orders=Count("pk"), fen=Sum("fen", default=0)),
           ends_on=str(release.ends_on or ""))  # fmt: skip
    return release


@transaction.atomic
def pause_release(*, release_id: int, why: str, by: Any) -> Release:
    """Nothing more of it is sent; what is under way is seen to its end.

    Again for the same reason: as it stands. Raises NotAllowed, NotInState.
    """
    release = locked_release(release_id)
    reason = check_reason(why)
    is_paused = (release.state, release.paused_by_id) == (R.PAUSED, by.pk)
    if is_paused and release.why == reason:
        return release
    check_can_pause(by, release)

    release.state, release.paused_by, release.why = R.PAUSED, by, reason
    release.held_at = timezone.now()
    release.save(update_fields=["state", "paused_by", "why", "held_at"])

    record(Event.RELEASE_PAUSED, of=release, by=by, chain=release.plan.case.number)
    return release


@transaction.atomic
def resume_release(*, release_id: int, by: Any, now: datetime | None = None) -> Release:
    """It goes on, placed in the calendar anew from now. Raises NotAllowed, NotInState."""
    release = locked_release(release_id)
    check_can_resume(by, release)

    release.state, release.paused_by, release.why = R.RELEASED, None, ""
    release.held_at = None
    release.ends_on = put_into_calendar(release, now=now or timezone.now())
    release.save(update_fields=["state", "paused_by", "why", "held_at", "ends_on"])
    _start_workers()

    record(Event.RELEASE_RESUMED, of=release, by=by, chain=release.plan.case.number,
           ends_on=str(release.ends_on or ""))  # fmt: skip
    return release


@transaction.atomic
def stop_release(*, release_id: int, why: str, by: Any) -> Release:
    """For good: what no channel has seen ends, what waits for its payee is taken back.

    The parts stay owed and can be prepared again. Again for the same reason: as it
    stands. Raises NotAllowed, NotInState.
    """
    release = locked_release(release_id)
    reason = check_reason(why)
    check_can_stop(by, release, why=reason)
    if release.state == R.STOPPED:
        return release

    release.state, release.why = R.STOPPED, reason
    release.held_at = release.held_at or timezone.now()
    release.save(update_fields=["state", "why", "held_at"])
    count, fen = withdraw_planned(release.orders.all(), Ending.STOPPED)
    _ask_at_once(release)
    _start_workers()

    record(Event.RELEASE_STOPPED, of=release, by=by, chain=release.plan.case.number,
           withdrawn=count, fen=fen)  # fmt: skip
    return release


def _check_as_approved(release: Release) -> None:
    """Raises NotInState where an order is not of a share of the approved plan, in sum."""
    with connection.cursor() as cursor:
        values = {"release": release.pk, "plan": release.plan_id}
        cursor.execute(NOT_AS_APPROVED, values)
        if cursor.fetchone()[0]:
            raise NotInState("payouts.refused.not_as_approved")


def _check_payees_stand(release: Release) -> None:
    """Raises NotInState where a creditor no longer names the account of an order."""
    with connection.cursor() as cursor:
        cursor.execute(NOT_THE_PAYEE, {"release": release.pk})
        if count := cursor.fetchone()[0]:
            raise NotInState("payouts.refused.payee_changed", count=count)


def _ask_at_once(release: Release) -> None:
    """What waits for its payee is seen to now; locked in the order in which workers do."""
    waiting = release.orders.filter(state=OrderState.WAITING_USER).order_by("pk")
    ids = list(
        waiting.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True)
    )
    Order.objects.filter(pk__in=ids).update(ask_at=timezone.now())


def _start_workers() -> None:
    """A job for each channel, once the act is committed."""
    for channel in sorted(SPOKEN):
        transaction.on_commit(partial(start_worker, channel))


def start_worker(channel: str) -> bool:
    """Have a worker see to a channel, unless one waits in line for that already."""
    return later(JOB, lock=f"payouts-{channel}", channel=channel)
