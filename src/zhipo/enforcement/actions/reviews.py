"""The receiving court's thirty days: papers received, supplements asked and handed in."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.actions.referrals import locked
from zhipo.enforcement.clocks import start_clock, stop_clock
from zhipo.enforcement.models import Referral, Supplement
from zhipo.enforcement.policies.referrals import check_day, check_state, move
from zhipo.enforcement.powers import Act, check_power_at
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.enforcement.referral_states import ReferralState
from zhipo.law.referral.transfer import must_supplement, review_ends_on
from zhipo.web.refusals import NotInState

R = ReferralState


@transaction.atomic
def receive_referral(
    *,
    referral_id: int,
    received_on: date,
    review_number: str,
    by: Any,
    today: date | None = None,
) -> Referral:
    """The receiving court has the papers: its thirty days run.

    《民事诉讼法解释》第五百一十二条. It enters them under a number of its own and may not
    turn them away for a gap (《执转破意见》第十二条, tag U). Raises NotAllowed, NotInState.
    """
    referral = locked(referral_id)
    held = (referral.received_on, referral.review_number)
    if referral.state == R.UNDER_REVIEW and held == (received_on, review_number.strip()):
        return referral
    check_power_at(referral.debtor, Act.RECEIVE_BUNDLE, by, referral.receiving_id)
    check_state(referral, R.SENT)
    check_day(received_on, since=referral.sent_on, today=today or timezone.localdate())
    if not review_number.strip():
        raise NotInState("enforcement.referral.no_number")

    move(referral, R.UNDER_REVIEW)
    referral.received_on, referral.review_number = received_on, review_number.strip()
    referral.save(update_fields=["state", "received_on", "review_number"])
    start_clock(referral, "D33", received_on, court=referral.receiving)

    record(Event.REFERRAL_RECEIVED, of=referral, by=by, chain=chain_of(referral.debtor),
           received_on=str(received_on))  # fmt: skip
    return referral


@transaction.atomic
def ask_supplement(
    *,
    referral_id: int,
    what: str,
    affects_cause: bool,
    by: Any,
    today: date | None = None,
) -> Supplement:
    """Ask the enforcement court for papers within ten days (第十一条, tag U).

    Only for what touches the finding of cause; the review pauses. The same open request is
    not made twice. Raises NotAllowed, NotInState.
    """
    referral = locked(referral_id)
    check_power_at(referral.debtor, Act.ASK_SUPPLEMENT, by, referral.receiving_id)
    check_state(referral, R.UNDER_REVIEW, R.SUPPLEMENTING)
    same = referral.supplements.filter(what=what.strip(), handed_in_on=None).first()
    if same is not None:
        return same
    is_due = must_supplement(
        is_incomplete_or_wrong=bool(what.strip()),
        affects_cause=affects_cause,
        needs_lawyer_check=True,
    )
    if not is_due:
        raise NotInState("enforcement.referral.not_for_cause")

    asked_on = today or timezone.localdate()
    clock = start_clock(referral, "D34", asked_on, court=referral.sending)
    supplement = Supplement.objects.create(
        referral=referral,
        what=what.strip(),
        affects_cause=affects_cause,
        asked_on=asked_on,
        asked_by=by,
        due_on=clock.last_day,
    )
    if referral.state == R.UNDER_REVIEW:
        move(referral, R.SUPPLEMENTING)
        referral.save(update_fields=["state"])

    record(Event.SUPPLEMENT_ASKED, of=supplement, by=by, chain=chain_of(referral.debtor),
           due_on=str(clock.last_day))  # fmt: skip
    return supplement


@transaction.atomic
def hand_in_supplement(
    *, supplement_id: int, answer: str, by: Any, today: date | None = None
) -> Supplement:
    """Hand in what was asked for; the review goes on, its last day moved by the pause.

    Raises NotAllowed, NotInState.
    """
    (referral_id,) = Supplement.objects.values_list("referral_id").get(pk=supplement_id)
    referral = locked(referral_id)
    supplement = Supplement.objects.get(pk=supplement_id)
    if supplement.handed_in_on is not None and supplement.answer == answer.strip():
        return supplement
    check_power_at(referral.debtor, Act.SUPPLEMENT, by, referral.sending_id)
    check_state(referral, R.SUPPLEMENTING)
    if supplement.handed_in_on is not None:
        raise NotInState("enforcement.referral.handed_in")
    if not answer.strip():
        raise NotInState("enforcement.referral.no_answer")

    supplement.handed_in_on = today or timezone.localdate()
    supplement.handed_in_by, supplement.answer = by, answer.strip()
    supplement.save()
    _stop_supplement_clock(referral, supplement)
    _move_review(referral)
    if not referral.supplements.filter(handed_in_on=None).exists():
        move(referral, R.UNDER_REVIEW)
        referral.save(update_fields=["state"])

    record(Event.SUPPLEMENT_HANDED_IN, of=supplement, by=by,
           chain=chain_of(referral.debtor),
           late=supplement.handed_in_on > supplement.due_on)  # fmt: skip
    return supplement


def supplement_days(referral: Referral, *, today: date) -> int:
    """Days on which something asked for was outstanding, each counted once.

    From the day of asking to the day of handing in, which counts again; what is still
    outstanding pauses the review until `today`.
    """
    paused: set[date] = set()
    for asked_on, handed_in_on in referral.supplements.values_list(
        "asked_on", "handed_in_on"
    ):
        count = ((handed_in_on or today) - asked_on).days
        paused |= {asked_on + timedelta(days=one) for one in range(count)}
    return len(paused)


def _stop_supplement_clock(referral: Referral, supplement: Supplement) -> None:
    """One clock runs for all that was asked for on one day: until the last is in."""
    same_day = referral.supplements.filter(asked_on=supplement.asked_on, handed_in_on=None)
    if same_day.exists() or supplement.handed_in_on is None:
        return
    referral.clocks.filter(
        deadline="D34", event_on=supplement.asked_on, done_on=None
    ).update(done_on=supplement.handed_in_on)


def _move_review(referral: Referral) -> None:
    """The thirty days without the pause (tag U: the opinions' article was not read)."""
    assert referral.received_on is not None
    days = supplement_days(referral, today=timezone.localdate())
    due = review_ends_on(
        received_on=referral.received_on, supplement_days=days, needs_lawyer_check=True
    )
    referral.clocks.filter(deadline="D33", done_on=None).update(
        last_day=due.last_day, is_calendar_known=due.is_calendar_known
    )


def check_review_is_free(referral: Referral, today: date) -> None:
    """Raise NotInState while papers asked for may still come in time."""
    waiting = referral.supplements.filter(handed_in_on=None, due_on__gte=today).first()
    if waiting is not None:
        raise NotInState("enforcement.referral.waits_for_papers", until=waiting.due_on)


def stop_review(referral: Referral, ruled_on: date) -> None:
    """The ruling is made: the review's clock stops, nothing more is asked for."""
    stop_clock(referral, "D33", ruled_on)
    stop_clock(referral, "D34", ruled_on)
