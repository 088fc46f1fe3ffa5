"""Acts on the case itself: opening, publication, phases, clocks, the court's questions."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.accounts.models import Organisation
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.clocks import clocks_started_by, last_day_of, runs_until
from zhipo.cases.locking import locked_case
from zhipo.cases.models import Case, Clock, Question
from zhipo.cases.phases import MOVES, Phase
from zhipo.cases.powers import Act, check_power
from zhipo.law.deadlines.table import deadline_of
from zhipo.law.deadlines.windows import OutsideWindow, filing_window
from zhipo.web.refusals import NotInState
from zhipo.web.words import say

SERVICE, PAPERS = "D06", "D07"
"""Serving the acceptance ruling; the debtor's papers, due from that service."""


@dataclass(frozen=True)
class Opening:
    """What the acceptance ruling says of a case."""

    slug: str
    number: str
    debtor: str
    brand: str
    accepted_on: date
    court: Organisation
    administrator: Organisation
    administrator_phone: str = ""
    administrator_address: str = ""


@transaction.atomic
def open_case(opening: Opening, *, by: Any) -> Case:
    """Open a case on its acceptance ruling and start what runs from it.

    `by` None: an installation that takes cases over by program. Opening the same number
    again returns the case that is there.
    """
    case, is_new = Case.objects.get_or_create(
        number=opening.number, defaults=vars(opening) | {"phase": Phase.ACCEPTED}
    )
    if not is_new:
        return case
    start_own_clock(case, "accepted", case.accepted_on)

    record(Event.CASE_OPENED, of=case, by=by, chain=case.number)
    return case


@transaction.atomic
def serve_ruling(
    *,
    case_id: int,
    served_on: date,
    by: Any,
    owes_papers: bool = True,
    today: date | None = None,
) -> Case:
    """The acceptance ruling reached applicant and debtor, the later of them on this day.

    What serving it asks for is done (《企业破产法》第十一条第一款); a debtor who was
    petitioned against hands in its papers within fifteen days (第二款); one that asked has
    handed them in with its petition and owes none. The same day again changes nothing.
    Raises NotAllowed, NotInState.
    """
    case = locked_case(case_id)
    running = case.clocks.filter(deadline=PAPERS).first()
    if running is not None and running.event_on == served_on:
        return case
    role = check_power(case, Act.SERVE_RULING, by)
    if running is not None:
        raise NotInState("cases.refused.served", day=running.event_on)
    if not case.accepted_on <= served_on <= (today or timezone.localdate()):
        raise NotInState("cases.refused.served_day", accepted_on=case.accepted_on)

    case.clocks.filter(deadline=SERVICE, done_at=None).update(done_at=timezone.now())
    papers, _ = _clock(case, PAPERS, served_on)
    if not owes_papers:
        papers.done_at = timezone.now()
        papers.save(update_fields=["done_at"])

    record(Event.RULING_SERVED, of=case, by=by, role=role, chain=case.number,
           served_on=str(served_on), owes_papers=owes_papers)  # fmt: skip
    return case


@transaction.atomic
def set_publication(
    *, case_id: int, published_on: date, filing_until: date, meeting_on: date, by: Any
) -> Case:
    """Fix the filing period and the first meeting, and open the case for filing.

    Raises NotAllowed, NotInState; NotInState too where the dates are not the law's
    (《企业破产法》第四十五条、第六十二条).
    """
    case = locked_case(case_id)
    if _has_window(case, published_on, filing_until, meeting_on):
        return case
    check_power(case, Act.SET_FILING_WINDOW, by)
    _check_dates(case, published_on, filing_until, meeting_on)

    case.published_on, case.filing_until = published_on, filing_until
    case.meeting_on, case.phase = meeting_on, Phase.FILING
    case.save(update_fields=["published_on", "filing_until", "meeting_on", "phase"])
    Clock.objects.filter(case=case, deadline="D09", done_at=None).update(
        done_at=timezone.now()
    )
    start_own_clock(case, "filing_ends", filing_until)

    record(Event.PHASE_CHANGED, of=case, by=by, chain=case.number, to=case.phase,
           published_on=str(published_on), filing_until=str(filing_until))  # fmt: skip
    return case


@transaction.atomic
def change_phase(*, case_id: int, to: Phase, by: Any) -> Case:
    """Move the case on. Raises NotAllowed, NotInState.

    The register is confirmed by a ruling (《企业破产法》第五十八条第二款), so the phase of
    that name needs one. Filing ends with the period that the court has fixed (第四十五条),
    not before.
    """
    case = locked_case(case_id)
    if case.phase == to:
        return case
    check_power(case, Act.DISMISS_CASE if to == Phase.DISMISSED else Act.CHANGE_PHASE, by)
    before = Phase(case.phase)
    if to not in MOVES[before]:
        words = {name: say(f"cases.phase.{phase}") for name, phase in _pair(before, to)}
        raise NotInState("cases.refused.move", **words)
    if to == Phase.CONFIRMED and case.confirmed_on is None:
        raise NotInState("cases.refused.no_ruling")
    if to == Phase.REVIEW and (until := runs_until(case)) is not None:
        raise NotInState("cases.refused.filing_runs", until=until)

    case.phase = to
    if to == Phase.CLOSED:
        case.ended_on = timezone.localdate()
    case.save(update_fields=["phase", "ended_on"])

    record(Event.PHASE_CHANGED, of=case, by=by, chain=case.number, before=before, to=to)
    return case


@transaction.atomic
def start_clock(*, case_id: int, deadline: str, event_on: date, by: Any) -> Clock:
    """Start a deadline of the law's table from a day. Again: the clock that runs.

    Raises NotAllowed, NotInState; KeyError for a deadline that the table does not have.
    """
    case = locked_case(case_id)
    check_power(case, Act.START_CLOCK, by)
    clock, is_new = _clock(case, deadline, event_on)
    if is_new:
        record(Event.CLOCK_STARTED, of=clock, by=by, chain=case.number, deadline=deadline)
    return clock


@transaction.atomic
def stop_clock(*, clock_id: int, by: Any) -> Clock:
    """Record that what a deadline asks for was done. Again changes nothing."""
    clock = Clock.objects.select_for_update().select_related("case").get(pk=clock_id)
    check_power(clock.case, Act.STOP_CLOCK, by)
    if clock.done_at is not None:
        return clock

    clock.done_at = timezone.now()
    clock.save(update_fields=["done_at"])

    record(Event.CLOCK_STOPPED, of=clock, by=by, chain=clock.case.number,
           deadline=clock.deadline)  # fmt: skip
    return clock


@transaction.atomic
def ask_question(
    *, case_id: int, text: str, by: Any, due_on: date | None = None
) -> Question:
    """Ask the administrator; the same open question is not asked twice."""
    case = locked_case(case_id)
    check_power(case, Act.ASK_QUESTION, by)
    if not text.strip():
        raise NotInState("cases.refused.empty")
    open_one = case.questions.filter(text=text.strip(), answered_at=None).first()
    if open_one is not None:
        return open_one

    question = Question.objects.create(
        case=case, asked_by=by, asked_at=timezone.now(), text=text.strip(), due_on=due_on
    )

    record(Event.QUESTION_ASKED, of=question, by=by, chain=case.number)
    return question


@transaction.atomic
def answer_question(*, question_id: int, text: str, by: Any) -> Question:
    """Answer the court, once. Raises NotAllowed, NotInState for another answer."""
    question = (
        Question.objects.select_for_update(of=("self",))
        .select_related("case")
        .get(pk=question_id)
    )
    check_power(question.case, Act.ANSWER_QUESTION, by)
    if not text.strip():
        raise NotInState("cases.refused.empty")
    if question.answered_at is not None:
        if question.answer == text.strip():
            return question
        raise NotInState("cases.refused.answered")

    question.answer, question.answered_by = text.strip(), by
    question.answered_at = timezone.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])

    record(Event.QUESTION_ANSWERED, of=question, by=by, chain=question.case.number)
    return question


def _has_window(case: Case, *window: date) -> bool:
    return (case.published_on, case.filing_until, case.meeting_on) == window


def _check_dates(case: Case, published_on: date, until: date, meeting_on: date) -> None:
    if published_on < case.accepted_on:
        raise NotInState("cases.refused.published_early", accepted_on=case.accepted_on)
    try:
        filing_window(published_on=published_on, ends_on=until)
    except OutsideWindow as outside:
        window = filing_window(published_on=published_on)
        raise NotInState(
            "cases.refused.window", earliest=window.earliest_end, latest=window.latest_end
        ) from outside
    latest = deadline_of("D12", event_on=until).last_day
    if not until < meeting_on <= latest:
        raise NotInState("cases.refused.meeting", latest=latest)


def start_own_clock(case: Case, trigger: str, event_on: date) -> None:
    """Start what an event on the case starts by itself; part of the event's own act."""
    for deadline in clocks_started_by(trigger):
        _clock(case, deadline, event_on)


def _clock(case: Case, deadline: str, event_on: date) -> tuple[Clock, bool]:
    found = last_day_of(deadline, event_on)
    return Clock.objects.get_or_create(
        case=case,
        deadline=deadline,
        event_on=event_on,
        defaults={
            "last_day": found.last_day,
            "is_calendar_known": found.is_calendar_known,
        },
    )


def _pair(before: Phase, to: Phase) -> tuple[tuple[str, Phase], tuple[str, Phase]]:
    return ("phase", before), ("to", to)
