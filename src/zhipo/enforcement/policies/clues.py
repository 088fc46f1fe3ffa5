"""What a clue or a report must say, and what its state allows."""

from datetime import date

from zhipo.enforcement.models import Clue, PropertyReport
from zhipo.web.refusals import NotInState


def check_told(text: str) -> None:
    """Raise NotInState for an entry without words."""
    if not text.strip():
        raise NotInState("enforcement.refused.no_text")


def check_fits(text: str, *, most: int) -> None:
    """Raise NotInState for an entry that would not be kept whole."""
    if len(text) > most:
        raise NotInState("enforcement.refused.too_long", most=most)


def check_days(day: date, *, earliest: date, latest: date) -> None:
    """Raise NotInState for a day outside the two, which belong to it."""
    if not earliest <= day <= latest:
        raise NotInState("enforcement.refused.day", earliest=earliest, latest=latest)


def check_can_complete(clue: Clue) -> None:
    """Only a vague clue that nobody has checked yet is made concrete."""
    if clue.outcome:
        raise NotInState("enforcement.refused.clue_checked")
    if clue.is_concrete:
        raise NotInState("enforcement.refused.clue_concrete")


def check_can_check(clue: Clue) -> None:
    """A clue is checked once."""
    if clue.outcome:
        raise NotInState("enforcement.refused.clue_checked")


def check_can_receive(report: PropertyReport) -> None:
    """A report comes once; what is added later is a change of its own."""
    if report.received_on is not None:
        raise NotInState("enforcement.refused.report_received")


def check_has_come(report: PropertyReport) -> None:
    """What is entered or judged is of a report that has come."""
    if report.received_on is None:
        raise NotInState("enforcement.refused.report_missing")
