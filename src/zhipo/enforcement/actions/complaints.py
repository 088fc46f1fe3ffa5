"""When the receiving court turns the papers away or overruns: the court above it."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.actions.referrals import locked
from zhipo.enforcement.actions.reviews import stop_review
from zhipo.enforcement.models import Complaint, Referral
from zhipo.enforcement.policies.referrals import (
    check_day,
    check_state,
    court_above,
    move,
)
from zhipo.enforcement.powers import Act, check_power_at
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.enforcement.referral_states import ComplaintGround, ReferralState
from zhipo.law.referral.transfer import higher_court_acts
from zhipo.web.refusals import NotInState

R = ReferralState
REVIEWED = (R.UNDER_REVIEW, R.SUPPLEMENTING)


@transaction.atomic
def complain(
    *,
    referral_id: int,
    ground: ComplaintGround,
    text: str,
    by: Any,
    today: date | None = None,
) -> Complaint:
    """Write to the court above the receiving one (《执转破意见》第二十一条, tag U).

    When it turns the papers away, or when the thirty days are over without a ruling. Once
    for each ground. Raises NotAllowed, NotInState.
    """
    referral = locked(referral_id)
    check_power_at(referral.debtor, Act.COMPLAIN, by, referral.sending_id)
    written = referral.complaints.filter(ground=ground).first()
    if written is not None:
        return written
    day = today or timezone.localdate()
    _check_ground(referral, ground, day)
    if not text.strip():
        raise NotInState("enforcement.referral.no_reason")

    complaint = Complaint.objects.create(
        referral=referral,
        ground=ground,
        text=text.strip(),
        court=court_above(referral.receiving),
        written_on=day,
        written_by=by,
    )

    record(Event.COMPLAINT_WRITTEN, of=complaint, by=by, chain=chain_of(referral.debtor),
           ground=ground)  # fmt: skip
    return complaint


@transaction.atomic
def record_order(
    *, complaint_id: int, ordered_on: date, by: Any, today: date | None = None
) -> Complaint:
    """The court above has told the receiving court to act. Again changes nothing."""
    referral, complaint = _locked(complaint_id)
    if complaint.ordered_on == ordered_on:
        return complaint
    check_power_at(referral.debtor, Act.COMPLAIN, by, referral.sending_id)
    if complaint.ordered_on is not None:
        raise NotInState("enforcement.referral.ordered_already")
    check_day(ordered_on, since=complaint.written_on, today=today or timezone.localdate())

    complaint.ordered_on = ordered_on
    complaint.save(update_fields=["ordered_on"])

    record(Event.COMPLAINT_ORDERED, of=complaint, by=by, chain=chain_of(referral.debtor))
    return complaint


@transaction.atomic
def take_jurisdiction(
    *, complaint_id: int, taken_on: date, by: Any, today: date | None = None
) -> Referral:
    """The court above takes the case: it is the receiving court now, the papers go there.

    Only when ten days after its order nothing has happened. Raises NotAllowed, NotInState.
    """
    referral, complaint = _locked(complaint_id)
    if complaint.taken_on == taken_on:
        return referral
    check_power_at(referral.debtor, Act.COMPLAIN, by, referral.sending_id)
    check_state(referral, R.SENT, *REVIEWED)
    check_day(taken_on, since=complaint.ordered_on, today=today or timezone.localdate())
    if next_above(complaint, today=taken_on) != "take_jurisdiction":
        raise NotInState("enforcement.referral.order_runs")

    complaint.taken_on = taken_on
    complaint.save(update_fields=["taken_on"])
    stop_review(referral, taken_on)
    if referral.state != R.SENT:
        move(referral, R.SENT)
    referral.receiving, referral.sent_on = complaint.court, taken_on
    referral.received_on, referral.review_number = None, ""
    referral.save(
        update_fields=["state", "receiving", "sent_on", "received_on", "review_number"]
    )

    record(Event.JURISDICTION_TAKEN, of=complaint, by=by, chain=chain_of(referral.debtor),
           court=complaint.court_id)  # fmt: skip
    return referral


def next_above(complaint: Complaint, *, today: date) -> str:
    """What the court above is to do on a day: wait, order, take_jurisdiction (tag U)."""
    ordered_on = complaint.ordered_on
    return higher_court_acts(
        days_after_letter=(today - complaint.written_on).days,
        days_after_order=None if ordered_on is None else (today - ordered_on).days,
        needs_lawyer_check=True,
    )


def _check_ground(referral: Referral, ground: ComplaintGround, day: date) -> None:
    if ground == ComplaintGround.TURNED_AWAY:
        check_state(referral, R.SENT)
        return
    check_state(referral, *REVIEWED)
    review = referral.clocks.filter(deadline="D33", done_on=None).first()
    if review is None or day <= review.last_day or referral.state == R.SUPPLEMENTING:
        until = review.last_day if review else None
        raise NotInState("enforcement.referral.review_runs", until=until)


def _locked(complaint_id: int) -> tuple[Referral, Complaint]:
    (referral_id,) = Complaint.objects.values_list("referral_id").get(pk=complaint_id)
    referral = locked(referral_id)
    return referral, Complaint.objects.select_related("court").get(pk=complaint_id)
