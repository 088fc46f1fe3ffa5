"""Ending enforcement for now (终本), the queries that go on, and taking it up again."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.actions.inquiring import locked_case
from zhipo.enforcement.models import ClosingForNow, EnforcementCase, Requery
from zhipo.enforcement.policies.closing import Answers, check_can_close, first_days
from zhipo.enforcement.policies.clues import check_days, check_fits, check_told
from zhipo.enforcement.policies.own_case import check_own_case
from zhipo.enforcement.powers import Act
from zhipo.enforcement.states import EnforcementState
from zhipo.law.enforcement.closing import requery_days
from zhipo.web.refusals import NotInState

LONGEST_RESULT = 300


@transaction.atomic
def close_for_now(
    *, case_id: int, answers: Answers, by: Any, today: date | None = None
) -> ClosingForNow:
    """End enforcement for now and set the ten queries of the next five years.

    The same day again is the same closing. Raises NotAllowed, NotInState, NotClosable.
    """
    case = locked_case(case_id)
    known = case.closings.filter(resumed_on=None, closed_on=answers.closed_on).first()
    if known is not None:
        return known
    role = check_own_case(case, Act.CLOSE_FOR_NOW, by)
    check_can_close(case, answers, today=today or timezone.localdate())

    closing = ClosingForNow.objects.create(
        case=case, **vars(answers), by=by, at=timezone.now()
    )
    Requery.objects.bulk_create(
        Requery(closing=closing, due_on=day)
        for day in requery_days(closed_on=answers.closed_on)
    )
    case.state, case.closed_on = EnforcementState.CLOSED_FOR_NOW, answers.closed_on
    case.save(update_fields=["state", "closed_on"])

    record(Event.CLOSED_FOR_NOW, of=closing, by=by, role=role, chain=case.number,
           closed_on=str(answers.closed_on),
           is_signed=answers.is_signed_by_applicant)  # fmt: skip
    return closing


@transaction.atomic
def record_requery(
    *, requery_id: int, done_on: date, result: str, by: Any, today: date | None = None
) -> Requery:
    """Enter that a periodic query was made, and what it showed.

    One made in an earlier half-year is not this one's. Again with the same words changes
    nothing. Raises NotAllowed, NotInState.
    """
    requery = (
        Requery.objects.select_for_update(of=("self",))
        .select_related("closing__case__debtor")
        .get(pk=requery_id)
    )
    told = result.strip()
    if (requery.done_on, requery.result) == (done_on, told):
        return requery
    case = requery.closing.case
    role = check_own_case(case, Act.INQUIRE, by)
    if requery.done_on is not None or requery.closing.resumed_on is not None:
        raise NotInState("enforcement.refused.requery_done")
    check_told(told)
    check_fits(told, most=LONGEST_RESULT)
    since = dict(first_days(requery.closing))[requery]
    check_days(done_on, earliest=since, latest=today or timezone.localdate())

    requery.done_on, requery.result, requery.done_by = done_on, told, by
    requery.save(update_fields=["done_on", "result", "done_by"])

    record(Event.REQUERY_RECORDED, of=requery, by=by, role=role, chain=case.number,
           due_on=str(requery.due_on), is_late=done_on > requery.due_on)  # fmt: skip
    return requery


@transaction.atomic
def take_up_again(
    *, case_id: int, resumed_on: date, reason: str, by: Any, today: date | None = None
) -> EnforcementCase:
    """Take up a case that was closed for now: property was found.

    There is no time limit (《民事诉讼法解释》第五百一十七条第二款). A case that is open
    stays as it is. Raises NotAllowed, NotInState.
    """
    case = locked_case(case_id)
    role = check_own_case(case, Act.TAKE_UP_AGAIN, by)
    if case.state == EnforcementState.OPEN:
        return case
    closing = case.closings.filter(resumed_on=None).first()
    if case.state != EnforcementState.CLOSED_FOR_NOW or closing is None:
        raise NotInState("enforcement.refused.not_closed_for_now", number=case.number)
    check_told(reason)
    check_days(resumed_on, earliest=closing.closed_on, latest=today or timezone.localdate())

    closing.resumed_on, closing.resumed_by = resumed_on, by
    closing.resumed_for = reason.strip()
    closing.save(update_fields=["resumed_on", "resumed_by", "resumed_for"])
    case.state, case.closed_on = EnforcementState.OPEN, None
    case.save(update_fields=["state", "closed_on"])

    record(Event.TAKEN_UP_AGAIN, of=closing, by=by, role=role, chain=case.number,
           resumed_on=str(resumed_on))  # fmt: skip
    return case
