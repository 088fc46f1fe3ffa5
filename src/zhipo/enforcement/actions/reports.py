"""Property reports of the debtor: ordered, received, their lines, later changes, judged."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.actions.clues import found_property
from zhipo.enforcement.actions.inquiring import locked_case
from zhipo.enforcement.finding_states import ReportedChange
from zhipo.enforcement.models import PropertyReport, ReportedItem
from zhipo.enforcement.policies.clues import (
    check_can_receive,
    check_days,
    check_has_come,
    check_told,
)
from zhipo.enforcement.policies.own_case import check_own_case
from zhipo.enforcement.powers import Act
from zhipo.enforcement.states import PropertyKind
from zhipo.law.enforcement.closing import change_reported_by
from zhipo.law.enforcement.reports import reported_span
from zhipo.web.refusals import NotInState


@dataclass(frozen=True)
class ItemGiven:
    """One line: property that is there (NONE, no day), or a change on a day; fen or None.

    `reported_on` is when the debtor told of it; None where only the court knows.
    """

    kind: PropertyKind
    change: ReportedChange
    text: str
    fen: int | None = None
    changed_on: date | None = None
    reported_on: date | None = None
    counterparty: str = ""
    burden: str = ""


@transaction.atomic
def order_report(
    *,
    case_id: int,
    notice_received_on: date,
    due_on: date,
    by: Any,
    today: date | None = None,
) -> PropertyReport:
    """Order the debtor to report its property by a day that the court sets.

    The same days again are the same order. Raises NotAllowed, NotInState.
    """
    case = locked_case(case_id)
    known = case.reports.filter(
        notice_received_on=notice_received_on, due_on=due_on
    ).first()
    if known is not None:
        return known
    role = check_own_case(case, Act.TAKE_REPORT, by)
    check_days(notice_received_on, earliest=case.filed_on, latest=_day(today))
    if due_on < notice_received_on:
        raise NotInState("enforcement.refused.report_days")

    span = reported_span(notice_received_on=notice_received_on, reported_on=due_on)
    report = PropertyReport.objects.create(
        debtor=case.debtor,
        case=case,
        notice_received_on=notice_received_on,
        covers_from=span.first,
        due_on=due_on,
        ordered_by=by,
        ordered_at=timezone.now(),
    )

    record(Event.REPORT_ORDERED, of=report, by=by, role=role, chain=case.number,
           covers_from=str(span.first), due_on=str(due_on))  # fmt: skip
    return report


@transaction.atomic
def receive_report(
    *, report_id: int, received_on: date, by: Any, today: date | None = None
) -> PropertyReport:
    """Enter that the report came. The same day again changes nothing.

    Raises NotAllowed, NotInState.
    """
    report = _locked(report_id)
    if report.received_on == received_on:
        return report
    role = check_own_case(report.case, Act.TAKE_REPORT, by)
    check_can_receive(report)
    check_days(received_on, earliest=report.notice_received_on, latest=_day(today))

    report.received_on = received_on
    report.save(update_fields=["received_on"])

    record(Event.REPORT_RECEIVED, of=report, by=by, role=role, chain=report.case.number,
           is_late=received_on > report.due_on)  # fmt: skip
    return report


@transaction.atomic
def enter_item(
    *,
    report_id: int,
    given: ItemGiven,
    form_key: str,
    by: Any,
    today: date | None = None,
) -> ReportedItem:
    """Enter a line of a report, or a later change with its clock of ten days.

    What is there now becomes property of the debtor. Once per form. Raises NotAllowed,
    NotInState: a change before the year that is reported, a report that has not come.
    """
    report = _locked(report_id)
    known = ReportedItem.objects.filter(form_key=form_key, report=report).first()
    if known is not None:
        return known
    role = check_own_case(report.case, Act.TAKE_REPORT, by)
    check_has_come(report)
    check_told(given.text)
    _check_change(report, given, _day(today))

    item = _item_of(report, given, form_key, by)
    item.save()
    if given.change == ReportedChange.NONE:
        item.found = found_property(
            report.case,
            kind=given.kind,
            reference=given.text.strip(),
            label=given.text.strip(),
            found_by=f"report {report.pk}",
            fen=given.fen,
        )
        item.save(update_fields=["found"])

    record(Event.REPORT_ITEM_ENTERED, of=item, by=by, role=role,
           chain=report.case.number, change=given.change, fen=given.fen)  # fmt: skip
    return item


@transaction.atomic
def report_change(
    *, item_id: int, reported_on: date, by: Any, today: date | None = None
) -> ReportedItem:
    """Enter the day on which the debtor reported a change that the court knew of.

    The same day again changes nothing. Raises NotAllowed, NotInState.
    """
    item = (
        ReportedItem.objects.select_for_update(of=("self",), no_key=True)
        .select_related("report__case__debtor")
        .get(pk=item_id)
    )
    if item.reported_on == reported_on:
        return item
    case = item.report.case
    role = check_own_case(case, Act.TAKE_REPORT, by)
    if item.reported_on is not None or item.changed_on is None:
        raise NotInState("enforcement.refused.change_reported")
    check_days(reported_on, earliest=item.changed_on, latest=_day(today))

    item.reported_on = reported_on
    item.save(update_fields=["reported_on"])

    is_late = item.report_by is not None and reported_on > item.report_by
    record(Event.REPORT_ITEM_ENTERED, of=item, by=by, role=role, chain=case.number,
           change=item.change, is_late=is_late)  # fmt: skip
    return item


@transaction.atomic
def judge_report(*, report_id: int, is_untrue: bool, note: str, by: Any) -> PropertyReport:
    """Enter whether the report was found to be true (《财产调查规定》第八条、第九条).

    A later finding replaces the first; the trail has both. Raises NotAllowed, NotInState.
    """
    report = _locked(report_id)
    if report.is_untrue is is_untrue and report.note == note.strip():
        return report
    role = check_own_case(report.case, Act.TAKE_REPORT, by)
    check_has_come(report)
    check_told(note)

    before = report.is_untrue
    report.is_untrue, report.note = is_untrue, note.strip()
    report.save(update_fields=["is_untrue", "note"])

    record(Event.REPORT_JUDGED, of=report, by=by, role=role, chain=report.case.number,
           before=before, is_untrue=is_untrue)  # fmt: skip
    return report


def _locked(report_id: int) -> PropertyReport:
    return (
        PropertyReport.objects.select_for_update(of=("self",), no_key=True)
        .select_related("case__debtor")
        .get(pk=report_id)
    )


def _check_change(report: PropertyReport, given: ItemGiven, today: date) -> None:
    is_change = given.change != ReportedChange.NONE
    if is_change != (given.changed_on is not None):
        raise NotInState("enforcement.refused.change_day")
    if given.changed_on is not None:
        check_days(given.changed_on, earliest=report.covers_from, latest=today)
    if given.reported_on is not None:
        earliest = given.changed_on or report.notice_received_on
        check_days(given.reported_on, earliest=earliest, latest=today)


def _item_of(
    report: PropertyReport, given: ItemGiven, form_key: str, by: Any
) -> ReportedItem:
    assert report.received_on is not None
    is_later = given.changed_on is not None and given.changed_on > report.received_on
    report_by = None
    if is_later and given.changed_on is not None:
        report_by = change_reported_by(changed_on=given.changed_on).last_day
    return ReportedItem(
        report=report,
        form_key=form_key,
        kind=given.kind,
        change=given.change,
        text=given.text.strip(),
        counterparty=given.counterparty.strip(),
        burden=given.burden.strip(),
        fen=given.fen,
        changed_on=given.changed_on,
        report_by=report_by,
        reported_on=given.reported_on if is_later else report.received_on,
        entered_by=by,
        entered_at=timezone.now(),
    )


def _day(today: date | None) -> date:
    return today or timezone.localdate()
