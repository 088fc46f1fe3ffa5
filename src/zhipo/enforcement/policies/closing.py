"""What ending enforcement for now asks for, and what the system itself knows of it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max

from zhipo.enforcement.models import (
    ClosingForNow,
    Clue,
    EnforcementCase,
    InquiryOrder,
    PropertyReport,
    Requery,
)
from zhipo.enforcement.states import STILL_OPEN, EnforcementState
from zhipo.law.enforcement.closing import Closable, may_close_for_now
from zhipo.web.refusals import Declined, NotInState
from zhipo.web.words import say


@dataclass(frozen=True)
class Answers:
    """What the judge found; empty texts and None say: not yet.

    `investigated` is how the debtor's property was looked for and what was found,
    `searched` how a missing debtor was searched for, or that none is missing.
    """

    closed_on: date
    restricted_on: date | None = None
    investigated: str = ""
    searched: str = ""
    is_signed_by_applicant: bool = False
    approval: str = ""


@dataclass(frozen=True)
class Known:
    """What stands in the way of "investigation exhausted", as the system's tables say."""

    reports_ordered: int
    clues_open: int
    orders_open: int


class NotClosable(Declined):
    """Something is missing; `missing` are phrase keys closing.<name>."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        between = say("enforcement.between")
        told = between.join(say(f"enforcement.closing.{one}") for one in missing)
        super().__init__("enforcement.refused.closing", missing=told)


MISSING_KEYS = {
    "notice and property report": "report",
    "restriction of consumption": "restricted",
    "investigation exhausted": "investigated",
    "more than three months since filing": "three_months",
    "missing debtor searched for": "searched",
}
"""The law function's names of its conditions -> phrases."""


def known_of(case: EnforcementCase) -> Known:
    """Reports ordered in the case, clues of it and orders in it that are still open."""
    orders = InquiryOrder.objects.filter(case=case, state__in=STILL_OPEN)
    return Known(
        reports_ordered=PropertyReport.objects.filter(case=case).count(),
        clues_open=Clue.objects.filter(case=case, outcome="").count(),
        orders_open=orders.count(),
    )


def first_days(closing: ClosingForNow) -> list[tuple[Requery, date]]:
    """The periodic queries, each with the first day of the half-year that it is for.

    The day of closing, then the day after the last one's.
    """
    found, since = [], closing.closed_on
    for one in closing.requeries.order_by("due_on"):
        found.append((one, since))
        since = one.due_on + timedelta(days=1)
    return found


def closable(case: EnforcementCase, known: Known, answers: Answers) -> Closable:
    """The law's five conditions (《严格规范终结本次执行程序的规定（试行）》第一条).

    The investigation is not exhausted while a clue or an inquiry is open.
    """
    is_exhausted = not known.clues_open and not known.orders_open
    return may_close_for_now(
        notice_and_report_ordered=known.reports_ordered > 0,
        restricted_and_listed=_is_day(answers.restricted_on, case, answers.closed_on),
        investigation_exhausted=is_exhausted and bool(answers.investigated.strip()),
        filed_on=case.filed_on,
        closed_on=answers.closed_on,
        debtor_searched=bool(answers.searched.strip()),
    )


def missing_of(case: EnforcementCase, known: Known, answers: Answers) -> tuple[str, ...]:
    """What is missing, as phrase keys; the signature or approval of CPLI 517 last."""
    missing = [MISSING_KEYS[one] for one in closable(case, known, answers).missing]
    if not answers.is_signed_by_applicant and not answers.approval.strip():
        missing.append("signature")
    return tuple(missing)


def check_can_close(case: EnforcementCase, answers: Answers, *, today: date) -> None:
    """Raise NotInState or NotClosable unless everything holds."""
    if case.state != EnforcementState.OPEN:
        raise NotInState("enforcement.refused.not_open", number=case.number)
    if answers.closed_on > today:
        raise NotInState("enforcement.refused.day", earliest=case.filed_on, latest=today)
    resumed_on = case.closings.aggregate(last=Max("resumed_on"))["last"]
    if resumed_on is not None and answers.closed_on < resumed_on:
        raise NotInState("enforcement.refused.day", earliest=resumed_on, latest=today)
    missing = missing_of(case, known_of(case), answers)
    if missing:
        raise NotClosable(missing)


def _is_day(day: date | None, case: EnforcementCase, latest: date) -> bool:
    return day is not None and case.filed_on <= day <= latest
