"""Petitions received, told to the debtor, completed, ruled on: each act has its clock."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.accounts.models import Organisation
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.models import Debtor, Petition, PetitionClock
from zhipo.enforcement.petition_states import (
    PetitionAct,
    Petitioner,
    PetitionOutcome,
    PetitionState,
)
from zhipo.enforcement.policies.clues import check_told
from zhipo.enforcement.policies.petitions import (
    check_can_notify,
    check_can_object,
    check_can_rule,
    check_can_serve_refusal,
    check_is_refused,
    check_may_ask,
    check_may_receive,
    check_power_over,
    ruling_clock,
)
from zhipo.enforcement.policies.referrals import check_day
from zhipo.kernel.periods import Deadline
from zhipo.law.deadlines.table import deadline_of
from zhipo.law.triage.road import Procedure
from zhipo.web.refusals import NotInState

A, S = PetitionAct, PetitionState


DEADLINES = ("D01", "D02", "D03", "D04", "D05", "D08", "D08b")


@dataclass(frozen=True)
class PetitionGiven:
    """What a petition says: number, debtor, who asks for what, on which day it came."""

    number: str
    name: str
    by_whom: Petitioner
    petitioner: str
    received_on: date
    credit_code: str = ""
    procedure: Procedure = Procedure.LIQUIDATION


@dataclass(frozen=True)
class PetitionRuling:
    """How it ended; the number of the ruling, and the grounds of one that refuses."""

    outcome: PetitionOutcome
    ruled_on: date
    number: str
    grounds: str = ""


@transaction.atomic
def receive_petition(
    *,
    court_id: int,
    given: PetitionGiven,
    form_key: str,
    by: Any,
    today: date | None = None,
) -> Petition:
    """Enter a petition: five days to ask for what is missing, five to tell the debtor.

    Any but a creditor's is ruled on within fifteen. Once per form. Raises NotAllowed,
    NotInState.
    """
    court = Organisation.objects.select_for_update(no_key=True).get(pk=court_id)
    known = Petition.objects.filter(form_key=form_key, court=court).first()
    if known is not None:
        return known
    role = check_may_receive(court_id, by)
    for text in (given.number, given.name, given.petitioner):
        check_told(text)
    check_may_ask(given.by_whom, given.procedure)
    check_day(given.received_on, since=None, today=_day(today))
    if Petition.objects.filter(number=given.number.strip()).exists():
        raise NotInState("enforcement.petition.number_taken", number=given.number)

    code = given.credit_code.strip()
    petition = Petition.objects.create(
        court=court,
        form_key=form_key,
        number=given.number.strip(),
        name=given.name.strip(),
        credit_code=code,
        debtor=Debtor.objects.filter(credit_code=code).first() if code else None,
        by_whom=given.by_whom,
        petitioner=given.petitioner.strip(),
        procedure=given.procedure,
        received_on=given.received_on,
        entered_by=by,
        entered_at=timezone.now(),
    )
    _start(petition, "D05", given.received_on)
    if given.by_whom == Petitioner.CREDITOR:
        _start(petition, "D01", given.received_on)
    _time_ruling(petition)

    record(Event.PETITION_RECEIVED, of=petition, by=by, role=role, chain=petition.number,
           by_whom=given.by_whom, procedure=given.procedure)  # fmt: skip
    return petition


@transaction.atomic
def notify_debtor(
    *, petition_id: int, notified_on: date, by: Any, today: date | None = None
) -> Petition:
    """The debtor was told of a creditor's petition: its seven days run, then ours.

    The same day again changes nothing. Raises NotAllowed, NotInState.
    """
    petition = _locked(petition_id)
    if petition.notified_on == notified_on:
        return petition
    role = check_power_over(petition, A.NOTIFY_DEBTOR, by)
    check_can_notify(petition)
    check_day(notified_on, since=petition.received_on, today=_day(today))

    petition.notified_on = notified_on
    petition.save(update_fields=["notified_on"])
    _stop(petition, notified_on, "D01")
    _start(petition, "D02", notified_on)
    _time_ruling(petition)

    record(Event.PETITION_NOTIFIED, of=petition, by=by, role=role, chain=petition.number)
    return petition


@transaction.atomic
def take_objection(
    *, petition_id: int, objected_on: date, text: str, by: Any, today: date | None = None
) -> Petition:
    """The debtor objected within its seven days. Again the same: no change.

    Raises NotAllowed, NotInState.
    """
    petition = _locked(petition_id)
    if (petition.objected_on, petition.objection) == (objected_on, text.strip()):
        return petition
    role = check_power_over(petition, A.TAKE_OBJECTION, by)
    check_told(text)
    check_can_object(petition, objected_on, today=_day(today))

    petition.objected_on, petition.objection = objected_on, text.strip()
    petition.save(update_fields=["objected_on", "objection"])
    _stop(petition, objected_on, "D02")

    record(Event.PETITION_OBJECTED, of=petition, by=by, role=role, chain=petition.number)
    return petition


@transaction.atomic
def ask_petitioner(
    *, petition_id: int, what: str, asked_on: date, by: Any, today: date | None = None
) -> Petition:
    """Tell the petitioner what is missing, within five days; the days of the ruling rest.

    Asked for once (《破产法解释一》第七条). Raises NotAllowed, NotInState.
    """
    petition = _locked(petition_id)
    if (petition.asked_on, petition.asked_for) == (asked_on, what.strip()):
        return petition
    role = check_power_over(petition, A.ASK_PETITIONER, by)
    check_told(what)
    if petition.asked_on is not None:
        raise NotInState("enforcement.petition.asked")
    check_day(asked_on, since=petition.received_on, today=_day(today))

    petition.asked_on, petition.asked_for = asked_on, what.strip()
    petition.state = S.SUPPLEMENTING
    petition.save(update_fields=["asked_on", "asked_for", "state"])
    late = petition.clocks.filter(deadline="D05", last_day__lt=asked_on).exists()
    _stop(petition, asked_on, "D05")

    record(Event.PETITIONER_ASKED, of=petition, by=by, role=role, chain=petition.number,
           is_late=late)  # fmt: skip
    return petition


@transaction.atomic
def take_supplement(
    *, petition_id: int, supplemented_on: date, by: Any, today: date | None = None
) -> Petition:
    """What was missing came: the days of the ruling go on, moved by those that rested.

    Raises NotAllowed, NotInState.
    """
    petition = _locked(petition_id)
    if petition.supplemented_on == supplemented_on:
        return petition
    role = check_power_over(petition, A.TAKE_SUPPLEMENT, by)
    check_day(supplemented_on, since=petition.asked_on, today=_day(today))

    petition.supplemented_on, petition.state = supplemented_on, S.IN_REVIEW
    petition.save(update_fields=["supplemented_on", "state"])
    _time_ruling(petition)

    record(Event.PETITION_SUPPLEMENTED, of=petition, by=by, role=role,
           chain=petition.number)  # fmt: skip
    return petition


@transaction.atomic
def extend_ruling(*, petition_id: int, approval: str, by: Any) -> Petition:
    """Fifteen days more, approved by the court above (《企业破产法》第十条第三款).

    Raises NotAllowed, NotInState.
    """
    petition = _locked(petition_id)
    if approval.strip() and petition.extension == approval.strip():
        return petition
    role = check_power_over(petition, A.EXTEND_RULING, by)
    check_told(approval)
    if petition.extension:
        raise NotInState("enforcement.petition.extended")
    if ruling_clock(petition) is None:
        raise NotInState("enforcement.petition.not_notified")

    petition.extension = approval.strip()
    petition.save(update_fields=["extension"])
    _time_ruling(petition)

    record(Event.RULING_EXTENDED, of=petition, by=by, role=role, chain=petition.number)
    return petition


@transaction.atomic
def rule_on_petition(
    *, petition_id: int, ruling: PetitionRuling, by: Any, today: date | None = None
) -> Petition:
    """Refuse with grounds, or allow the withdrawal: every clock stops.

    A refusal is to be served within five days (《企业破产法》第十二条第一款). Acceptance is
    an act of its own (`accepting.accept_petition`). The same ruling again changes nothing.
    Raises NotAllowed, NotInState.
    """
    petition = _locked(petition_id)
    held = (petition.outcome, petition.ruled_on, petition.ruling_number)
    if held == (ruling.outcome, ruling.ruled_on, ruling.number.strip()):
        return petition
    if ruling.outcome == PetitionOutcome.ACCEPTED:
        raise NotInState("enforcement.petition.accept_with_case")
    role = end_petition(petition, ruling, by=by, today=_day(today))
    if ruling.outcome == PetitionOutcome.REFUSED:
        _start(petition, "D08b", ruling.ruled_on)

    record(Event.PETITION_RULED, of=petition, by=by, role=role, chain=petition.number,
           outcome=ruling.outcome)  # fmt: skip
    return petition


@transaction.atomic
def serve_refusal(
    *, petition_id: int, served_on: date, by: Any, today: date | None = None
) -> Petition:
    """The refusal reached the petitioner: ten days to appeal (第十二条第一款).

    The same day again changes nothing. Raises NotAllowed, NotInState.
    """
    petition = _locked(petition_id)
    if petition.refusal_served_on == served_on:
        return petition
    role = check_power_over(petition, A.SERVE_REFUSAL, by)
    check_can_serve_refusal(petition)
    check_day(served_on, since=petition.ruled_on, today=_day(today))

    petition.refusal_served_on = served_on
    petition.save(update_fields=["refusal_served_on"])
    _stop(petition, served_on, "D08b")
    _start(petition, "D08", served_on)

    record(Event.REFUSAL_SERVED, of=petition, by=by, role=role, chain=petition.number)
    return petition


def end_petition(
    petition: Petition, ruling: PetitionRuling, *, by: Any, today: date
) -> Role:
    """How a petition ended, its clocks stopped; the role in which `by` ruled.

    Part of the act that rules, which records itself. Raises NotAllowed, NotInState.
    """
    role = check_power_over(petition, A.RULE_ON_PETITION, by)
    if ruling.outcome == PetitionOutcome.REFUSED:
        check_told(ruling.grounds)
    check_can_rule(petition, ruling.outcome, ruling.ruled_on)
    _end(petition, ruling, since=petition.received_on, today=today)
    return role


def reverse_refusal(
    petition: Petition, ruling: PetitionRuling, *, by: Any, today: date
) -> Role:
    """The court above has reversed the refusal (第十二条第一款); the role of who accepts.

    Part of the act that accepts, which records itself. Raises NotAllowed, NotInState.
    """
    role = check_power_over(petition, A.ACCEPT_ON_APPEAL, by)
    check_is_refused(petition)
    _end(petition, ruling, since=petition.ruled_on, today=today)
    return role


def _end(
    petition: Petition, ruling: PetitionRuling, *, since: date | None, today: date
) -> None:
    """Write the ruling down; every clock stops."""
    number = ruling.number.strip()
    check_told(number)
    check_day(ruling.ruled_on, since=since, today=today)

    petition.outcome, petition.ruled_on = ruling.outcome, ruling.ruled_on
    petition.ruling_number, petition.grounds = number, ruling.grounds.strip()
    petition.state = S.ENDED
    petition.save()
    _stop(petition, ruling.ruled_on, *DEADLINES)


def _locked(petition_id: int) -> Petition:
    return Petition.objects.select_for_update(no_key=True).get(pk=petition_id)


def _start(petition: Petition, deadline: str, event_on: date) -> None:
    _set(petition, deadline, event_on, deadline_of(deadline, event_on=event_on))


def _time_ruling(petition: Petition) -> None:
    """Start or move the clock of the ruling, as far as its first day is known."""
    found = ruling_clock(petition)
    if found is not None:
        _set(petition, *found)


def _set(petition: Petition, deadline: str, event_on: date, due: Deadline) -> None:
    PetitionClock.objects.update_or_create(
        petition=petition,
        deadline=deadline,
        defaults={
            "event_on": event_on,
            "last_day": due.last_day,
            "is_calendar_known": due.is_calendar_known,
            "reminded_on": None,
            "escalated_on": None,
        },
    )


def _stop(petition: Petition, done_on: date, *deadlines: str) -> None:
    running = petition.clocks.filter(deadline__in=deadlines, done_on=None)
    running.update(done_on=done_on)


def _day(today: date | None) -> date:
    return today or timezone.localdate()
