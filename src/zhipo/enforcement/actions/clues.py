"""Clues from applicants: taken with their clock, made concrete, checked, found."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.actions.findings import reference_hash
from zhipo.enforcement.actions.inquiring import locked_case
from zhipo.enforcement.finding_states import ClueOutcome
from zhipo.enforcement.models import Clue, EnforcementCase, Property
from zhipo.enforcement.policies.clues import (
    check_can_check,
    check_can_complete,
    check_days,
    check_told,
)
from zhipo.enforcement.policies.own_case import check_own_case
from zhipo.enforcement.powers import Act
from zhipo.enforcement.states import PropertyKind
from zhipo.law.enforcement.closing import clue_checked_by

LONGEST_LABEL = 40


@dataclass(frozen=True)
class ClueGiven:
    """What an applicant says; `reference` is the account or place where it is known."""

    kind: PropertyKind
    text: str
    received_on: date
    reference: str = ""
    is_concrete: bool = True
    is_urgent: bool = False


@dataclass(frozen=True)
class ClueFinding:
    """What became of a clue; `fen` is what the thing is worth, where that is known."""

    outcome: ClueOutcome
    text: str
    checked_on: date
    reference: str = ""
    fen: int | None = None


@transaction.atomic
def take_clue(
    *, case_id: int, given: ClueGiven, form_key: str, by: Any, today: date | None = None
) -> Clue:
    """Enter a clue; a concrete one starts the clock of seven days, or three (urgent).

    Once per form. Raises NotAllowed, NotInState.
    """
    case = locked_case(case_id)
    known = Clue.objects.filter(form_key=form_key, case=case).first()
    if known is not None:
        return known
    role = check_own_case(case, Act.TAKE_CLUE, by)
    check_told(given.text)
    check_days(given.received_on, earliest=case.filed_on, latest=_day(today))

    clue = Clue(
        debtor=case.debtor,
        case=case,
        form_key=form_key,
        kind=given.kind,
        text=given.text.strip(),
        reference=given.reference.strip(),
        is_concrete=given.is_concrete,
        is_urgent=given.is_urgent,
        received_on=given.received_on,
        taken_by=by,
    )
    _start_clock(clue, given.received_on)
    clue.save()

    record(Event.CLUE_TAKEN, of=clue, by=by, role=role, chain=case.number,
           kind=given.kind, check_by=str(clue.check_by or ""))  # fmt: skip
    return clue


@transaction.atomic
def complete_clue(
    *,
    clue_id: int,
    text: str,
    completed_on: date,
    is_urgent: bool,
    by: Any,
    today: date | None = None,
) -> Clue:
    """Make a vague clue concrete with what the applicant added; its clock starts then.

    Again with the same words changes nothing. Raises NotAllowed, NotInState.
    """
    clue = _locked(clue_id)
    added = text.strip()
    if clue.is_concrete and added and clue.text.endswith(added):
        return clue
    role = check_own_case(clue.case, Act.TAKE_CLUE, by)
    check_told(added)
    check_can_complete(clue)
    check_days(completed_on, earliest=clue.received_on, latest=_day(today))

    clue.text = f"{clue.text}\n{added}"
    clue.is_concrete, clue.is_urgent = True, is_urgent
    _start_clock(clue, completed_on)
    clue.save()

    record(Event.CLUE_TAKEN, of=clue, by=by, role=role, chain=clue.case.number,
           kind=clue.kind, check_by=str(clue.check_by))  # fmt: skip
    return clue


@transaction.atomic
def check_clue(
    *, clue_id: int, finding: ClueFinding, by: Any, today: date | None = None
) -> Clue:
    """Enter what became of a clue; what is found is entered as property of the debtor.

    Again with the same outcome changes nothing. Raises NotAllowed, NotInState.
    """
    clue = _locked(clue_id)
    if clue.outcome == finding.outcome and clue.finding == finding.text.strip():
        return clue
    role = check_own_case(clue.case, Act.TAKE_CLUE, by)
    check_can_check(clue)
    check_told(finding.text)
    check_days(finding.checked_on, earliest=clue.received_on, latest=_day(today))

    clue.outcome, clue.finding = finding.outcome, finding.text.strip()
    clue.checked_on, clue.checked_by = finding.checked_on, by
    if finding.outcome == ClueOutcome.FOUND:
        clue.found = _property_of(clue, finding)
    clue.save()

    is_late = clue.check_by is not None and finding.checked_on > clue.check_by
    record(Event.CLUE_CHECKED, of=clue, by=by, role=role, chain=clue.case.number,
           outcome=finding.outcome, is_late=is_late)  # fmt: skip
    return clue


def found_property(
    case: EnforcementCase,
    *,
    kind: PropertyKind,
    reference: str,
    label: str,
    found_by: str,
    fen: int | None = None,
) -> Property:
    """The debtor's property of this kind and reference, new or there already.

    What an institution has answered for under the same reference is the same thing: it
    is not entered a second time, or it would count twice.
    """
    same = {"debtor": case.debtor, "kind": kind,
            "reference_hash": reference_hash(reference)}  # fmt: skip
    found = Property.objects.filter(**same).order_by("pk").first()
    if found is not None:
        return found
    found, _ = Property.objects.get_or_create(
        institution=None,
        **same,
        defaults={
            "reference": reference,
            "label": label[:LONGEST_LABEL],
            "holder": case.debtor.name,
            "value_fen": fen,
            "as_of": timezone.now(),
            "found_by": found_by,
        },
    )
    return found


def _locked(clue_id: int) -> Clue:
    return (
        Clue.objects.select_for_update(of=("self",), no_key=True)
        .select_related("case__debtor")
        .get(pk=clue_id)
    )


def _start_clock(clue: Clue, clue_on: date) -> None:
    if not clue.is_concrete:
        return
    ends = clue_checked_by(clue_on=clue_on, is_urgent=clue.is_urgent)
    clue.check_by, clue.is_calendar_known = ends.last_day, ends.is_calendar_known


def _property_of(clue: Clue, finding: ClueFinding) -> Property:
    reference = finding.reference.strip() or clue.reference or clue.text
    return found_property(
        clue.case,
        kind=PropertyKind(clue.kind),
        reference=reference,
        label=finding.text,
        found_by=f"clue {clue.pk}",
        fen=finding.fen,
    )


def _day(today: date | None) -> date:
    return today or timezone.localdate()
