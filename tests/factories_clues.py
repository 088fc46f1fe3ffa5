"""A clue, a report with a late change, a case closed for now: one of each, for tests."""

from datetime import date
from typing import Any

from factories import make_enforcement_case
from zhipo.accounts.models import User
from zhipo.enforcement.actions.closing import close_for_now
from zhipo.enforcement.actions.clues import ClueGiven, take_clue
from zhipo.enforcement.actions.reports import (
    ItemGiven,
    enter_item,
    order_report,
    receive_report,
)
from zhipo.enforcement.finding_states import ReportedChange
from zhipo.enforcement.models import ClosingForNow, Clue, EnforcementCase, ReportedItem
from zhipo.enforcement.policies.closing import Answers
from zhipo.enforcement.states import PropertyKind


def make_findings(case: EnforcementCase, judge: User) -> dict[str, int]:
    """In a case of March 2025: gap of an address -> the id of the thing."""
    clue = take_clue(
        case_id=case.pk, form_key=f"clue-{case.pk}", by=judge,
        given=ClueGiven(PropertyKind.SHOP, "有店", date(2025, 3, 10), is_concrete=False),
    )  # fmt: skip
    report = order_report(
        case_id=case.pk, notice_received_on=date(2025, 3, 10), due_on=date(2025, 3, 31),
        by=judge,
    )  # fmt: skip
    receive_report(report_id=report.pk, received_on=date(2025, 3, 20), by=judge)
    change = ItemGiven(
        PropertyKind.GOODS, ReportedChange.SPENT, "付货款", 100_00, date(2025, 5, 12)
    )
    item = enter_item(
        report_id=report.pk, given=change, form_key=f"item-{case.pk}", by=judge
    )
    return {"clue_id": clue.pk, "report_id": report.pk, "item_id": item.pk}


def make_closed(case: EnforcementCase, judge: User) -> dict[str, int]:
    """Another case against the same debtor, closed for now."""
    closed = make_enforcement_case(debtor=case.debtor, court=case.court)
    order_report(
        case_id=closed.pk, notice_received_on=date(2025, 3, 10), due_on=date(2025, 3, 31),
        by=judge,
    )  # fmt: skip
    answers = Answers(
        closed_on=date(2025, 9, 10), restricted_on=date(2025, 4, 1), investigated="无财产",
        searched="未失踪", is_signed_by_applicant=True,
    )  # fmt: skip
    closing = close_for_now(case_id=closed.pk, answers=answers, by=judge)
    requery = closing.requeries.order_by("due_on")[0]
    return {"case_id": closed.pk, "requery_id": requery.pk}


def write_findings_in_latin() -> None:
    """What people wrote of them, in another script: for the test of the languages."""
    Clue.objects.update(text="a shop", finding="")
    ReportedItem.objects.update(text="goods")
    ClosingForNow.objects.update(investigated="nothing", searched="here")


def findings_of(case: EnforcementCase, judge: User) -> dict[str, Any]:
    """Everything of the two above."""
    return {**make_findings(case, judge), **make_closed(case, judge)}
