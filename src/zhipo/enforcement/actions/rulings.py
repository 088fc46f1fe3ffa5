"""The receiving court's ruling, what it starts at once, and the way back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.actions import change_phase
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.documents.actions import make_document
from zhipo.documents.kinds import DocumentKind
from zhipo.enforcement.actions.notices import make_restore_notices, make_stay_notices
from zhipo.enforcement.actions.origins import locked_origin
from zhipo.enforcement.actions.referrals import locked, set_stage
from zhipo.enforcement.actions.reviews import check_review_is_free, stop_review
from zhipo.enforcement.actions.suspending import resume_cases, suspend_cases
from zhipo.enforcement.clocks import start_clock, stop_clock
from zhipo.enforcement.documents import return_fields
from zhipo.enforcement.models import Referral
from zhipo.enforcement.policies.origins import (
    Origin,
    bankruptcy_court_of,
    check_accepted,
    debtor_of,
)
from zhipo.enforcement.policies.referrals import check_day, check_state, move
from zhipo.enforcement.powers import Act, check_power_at
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.enforcement.referral_states import ReferralState
from zhipo.enforcement.states import Stage
from zhipo.law.deadlines.table import deadline_of
from zhipo.law.referral.handover import Outcome, effect_on_enforcement, papers_go_back
from zhipo.web.refusals import NotInState

R = ReferralState


@dataclass(frozen=True)
class Ruling:
    """A ruling's number and day; `grounds` of one that refuses."""

    number: str
    ruled_on: date
    grounds: str = ""


@transaction.atomic
def accept_referral(
    *,
    referral_id: int,
    case_id: int,
    ruling: Ruling,
    by: Any,
    today: date | None = None,
) -> Referral:
    """Bankruptcy is accepted: enforcement stays, freezes are to be lifted, money is estate.

    `case_id` is the bankruptcy case that was opened on this ruling. A refusal that is not
    final yet may be followed by acceptance on appeal. Raises NotAllowed, NotInState.
    """
    referral = locked(referral_id)
    if referral.state == R.ACCEPTED and referral.case_id == case_id:
        return referral
    _check_may_rule(referral, ruling, by, today, also=R.REFUSED)
    if referral.effective_on is not None:
        raise NotInState("enforcement.referral.refusal_is_final")
    case = Case.objects.get(pk=case_id)
    if case.court_id != referral.receiving_id or case.accepted_on != ruling.ruled_on:
        raise NotInState("enforcement.referral.case_is_another", number=case.number)

    move(referral, R.ACCEPTED)
    referral.case, referral.ruled_on = case, ruling.ruled_on
    referral.ruling_number = ruling.number.strip()
    referral.save(update_fields=["state", "case", "ruled_on", "ruling_number"])
    _stop_clocks(referral, ruling.ruled_on)
    counts = stay_enforcement(referral, ruling.ruled_on)

    record(Event.REFERRAL_ACCEPTED, of=referral, by=by, chain=chain_of(referral.debtor),
           case=case.number, counts=counts)  # fmt: skip
    return referral


@transaction.atomic
def refuse_referral(
    *, referral_id: int, ruling: Ruling, by: Any, today: date | None = None
) -> Referral:
    """The receiving court does not accept; the refusal is to be served and may be appealed.

    Freezes stay on until it is final. Raises NotAllowed, NotInState.
    """
    referral = locked(referral_id)
    held = (referral.ruling_number, referral.ruled_on)
    if referral.state == R.REFUSED and held == (ruling.number.strip(), ruling.ruled_on):
        return referral
    _check_may_rule(referral, ruling, by, today)
    if not ruling.grounds.strip():
        raise NotInState("enforcement.referral.no_grounds")

    move(referral, R.REFUSED)
    referral.ruled_on, referral.ruling_number = ruling.ruled_on, ruling.number.strip()
    referral.refusal_grounds = ruling.grounds.strip()
    referral.save(update_fields=["state", "ruled_on", "ruling_number", "refusal_grounds"])
    stop_review(referral, ruling.ruled_on)
    for deadline in ("D08b", "D33b"):
        start_clock(referral, deadline, ruling.ruled_on, court=referral.receiving)

    record(Event.REFERRAL_REFUSED, of=referral, by=by, chain=chain_of(referral.debtor))
    return referral


@transaction.atomic
def serve_refusal(
    *, referral_id: int, served_on: date, by: Any, today: date | None = None
) -> Referral:
    """The refusal reached the applicant: ten days to appeal (《企业破产法》第十二条)."""
    referral = locked(referral_id)
    if referral.refusal_served_on == served_on:
        return referral
    check_power_at(referral.debtor, Act.RULE_ON_REFERRAL, by, referral.receiving_id)
    check_state(referral, R.REFUSED)
    if referral.refusal_served_on is not None:
        raise NotInState("enforcement.referral.served_already")
    check_day(served_on, since=referral.ruled_on, today=today or timezone.localdate())

    referral.refusal_served_on = served_on
    referral.save(update_fields=["refusal_served_on"])
    for deadline in ("D08b", "D33b"):
        stop_clock(referral, deadline, served_on)
    start_clock(referral, "D08", served_on, court=referral.receiving)

    record(Event.REFUSAL_SERVED, of=referral, by=by, chain=chain_of(referral.debtor))
    return referral


@transaction.atomic
def end_refusal(
    *,
    referral_id: int,
    effective_on: date,
    was_appealed: bool,
    by: Any,
    today: date | None = None,
) -> Referral:
    """The refusal has taken effect: enforcement goes on (《民事诉讼法解释》第五百一十三条).

    Without an appeal not before the ten days are over; with one on the day on which it was
    dismissed. Raises NotAllowed, NotInState.
    """
    referral = locked(referral_id)
    if referral.effective_on == effective_on:
        return referral
    check_power_at(referral.debtor, Act.RULE_ON_REFERRAL, by, referral.receiving_id)
    check_state(referral, R.REFUSED)
    _check_is_final(referral, effective_on, was_appealed=was_appealed)
    check_day(effective_on, since=referral.refusal_served_on,
              today=today or timezone.localdate())  # fmt: skip
    assert effect_on_enforcement(outcome=Outcome.REFUSED) == "resume_enforcement"

    referral.effective_on = effective_on
    referral.save(update_fields=["effective_on"])
    stop_clock(referral, "D08", effective_on)
    set_stage(referral.debtor, Stage.RETURNED)
    resumed = resume_cases(referral.debtor)
    start_clock(referral, "D36", effective_on, court=referral.receiving)

    record(Event.REFUSAL_EFFECTIVE, of=referral, by=by, chain=chain_of(referral.debtor),
           resumed=resumed, was_appealed=was_appealed)  # fmt: skip
    return referral


@transaction.atomic
def return_papers(
    *, referral_id: int, returned_on: date, by: Any, today: date | None = None
) -> Referral:
    """Papers and property go back to the enforcement court, with a letter (第五百一十二条).

    Raises NotAllowed, NotInState.
    """
    referral = locked(referral_id)
    if referral.returned_on == returned_on:
        return referral
    check_power_at(referral.debtor, Act.RETURN_PAPERS, by, referral.receiving_id)
    check_state(referral, R.REFUSED)
    if referral.effective_on is None or not papers_go_back(outcome=Outcome.REFUSED):
        raise NotInState("enforcement.referral.not_final")
    check_day(returned_on, since=referral.effective_on,
              today=today or timezone.localdate())  # fmt: skip

    move(referral, R.RETURNED)
    referral.returned_on = returned_on
    referral.save(update_fields=["state", "returned_on"])
    stop_clock(referral, "D36", returned_on)
    make_document(
        kind=DocumentKind.REFUSAL_RETURN,
        chain=chain_of(referral.debtor),
        fields=return_fields(referral, dated_on=returned_on),
        by=by,
    )

    record(Event.PAPERS_RETURNED, of=referral, by=by, chain=chain_of(referral.debtor))
    return referral


@transaction.atomic
def record_dismissal(
    *,
    dismissed_on: date,
    by: Any,
    referral_id: int | None = None,
    petition_id: int | None = None,
    today: date | None = None,
) -> Origin:
    """An accepted petition was dismissed: preservation is to come back in its old order.

    The bankruptcy case ends with it. 《企业破产法》第十二条第二款, 《破产法解释二》第八条.
    Raises NotAllowed, NotInState.
    """
    origin = locked_origin(referral_id=referral_id, petition_id=petition_id)
    if origin.dismissed_on == dismissed_on:
        return origin
    debtor = debtor_of(origin)
    check_power_at(debtor, Act.RECORD_DISMISSAL, by, bankruptcy_court_of(origin).pk)
    check_accepted(origin)
    assert origin.case is not None
    day = today or timezone.localdate()
    check_day(dismissed_on, since=origin.ruled_on, today=day)
    change_phase(case_id=origin.case.pk, to=Phase.DISMISSED, by=by)

    if isinstance(origin, Referral):
        move(origin, R.DISMISSED)
    origin.dismissed_on = dismissed_on
    origin.save(update_fields=["state", "dismissed_on"])
    set_stage(debtor, Stage.RETURNED)
    notices = make_restore_notices(origin, day)
    resumed = resume_cases(debtor)

    record(Event.REFERRAL_DISMISSED, of=origin, by=by, chain=chain_of(debtor),
           notices=notices, resumed=resumed)  # fmt: skip
    return origin


def stay_enforcement(origin: Origin, ruled_on: date) -> dict[str, int]:
    """What acceptance brings at once (《企业破产法》第十九条); how many of each.

    Part of the act that accepts, which records itself.
    """
    set_stage(debtor_of(origin), Stage.ACCEPTED)
    return {
        "suspended": suspend_cases(debtor_of(origin)),
        "notices": make_stay_notices(origin, ruled_on),
    }


def _stop_clocks(referral: Referral, ruled_on: date) -> None:
    """Review and appeal are over; the acceptance ruling is to be served."""
    stop_review(referral, ruled_on)
    for deadline in ("D08", "D08b"):
        stop_clock(referral, deadline, ruled_on)
    start_clock(referral, "D33b", ruled_on, court=referral.receiving)


def _check_may_rule(
    referral: Referral,
    ruling: Ruling,
    by: Any,
    today: date | None,
    also: ReferralState | None = None,
) -> None:
    check_power_at(referral.debtor, Act.RULE_ON_REFERRAL, by, referral.receiving_id)
    states = (R.UNDER_REVIEW, R.SUPPLEMENTING, *((also,) if also else ()))
    check_state(referral, *states)
    day = today or timezone.localdate()
    check_day(ruling.ruled_on, since=referral.received_on, today=day)
    check_review_is_free(referral, day)
    if not ruling.number.strip():
        raise NotInState("enforcement.referral.no_number")


def _check_is_final(referral: Referral, effective_on: date, *, was_appealed: bool) -> None:
    if referral.refusal_served_on is None:
        raise NotInState("enforcement.referral.refusal_not_served")
    appeal = deadline_of("D08", event_on=referral.refusal_served_on)
    if not was_appealed and effective_on <= appeal.last_day:
        raise NotInState("enforcement.referral.may_be_appealed", until=appeal.last_day)
