"""Serving the decision, and sending the papers to the receiving court."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.actions.referrals import locked, set_stage
from zhipo.enforcement.clocks import stop_clock
from zhipo.enforcement.models import Referral
from zhipo.enforcement.policies.referrals import check_day, check_state, move
from zhipo.enforcement.powers import Act, check_power_at
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.enforcement.referral_states import ReferralState, ServiceWay
from zhipo.enforcement.states import Stage
from zhipo.web.refusals import NotInState

R = ReferralState


@dataclass(frozen=True)
class Delivery:
    """How a paper reached somebody, on which day, and what proves it."""

    way: ServiceWay
    served_on: date
    proof: str


@transaction.atomic
def record_service(
    *,
    referral_id: int,
    service_ids: Collection[int],
    delivery: Delivery,
    by: Any,
    today: date | None = None,
) -> int:
    """Record that the decision was served on these; how many anew.

    Once all are served the referral may be sent; the five days are met or missed by the
    day of the last service. Raises NotAllowed, NotInState.
    """
    referral = locked(referral_id)
    check_power_at(referral.debtor, Act.SERVE_DECISION, by, referral.sending_id)
    check_state(referral, R.DECIDED, R.SERVED, R.SENT, R.UNDER_REVIEW, R.SUPPLEMENTING)
    check_day(
        delivery.served_on, since=referral.decided_on, today=today or timezone.localdate()
    )
    if not delivery.proof.strip():
        raise NotInState("enforcement.referral.no_proof")

    open_ones = referral.services.filter(served_on=None)
    count = open_ones.filter(pk__in=service_ids).update(
        way=delivery.way,
        served_on=delivery.served_on,
        proof=delivery.proof.strip(),
        by=by,
    )
    if count and not open_ones.exists():
        _finish(referral)

    if count:
        record(Event.DECISION_SERVED, of=referral, by=by, chain=chain_of(referral.debtor),
               count=count, way=delivery.way)  # fmt: skip
    return count


@transaction.atomic
def send_referral(
    *,
    referral_id: int,
    bundle_sha256: str,
    by: Any,
    today: date | None = None,
) -> Referral:
    """The papers go to the receiving court, sealed under their hash. Again: no change.

    From now on the debtor is under review. Raises NotAllowed, NotInState.
    """
    referral = locked(referral_id)
    if referral.state == R.SENT and referral.bundle_sha256 == bundle_sha256:
        return referral
    check_power_at(referral.debtor, Act.SEND_BUNDLE, by, referral.sending_id)
    check_state(referral, R.SERVED)

    move(referral, R.SENT)
    referral.sent_on = today or timezone.localdate()
    referral.bundle_sha256 = bundle_sha256
    referral.save(update_fields=["state", "sent_on", "bundle_sha256"])
    set_stage(referral.debtor, Stage.UNDER_REVIEW)

    record(Event.REFERRAL_SENT, of=referral, by=by, chain=chain_of(referral.debtor),
           sha256=bundle_sha256)  # fmt: skip
    return referral


def _finish(referral: Referral) -> None:
    """All are served: the clock stops on the day of the last, not of the record."""
    last = max(day for day in referral.services.values_list("served_on", flat=True) if day)
    referral.served_on = last
    if referral.state == R.DECIDED:
        move(referral, R.SERVED)
    referral.save(update_fields=["state", "served_on"])
    stop_clock(referral, "D32", last)
